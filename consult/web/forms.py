"""What every form shares: the language of its messages, and how a refusal gets to its field."""

from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, StringField
from wtforms.validators import StopValidation

from consult.errors import DomainError
from consult.web.languages import translated
from consult.words import N_, NN_

LONGEST_VERSION = 9  # digits: what every database holds as a whole number
# What the library says by itself, where a field has no words of its own. Ours say what to do, and never
# print back what was typed.
_CHOOSE, _ENTER_NUMBER = N_("Choose from the answers in the list"), N_("Enter a number, like 12 or 12.5")
OURS = {
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid integer value.": N_("Enter a whole number, like 12"),
    "Not a valid decimal value.": _ENTER_NUMBER,
    "Not a valid float value.": _ENTER_NUMBER,
    "Not a valid date value.": N_("Enter a date that exists"),
    "Not a valid datetime value.": N_("Enter a date and a time that exist"),
    "Not a valid time value.": N_("Enter a time that exists"),
    "Number must be at least %(min)s.": N_("Enter a number that is %(min)s or more"),
    "Number must be at most %(max)s.": N_("Enter a number that is %(max)s or less"),
    "Number must be between %(min)s and %(max)s.": N_("Enter a number from %(min)s to %(max)s"),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Enter at least %(min)d and at most %(max)d characters"
    ),
    "This field is required.": N_("This must be filled in"),
    "Invalid email address.": N_("Enter an e-mail address, like name@example.org"),
    "Invalid URL.": N_("Enter an address that begins with https://"),
    "Invalid input.": N_("Check what you entered"),
}
_AT_LEAST = NN_("Enter at least %(min)d character", "Enter at least %(min)d characters")
_AT_MOST = NN_("Enter at most %(max)d character", "Enter at most %(max)d characters")
OURS_COUNTED = {
    "Field must be at least %(min)d character long.": _AT_LEAST,
    "Field cannot be longer than %(max)d character.": _AT_MOST,
    "Field must be exactly %(max)d character long.": NN_(
        "Enter exactly %(max)d character", "Enter exactly %(max)d characters"
    ),
    "'%(value)s' is not a valid choice for this field.": (_CHOOSE, _CHOOSE),
}


class _Messages:
    """The library's own messages in our words and the language of the page; it puts in the values itself."""

    def gettext(self, sentence: str) -> str:
        return str(get_translations().ugettext(OURS.get(sentence, sentence)))

    def ngettext(self, one: str, many: str, n: int) -> str:
        ours = OURS_COUNTED.get(one, (one, many))
        if ours[0] == ours[1]:
            return self.gettext(ours[0])
        return str(get_translations().ungettext(*ours, n))


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose every message is in the language of the page, also those that the library makes."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What the library asks."""

        def get_translations(self, _form: FlaskForm) -> _Messages:
            """Give the messages."""
            return _Messages()


class VersionField(HiddenField):  # type: ignore[misc]
    """Which version somebody saw; 0, which none is, for anything that is no number: not for them to mend."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        sent = valuelist[0] if valuelist else ""
        is_number = sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_VERSION
        self.data = int(sent) if is_number else 0


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number from ``lowest`` to ``highest``; anything else gets one message, which names both.

    People write 30,000 as often as 30000. Without ``is_needed`` it may stay empty: None.
    """

    def __init__(
        self, label: Any, *, lowest: int, highest: int, message: Any, is_needed: bool = False, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.lowest, self.highest, self.is_needed, self.message = lowest, highest, is_needed, message

    @property
    def number(self) -> int:
        """The number that was needed, once the form is valid."""
        assert self.data is not None
        return int(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        plain = valuelist[0].strip().replace(",", "") if valuelist else ""
        is_number = plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_VERSION
        self.data = int(plain) if is_number else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number, or too small, or too large."""
        del form
        is_given = self.is_needed or any(typed.strip() for typed in self.raw_data or ())
        fits = self.data is not None and self.lowest <= self.data <= self.highest
        if is_given and not fits:
            raise StopValidation(self.message)


class UnrepeatedField(StringField):  # type: ignore[misc]
    """A field whose value is never printed back: a code that somebody typed."""

    def _value(self) -> str:
        return ""


def refuse(field: Field, refusal: DomainError) -> None:
    """The form has an error at ``field``, in the words of the service; `respond` then makes it 422."""
    errors: Any = field.errors
    field.errors = [*errors, translated(refusal)]
