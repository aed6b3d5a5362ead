"""Faults of a table beside a question: what has no place, what stands twice, what is missing."""

from collections.abc import Sequence
from itertools import pairwise

from consult.cells import shown
from consult.errors import Invalid
from consult.panel.bands import check_bands, find_band
from consult.panel.entries import Entry, Variable
from consult.panel.matching import missing
from consult.panel.placing import Placed, Question, plain
from consult.panel.refused import Problems
from consult.panel.told import listed
from consult.words import N_


def refuse_lost(question: Question, entries: Sequence[Entry], placed: Placed, problems: Problems) -> None:
    """Categories without a place are named, with what there is; all together where none has a place."""
    lost = [entries[n] for n in placed.lost]
    bands = [entry for entry in lost if question.is_about_age and find_band(entry.category) is not None]
    if bands:
        _refuse_together(
            N_(
                "%(categories)s: the answers of %(question)s cannot be made of these ages."
                " They are: %(options)s."
            ),
            question,
            bands,
            problems,
        )
    others = [entry for entry in lost if entry not in bands]
    if len(others) > 1 and not placed.parts:
        _refuse_together(
            N_("%(categories)s: none of these is an answer of %(question)s. They are: %(options)s."),
            question,
            others,
            problems,
        )
        return
    for entry in others:
        refuse_stranger(question, entry.line, entry.column, entry.category, problems)


def _refuse_together(text: str, question: Question, entries: Sequence[Entry], problems: Problems) -> None:
    problems.add(
        text,
        line=entries[0].line,
        column=entries[0].column,
        categories=listed([entry.category for entry in entries]),
        question=question.key,
        options=question.told or "–",
    )


def refuse_stranger(question: Question, line: int, column: str, category: str, problems: Problems) -> None:
    """A category is none of a question's answers; ages have often been made dates by a spreadsheet."""
    text = N_("%(category)s is none of the answers of %(question)s, which are: %(options)s.")
    if question.is_about_age and find_band(category) is None:
        text = N_(
            "%(category)s is not an age band. If a spreadsheet made a date of it, write 10 to 15 in words."
            " The answers of %(question)s are: %(options)s."
        )
    problems.add(
        text,
        line=line,
        column=column,
        category=shown(category) or "“”",
        question=question.key,
        options=question.told or "–",
    )


def refuse_same(question: Question, entries: Sequence[Entry], placed: Placed, problems: Problems) -> None:
    """One category may not stand twice, under the same name or under two names of one answer."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        name = plain(entry.category)
        if name in seen:
            refuse_second(seen[name], entry, problems)
        seen.setdefault(name, entry)
    labels = dict(question.options)
    for key, places in placed.parts.items():
        names = {plain(key), plain(labels[key])}
        same = [n for n in places if plain(entries[n].category) in names]
        if len(same) > 1 and len({plain(entries[n].category) for n in same}) > 1:
            refuse_second(entries[same[0]], entries[same[1]], problems)


def refuse_second(first: Entry, second: Entry, problems: Problems) -> None:
    """The second of two entries of one category is named, with the line of the first."""
    problems.add(
        N_("%(category)s stands twice: the first time on line %(first)s."),
        line=second.line,
        column=second.column,
        category=shown(second.category),
        first=first.line,
    )


def refuse_missing(question: Question, variable: Variable, placed: Placed, problems: Problems) -> None:
    """Answers without a figure are named, unless a category without a place may be one of them."""
    absent = missing(question, placed)
    if absent and not placed.lost:
        problems.add(
            N_(
                "These answers of %(question)s have no figure in the file: %(missing)s."
                " Add them, or say that they are to stay without a target."
            ),
            line=variable.line,
            column=variable.column,
            question=question.key,
            missing=listed(absent),
        )


def refuse_unordered(entries: Sequence[Entry], problems: Problems) -> None:
    """The bands of a table that was made for this consultation follow each other."""
    found = sorted(
        ((band, entry) for entry in entries if (band := find_band(entry.category)) is not None),
        key=lambda pair: (pair[0].low, pair[0].end),
    )
    for (before, _), (after, entry) in pairwise(found):
        if before == after:
            continue  # told as a category that stands twice
        try:
            check_bands([before, after])
        except Invalid as refusal:
            problems.add(refusal.sentence, line=entry.line, column=entry.column, **refusal.values)
