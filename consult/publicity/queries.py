"""Reading where people came from: counts by channel, each in one statement, however many people there are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select, union
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation, Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Exposure, Post, PostKind
from consult.publicity.rules import Category, Steps
from consult.recruitment.models import (
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
    Target,
)
from consult.recruitment.queries import find_channel


@dataclass(frozen=True, slots=True)
class Brought:
    """How many people of one category sent the starting survey who came by one channel, or by none."""

    option_id: int
    channel_id: int | None
    count: int


def list_channels(consultation_id: int) -> list[Channel]:
    """List the channels in the order in which they were made."""
    return list(
        db.session.scalars(
            select(Channel).where(Channel.consultation_id == consultation_id).order_by(Channel.id)
        )
    )


def get_channel(consultation: Consultation, key: str) -> Channel:
    """Get the channel of that key.

    Raises
    ------
    NotFound
        If there is none.
    """
    channel = find_channel(consultation.id, key)
    if channel is None:
        raise NotFound
    return channel


def find_key(slug: str, typed: str) -> str | None:
    """Find the key of a channel as somebody copied it from a poster, in whichever letters."""
    if "\0" in slug or "\0" in typed:  # no column of text holds a NUL
        return None
    keys = db.session.scalars(
        select(Channel.key)
        .join(Consultation, Consultation.id == Channel.consultation_id)
        .where(Consultation.slug == slug, func.lower(Channel.key) == typed.lower())
        .order_by(Channel.key != typed, Channel.id)  # as it was typed, before one that looks alike
        .limit(1)
    )
    return keys.first()


def count_steps(consultation_id: int) -> dict[int | None, Steps]:
    """Count how far people came, by channel; those who came by none under None. Rehearsals do not count.

    Each step is a part of the one before by its very condition, so that no step can outgrow another.
    """
    pre, post = aliased(Submission), aliased(Submission)
    spoke = union(
        select(Post.participant_id).where(
            Post.consultation_id == consultation_id,
            Post.kind == PostKind.POST,
            Post.participant_id.is_not(None),
        ),
        select(Exposure.participant_id).where(Exposure.consultation_id == consultation_id),
    ).subquery()
    is_here = Membership.withdrawn_at.is_(None)
    has_sent = and_(is_here, pre.participant_id.is_not(None))
    has_talked = and_(has_sent, spoke.c.participant_id.is_not(None))
    has_stayed = and_(has_talked, post.participant_id.is_not(None))
    is_completer = and_(has_sent, post.participant_id.is_not(None))
    rows = db.session.execute(
        select(
            Participant.channel_id,
            func.count(),
            _how_many(Membership.withdrawn_at.is_not(None)),
            _how_many(has_sent),
            _how_many(has_talked),
            _how_many(has_stayed),
            _how_many(is_completer),
        )
        .select_from(Participant)
        .outerjoin(pre, _is_sent(pre, Wave.PRE))
        .outerjoin(post, _is_sent(post, Wave.POST))
        .outerjoin(spoke, spoke.c.participant_id == Participant.id)
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .where(Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
        .group_by(Participant.channel_id)
    )
    return {channel_id: Steps(*counts) for channel_id, *counts in rows}


def count_brought(consultation_id: int) -> list[Brought]:
    """Count those who sent the starting survey and are still here, by what they are and how they came.

    Rehearsals do not count, nor those who prefer not to say.
    """
    said = ParticipantDemographic
    rows = db.session.execute(
        select(said.option_id, Participant.channel_id, func.count())
        .select_from(said)
        .join(Participant, Participant.id == said.participant_id)
        .join(Submission, _is_sent(Submission, Wave.PRE))
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .where(
            said.consultation_id == consultation_id,
            said.option_id.is_not(None),
            Participant.is_rehearsal.is_(False),
            Membership.withdrawn_at.is_(None),
        )
        .group_by(said.option_id, Participant.channel_id)
        .order_by(said.option_id, Participant.channel_id)
    )
    return [Brought(option, channel, count) for option, channel, count in rows if option is not None]


def list_categories(consultation_id: int) -> list[Category]:
    """List every answer to the questions about people, with how many of its kind live here."""
    rows = db.session.execute(
        select(
            DemographicOption.id,
            Demographic.id,
            DemographicOption.label,
            Target.population,
            Demographic.question,
        )
        .join(Demographic, Demographic.id == DemographicOption.demographic_id)
        .outerjoin(Target, and_(Target.option_id == DemographicOption.id, Target.crossed_option_id.is_(None)))
        .where(Demographic.consultation_id == consultation_id)
        .order_by(Demographic.position, DemographicOption.position)
    )
    return [Category(*row) for row in rows]


def _is_sent(sent: type[Submission], wave: Wave) -> ColumnElement[bool]:
    return and_(sent.participant_id == Participant.id, sent.wave == wave, sent.status == Progress.SUBMITTED)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
