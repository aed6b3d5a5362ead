"""Deeds on who should take part and who does: channels, demographic questions, their answers, targets."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import delete, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import insert_rows
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.recruitment import queries
from consult.recruitment.models import (
    AskedAt,
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
    Target,
)
from consult.recruitment.rules import (
    PREFER_NOT,
    NewChannel,
    NewDemographic,
    NewTarget,
    check_limits,
    demographic_problems,
)

Said = tuple[int, int, int | None]  # participant, demographic, option: None is "prefer not to say"


def add_channels(actor: Actor, consultation: Consultation, channels: Iterable[NewChannel]) -> list[Channel]:
    """People can come through these channels too."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    added = [Channel(consultation_id=consultation.id, **channel._asdict()) for channel in channels]
    for channel in added:  # one by one, so that their ids keep their order
        db.session.add(channel)
        db.session.flush()
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="channels", count=len(added))
    return added


def add_demographics(
    actor: Actor, consultation: Consultation, demographics: Sequence[NewDemographic]
) -> list[Demographic]:
    """These questions are asked of everybody who joins, in this order."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    added = []
    for position, demographic in enumerate(demographics):
        for problem in demographic_problems(demographic):
            raise problem
        row = Demographic(
            consultation_id=consultation.id,
            position=position,
            key=demographic.key,
            question=demographic.question,
            why=demographic.why,
            asked=AskedAt(demographic.asked),
            options=[
                DemographicOption(position=n, key=option.key, label=option.label)
                for n, option in enumerate(demographic.options)
            ],
        )
        db.session.add(row)
        added.append(row)
    db.session.flush()
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="demographics", count=len(added))
    return added


def record_demographics(
    actor: Actor,
    consultation: Consultation,
    said: Iterable[Said],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The record holds who people said they are; says how many answers."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    return insert_rows(
        ParticipantDemographic,
        ("consultation_id", "participant_id", "demographic_id", "option_id"),
        ((consultation.id, *row) for row in said),
        progress=progress,
    )


def save_demographic(
    actor: Actor,
    consultation: Consultation,
    participant_id: int,
    demographic: Demographic,
    said: str | None,
) -> None:
    """The record holds what this participant says of themselves now, and nothing of what they said before.

    Parameters
    ----------
    said : str or None
        The key of an option, `PREFER_NOT`, or None where they skip the question: then nothing is kept.

    Raises
    ------
    Invalid
        If the question has no such option.
    NotPermitted
        If it is too late, or they have withdrawn.
    """
    require(actor, Action.SAVE_DEMOGRAPHICS, standing_of(consultation))
    options = {option.key: option.id for option in demographic.options}
    if said is not None and said != PREFER_NOT and said not in options:
        raise Invalid("Choose one of the answers in the list, or skip this question")
    # Locked: of two windows that answer at once, the second finds what the first has written.
    queries.lock_membership(consultation.id, participant_id)
    db.session.execute(
        delete(ParticipantDemographic).where(
            ParticipantDemographic.participant_id == participant_id,
            ParticipantDemographic.demographic_id == demographic.id,
        )
    )
    if said is not None:
        db.session.add(
            ParticipantDemographic(
                consultation_id=consultation.id,
                participant_id=participant_id,
                demographic_id=demographic.id,
                option_id=options.get(said),
            )
        )
    db.session.flush()


def set_targets(actor: Actor, consultation: Consultation, targets: Iterable[NewTarget]) -> int:
    """The panel is meant to look like this; says how many categories have a target.

    Raises
    ------
    Invalid
        If a target names a question or category that the consultation does not have.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    categories = {
        (demographic, option): (demographic_id, option_id)
        for demographic, demographic_id, option, option_id in db.session.execute(
            select(Demographic.key, Demographic.id, DemographicOption.key, DemographicOption.id)
            .join(DemographicOption, DemographicOption.demographic_id == Demographic.id)
            .where(Demographic.consultation_id == consultation.id)
        )
    }
    rows = []
    for target in targets:
        if (target.variable, target.category) not in categories:
            raise Invalid("A target must name a demographic question and one of its options.")
        check_limits(target.minimum, target.maximum)
        rows.append(
            (
                consultation.id,
                *categories[target.variable, target.category],
                target.population,
                target.minimum,
                target.maximum,
            )
        )
    count = insert_rows(
        Target,
        ("consultation_id", "demographic_id", "option_id", "population", "minimum", "maximum"),
        rows,
    )
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="targets", count=count)
    return count
