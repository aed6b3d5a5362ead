"""What the e-mail says that tells somebody of replies: how many, where to read them, how to stop it.

Somebody else may read a mailbox, or look over a shoulder. So it names no topic, nobody's words and nobody,
not even the consultation; the way back leads to where the return code is entered, and holds none.
"""

from email.message import EmailMessage

from flask_babel import force_locale, gettext, ngettext

from consult.home import Config
from consult.web.mail import new_message

STOP_PATH = "/stop-mail/"
RETURN_PATH = "/return"


def digest_mail(config: Config, *, to: str, replies: int, token: str, language: str | None) -> EmailMessage:
    """The mail to one person, in their language.

    Mail programs show a button of their own that stops it with one press (RFC 8058).
    """
    stop = f"{config.base_url}{STOP_PATH}{token}"
    with force_locale(language if language in config.languages else config.languages[0]):
        paragraphs = (
            ngettext(
                "There is %(num)s new reply to what you wrote.",
                "There are %(num)s new replies to what you wrote.",
                replies,
            ),
            gettext("To read what is new, enter your return code here:")
            + f"\n{config.base_url}{RETURN_PATH}",
            gettext(
                "We do not say here what it is about, in case somebody else reads your e-mail."
                " We never ask for your code in an e-mail."
            ),
            gettext("You asked us for this e-mail. We send one a day at the most. To stop it:") + f"\n{stop}",
            f"{config.service_name}, {config.council_name}",
        )
        subject = gettext("%(service)s: there is something new for you", service=config.service_name)
    message = new_message(config, to=to, subject=subject, body="\n\n".join(paragraphs) + "\n")
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
