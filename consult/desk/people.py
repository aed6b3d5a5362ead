"""Deeds of officers on what a draft asks people about themselves: ready questions, and when each is asked.

A question to which another one leads is never chosen by itself: it is asked when its first one is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import hold_draft, step
from consult.db import db
from consult.desk.asked_rows import (
    append_rows,
    as_new,
    further_to,
    lead_on,
    put_in_order,
    remove_row,
    rows_of,
    set_options,
)
from consult.desk.ready import asked_with, has_detail
from consult.desk.template import DEMOGRAPHICS
from consult.errors import Invalid
from consult.recruitment.models import AskedAt
from consult.recruitment.question_sets import ReadyQuestion, find_ready, further_of, list_firsts
from consult.recruitment.rules import NewDemographic


@dataclass(frozen=True, slots=True)
class Askable:
    """A question that the consultation asks or could ask.

    ``when`` is None if it does not. ``further`` are the questions that are asked with it, or would be.
    ``ready`` is the wording that it was taken from, if it is one of ours.
    """

    question: NewDemographic
    when: AskedAt | None
    further: tuple[NewDemographic, ...] = ()
    ready: ReadyQuestion | None = None

    @property
    def has_choice_of_detail(self) -> bool:
        """Whether the officer may choose to ask it in more detail."""
        return self.ready is not None and has_detail(self.ready)

    @property
    def is_in_detail(self) -> bool:
        """Whether it is asked in more detail."""
        details = {each.key for each in further_of(self.ready) if each.optional} if self.ready else set()
        return any(each.key in details for each in self.further)

    @property
    def wordings(self) -> tuple[ReadyQuestion, ...]:
        """The ready wordings of the question and of those that are asked with it."""
        names = (each.standard for each in (self.question, *self.further))
        return tuple(found for name in names if (found := find_ready(name)) is not None)

    @property
    def takes_options(self) -> bool:
        """Whether the officer types what people can answer."""
        return self.ready is not None and self.ready.takes_options


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an officer wants of one question; ``lines`` are its options, where officers type those."""

    when: AskedAt | None
    is_in_detail: bool = False
    lines: tuple[str, ...] = ()


def list_questions(consultation: Consultation) -> list[Askable]:
    """List the questions that could be asked, with when each is: those that are, then the ready ones."""
    found = as_new(rows_of(consultation))
    led_to = {option.leads_to for question in found for option in question.options}
    asked = [
        Askable(first, AskedAt(first.asked), tuple(further_to(first, found)), find_ready(first.standard))
        for first in found
        if first.key not in led_to
    ]
    known = {question.key for question in found}
    offered = ((first, asked_with(first, AskedAt(first.asked or AskedAt.AFTER))) for first in list_firsts())
    return [
        *asked,
        *(
            Askable(questions[0], None, tuple(questions[1:]), first)
            for first, questions in offered
            if known.isdisjoint({first.key, *(each.key for each in further_of(first))})
        ),
    ]


def choose_questions(
    actor: Actor, consultation: Consultation, choices: Mapping[str, Chosen], *, version: int
) -> None:
    """The draft asks these questions, then; a question with no time is not asked, and one unnamed stays.

    What was said to a question in a rehearsal goes with it.

    Raises
    ------
    EditedMeanwhile
        If the consultation has another version than ``version``, the one that the officer saw.
    Invalid
        If two questions would be asked of which one stands in place of the other.
    """
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(consultation))
    hold_draft(actor, consultation, version=version)
    added = 0
    for each in list_questions(consultation):
        chosen = choices.get(each.question.key)
        if chosen is None:
            continue
        if each.when is not None:
            _change(consultation, each, chosen)
        elif chosen.when is not None and each.ready is not None:
            append_rows(consultation, _wanted(each.ready, chosen, chosen.when))
            added += 1
    _require_one_of_two(consultation)
    put_in_order(consultation)
    step(consultation)
    record(actor, Action.EDIT_DEMOGRAPHICS, consultation.slug, added=added)


def copy_questions(actor: Actor, source: Consultation, target: Consultation) -> None:
    """The draft asks about people what another consultation asks, in the same order."""
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(target))
    require(actor, Action.OVERSEE, standing_of(source))
    # Whom targets count, and where they come from, belongs to the targets, which are not copied.
    found = as_new(rows_of(source))
    append_rows(target, [replace(question, base=None, source=None) for question in found])
    record(actor, Action.EDIT_DEMOGRAPHICS, target.slug, deed="copy")


def add_ready_questions(actor: Actor, consultation: Consultation) -> None:
    """The draft asks the ready questions about people that are asked unless somebody decides otherwise."""
    require(actor, Action.EDIT_DEMOGRAPHICS, standing_of(consultation))
    append_rows(consultation, DEMOGRAPHICS)
    record(actor, Action.EDIT_DEMOGRAPHICS, consultation.slug, added=len(DEMOGRAPHICS))


def _change(consultation: Consultation, asked: Askable, chosen: Chosen) -> None:
    """A question that is asked, and those that follow from it, are as the officer wants them now."""
    rows = {row.key: row for row in rows_of(consultation)}
    mine = [rows[each.key] for each in (asked.question, *asked.further)]
    if chosen.when is None:
        for row in reversed(mine):
            remove_row(row)
        return
    if asked.ready and asked.has_choice_of_detail and asked.is_in_detail != chosen.is_in_detail:
        for row in reversed(mine[1:]):
            remove_row(row)
        wanted = _wanted(asked.ready, chosen, chosen.when)
        mine = [mine[0], *append_rows(consultation, wanted[1:])]
        lead_on(mine[0], wanted[0], {row.key: row.id for row in mine})
    if asked.takes_options:
        set_options(mine[0], chosen.lines)
    if chosen.when is not asked.when:
        for row in mine:
            row.asked = chosen.when
    db.session.flush()


def _wanted(first: ReadyQuestion, chosen: Chosen, when: AskedAt) -> list[NewDemographic]:
    return asked_with(first, when, with_detail=chosen.is_in_detail, lines=chosen.lines)


def _require_one_of_two(consultation: Consultation) -> None:
    found = {row.key: find_ready(row.standard) for row in rows_of(consultation)}
    if any(each is not None and each.instead_of in found for each in found.values()):
        raise Invalid("Ask only one of the two questions about age")
