"""What to do next about who is missing, in words: the same numbers always make the same sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.panel.models import Panel
from consult.panel.rules import FillState
from consult.recruitment.age_bands import KEY as AGE
from consult.representation.picture import Group, Picture, Variable
from consult.web import telling

MOST = 5  # sentences: more than that is no advice


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence, how far the group is behind (from 0 to 1), and whether it is pressing."""

    text: str
    behind: float
    is_pressing: bool = False


def advice_on(picture: Picture, best: Mapping[int, str]) -> list[str]:
    """What would help most, the most pressing first, then the group that is furthest behind what is wanted.

    Parameters
    ----------
    best : mapping
        The name of the channel that has brought most people of a category, by the id of its option.
    """
    found = [each for variable in picture.variables for each in _about(variable, best)]
    found += _about_panel(picture.panel)
    ordered = sorted(found, key=lambda each: (not each.is_pressing, -each.behind))
    return [each.text for each in ordered[:MOST]]


def _about(variable: Variable, best: Mapping[int, str]) -> Iterator[Advice]:
    for group in variable.groups:
        if group.missing:
            sentence = _sentence(variable, group, best.get(group.option_id))
            yield Advice(sentence, _behind(group), group.state is FillState.AT_RISK)


def _behind(group: Group) -> float:
    """Which share of the people who are wanted is missing, as far as it is told."""
    missing = group.missing or 0
    wanted = group.limits.wanted
    return missing / max(wanted if wanted is not None else missing + (group.now or 0), 1)


def _sentence(variable: Variable, group: Group, channel: str | None) -> str:
    said = _of_age(group) if variable.demographic.key == AGE else _who_answer(variable, group)
    if channel is None:
        way = _("No channel has brought many of them yet. Think of a place or a person that they trust.")
    else:
        way = _("%(channel)s has brought most of them so far.", channel=telling.isolated(channel))
    return f"{said} {way}"


def _of_age(group: Group) -> str:
    n, age = group.missing or 0, telling.isolated(group.label)
    said: str
    if group.is_at_least:
        said = ngettext(
            "At least %(num)s more person aged %(age)s is needed.",
            "At least %(num)s more people aged %(age)s are needed.",
            n,
            age=age,
        )
    else:
        said = ngettext(
            "%(num)s more person aged %(age)s is needed.",
            "%(num)s more people aged %(age)s are needed.",
            n,
            age=age,
        )
    return said


def _who_answer(variable: Variable, group: Group) -> str:
    n = group.missing or 0
    values = {
        "answer": telling.isolated(group.label),
        "question": telling.isolated(variable.demographic.question),
    }
    said: str
    if group.is_at_least:
        said = ngettext(
            "At least %(num)s more person is needed who answers “%(answer)s” to “%(question)s”.",
            "At least %(num)s more people are needed who answer “%(answer)s” to “%(question)s”.",
            n,
            **values,
        )
    else:
        said = ngettext(
            "%(num)s more person is needed who answers “%(answer)s” to “%(question)s”.",
            "%(num)s more people are needed who answer “%(answer)s” to “%(question)s”.",
            n,
            **values,
        )
    return said


def _about_panel(panel: Panel | None) -> Iterator[Advice]:
    if panel is not None and panel.size is not None and panel.filled >= panel.size:
        yield Advice(
            _("The panel is full. Everybody else takes part in the open track, and nobody is turned away."), 0
        )
