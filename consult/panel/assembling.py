"""Holding what a file says against what a consultation asks: every figure has its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.cells import Refusal, shown
from consult.errors import Invalid
from consult.panel import faults
from consult.panel.bases import base_of, check_totals
from consult.panel.counts import as_people
from consult.panel.entries import Assembled, Content, Entry, Figures, Variable
from consult.panel.matching import find_question, missing, pairs_of
from consult.panel.placing import Placed, Question, place
from consult.panel.refused import Problems
from consult.panel.told import Told, listed
from consult.panel.totals import Bases
from consult.recruitment.rules import NewTarget
from consult.words import N_

FIGURE_OF = {
    "min": "minimum",
    "max": "maximum",
    "aim": "aim",
    "min_flex": "minimum_flex",
    "max_flex": "maximum_flex",
}
LIMITS = ("minimum", "maximum")


def assemble(
    content: Content,
    questions: Sequence[Question],
    *,
    wanted: str | None,
    is_partial: bool,
    known: Bases,
    told: Told,
) -> list[Assembled]:
    """Give every figure its place.

    Raises
    ------
    FileRefused
        If one has none, or figures contradict each other.
    """
    problems = Problems()
    assembling = _Assembling(content, questions, is_partial, problems, told)
    pairs = pairs_of(content, questions, wanted, problems, told)
    found = [part for pair in pairs if (part := assembling.of_one(*pair)) is not None]
    problems.refuse()
    check_totals(found, known, problems, told)
    problems.refuse()
    return found


@dataclass(frozen=True, slots=True)
class _Assembling:
    content: Content
    questions: Sequence[Question]
    is_partial: bool
    problems: Problems
    told: Told

    def of_one(self, question: Question, variable: Variable) -> Assembled | None:
        """The targets that a variable makes for a question; None if something is wrong with them."""
        entries = [entry for entry in variable.entries if entry.crossed_variable is None]
        crossed = [entry for entry in variable.entries if entry.crossed_variable is not None]
        if not self.content.is_published and question.is_about_age:
            faults.refuse_unordered(entries, self.problems)
        figures = [_figures(entry, self.problems) for entry in entries]
        placed = place(question, [entry.category for entry in entries])
        faults.refuse_lost(question, entries, placed, self.problems)
        faults.refuse_same(question, entries, placed, self.problems)
        if entries and not self.is_partial:
            faults.refuse_missing(question, variable, placed, self.problems)
        crossed_targets = list(self._crossed(question, crossed))
        if self.problems:
            return None
        targets = list(self._single(question, entries, figures, placed))
        return Assembled(
            question,
            variable,
            (*targets, *crossed_targets),
            base_of(question, variable, figures, placed, self.told),
            is_whole=not missing(question, placed),
        )

    def _single(
        self, question: Question, entries: Sequence[Entry], figures: Sequence[Figures], placed: Placed
    ) -> Iterator[NewTarget]:
        for key, places in placed.parts.items():
            target = _summed(question, key, [figures[n] for n in places])
            _check_figures(target, entries[places[0]], self.problems)
            yield target

    def _crossed(self, question: Question, entries: Sequence[Entry]) -> Iterator[NewTarget]:
        """The targets for people who are in two categories at once."""
        seen: dict[frozenset[tuple[str, str | None]], Entry] = {}
        for entry in entries:
            assert entry.crossed_variable is not None  # that is what makes it crossed
            assert entry.crossed_category is not None
            other = find_question(self.questions, entry.crossed_variable.text)
            if other is None or other.key == question.key:
                self.problems.add(
                    N_(
                        "%(variable)s is not another question. The questions about people are: %(questions)s."
                    ),
                    line=entry.line,
                    column=entry.crossed_variable.column,
                    variable=shown(entry.crossed_variable.text),
                    questions=listed([each.key for each in self.questions]),
                )
                continue
            key = self._key(question, entry, entry.column, entry.category)
            with_key = self._key(other, entry, entry.crossed_category.column, entry.crossed_category.text)
            figures = _figures(entry, self.problems)
            if key is None or with_key is None:
                continue
            target = _summed(question, key, [figures])._replace(
                crossed_variable=other.key, crossed_category=with_key
            )
            if target.categories in seen:
                faults.refuse_second(seen[target.categories], entry, self.problems)
            seen.setdefault(target.categories, entry)
            _check_figures(target, entry, self.problems)
            yield target

    def _key(self, question: Question, entry: Entry, column: str, category: str) -> str | None:
        key = next(iter(place(question, [category]).parts), None)
        if key is None:
            faults.refuse_stranger(question, entry.line, column, category, self.problems)
        return key


def _figures(entry: Entry, problems: Problems) -> Figures:
    """The figures of an entry; a population may be empty where a limit stands."""
    found: Figures = {}
    is_limited = any(what in entry.figures and entry.figures[what].text.strip() for what in LIMITS)
    for what, cell in entry.figures.items():
        if not cell.text.strip() and (what != "population" or is_limited):
            found[what] = None
            continue
        try:
            found[what] = as_people(cell.text)
        except Invalid as refusal:
            problems.add(refusal.sentence, line=entry.line, column=cell.column, **refusal.values)
    return found


def _summed(question: Question, key: str, parts: Sequence[Figures]) -> NewTarget:
    """The target of an answer that takes these together; a figure that one of them lacks is unknown."""

    def sum_of(what: str) -> int | None:
        known = [n for part in parts if (n := part.get(what)) is not None]
        return sum(known) if len(known) == len(parts) else None

    return NewTarget(
        question.key,
        key,
        population=sum_of("population"),
        minimum=sum_of("minimum"),
        maximum=sum_of("maximum"),
        aim=sum_of("aim"),
        minimum_flex=sum_of("minimum_flex"),
        maximum_flex=sum_of("maximum_flex"),
    )


def _check_figures(target: NewTarget, entry: Entry, problems: Problems) -> None:
    try:
        target.check_limits()
    except Refusal as refusal:
        cell = entry.figures.get(FIGURE_OF[refusal.where])
        column = cell.column if cell else refusal.where
        problems.add("%(sentence)s", line=entry.line, column=column, sentence=refusal.sentence)
