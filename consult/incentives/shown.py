"""What the pages about thanks show: rows of the record turned into words, counts as they may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from consult import clock
from consult.access import Moment
from consult.consultations.models import WAVES, Consultation, Wave
from consult.consultations.rules import told as told_count
from consult.home import Config
from consult.incentives import holders, words
from consult.incentives.models import Incentive, IncentiveKind
from consult.incentives.queries import (
    Owed,
    count_unchosen,
    find_contact,
    is_for_panel,
    list_incentives,
    list_page,
    list_totals,
    offered_in,
)
from consult.incentives.rules import DueState, day_of, masked, pounds
from consult.web import telling

OVER = frozenset({Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED})
NOT_A_SUM = "–"


@dataclass(frozen=True, slots=True)
class ChoiceTold:
    """One thing that can be chosen, in words; ``survey`` and ``follow_up`` are its worth or None."""

    key: str
    kind: str
    label: str
    survey: str | None
    follow_up: str | None


@dataclass(frozen=True, slots=True)
class OfferTold:
    """What everybody is told of the thanks: after which survey one gets which."""

    is_for_panel: bool
    waves: list[tuple[str, list[tuple[str, str]]]]  # wave, then what it is and what it is worth


def choices_told(rows: Sequence[Incentive]) -> list[ChoiceTold]:
    """What can be chosen, for officers."""
    return [
        ChoiceTold(
            row.key,
            _(words.KINDS[row.kind]),
            row.label,
            _amount(row.pence_survey) if row.pence_survey else None,
            _amount(row.pence_follow_up) if row.pence_follow_up else None,
        )
        for row in rows
    ]


def offer_told(consultation: Consultation) -> OfferTold | None:
    """What everybody may know of the thanks; None if nothing is offered."""
    rows = list_incentives(consultation.id)
    if not rows:
        return None
    waves = [
        (wave.value, [(each.label, words.worth(each.kind, each.pence)) for each in offered_in(rows, wave)])
        for wave in WAVES
    ]
    return OfferTold(is_for_panel(consultation.id), [(wave, found) for wave, found in waves if found])


def counts_told(consultation: Consultation, moment: Moment) -> dict[str, Any]:
    """How many thanks are owed, issued and collected, and how many people have yet to choose."""
    found = list_totals(consultation.id)
    rows = [
        [
            _("%(kind)s: %(survey)s", kind=_(words.KINDS[kind]), survey=_(words.SURVEYS[wave])),
            *(_count_and_sum(kind, wave, state, found) for state in DueState),
        ]
        for kind in IncentiveKind
        for wave in WAVES
        if any((total.kind, total.wave) == (kind, wave) for total in found)
    ]
    unchosen = count_unchosen(consultation)
    return {
        "totals": rows,
        "total_head": [_("Thank-you"), *(_(words.STATES[state]) for state in DueState)],
        "unchosen": [(_(words.SURVEYS[wave]), _people(unchosen[wave], moment)) for wave in unchosen],
    }


def contact_told(consultation: Consultation, participant_id: int, *, config: Config) -> str | None:
    """How this person can be reached, so that they alone know it again; None if it is unknown."""
    row = find_contact(consultation.id, holders.holder_of(participant_id, config=config))
    if row is None:
        return None
    opened = holders.unseal(row.sealed_contact, config=config)
    if opened is None:
        return str(_("an address that we cannot read any more. Give it again"))
    said = masked(opened)
    return str(_(said.text, **said.values))


def _people(count: int, moment: Moment) -> str:
    """A count of people, which while a stage is open is told only from ten on."""
    known = count if moment in OVER else told_count(count)
    return _("Fewer than 10") if known is None else telling.number(known)


def _count_and_sum(kind: IncentiveKind, wave: Wave, state: DueState, found: Sequence[Any]) -> str:
    here = next((each for each in found if (each.kind, each.wave, each.state) == (kind, wave, state)), None)
    if here is None:
        return telling.number(0)
    if kind is IncentiveKind.PRIZE_DRAW:  # one prize, however many take part
        return telling.number(here.count)
    return str(_("%(count)s (%(pounds)s)", count=telling.number(here.count), pounds=_amount(here.pence)))


def list_told(consultation: Consultation, state: DueState | None, *, page: int, most: int) -> dict[str, Any]:
    """One page of the list by claim number."""
    dues = list_page(consultation.id, state, after=(page - 1) * most, most=most + 1)
    return {
        "rows": [row_told(due) for due in dues[:most]],
        "show": state.value if state else "all",
        "filters": [(each.value, _(words.STATES[each])) for each in DueState],
        "page": page,
        "has_more": len(dues) > most,
        "has_owed": any(due.state is DueState.OWED for due in dues[:most]),
    }


def row_told(due: Owed) -> dict[str, Any]:
    """One due in a list."""
    return {
        "reference": due.reference,
        "kind": _(words.KINDS[due.kind]),
        "label": due.label,
        "pounds": _amount(due.pence),
        "survey": _(words.SURVEYS[due.wave]),
        "state": due.state.value,
        "state_told": _(words.STATES[due.state]),
        "day": due.collected_at or due.issued_at or due.owed_at,
        "is_sent": due.has_contact,
    }


def due_told(due: Owed) -> dict[str, Any]:
    """One due on a page of its own, with what can be done with it now."""
    today = day_of(clock.now())
    return {
        "due": due,
        "row": row_told(due),
        "can_collect": due.state is not DueState.COLLECTED,
        "can_undo": today == (due.collected_at or due.issued_at),
    }


def _amount(pence: int) -> str:
    return telling.in_figures(pounds(pence))
