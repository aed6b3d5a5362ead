"""Deeds on who should take part and who does: channels, demographic questions, their answers, targets."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import insert_rows
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.recruitment import following, queries, target_rows, turnout
from consult.recruitment.following import NOTHING, Given
from consult.recruitment.models import (
    AskedAt,
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
)
from consult.recruitment.rules import (
    PREFER_NOT,
    NewChannel,
    NewDemographic,
    NewTarget,
    demographic_problems,
    misleading,
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
    for demographic in demographics:
        for problem in demographic_problems(demographic):
            raise problem
    for misled in misleading(demographics):
        raise misled.refusal
    added = add_rows(consultation, demographics)
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="demographics", count=len(added))
    return added


def add_rows(
    consultation: Consultation, demographics: Sequence[NewDemographic], *, position: int = 0
) -> list[Demographic]:
    """The consultation has rows for these questions, from this position on, and they lead to each other.

    For deeds that have been allowed, with questions that have been checked.
    """
    added = [
        Demographic(
            consultation_id=consultation.id,
            position=place,
            key=demographic.key,
            question=demographic.question,
            why=demographic.why,
            asked=AskedAt(demographic.asked),
            standard=demographic.standard,
            base=demographic.base,
            source=demographic.source,
            options=[
                DemographicOption(
                    position=n, key=option.key, label=option.label, is_implied=option.is_implied
                )
                for n, option in enumerate(demographic.options)
            ],
        )
        for place, demographic in enumerate(demographics, position)
    ]
    db.session.add_all(added)
    db.session.flush()  # a question can be led to once it has its number
    ids = {row.key: row.id for row in added}
    for row, demographic in zip(added, demographics, strict=True):
        for kept, option in zip(row.options, demographic.options, strict=True):
            if option.leads_to is not None:
                kept.leads_to_id = ids[option.leads_to]
    db.session.flush()
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

    Where the question leads to a further one, that follows: whoever is not asked it gets its implied
    option, or "prefer not to say" if they prefer not to say this; and whoever is asked it from now on
    has not answered it yet.

    Parameters
    ----------
    said : str or None
        The key of an option, `PREFER_NOT`, or None where they skip the question: then nothing is kept.

    Raises
    ------
    Invalid
        If the question offers no such option, or is not asked of them because of what they said before.
    Conflict
        If it was asked at joining and they have sent the starting survey since: what they said then is
        what they are counted under.
    NotPermitted
        If it is too late, or they have withdrawn.
    """
    require(actor, Action.SAVE_DEMOGRAPHICS, standing_of(consultation))
    options = {option.key: option.id for option in demographic.options if not option.is_implied}
    if said is not None and said != PREFER_NOT and said not in options:
        raise Invalid("Choose one of the answers in the list, or skip this question")
    # Locked: of two windows that answer at once, the second finds what the first has written.
    queries.lock_membership(consultation.id, participant_id)
    given = NOTHING if said is None else Given(options.get(said))
    with turnout.counted(consultation.id, participant_id):
        following.write(consultation.id, participant_id, demographic, given)


def set_targets(
    actor: Actor,
    consultation: Consultation,
    targets: Iterable[NewTarget],
    *,
    bases: Mapping[str, tuple[str | None, str | None]] | None = None,
    action: Action = Action.EDIT_TARGETS,
) -> int:
    """The panel is meant to look like this, for the questions that these targets divide; says how many.

    Parameters
    ----------
    bases : mapping, optional
        For some questions whom the targets count, and where they come from.
    action : Action
        What the actor does it as: `EDIT_TARGETS`, or `IMPORT_MARGINS` with figures from a file.

    Raises
    ------
    Invalid
        If a target names a question or category that the consultation does not have, or contradicts itself.
    Conflict
        If more people were counted under a target than it would let in.
    """
    require(actor, action, standing_of(consultation))
    count = target_rows.put(consultation.id, targets)
    for demographic in db.session.scalars(
        select(Demographic).where(
            Demographic.consultation_id == consultation.id, Demographic.key.in_(list(bases or ()))
        )
    ):
        demographic.base, demographic.source = (bases or {})[demographic.key]
    db.session.flush()
    record(actor, action, consultation.slug, deed="targets", count=count)
    return count
