"""What officers choose to make groups, and say to draw them again."""

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from consult.forum.grouping.rules import LARGEST, SMALLEST
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean

USUAL, REASON_LONGEST = 10, 500
SIZES = {str(size): size for size in range(SMALLEST, LARGEST + 1)}
AGAIN, WITHOUT = "again", "without"


def _size() -> RadioField:
    return RadioField(
        lazy_gettext("How many people in a group?"),
        description=lazy_gettext("Groups come as near to this as the number of people lets them."),
        choices=[SelectChoice(text, text) for text in SIZES],
        validators=[InputRequired(lazy_gettext("Choose how many people"))],
        validate_choice=False,
        default=str(USUAL),
    )


class _Sized(Form):
    size = _size()

    def validate_size(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in SIZES:
            raise ValidationError(gettext("Choose from the answers in the list"))


class MakeForm(_Sized):
    """How large groups are to be."""


class AgainForm(_Sized):
    """That a draw is taken back, why, and what comes in its place; ``version`` is its number."""

    version = VersionField()
    instead = RadioField(
        lazy_gettext("What do you want instead?"),
        choices=[
            SelectChoice(AGAIN, lazy_gettext("Draw the groups again")),
            SelectChoice(WITHOUT, lazy_gettext("No groups: everybody talks with everybody")),
        ],
        validators=[InputRequired(lazy_gettext("Choose what you want instead"))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy_gettext("Why?"),
        description=lazy_gettext("This is kept with the draw. Do not name anybody."),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Write why")),
            Length(max=REASON_LONGEST, message=lazy_gettext("The reason must have 500 characters or fewer")),
        ],
        render_kw={"autocomplete": "off", "rows": 3},
    )

    def validate_instead(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in {AGAIN, WITHOUT}:
            raise ValidationError(gettext("Choose from the answers in the list"))
