"""What people did in the forum beside how their answers changed, item by item: an association, no effect.

Two doses: how many topics somebody opened, where that was noted, and how many posts of theirs can be read.
Counted are those who could write in the forum and answered the item both times. Whoever reads or writes
more chose to, and may be somebody who changes more anyway: METHOD 4.14.
"""

from typing import Any

import numpy as np
from sqlalchemy import func, select

from consult.analysis.notes import Note
from consult.analysis.record import Record
from consult.analysis.spoken import members_of
from consult.consultations.models import Wave
from consult.db import db
from consult.forum.models import Exposure, Post, PostKind, PostState, Thread
from consult.stats.dose import Line, dose_of
from consult.stats.pairs import MISSING
from consult.weighting.people import Flags, People

FEWEST = 30  # people: fewer tell too little of a slope to print one
READ, WROTE = "topics_read", "posts_written"
METHOD = "ancova_hc3"
FIGURES = ("slope", "se", "ci_low", "ci_high", "change_slope", "change_se", "spearman")
TOO_FEW = "fewer than 30 people who could write answered this both times"
SAME_DOSE = "everybody did as much as everybody else"
FOLLOWS = "it follows from the first answer"
ONE_DECIDES = "one person alone decides it"
ALL_ALIKE = "everybody changed by the same amount"


def dosing(consultation_id: int, record: Record) -> tuple[list[dict[str, Any]], list[Note]]:
    """How much people did, and how far they moved: rows for each item and dose.

    Returns
    -------
    rows : list of dict
        ``item``, ``dose``, ``n``, ``dose_mean``, the figures and ``method``. ``slope`` is in points of the
        last answer for one topic or post more, among people with the same first answer; ``se`` and the
        interval are robust. ``change_slope`` and ``change_se`` are those of the change alone, ``spearman``
        the rank correlation with it. No p-value: nothing here is a test.
    notes : list of {"path", "reason"}
        One for each figure that is missing.
    """
    people = People(consultation_id)
    could_write = np.isin(people.ids, np.array(sorted(members_of(consultation_id)), dtype=np.int64))
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for name, done in ((READ, _topics_read(consultation_id)), (WROTE, _posts_written(consultation_id))):
        if not done:
            continue
        dose = np.array([done.get(int(person), 0) for person in people.ids], dtype=np.float64)
        for item in record.items:
            found = [record.columns.get((item.key, "", wave)) for wave in (Wave.PRE, Wave.POST)]
            before, after = found
            if not item.has_numbers or before is None or after is None:
                continue
            both: Flags = could_write & (before.numbers != MISSING) & (after.numbers != MISSING)
            figures, why = _figures(before.numbers[both], after.numbers[both], dose[both])
            path = f"exposure[{len(rows)}]"
            rows.append({"item": item.key, "dose": name, **figures, "method": METHOD})
            notes += [{"path": f"{path}.{key}", "reason": reason} for key, reason in why]
    return rows, notes


def _figures(before: Any, after: Any, dose: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The figures of one row, and why some are missing."""
    n = len(dose)
    figures: dict[str, Any] = {"n": n, "dose_mean": None, **dict.fromkeys(FIGURES)}
    if n < FEWEST:
        return figures, [(key, TOO_FEW) for key in ("dose_mean", *FIGURES)]
    figures["dose_mean"] = float(dose.mean())
    found = dose_of(before, after, dose)
    if found is None:
        return figures, [(key, SAME_DOSE) for key in FIGURES]
    interval = found.after.interval() if found.after else None
    figures |= {
        "slope": found.after.slope if found.after else None,
        "se": found.after.se_robust if found.after else None,
        "ci_low": interval[0] if interval else None,
        "ci_high": interval[1] if interval else None,
        "change_slope": found.change.slope,
        "change_se": found.change.se_robust,
        "spearman": found.spearman,
    }
    return figures, [
        (key, _reason(key, found.after)) for key in ("dose_mean", *FIGURES) if figures[key] is None
    ]


def _reason(key: str, after: Line | None) -> str:
    if key == "spearman":
        return ALL_ALIKE
    return ONE_DECIDES if key == "change_se" or after is not None else FOLLOWS


def _topics_read(consultation_id: int) -> dict[int, int]:
    """How many topics each opened; empty where nobody's reading was noted."""
    asked = (
        select(Exposure.participant_id, func.count())
        .join(Thread, Thread.id == Exposure.thread_id)
        .where(Exposure.consultation_id == consultation_id, Thread.is_rehearsal.is_(False))
        .group_by(Exposure.participant_id)
    )
    return {person: count for person, count in db.session.execute(asked)}  # noqa: C416  (rows, typed)


def _posts_written(consultation_id: int) -> dict[int, int]:
    """How many posts of each can be read; empty where nobody wrote."""
    asked = (
        select(Post.participant_id, func.count())
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.consultation_id == consultation_id,
            Thread.is_rehearsal.is_(False),
            Post.kind == PostKind.POST,
            Post.state == PostState.VISIBLE,
            Post.participant_id.is_not(None),
        )
        .group_by(Post.participant_id)
    )
    return {person: count for person, count in db.session.execute(asked) if person is not None}
