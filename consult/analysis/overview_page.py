"""What stands on the overview: figures of the stored comparison put into words, rows and pictures.

Nothing is computed here that the comparison does not hold; cells carry the figure as stored
(`Cell.value`) beside what is shown, so that a page can be held against the file and the JSON.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from consult.analysis import words
from consult.analysis.cells import Cell, Content, cell, interval
from consult.analysis.models import Lookalikes
from consult.analysis.pictures import Dumbbell
from consult.analysis.scales import dumbbell_of, ends
from consult.consultations.models import Wave
from consult.consultations.rules import told
from consult.surveys.models import Item
from consult.web import telling

NOT_HERE = frozenset({"knowledge", "polarisation", "attrition", "forum", "voice", "exposure"})


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in the overview."""

    key: str
    stem: str
    verdict: str
    n: Cell
    before: Cell
    after: Cell
    change: Cell
    interval: str
    picture: Dumbbell | None
    ends: words.Ends


def item_lines(content: Content, items: dict[str, Item]) -> list[ItemLine]:
    """Make the lines of the overview: items asked both times, the largest move for its scale first."""
    lines: list[tuple[float, int, ItemLine]] = []
    for entry in content["items"]:
        item = items[entry["item"]]
        if len(item.asked) < len(("pre", "post")):
            continue
        span = (item.scale_max or 1) - (item.scale_min or 0)
        line = ItemLine(
            key=entry["item"],
            stem=entry["stem"],
            verdict=words.verdict(entry["verdict"]),
            n=cell(entry["n_paired"]),
            before=cell(entry["mean_pre_paired"]),
            after=cell(entry["mean_post_paired"]),
            change=cell(entry["mean_change"], words.signed(entry["mean_change"])),
            interval=interval(entry),
            picture=dumbbell_of(entry, item.scale_min or 0, item.scale_max or 1),
            ends=ends(item),
        )
        lines.append((-abs(entry["mean_change"] or 0.0) / span, len(lines), line))
    return [line for _, _, line in sorted(lines)]


def verdict_counts(content: Content) -> list[tuple[str, int]]:
    """Count the items by what is said of them, in the order of the four sentences."""
    said = [entry["verdict"] for entry in content["items"]]
    return [(words.verdict(name), said.count(name)) for name in words.VERDICTS if name in said]


def cautions(content: Content) -> list[dict[str, str]]:
    """List the notes that belong on the overview: who stayed and who talked stand on pages of their own."""
    return [note for note in content["notes"] if re.split(r"[.\[]", note["path"])[0] not in NOT_HERE]


@dataclass(frozen=True, slots=True)
class ReasoningLine:
    """The reason index of everybody or of one group; without figures where too few people are in it."""

    name: str
    is_shown: bool
    n: Cell
    index: tuple[Cell, Cell]
    adjusted: tuple[Cell, Cell]
    chance: tuple[Cell, Cell]
    excess: tuple[Cell, Cell]


def reasoning_lines(content: Content) -> list[ReasoningLine]:
    """Make the lines of the reason index; groups of fewer than 10 people are not shown."""
    return [_reasoning_line(row) for row in content["reasoning"]]


def _reasoning_line(row: Content) -> ReasoningLine:
    is_shown = row["n"] >= words.SCREEN_MINIMUM or row["group"] is None

    def pair(name: str) -> tuple[Cell, Cell]:
        before, after = (row[f"{name}_{wave}"] if is_shown else None for wave in ("pre", "post"))
        return cell(before), cell(after)

    return ReasoningLine(
        name=gettext("Everybody") if row["group"] is None else row["group"],
        is_shown=is_shown,
        n=cell(row["n"]) if is_shown else Cell("", gettext("fewer than 10")),
        index=pair("dri"),
        adjusted=pair("dri_adjusted"),
        chance=pair("chance"),
        excess=pair("excess"),
    )


def reasoning_cautions(content: Content) -> list[tuple[str, str]]:
    """List what to mind about the reason index: who it is about, and what. Nothing of groups not shown."""
    lines = reasoning_lines(content)
    found = []
    for note in content["notes"]:
        head, _, rest = note["path"].partition("[")
        if head != "reasoning" or "." in rest:
            continue
        line = lines[int(rest.rstrip("]"))] if rest else None
        if line is None or line.is_shown:
            found.append((line.name if line else gettext("Everybody"), note["reason"]))
    return found


def lookalike_sentences(found: Sequence[Lookalikes]) -> list[str]:
    """Say of each wave that anybody sent how many records look like another one; under 10 are never told."""
    return [_lookalike_sentence(each) for each in found if each.people]


def _lookalike_sentence(found: Lookalikes) -> str:
    n, people = telling.number(found.alike), telling.number(found.people)
    is_few = told(found.alike) is None
    if found.wave is Wave.PRE and is_few:
        said = gettext(
            "Starting survey: fewer than 10 of %(people)s records look like another one.", people=people
        )
    elif found.wave is Wave.PRE:
        said = gettext(
            "Starting survey: %(n)s of %(people)s records look like another one.", n=n, people=people
        )
    elif is_few:
        said = gettext("Follow-up: fewer than 10 of %(people)s records look like another one.", people=people)
    else:
        said = gettext("Follow-up: %(n)s of %(people)s records look like another one.", n=n, people=people)
    return str(said)
