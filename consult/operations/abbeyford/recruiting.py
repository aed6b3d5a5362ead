"""The sample's panels in the record: how large they are, who has a place, who waits."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from consult.batches import insert_rows
from consult.cells import as_instant
from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.operations.abbeyford.folder import Sample
from consult.operations.abbeyford.panels import Categories, counted_under
from consult.panel.models import CountedUnder, Panel, Place
from consult.recruitment.models import Demographic, DemographicOption, Target


def seat(consultation: Consultation, sample: Sample, participants: dict[str, int]) -> None:
    """The panel has its size and its people; whoever found no room waits."""
    seats, script = sample.seats, sample.script
    sent, targets = _sent_at(sample), _targets(consultation.id)
    people = {person.key: person for person in sample.people}
    size = script.people["panel"]
    db.session.add(Panel(consultation_id=consultation.id, size=size, filled=len(seats.taken)))
    insert_rows(
        Place,
        ("participant_id", "consultation_id", "taken_at"),
        ((participants[key], consultation.id, sent[key]) for key in seats.taken),
    )
    insert_rows(
        CountedUnder,
        ("participant_id", "target_id"),
        (
            (participants[key], targets[each])
            for key in seats.taken
            for each in counted_under(script, people[key])
        ),
    )
    filled = [{"id": target, "filled": seats.filled[each]} for each, target in targets.items()]
    waiting = [{"id": participants[key], "waiting_since": sent[key]} for key in seats.waiting]
    db.session.execute(update(Target), filled)
    if waiting:
        db.session.execute(update(Participant), waiting)


def _sent_at(sample: Sample) -> dict[str, datetime]:
    """When people sent the starting survey."""
    return {
        row["participant"]: as_instant("", row["submitted_at"])
        for row in sample.answers.submissions
        if row["wave"] == "pre" and row["submitted_at"]
    }


def _targets(consultation_id: int) -> dict[Categories, int]:
    """The targets by what they are about."""
    crossed, crossed_option = aliased(Demographic), aliased(DemographicOption)
    rows = db.session.execute(
        select(Target.id, Demographic.key, DemographicOption.key, crossed.key, crossed_option.key)
        .join(Demographic, Demographic.id == Target.demographic_id)
        .join(DemographicOption, DemographicOption.id == Target.option_id)
        .outerjoin(crossed, crossed.id == Target.crossed_demographic_id)
        .outerjoin(crossed_option, crossed_option.id == Target.crossed_option_id)
        .where(Target.consultation_id == consultation_id)
    )
    return {
        frozenset(pair for pair in ((one, category), (other, other_category)) if pair[0]): target
        for target, one, category, other, other_category in rows
    }
