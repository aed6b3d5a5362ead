"""What officers and people who are thanked type and choose."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, ValidationError

from consult.errors import Invalid
from consult.incentives import words
from consult.incentives.claim_numbers import normal, number_problem
from consult.incentives.ledger import Why
from consult.incentives.models import Incentive, IncentiveKind
from consult.incentives.offering import Choice
from consult.incentives.queries import Offered
from consult.incentives.rules import LONGEST_LABEL, LONGEST_PLACE, pence_of, plain_contact, plain_pounds
from consult.web.forms import Form, VersionField
from consult.web.languages import translated
from consult.web.plain_text import clean_line

EVERYBODY, PANEL = "everybody", "panel"
NOTHING = "nothing"
OFF = {"autocomplete": "off"}


class _PoundsField(StringField):  # type: ignore[misc]
    """An amount in pounds; ``pence`` is what it means, once the form is valid."""

    pence = 0

    def post_validate(self, form: Form, validation_stopped: bool) -> None:  # noqa: FBT001
        """Take what is an amount."""
        del form, validation_stopped
        try:
            self.pence = pence_of(self.data or "")
        except Invalid as refusal:
            raise ValidationError(translated(refusal)) from None


class PlanForm(Form):
    """To whom the thanks go."""

    version = VersionField()
    for_whom = RadioField(
        lazy_gettext("Who can choose a thank-you?"),
        choices=[
            SelectChoice(EVERYBODY, lazy_gettext("Everybody who sends the survey")),
            SelectChoice(PANEL, lazy_gettext("Only people who send it and have a place on the panel")),
        ],
        validate_choice=False,
        validators=[AnyOf((EVERYBODY, PANEL), message=lazy_gettext("Say who can choose a thank-you"))],
    )
    collected_from = StringField(
        lazy_gettext("Where do people collect vouchers and time credits?"),
        description=lazy_gettext(
            "For example: any library in the borough, at the desk. If you leave it empty, people are told:"
            " the desk of your library, or the council."
        ),
        filters=[clean_line],
        validators=[
            Length(max=LONGEST_PLACE, message=lazy_gettext("Enter at most %(n)s characters", n=LONGEST_PLACE))
        ],
        render_kw=OFF,
    )


class ChoiceForm(Form):
    """One thing that people can choose."""

    version = VersionField()
    kind = RadioField(
        lazy_gettext("What kind of thank-you is it?"),
        choices=[SelectChoice(kind.value, lazy_gettext(name)) for kind, name in words.KINDS.items()],
        validate_choice=False,
        validators=[
            AnyOf(tuple(kind.value for kind in IncentiveKind), message=lazy_gettext("Choose what kind it is"))
        ],
    )
    label = StringField(
        lazy_gettext("What people get"),
        description=lazy_gettext(
            "For example: Voucher for shops in Abbeyford. We write the pounds next to it, so leave them out."
        ),
        filters=[clean_line],
        validators=[Length(max=LONGEST_LABEL, message=lazy_gettext("Enter at most %(max)d characters"))],
        render_kw=OFF,
    )
    survey = _PoundsField(
        lazy_gettext("Pounds after the starting survey"),
        description=lazy_gettext("For a prize draw: what the prize is worth. Leave it empty for nothing."),
        render_kw={"inputmode": "decimal", **OFF},
    )
    follow_up = _PoundsField(
        lazy_gettext("Pounds after the follow-up survey"),
        description=lazy_gettext(
            "Half now and half later is a reason to come back. Leave it empty for nothing."
        ),
        render_kw={"inputmode": "decimal", **OFF},
    )

    @classmethod
    def showing(cls, row: Incentive, *, version: int) -> "ChoiceForm":
        """The form with what is offered now."""
        return cls(
            data={
                "version": version,
                "kind": row.kind.value,
                "label": row.label,
                "survey": plain_pounds(row.pence_survey).removesuffix(".00"),
                "follow_up": plain_pounds(row.pence_follow_up).removesuffix(".00"),
            }
        )

    def validate_label(self, field: StringField) -> None:
        """A name is needed."""
        if not field.data:
            raise ValidationError(lazy_gettext("Enter what people get"))

    def validate(self, extra_validators: Any = None) -> bool:
        """It must also be worth something."""
        is_valid = bool(super().validate(extra_validators))
        if (
            not self.survey.errors
            and not self.follow_up.errors
            and not self.survey.pence + self.follow_up.pence
        ):
            said = lazy_gettext("Enter what it is worth after one of the two surveys, or after both")
            self.survey.errors = [*self.survey.errors, said]
            return False
        return is_valid

    def choice(self) -> Choice:
        """What was entered, once the form is valid."""
        return Choice(IncentiveKind(self.kind.data), self.label.data, self.survey.pence, self.follow_up.pence)


class SureForm(Form):
    """Nothing but that somebody is sure."""

    version = VersionField()


class ChooseForm(Form):
    """What one person would like."""

    choice = RadioField(
        lazy_gettext("What would you like?"),
        validate_choice=False,
    )

    def __init__(self, offered: Sequence[Offered], **values: Any) -> None:
        super().__init__(**values)
        self.choice.choices = [
            *(
                SelectChoice(each.key, each.label, render_kw={"hint": words.worth(each.kind, each.pence)})
                for each in offered
            ),
            SelectChoice(
                NOTHING, lazy_gettext("Nothing, thank you"), render_kw={"divider": str(gettext("or"))}
            ),
        ]
        self.keys = {each.key for each in offered} | {NOTHING}

    def validate_choice(self, field: RadioField) -> None:
        """One of these."""
        if field.data not in self.keys:
            raise ValidationError(lazy_gettext("Choose one of these"))


class ContactForm(Form):
    """Where it is to be sent."""

    contact = StringField(
        lazy_gettext("Your e-mail address or mobile number"),
        filters=[clean_line],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )

    def validate_contact(self, field: StringField) -> None:
        """It is one of the two."""
        if not field.data:
            raise ValidationError(lazy_gettext("Enter an e-mail address or a mobile number"))
        try:
            plain_contact(field.data)
        except Invalid as refusal:
            raise ValidationError(translated(refusal)) from None


class IssueForm(Form):
    """Which claim numbers are issued."""

    number = SelectMultipleField(lazy_gettext("Number"), validate_choice=False)

    @property
    def references(self) -> list[str]:
        """The claim numbers as they are kept; what is none stays as it was sent, and is found nowhere."""
        return [normal(each) or "" for each in self.number.data or ()]


class NumberForm(Form):
    """A claim number that somebody shows at a desk."""

    number = StringField(
        lazy_gettext("Number on the thank-you"),
        description=lazy_gettext("For example 4QXM-7WDX. It has 8 letters and numbers."),
        filters=[clean_line],
        render_kw={"spellcheck": "false", "autocapitalize": "characters", **OFF},
    )

    def validate_number(self, field: StringField) -> None:
        """It can be one."""
        problem = number_problem(field.data or "")
        if problem is not None:
            raise ValidationError(translated(problem))

    @property
    def reference(self) -> str:
        """The claim number as it is kept, once the form is valid."""
        return normal(self.number.data) or ""


class UndoForm(NumberForm):
    """Why the last mark is taken back."""

    why = RadioField(
        lazy_gettext("Why do you take this back?"),
        choices=[SelectChoice(why.value, lazy_gettext(said)) for why, said in words.REASONS.items()],
        validate_choice=False,
        validators=[AnyOf(tuple(why.value for why in Why), message=lazy_gettext("Say why you take it back"))],
    )
