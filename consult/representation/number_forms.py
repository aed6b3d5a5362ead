"""Forms of rows of numbers: at least, aim, at most, and how many live here."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

from flask_babel import gettext as _

from consult.panel.rules import Limits
from consult.panel.setting import MOST, Wanted
from consult.web import telling
from consult.web.forms import Form, WholeNumberField

FIGURES = ("population", "minimum", "aim", "maximum")
MOST_LIVING = 100_000_000
OFF = {"autocomplete": "off"}


class NumbersForm(Form):
    """A form of rows of numbers, in each of which they may not contradict each other.

    ``rows`` names the group that each row is about, by the ending of the names of its fields.
    """

    rows: ClassVar[Mapping[str, str]] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what is no number, then what is too large or too small beside its neighbours."""
        is_valid: bool = super().validate(extra_validators)
        for ending, group in self.rows.items():
            is_valid = self._is_in_order(ending, group) and is_valid
        return is_valid

    def _is_in_order(self, ending: str, group: str) -> bool:
        least, aim, most = (self[f"{name}_{ending}"] for name in ("minimum", "aim", "maximum"))
        if any(field.errors for field in (least, aim, most)):
            return False
        if _is_above(least, aim):
            aim.errors = [_("%(group)s: the aim cannot be less than “At least”", group=group)]
        elif _is_above(aim, most):
            most.errors = [_("%(group)s: “At most” cannot be less than the aim", group=group)]
        elif _is_above(least, most):
            most.errors = [_("%(group)s: “At most” cannot be less than “At least”", group=group)]
        return not (aim.errors or most.errors)


def number_fields(group: str, ending: str, wanted: Wanted | None) -> dict[str, Any]:
    """The fields of one row, with what is wanted now."""
    fields: dict[str, Any] = {}
    held = wanted or Wanted()
    values = {"population": held.population, **asdict(held.limits)}
    for figure in FIGURES:
        most = MOST_LIVING if figure == "population" else MOST
        fields[f"{figure}_{ending}"] = WholeNumberField(
            _named(figure, group),
            default=values[figure],
            lowest=0,
            highest=most,
            message=_(
                "%(group)s: enter a whole number from 0 to %(max)s, or leave it empty",
                group=group,
                max=telling.number(most),
            ),
            render_kw=OFF,
        )
    return fields


def wanted_in(form: NumbersForm, ending: str) -> Wanted:
    """What is wanted in one row, once the form is valid."""
    least, aim, most = (form[f"{name}_{ending}"].data for name in ("minimum", "aim", "maximum"))
    return Wanted(form[f"population_{ending}"].data, Limits(least, aim, most))


def _is_above(one: WholeNumberField, other: WholeNumberField) -> bool:
    return one.data is not None and other.data is not None and one.data > other.data


def _named(figure: str, label: str) -> str:
    named: dict[str, Any] = {
        "population": _("%(group)s: how many live here", group=label),
        "minimum": _("%(group)s: at least", group=label),
        "aim": _("%(group)s: aim", group=label),
        "maximum": _("%(group)s: at most", group=label),
    }
    return str(named[figure])
