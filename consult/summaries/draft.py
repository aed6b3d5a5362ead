"""A summary as it stands while it is written: positions, words, quotations, ratings, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from consult.consultations.models import Consultation
from consult.personal_data import TOLD, Kind, find
from consult.summaries.fairness import Said, said_of
from consult.summaries.models import Position, QuotationState, Summary
from consult.summaries.positions import HeldPosition, Positions, positions_of
from consult.summaries.queries import (
    ItemLine,
    ShownQuotation,
    get_item,
    list_positions,
    list_quotations,
    repeats_a_refusal,
)
from consult.summaries.rules import gap, have_same_length, is_fair, room, word_count
from consult.surveys.models import Form, Item
from consult.words import N_, Sentence, say

# What nobody is to read in a summary, whoever wrote it there.
REFUSED = frozenset({Kind.E_MAIL, Kind.PHONE, Kind.POSTCODE, Kind.INSURANCE, Kind.NHS})


@dataclass(frozen=True, slots=True)
class DraftPosition:
    """One position: who holds it, what was written for it, what was drawn, what its holders say."""

    held: HeldPosition
    words: Position | None
    quotations: tuple[ShownQuotation, ...]
    said: Said

    @property
    def count_words(self) -> int:
        """How many words it is told in."""
        return word_count(*self.texts)

    @property
    def texts(self) -> tuple[str, str, str]:
        """The completion, the reasons and the worry."""
        return (self.words.completion, self.words.reasons, self.words.worry) if self.words else ("", "", "")

    @property
    def accepted(self) -> list[ShownQuotation]:
        """The quotations that a person has accepted."""
        return [each for each in self.quotations if each.state is QuotationState.ACCEPTED]


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary that is being written, with everything that is needed to publish it."""

    line: ItemLine
    summary: Summary
    positions: Positions
    parts: tuple[DraftPosition, ...]
    room: tuple[int, int]
    gap: Fraction | None
    is_fair: bool
    missing: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]

    @property
    def is_open(self) -> bool:
        """Whether people answered in their own words."""
        return self.line.item.form is Form.OPEN


def get_draft(consultation: Consultation, item_id: int) -> Draft | None:
    """The draft of that item; none if its summary has not been begun.

    A constant number of statements, however many people answered.

    Raises
    ------
    NotFound
        If there is no such item.
    """
    line = get_item(consultation, item_id)
    return draft_of(line) if line.summary is not None else None


def draft_of(line: ItemLine) -> Draft:
    """The draft of an item whose summary has been begun."""
    summary = line.summary
    assert summary is not None
    positions = positions_of(line.item)
    words = list_positions(summary.id)
    said = said_of(summary, positions, words)
    quotations = list_quotations(summary.id)
    parts = tuple(
        DraftPosition(
            held,
            words.get(held.key),
            _theirs(quotations, words.get(held.key), held),
            said[held.key],
        )
        for held in positions.held
    )
    figures = [part.said.figures for part in parts]
    is_rated = bool(figures) and all(each.is_enough for each in figures)
    return Draft(
        line=line,
        summary=summary,
        positions=positions,
        parts=parts,
        room=room([part.count_words for part in parts]),
        gap=gap(figures) if is_rated else None,
        is_fair=is_fair(figures),
        missing=tuple(_missing(line.item, summary, positions, parts)),
        warnings=tuple(_warnings(summary, parts)),
    )


def _theirs(
    quotations: Sequence[ShownQuotation], words: Position | None, held: HeldPosition
) -> tuple[ShownQuotation, ...]:
    """The quotations of a position, from people who hold it now: codes may have changed since the draw."""
    return tuple(
        each
        for each in quotations
        if words is not None
        and each.position_id == words.id
        and held.holders.get(each.participant_id) == each.answer_id
    )


def _missing(
    item: Item, summary: Summary, positions: Positions, parts: Sequence[DraftPosition]
) -> list[Sentence]:
    """What keeps the summary from being published."""
    found = []
    if positions.uncoded:
        found.append(say(N_("Answers that nobody has read yet: %(n)s."), n=positions.uncoded))
    if positions.disputed:
        found.append(say(N_("Answers that wait for a decision between coders: %(n)s."), n=positions.disputed))
    if not parts:
        return [*found, say(N_("No view is held by 3 people or more, so there is nothing to publish."))]
    empty = sum(not all(part.texts) for part in parts)
    if empty:
        found.append(say(N_("Views that are not written yet: %(n)s. Each needs all three texts."), n=empty))
    elif not have_same_length([part.count_words for part in parts]):
        low, high = room([part.count_words for part in parts])
        found.append(
            say(
                N_("The views differ too much in length. Each should have %(low)s to %(high)s words."),
                low=low,
                high=high,
            )
        )
    waiting = sum(each.state is QuotationState.DRAWN for part in parts for each in part.quotations)
    if waiting:
        found.append(say(N_("Quotations that nobody has accepted or refused yet: %(n)s."), n=waiting))
    found += [
        say(N_("The words of a view hold %(what)s. Take it out."), what=TOLD[kind])
        for kind in sorted(_kinds(parts) & REFUSED)
    ]
    found += [
        say(N_("The title or the reason holds %(what)s. Take it out."), what=TOLD[kind])
        for kind in sorted(_kinds_around(summary) & REFUSED)
    ]
    if item.form is Form.OPEN and repeats_a_refusal(item.id, [text for part in parts for text in part.texts]):
        found.append(
            say(
                N_(
                    "The words of a view repeat a long passage of somebody who did not agree to be quoted."
                    " Say it in other words."
                )
            )
        )
    if not is_fair([part.said.figures for part in parts]) and not summary.override:
        found.append(
            say(N_("People who hold the views have not said that they are fair. Ask them, or give a reason."))
        )
    return found


def _warnings(summary: Summary, parts: Sequence[DraftPosition]) -> list[Sentence]:
    """What a person should look at once more."""
    return [
        *(
            say(N_("The words of a view may hold %(what)s. Look again."), what=TOLD[kind])
            for kind in sorted(_kinds(parts) - REFUSED)
        ),
        *(
            say(N_("The title or the reason may hold %(what)s. Look again."), what=TOLD[kind])
            for kind in sorted(_kinds_around(summary) - REFUSED)
        ),
    ]


def _kinds(parts: Sequence[DraftPosition]) -> set[Kind]:
    return {span.kind for part in parts for text in part.texts for span in find(text)}


def _kinds_around(summary: Summary) -> set[Kind]:
    return {span.kind for text in (summary.title, summary.override or "") for span in find(text)}
