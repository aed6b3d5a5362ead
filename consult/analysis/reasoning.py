"""The reason index of everybody and of each group."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.notes import Note
from consult.analysis.record import Record
from consult.consultations.models import WAVES, Wave
from consult.stats.reasoning import constant_raters, reason_index
from consult.weighting.people import Flags

FEW_CONSIDERATIONS, FEW_OPTIONS, FEW_PEOPLE = 10, 4, 10
MOST_PEOPLE = 6000
"""Eighteen million pairs: beyond it the exact chance level needs gigabytes of memory."""

Answers = NDArray[np.float64]


def reasoning(record: Record) -> tuple[list[dict[str, Any]], list[Note]]:
    """The reason index before and after, for everybody and, with two groups or more, for each.

    Takes part: who rated every consideration and placed every option in both waves. Who gave all
    considerations one rating, or all options one place, in either wave has no correlation: they
    leave both waves and are counted in a note. No considerations or no preferences: an empty list.
    """
    considerations = [
        (item.key, "")
        for item in record.items
        if item.role == "consideration" and item.has_numbers and item.is_paired
    ]
    preferences = [
        (item.key, option)
        for item in record.items
        if item.role == "preference" and item.form == "rank" and item.is_paired
        for option in item.options
    ]
    if not considerations or not preferences:
        return [], []
    complete = np.ones(record.n_people, dtype=bool)
    for key, option in considerations + preferences:
        for wave in WAVES:
            complete &= record.columns[key, option, wave].answered
    rated = {wave: _answers(record, considerations, wave) for wave in WAVES}
    ranked = {wave: _answers(record, preferences, wave) for wave in WAVES}
    constant = np.zeros(record.n_people, dtype=bool)
    for wave in WAVES:
        constant |= constant_raters(rated[wave], ranked[wave])
    constant &= complete

    people: list[tuple[str | None, Flags]] = [(None, np.ones(record.n_people, dtype=bool))]
    if len(record.groups.values) > 1:
        people += [(value, record.groups.codes == n) for n, value in enumerate(record.groups.values)]
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for group, members in people:
        path = f"reasoning[{len(rows)}]"
        who = members & complete & ~constant
        row = _row(group, who, rated, ranked)
        rows.append(row)
        left = int((members & constant).sum())
        if left:
            notes.append({"path": path, "reason": f"{left} who rated everything alike are left out"})
        notes += _cautions(path, row)
    return rows, notes + _few("reasoning", len(considerations), FEW_CONSIDERATIONS, "considerations") + _few(
        "reasoning", len(preferences), FEW_OPTIONS, "options"
    )


def _few(path: str, have: int, few: int, what: str) -> list[Note]:
    return (
        [{"path": path, "reason": f"fewer than {few} {what}: chance alone moves the index far"}]
        if have < few
        else []
    )


def _answers(record: Record, columns: list[tuple[str, str]], wave: Wave) -> Answers:
    return np.column_stack([record.columns[key, option, wave].numbers for key, option in columns]).astype(
        np.float64
    )


def _row(
    group: str | None, who: Flags, rated: dict[Wave, Answers], ranked: dict[Wave, Answers]
) -> dict[str, Any]:
    n = int(who.sum())
    found = (
        {wave: reason_index(rated[wave][who], ranked[wave][who]) for wave in WAVES}
        if 1 < n <= MOST_PEOPLE
        else {}
    )
    row: dict[str, Any] = {"group": group, "n": n}
    for name, part in (
        ("dri", "dri"),
        ("dri_adjusted", "adjusted"),
        ("chance", "chance"),
        ("excess", "excess"),
    ):
        for wave in WAVES:
            row[f"{name}_{wave.value}"] = getattr(found[wave], part) if found else None
    return row


def _cautions(path: str, row: dict[str, Any]) -> list[Note]:
    notes: list[Note] = []
    if row["dri_pre"] is None:
        reason = (
            "there are not two people who rated and ranked everything both times"
            if row["n"] < 2  # noqa: PLR2004  (a pair)
            else f"more than {MOST_PEOPLE:,} people make too many pairs"
        )
        empty = [key for key, value in row.items() if value is None and key != "group"]
        notes += [{"path": f"{path}.{key}", "reason": reason} for key in empty]
    return notes + _few(path, row["n"], FEW_PEOPLE, "people")
