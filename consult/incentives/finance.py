"""The file for finance: every due by its claim number, and where to send it. The only place that tells where.

Nothing in it leads to a participant or to an answer: no number, no place in an order, no time of day. An
address stands beside a due only as long as it has not been collected.
"""

import csv
import io

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Wave
from consult.consultations.queries import standing_of
from consult.home import Config
from consult.incentives import holders
from consult.incentives.models import IncentiveKind
from consult.incentives.queries import Owed, list_all
from consult.incentives.rules import DueState, plain_pounds, uk_day
from consult.safe_text import guarded

COLUMNS = (
    "reference",
    "kind",
    "label",
    "stage",
    "pounds",
    "state",
    "owed_on",
    "issued_on",
    "collected_on",
    "contact",
)
STAGES = {Wave.PRE: "starting survey", Wave.POST: "follow-up survey"}
UNREADABLE = "cannot be read any more"


def finance_file(actor: Actor, consultation: Consultation, *, config: Config) -> tuple[str, bytes]:
    """The name and the content of the file; the trail says that it was made.

    The pounds of a prize draw are left empty: they are of one prize, however many take part in it.
    """
    require(actor, Action.PAY_INCENTIVE, standing_of(consultation))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    dues = list_all(consultation.id)
    writer.writerows([guarded(cell) for cell in _row(due, sealed, config)] for due, sealed in dues)
    record(actor, Action.PAY_INCENTIVE, consultation.slug, deed="file", dues=len(dues))
    return f"thanks-{consultation.slug}.csv", text.getvalue().encode("utf-8-sig")


def _row(due: Owed, sealed: str | None, config: Config) -> tuple[str, ...]:
    days = (due.owed_at, due.issued_at, due.collected_at)
    is_done = due.state is DueState.COLLECTED
    contact = "" if sealed is None or is_done else holders.unseal(sealed, config=config) or UNREADABLE
    return (
        due.reference,
        due.kind.value,
        due.label,
        STAGES[due.wave],
        "" if due.kind is IncentiveKind.PRIZE_DRAW else plain_pounds(due.pence),
        due.state.value,
        *(f"{uk_day(day)}" if day else "" for day in days),
        contact,
    )
