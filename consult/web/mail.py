"""Handing e-mails to the server that delivers them: the one other machine that this service speaks to.

No page ever waits for it: a command sends what is due. Before the first mail of a run nothing is taken as
sent, so a server that is away costs nothing; and a refusal that the server puts into words is told apart
from a line that breaks, after which nobody knows whether the mail went out.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from consult import clock
from consult.errors import Conflict
from consult.home import Config

TIMEOUT = 60  # seconds
# No header is folded: an address in one must stay in one piece.
UNFOLDED = SMTP.clone(max_line_length=998)


class Refused(Exception):
    """The server has said that it does not take this mail."""


class Broken(Exception):
    """The line broke while a mail was being handed over: it may have gone out."""


class Relay:
    """The server, with the line to it open."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self.server = server

    def send(self, message: EmailMessage) -> None:
        """The server has taken the mail.

        Raises
        ------
        Refused
            If it says that it does not.
        Broken
            If nobody knows.
        """
        sender, to = (parseaddr(str(message[name]))[1] for name in ("From", "To"))
        try:
            self.server.sendmail(sender, [to], message.as_bytes(policy=UNFOLDED))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
            raise Refused from refusal
        except (smtplib.SMTPException, OSError) as fault:
            raise Broken from fault


@contextmanager
def relay(config: Config) -> Iterator[Relay]:
    """Open the line to the server that the settings name.

    Raises
    ------
    Conflict
        If they name none, or it cannot be reached. What it said is not repeated: it may hold a password.
    """
    if config.mail_server is None:
        raise Conflict("No server for e-mail is set: see CONSULT_MAIL_SERVER and CONSULT_MAIL_FROM.")
    try:
        server = _opened(config.mail_server)
    except (smtplib.SMTPException, OSError) as fault:
        raise Conflict(
            "The server for e-mail (CONSULT_MAIL_SERVER) could not be reached or did not let us in."
            " Nothing was sent."
        ) from fault
    try:
        yield Relay(server)
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def new_message(config: Config, *, to: str, subject: str, body: str) -> EmailMessage:
    """A mail of the council to one address, in plain words."""
    message = EmailMessage(policy=SMTP)
    message["From"] = config.mail_from or ""
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.wall())
    message["Message-ID"] = make_msgid(domain=urlsplit(config.base_url).hostname)
    message["Auto-Submitted"] = "auto-generated"  # no answering machine answers
    message.set_content(body, cte="quoted-printable")
    return message


def _opened(address: str) -> smtplib.SMTP:
    parts = urlsplit(address)
    is_wrapped, name = parts.scheme == "smtps", parts.hostname or ""
    port = parts.port or (465 if is_wrapped else 587 if parts.scheme == "smtp+tls" else 25)
    context = ssl.create_default_context()
    if is_wrapped:
        server: smtplib.SMTP = smtplib.SMTP_SSL(name, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(name, port, timeout=TIMEOUT)
    if parts.scheme == "smtp+tls":
        server.starttls(context=context)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
