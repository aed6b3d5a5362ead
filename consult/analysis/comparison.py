"""The comparison of before and after, from the record to the object that `consult compare` prints.

Everything here is a function of the record: the same record gives the same figures. What is made
here is stored once (`service.py`) and read by page, file and command.
"""

from importlib.metadata import version
from typing import Any

import numpy as np

from consult.analysis.attrition import attrition, attrition_by
from consult.analysis.dosing import dosing
from consult.analysis.figures import Figures, correct_together, number_figures, option_figures
from consult.analysis.notes import Note, number_notes, option_notes
from consult.analysis.people import read_split
from consult.analysis.reasoning import reasoning
from consult.analysis.record import Column, Record, read_record
from consult.analysis.rules import METHOD_VERSION, ItemShape, Split, is_tested
from consult.analysis.spoken import members_of, posts_of
from consult.analysis.talking import talking
from consult.analysis.voicing import voicing
from consult.analysis.weighted import Weighing, precise_notes
from consult.consultations.models import Wave
from consult.errors import NotFound
from consult.stats.pairs import MISSING
from consult.weighting.crowd import read_crowd
from consult.weighting.people import Flags
from consult.weighting.rules import NO_WEIGHTS, RAKED

DESIGN = frozenset({"group", "arm"})
LATER = "not part of this version of the method"


class Comparing:
    """One consultation, read once, to be compared as a whole and by its variables."""

    def __init__(self, consultation_id: int, slug: str, weighing: Weighing | None = None) -> None:
        self._consultation_id = consultation_id
        self._slug = slug
        self._weighing = weighing
        self._record = read_record(consultation_id)
        self._crowd = read_crowd(consultation_id)
        self._splits: dict[str, Split | None] = {}

    def everybody(self) -> dict[str, Any]:
        """Compare before and after for everybody, and tell who stayed; see `compare_record`."""
        staying, notes = attrition(self._consultation_id, self._record, self._crowd)
        content = compare_record(self._slug, self._record, self._weighing)
        content["attrition"] = staying
        content["forum"], of_forum = talking(self._consultation_id, self._record)
        content["voice"], of_voice = voicing(
            self._consultation_id, posts_of(self._consultation_id), list(members_of(self._consultation_id))
        )
        content["exposure"], of_exposure = dosing(self._consultation_id, self._record)
        content["notes"] += [*notes, *of_forum, *of_voice, *of_exposure]
        return content

    def by(self, variable: str) -> dict[str, Any]:
        """Compare before and after for each value of a variable apart; see `compare_by`.

        Raises
        ------
        NotFound
            If there is no such variable.
        """
        split = self._split(variable)
        if split is None:
            raise NotFound
        found = compare_by(self._record, split, self._weighing)
        if variable not in DESIGN:
            found["attrition"] = attrition_by(variable, split, self._crowd)
        return found

    def count_values(self, variable: str) -> int:
        """Count the values of a variable that somebody has."""
        split = self._split(variable)
        return len(split.values) if split is not None else 0

    def _split(self, variable: str) -> Split | None:
        if variable not in self._splits:
            self._splits[variable] = read_split(self._consultation_id, variable)
        return self._splits[variable]


def compare_record(slug: str, record: Record, weighing: Weighing | None = None) -> dict[str, Any]:
    """Compare before and after for everybody who took part."""
    everybody = np.ones(record.n_people, dtype=bool)
    beside: list[Figures] = []
    items, nominal, ranks, notes = _figures(record, everybody, "", weighing, beside)
    rows, cautions = reasoning(record)
    return {
        "consultation": slug,
        "weights": RAKED if weighing else NO_WEIGHTS,
        **({"weighting": _weighting(weighing, beside)} if weighing else {}),
        "n": _people(record, everybody),
        "items": items,
        "nominal": nominal,
        "ranks": ranks,
        "reasoning": rows,
        "knowledge": {},
        "polarisation": [],
        "attrition": {},
        "forum": [],
        "voice": [],
        "exposure": [],
        "notes": notes
        + cautions
        + ([*weighing.notes(), *precise_notes(beside)] if weighing else [])
        + [{"path": p, "reason": LATER} for p in ("knowledge", "polarisation")],
        "method": {
            "version": METHOD_VERSION,
            "libraries": {name: version(name) for name in ("numpy", "scipy")},
        },
    }


def _weighting(weighing: Weighing, beside: list[Figures]) -> dict[str, Any]:
    return {
        "version": weighing.number,
        "settings": weighing.settings,
        "report": weighing.report,
        "items": beside,
    }


def compare_by(record: Record, split: Split, weighing: Weighing | None = None) -> dict[str, Any]:
    """Compare before and after for the people of each value apart; ``by`` and its ``notes``."""
    by: list[dict[str, Any]] = []
    notes: list[Note] = []
    for n, value in enumerate(split.values):
        people = split.codes == n
        items, _, ranks, more = _figures(record, people, f"by[{n}].", weighing, [])
        by.append({"value": value, "n": _people(record, people), "items": items, "ranks": ranks})
        notes += [note for note in more if not note["path"].startswith(f"by[{n}].nominal")]
    return {"by": by, "notes": notes}


def _people(record: Record, people: Flags) -> dict[str, int]:
    pre, post = record.took_part[Wave.PRE] & people, record.took_part[Wave.POST] & people
    return {"pre": int(pre.sum()), "post": int(post.sum()), "paired": int((pre & post).sum())}


def _columns(record: Record, item: ItemShape, option: str, people: Flags) -> tuple[Column, Column]:
    size = int(people.sum())
    absent = Column(np.full(size, MISSING, dtype=np.int16), np.zeros(size, dtype=bool))
    found = [record.columns.get((item.key, option, wave)) for wave in (Wave.PRE, Wave.POST)]
    if size == record.n_people:
        return found[0] or absent, found[1] or absent
    pre, post = (column.of(people) if column else absent for column in found)
    return pre, post


def _figures(
    record: Record, people: Flags, path: str, weighing: Weighing | None, beside: list[Figures]
) -> tuple[list[Figures], list[Figures], list[Figures], list[Note]]:
    """Compute the three lists and their notes; ``beside`` gets what stands beside weighted figures."""
    items: list[Figures] = []
    nominal: list[Figures] = []
    ranks: list[Figures] = []
    shapes: list[ItemShape] = []
    later: list[Note] = []
    for item in record.items:
        if item.has_numbers:
            pre, post = _columns(record, item, "", people)
            delta = record.delta.get(item.key, item.default_delta)
            found = number_figures(item, pre, post, delta=delta, favour_from=item.favour_from)
            if weighing:
                beside += weighing.weigh(found, item, pre, post, people=people)
            items.append({"item": item.key, "form": item.form, "role": item.role, "stem": item.stem, **found})
            shapes.append(item)
        elif item.has_options:
            pre, post = _columns(record, item, "", people)
            nominal.append({"item": item.key, "form": item.form, **option_figures(item, pre, post)})
            later += option_notes(f"{path}nominal[{len(nominal) - 1}]", item, nominal[-1])
        elif item.form == "rank":
            for option in item.options:
                pre, post = _columns(record, item, option, people)
                found = number_figures(item, pre, post, delta=None, favour_from=None)
                if weighing:
                    beside += weighing.weigh(found, item, pre, post, people=people, option=option)
                ranks.append({"item": item.key, "option": option, **found})
                later += number_notes(f"{path}ranks[{len(ranks) - 1}]", item, ranks[-1], record.primary)
    correct_together(items, [is_tested(shape, record.primary) for shape in shapes])
    notes = [
        note
        for n, (shape, entry) in enumerate(zip(shapes, items, strict=True))
        for note in number_notes(f"{path}items[{n}]", shape, entry, record.primary)
    ]
    return items, nominal, ranks, notes + later
