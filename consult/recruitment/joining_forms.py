"""What somebody says when they join, and the name that they choose."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, ValidationError

from consult.recruitment.names import EMPTY, name_problem
from consult.web.forms import Form

YES, NO = "yes", "no"
YES_OR_NO = [SelectChoice(YES, lazy_gettext("Yes")), SelectChoice(NO, lazy_gettext("No"))]
OWN = "own"  # the radio of a name that one types


def _yes_or_no(message: Any, **values: Any) -> RadioField:
    """A question that must be answered, in our words where it is not."""
    answered = AnyOf((YES, NO), message=message)
    return RadioField(choices=YES_OR_NO, validate_choice=False, validators=[answered], **values)


class JoinForm(Form):
    """Before you start. The questions of place and age are there if the consultation asks them."""

    area = _yes_or_no(lazy_gettext("Say whether you live, work or study in the area"))
    age = _yes_or_no(lazy_gettext("Say whether you are old enough"))
    quote = _yes_or_no(lazy_gettext("Say whether we may quote your words without your name"))
    shared = _yes_or_no(lazy_gettext("Say whether this is a shared computer"), default=YES)
    agree = BooleanField(
        lazy_gettext("I agree to take part"),
        validators=[InputRequired(lazy_gettext("Tick the box if you agree to take part"))],
    )
    channel = HiddenField()

    def __init__(self, *, asks_area: bool, asks_age: bool, **values: Any) -> None:
        super().__init__(**values)
        if not asks_area:
            del self.area
        if not asks_age:
            del self.age

    def says_no(self, question: str) -> bool:
        """Whether the person said no to that question; not if it was not asked."""
        return question in self and self[question].data == NO


class NameForm(Form):
    """One of the names that we suggest, or one's own. ``name`` is the one that was chosen."""

    choice = RadioField(validate_choice=False)
    own = StringField(render_kw={"autocomplete": "off", "spellcheck": "false"})

    @property
    def is_own(self) -> bool:
        """Whether the person typed a name."""
        return bool(self.choice.data == OWN or (not self.choice.data and self.own.data))

    @property
    def name(self) -> str:
        """The name, as it was typed or chosen."""
        return str((self.own.data if self.is_own else self.choice.data) or "")

    @property
    def name_field(self) -> Any:
        """The field at which a refusal of the name stands."""
        return self.own if self.is_own else self.choice

    def validate_choice(self, _field: RadioField) -> None:
        """Refuse a suggestion that is none of ours and would not do as a name either."""
        if not self.is_own:
            self._check()

    def validate_own(self, _field: StringField) -> None:
        """Refuse what cannot be a name."""
        if self.is_own:
            self._check()

    def _check(self) -> None:
        problem = name_problem(self.name) if self.name else EMPTY
        if problem:
            raise ValidationError(_(problem))


class WrittenDownForm(Form):
    """That the person has the code on paper."""

    written = BooleanField(
        lazy_gettext("I have written it down"),
        validators=[InputRequired(lazy_gettext("Tick the box when you have written your code down"))],
    )
