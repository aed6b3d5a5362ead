"""What stands on the page of who stayed: while it goes on, and when every stage has closed.

While a stage is open it tells how many, by what people said of themselves, under 10 as "fewer than 10"; what
they answered is told only afterwards, from the frozen comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext

from consult.analysis import words
from consult.analysis.cells import Cell, Content, cell
from consult.analysis.queries import Variable
from consult.consultations.rules import told
from consult.surveys.models import Item
from consult.web.telling import number as whole
from consult.weighting.queries import Flow, GroupFlow

STEPS = ("joined", "sent", "came_to_forum", "wrote_in_forum", "stayed")


@dataclass(frozen=True, slots=True)
class Step:
    """How many people came so far; ``width`` of its bar in per cent of those who joined."""

    name: str
    shown: str
    width: float


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group: how many of those who sent the starting survey stayed; no figures of fewer than 10."""

    label: str
    is_shown: bool
    n: Cell
    stayed: Cell
    share: Cell
    smd: Cell


@dataclass(frozen=True, slots=True)
class AttitudeLine:
    """One item: what those who stayed and those who left had answered, and what the change could be."""

    key: str
    stem: str
    is_shown: bool
    stayed: Cell
    left: Cell
    smd: Cell
    bounds: tuple[Cell, Cell] | None
    carried_forward: Cell


def _step_names() -> tuple[str, ...]:
    return (
        gettext("Joined"),
        gettext("Sent the starting survey"),
        gettext("Of these, came to the forum"),
        gettext("Of these, wrote in the forum"),
        gettext("Sent the follow-up too"),
    )


def live_steps(flow: Flow) -> list[Step]:
    """Make the lines of how far people have come, as they may be told while a stage is open."""
    return [
        _step(name, told(getattr(flow, step)), told(flow.joined))
        for name, step in zip(_step_names(), STEPS, strict=True)
    ]


def steps(flow: Mapping[str, int]) -> list[Step]:
    """Make the lines of how far people came, when every stage has closed."""
    return [_step(name, flow[step], flow["joined"]) for name, step in zip(_step_names(), STEPS, strict=True)]


def _step(name: str, count: int | None, joined: int | None) -> Step:
    width = 100 * count / joined if count and joined else 0.0
    return Step(name, gettext("Fewer than 10") if count is None else whole(count), round(width, 2))


def live_groups(flows: Sequence[GroupFlow]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Make the lines of groups by question: how many sent the starting survey, and the follow-up too."""

    def shown(count: int) -> str:
        known = told(count)
        return gettext("Fewer than 10") if known is None else whole(known)

    return [
        (question, [(each.label, shown(each.sent), shown(each.stayed)) for each in groups])
        for question, groups in groupby(flows, key=lambda each: each.question)
    ]


def group_lines(variable: Variable, found: Content) -> list[GroupLine]:
    """Make the lines of one question; groups of fewer than 10 people are not shown."""
    lines = []
    for category in found["categories"]:
        n = category["n_stayed"] + category["n_left"]
        is_shown = n >= words.SCREEN_MINIMUM
        none = Cell("", "")
        lines.append(
            GroupLine(
                label=variable.values.get(category["value"], category["value"]),
                is_shown=is_shown,
                n=cell(n) if is_shown else none,
                stayed=cell(category["n_stayed"]) if is_shown else none,
                share=in_hundred(category["retention"]) if is_shown else none,
                smd=signed_cell(category["smd"]) if is_shown else none,
            )
        )
    return lines


def attitude_lines(content: Content, items: Mapping[str, Item]) -> list[AttitudeLine]:
    """Make the lines of the items asked before; nothing of what fewer than 10 people had answered."""
    return [_attitude_line(entry, items[entry["item"]].stem) for entry in content["attrition"]["items"]]


def _attitude_line(entry: Content, stem: str) -> AttitudeLine:
    is_shown = min(entry["n_stayed"], entry["n_left"]) >= words.SCREEN_MINIMUM
    bounds = entry["bounds"] if entry["n_stayed"] >= words.SCREEN_MINIMUM else None
    none = Cell("", words.number(None))
    return AttitudeLine(
        key=entry["item"],
        stem=stem,
        is_shown=is_shown,
        stayed=cell(entry["mean_stayed"]) if is_shown else none,
        left=cell(entry["mean_left"]) if is_shown else none,
        smd=signed_cell(entry["smd"]) if is_shown else none,
        bounds=(signed_cell(bounds["low"]), signed_cell(bounds["high"])) if bounds else None,
        carried_forward=signed_cell(bounds["carried_forward"]) if bounds else none,
    )


def evenness_sentence(content: Content) -> str:
    """Say how evenly people came back, or that nobody can tell."""
    found: dict[str, Any] = content["attrition"]
    evenness = found["evenness"]
    if not found["n_left"]:
        return str(gettext("Everybody who sent the starting survey sent the follow-up too."))
    if evenness["r"] is None:
        return str(gettext("Too few people took part to tell how evenly they came back."))
    return str(
        gettext(
            "How evenly they came back (R-indicator) is %(r)s, give or take %(error)s. It would be 1 if"
            " everybody had been as likely to come back.",
            r=words.number(evenness["r"]),
            error=words.number(2 * evenness["r_se"]),
        )
    )


def signed_cell(value: float | None) -> Cell:
    """Make a cell of a difference."""
    return cell(value, words.signed(value))


def in_hundred(share: float | None, digits: int = 0) -> Cell:
    """Make a cell of a share, as so many of 100."""
    return cell(share, None if share is None else words.number(100 * share, digits))
