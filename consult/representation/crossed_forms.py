"""What officers choose and type about two questions at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, ValidationError

from consult.panel.crossing import Cell
from consult.panel.setting import Wanted
from consult.recruitment.models import Demographic
from consult.representation.number_forms import NumbersForm, number_fields, wanted_in
from consult.web.forms import Form, VersionField
from consult.web.telling import isolated

Pair = tuple[Demographic, Demographic]


class PairForm(Form):
    """Which two questions. It is sent by GET and changes nothing, so it carries no token."""

    class Meta(Form.Meta):
        """What the library asks."""

        csrf = False

    one = RadioField(
        lazy_gettext("The first question"),
        validators=[InputRequired(lazy_gettext("Choose the first question"))],
        validate_choice=False,
    )
    other = RadioField(
        lazy_gettext("The second question"),
        validators=[InputRequired(lazy_gettext("Choose the second question"))],
        validate_choice=False,
    )

    # A browser sends nothing of a question that has no answer: this tells that the form was sent.
    chosen = HiddenField(default="yes")

    def offer(self, questions: Sequence[Demographic]) -> None:
        """These questions can be chosen."""
        choices = [(each.key, each.question) for each in questions]
        self.one.choices, self.other.choices = choices, choices

    def validate_one(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in {value for value, _text in field.choices}:
            raise ValidationError(gettext("Choose from the answers in the list"))

    def validate_other(self, field: RadioField) -> None:
        """Refuse what is not in the list, and the first question once more."""
        self.validate_one(field)
        if field.data == self.one.data:
            raise ValidationError(gettext("Choose two different questions"))


def crossed_form(pair: Pair, held: Mapping[Cell, Wanted], *, version: int) -> NumbersForm:
    """The form with four numbers for each two groups."""
    fields: dict[str, Any] = {"version": VersionField(default=version)}
    rows: dict[str, str] = {}
    for ending, cell, labels in _cells(pair):
        rows[ending] = gettext("%(group)s, %(other)s", group=isolated(labels[0]), other=isolated(labels[1]))
        fields |= number_fields(rows[ending], ending, held.get(cell))
    made: NumbersForm = type("CrossedForm", (NumbersForm,), {**fields, "rows": rows})()
    return made


def wanted_of_cells(form: NumbersForm, pair: Pair) -> dict[Cell, Wanted]:
    """What is wanted of each two groups, by their keys, once the form is valid."""
    return {cell: wanted_in(form, ending) for ending, cell, _labels in _cells(pair)}


def _cells(pair: Pair) -> Iterator[tuple[str, Cell, tuple[str, str]]]:
    """Each two groups: the ending of the names of their fields, their keys, their labels."""
    for n, option in enumerate(pair[0].options):
        for m, other in enumerate(pair[1].options):
            yield f"{n}_{m}", (option.key, other.key), (option.label, other.label)
