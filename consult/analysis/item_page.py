"""What stands on the page of one item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from consult.analysis import words
from consult.analysis.cells import Cell, Content, cell, figures_of, interval
from consult.analysis.pictures import Bars, Dumbbell, diverging, shade
from consult.analysis.queries import Variable
from consult.analysis.scales import dumbbell_of, ends, point_labels, scale_of
from consult.analysis.themes_page import themes_page
from consult.surveys.models import Form, Item
from consult.words import N_

OTHER = N_("Something else")


@dataclass(frozen=True, slots=True)
class Grid:
    """A transition table: labels of points or options, counts with their shade."""

    labels: tuple[str, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One subgroup; without figures where too few people are in it."""

    value: str
    is_shown: bool
    n: Cell
    before: Cell
    after: Cell
    change: Cell
    interval: str
    picture: Dumbbell | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything on the page of one scale, or of one option of a ranking."""

    n: Cell
    before: Cell
    after: Cell
    change: Cell
    interval: str
    sentences: tuple[str, ...]
    bars: Bars
    picture: Dumbbell | None
    points: tuple[str, ...]
    counts: tuple[tuple[str, Cell, Cell], ...]
    grid: Grid
    figures: tuple[tuple[str, str, Cell], ...]


def item_page(item: Item, entry: Content, *, option_labels: Sequence[str] = ()) -> ItemPage:
    """Make the page of one scale item, or of one option of a ranking."""
    low, high = scale_of(item)
    points = tuple(option_labels) or point_labels(item)
    its_ends = ends(item)
    waves = [
        (name, entry[f"counts_{wave}"], entry[f"dont_know_{wave}"])
        for name, wave in ((gettext("Before"), "pre"), (gettext("After"), "post"))
        if len(item.asked) > 1 or wave in {a.wave.value for a in item.asked}
    ]
    sentences = (
        words.verdict_sentence(entry, its_ends),
        words.movement_sentence(entry, its_ends) if len(item.asked) > 1 else "",
        words.amount_sentence(entry, low, high),
        words.share_sentence(entry, item.favour_from) if item.form is not Form.RANK else "",
    )
    return ItemPage(
        n=cell(entry["n_paired"]),
        before=cell(entry["mean_pre_paired"]),
        after=cell(entry["mean_post_paired"]),
        change=cell(entry["mean_change"], words.signed(entry["mean_change"])),
        interval=interval(entry),
        sentences=tuple(s for s in sentences if s),
        bars=diverging(waves),
        picture=dumbbell_of(entry, low, high),
        points=points,
        counts=tuple(
            (label, cell(pre), cell(post))
            for label, pre, post in zip(
                (*points, gettext("Not made up my mind")),
                (*entry["counts_pre"], entry["dont_know_pre"]),
                (*entry["counts_post"], entry["dont_know_post"]),
                strict=True,
            )
        ),
        grid=grid_of(entry["transition"], points),
        figures=figures_of(entry),
    )


def grid_of(transition: Sequence[Sequence[int]], labels: Sequence[str]) -> Grid:
    """Shade a transition table by its fullest cell."""
    largest = max((n for row in transition for n in row), default=0)
    rows = tuple(tuple((n, shade(n, largest)) for n in row) for row in transition)
    return Grid(tuple(labels), rows)


def parts(content: Content, key: str, labels: Mapping[str, str], item: Item) -> list[Part]:
    """Make the lines of the subgroups for one item; fewer than 10 people are not shown."""
    low, high = scale_of(item)
    found = []
    for part in content.get("by", ()):
        entry = next((e for e in part["items"] if e["item"] == key), None)
        if entry is None:
            continue
        is_shown = entry["n_paired"] >= words.SCREEN_MINIMUM
        none = Cell("", "")
        found.append(
            Part(
                value=labels.get(part["value"], part["value"]),
                is_shown=is_shown,
                n=cell(entry["n_paired"]) if is_shown else none,
                before=cell(entry["mean_pre_paired"]) if is_shown else none,
                after=cell(entry["mean_post_paired"]) if is_shown else none,
                change=cell(entry["mean_change"], words.signed(entry["mean_change"])) if is_shown else none,
                interval=interval(entry) if is_shown else "",
                picture=dumbbell_of(entry, low, high) if is_shown else None,
            )
        )
    return found


def one_item(
    item: Item, content: Content, *, by: str | None, variables: Sequence[Variable]
) -> dict[str, Any]:
    """Give the template of the item page everything that it prints.

    ``pages`` holds (name, page) of a scale, or of each option of a ranking; ``choice`` the entry of
    a choice and its grid; neither is there for an open item, which has ``themes`` once they are known.
    """
    labels = [option.label for option in item.options] + ([gettext(OTHER)] if item.other else [])
    variable = next((v for v in variables if v.key == by), None)
    shown: list[tuple[str, ItemPage]] = []
    if content["items"]:
        shown = [("", item_page(item, content["items"][0]))]
    elif content["ranks"]:
        names = {option.key: option.label for option in item.options}
        shown = [(names[entry["option"]], item_page(item, entry)) for entry in content["ranks"]]
    return {
        "item": item,
        "is_paired": len(item.asked) > 1,
        "pages": shown,
        "choice": choice_page(labels, content["nominal"][0]) if content["nominal"] else None,
        "themes": themes_page(content["themes"][0], is_paired=len(item.asked) > 1)
        if content["themes"]
        else None,
        "by": by,
        "variables": [(v.key, v.label) for v in variables]
        if content["items"] and len(item.asked) > 1
        else [],
        "parts": parts(content, item.key, variable.values, item) if variable else [],
        "variable": variable,
    }


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Everything on the page of a choice."""

    sentence: str
    counts: tuple[tuple[str, Cell, Cell], ...]
    grid: Grid
    figures: tuple[tuple[str, str, Cell], ...]


def choice_page(labels: Sequence[str], entry: Content) -> ChoicePage:
    """Make the page of a choice or of a knowledge item."""
    n = entry["n_paired"]
    changed = n - sum(entry["transition"][place][place] for place in range(len(labels)))
    return ChoicePage(
        sentence=words.changed_sentence(n, changed),
        counts=tuple(
            (label, cell(pre), cell(post))
            for label, pre, post in zip(labels, entry["counts_pre"], entry["counts_post"], strict=True)
        ),
        grid=grid_of(entry["transition"], labels),
        figures=figures_of(entry),
    )
