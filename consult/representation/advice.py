"""What to do next about who is missing, in words: the same numbers always make the same sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.panel.models import Panel
from consult.panel.rules import FillState
from consult.representation.picture import Group, Picture, Variable
from consult.web import telling

MOST = 5  # sentences: more than that is no advice


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence, how many people it is about, and whether it is pressing."""

    text: str
    weight: int
    is_pressing: bool = False


def advice_on(picture: Picture, best: Mapping[int, str]) -> list[str]:
    """What would help most, the most pressing first.

    Parameters
    ----------
    best : mapping
        The name of the channel that has brought most people of a category, by the id of its option.
    """
    found = [each for variable in picture.variables for each in _about(variable, best)]
    found += _about_panel(picture.panel)
    ordered = sorted(found, key=lambda each: (not each.is_pressing, -each.weight))
    return [each.text for each in ordered[:MOST]]


def _about(variable: Variable, best: Mapping[int, str]) -> Iterator[Advice]:
    for group in variable.groups:
        if group.missing:
            yield Advice(
                _sentence(group, best.get(group.option_id)), group.missing, group.state is FillState.AT_RISK
            )


def _sentence(group: Group, channel: str | None) -> str:
    n, label = group.missing or 0, telling.isolated(group.label)
    if group.is_at_least:
        said = ngettext(
            "At least %(num)s more person of the group %(group)s is wanted.",
            "At least %(num)s more people of the group %(group)s are wanted.",
            n,
            group=label,
        )
    else:
        said = ngettext(
            "%(num)s more person of the group %(group)s would bring it level.",
            "%(num)s more people of the group %(group)s would bring it level.",
            n,
            group=label,
        )
    if channel is None:
        way = _("No channel has brought many of them yet. Think of a place or a person that they trust.")
    else:
        way = _("%(channel)s has brought most of them.", channel=telling.isolated(channel))
    return f"{said} {way}"


def _about_panel(panel: Panel | None) -> Iterator[Advice]:
    if panel is not None and panel.size is not None and panel.filled >= panel.size:
        yield Advice(
            _("The panel is full. Everybody else takes part in the open track, and nobody is turned away."), 0
        )
