"""What somebody says about what is held of them: what they agree to, their code, whether they leave."""

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired

from consult.web.forms import Form, UnrepeatedField

YES, NO = "yes", "no"
YES_OR_NO = [SelectChoice(YES, lazy_gettext("Yes")), SelectChoice(NO, lazy_gettext("No"))]
KEEP, DELETE = "keep", "delete"
TEXT, DATA = "text", "data"


class ConsentForm(Form):
    """What can be changed of what one agreed to."""

    quote = RadioField(
        lazy_gettext("May we quote your words without your name?"),
        choices=YES_OR_NO,
        validate_choice=False,
        validators=[AnyOf((YES, NO), message=lazy_gettext("Say whether we may quote your words"))],
    )
    messages = RadioField(
        lazy_gettext("May we send you messages about this consultation?"),
        description=lazy_gettext(
            "We cannot send any yet. We use an address that you gave for a thank-you for that alone."
        ),
        choices=YES_OR_NO,
        validate_choice=False,
        validators=[AnyOf((YES, NO), message=lazy_gettext("Say whether we may send you messages"))],
    )


class DownloadForm(Form):
    """The code once more, and which kind of file."""

    code = UnrepeatedField(
        lazy_gettext("Your return code"),
        description=lazy_gettext("We ask for it again, so that nobody else can take your copy."),
        validators=[InputRequired(lazy_gettext("Enter your return code"))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
    kind = RadioField(
        lazy_gettext("What kind of file do you want?"),
        choices=[
            SelectChoice(TEXT, lazy_gettext("A text that you can read")),
            SelectChoice(DATA, lazy_gettext("Data for another program (JSON)")),
        ],
        default=TEXT,
        validate_choice=False,
        validators=[AnyOf((TEXT, DATA), message=lazy_gettext("Choose a kind of file"))],
    )


class WithdrawForm(Form):
    """What becomes of the answers of somebody who leaves."""

    answers = RadioField(
        lazy_gettext("What should we do with your answers?"),
        validate_choice=False,
        validators=[AnyOf((KEEP, DELETE), message=lazy_gettext("Choose what we do with your answers"))],
    )
