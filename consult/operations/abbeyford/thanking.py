"""What the sample's people get for taking part: some have chosen, some have it, some want it sent.

As on the pages, no row leads to a participant, and only the day is kept on which something was.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from consult.accounts.code_rules import SIGNS
from consult.batches import insert_rows
from consult.cells import as_instant
from consult.consultations.models import Consultation
from consult.db import db
from consult.home import Config
from consult.incentives import holders
from consult.incentives.claim_numbers import RANDOM_SIGNS, with_check
from consult.incentives.models import Contact, Due, Incentive, IncentiveKind, IncentivePlan
from consult.incentives.rules import day_of
from consult.operations.abbeyford.folder import Sample
from consult.operations.abbeyford.scripts import weighted
from consult.uktime import uk_instant

IDS = 2_000_000_000
DUE = (
    "id", "consultation_id", "holder", "wave", "incentive_id", "pence", "reference",
    "owed_at", "issued_at", "collected_at",
)  # fmt: skip
CHOOSES, HAS_IT_SENT = 0.7, 0.3  # of those who can; of those who chose
ISSUED_AFTER, COLLECTED_AFTER = timedelta(days=7), timedelta(days=12)  # at the earliest
IS_ISSUED, IS_COLLECTED = 0.85, 0.75  # of those for whom it is time


def thank(consultation: Consultation, sample: Sample, participants: dict[str, int], config: Config) -> None:
    """There are things to choose from, and what people have chosen is owed, issued or collected."""
    offered = _offer(consultation, sample)
    chance = sample.script.chance("thanks")
    holder_of = {
        key: holders.holder_of(participant_id, config=config) for key, participant_id in participants.items()
    }
    dues = list(_dues(sample, chance, offered))
    insert_rows(
        Due,
        DUE,
        (
            (each["id"], consultation.id, holder_of[each["participant"]], *each["row"])
            for each in sorted(dues, key=lambda each: each["id"])
        ),
    )
    first_at = {each["participant"]: each["row"][4] for each in reversed(dues)}
    wants = [person.key for person in sample.people if person.key in first_at]
    insert_rows(
        Contact,
        ("id", "consultation_id", "holder", "sealed_contact", "given_at"),
        (
            (
                1 + chance.randrange(IDS),
                consultation.id,
                holder_of[key],
                holders.seal(f"{key}.{sample.script.name}@post.example", config=config),
                first_at[key],
            )
            for key in wants
            if chance.random() < HAS_IT_SENT
        ),
    )


def _offer(consultation: Consultation, sample: Sample) -> list[tuple[dict[str, Any], Incentive]]:
    """What can be chosen, as the town's file says it."""
    made = [
        (
            each,
            Incentive(
                consultation_id=consultation.id,
                position=n,
                key=f"choice-{n}",
                kind=IncentiveKind(each["kind"]),
                label=each["label"],
                pence_survey=each["survey"],
                pence_follow_up=each["follow_up"],
            ),
        )
        for n, each in enumerate(sample.script.town["thanks"], 1)
    ]
    db.session.add_all([*(row for _each, row in made), IncentivePlan(consultation_id=consultation.id)])
    db.session.flush()
    return made


def _dues(
    sample: Sample, chance: Random, offered: list[tuple[dict[str, Any], Incentive]]
) -> Iterator[dict[str, Any]]:
    """What is owed, for each survey that somebody has sent and chosen something for."""
    today = uk_instant(datetime.combine(sample.script.dates.built_on, datetime.min.time()))
    rows = {row.key: row for _each, row in offered}
    choices = [{**each, "key": row.key} for each, row in offered]
    for sent in sample.answers.submissions:
        if not sent["submitted_at"] or chance.random() >= CHOOSES:
            continue
        chosen = rows[weighted(chance, choices, "chosen")["key"]]
        seven = "".join(chance.choices(SIGNS, k=RANDOM_SIGNS))
        owed_at = day_of(as_instant("", sent["submitted_at"]))
        issued_at, collected_at = _steps(owed_at, today, chance)
        pence = chosen.pence_survey if sent["wave"] == "pre" else chosen.pence_follow_up
        yield {
            "id": 1 + chance.randrange(IDS),
            "participant": sent["participant"],
            "row": (sent["wave"], chosen.id, pence, with_check(seven), owed_at, issued_at, collected_at),
        }


def _steps(owed_at: datetime, today: datetime, chance: Random) -> tuple[datetime | None, datetime | None]:
    """The days on which it was issued and collected, if it was: the older it is, the more likely."""
    is_issued, is_collected = chance.random() < IS_ISSUED, chance.random() < IS_COLLECTED
    issued_at = day_of(owed_at + ISSUED_AFTER + timedelta(hours=12))
    if not is_issued or issued_at >= today:
        return None, None
    collected_at = day_of(owed_at + COLLECTED_AFTER + timedelta(hours=12))
    return issued_at, collected_at if is_collected and collected_at < today else None
