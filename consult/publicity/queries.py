"""Reading where people came from: counts by channel, from the kept numbers but for the forum."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, select, union
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation, Membership, Participant, Progress, Submission, Wave
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Exposure, Post, PostKind
from consult.publicity.rules import Category, Steps
from consult.recruitment import turnout
from consult.recruitment.models import (
    Channel,
    Demographic,
    DemographicOption,
    Target,
)
from consult.recruitment.queries import find_channel
from consult.recruitment.turnout_record import NONE


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

    All but the forum comes from the kept numbers.
    """
    came_on = count_forum(consultation_id)
    found: dict[int | None, Steps] = {}
    for kind, come in turnout.read(consultation_id).items():
        if kind.demographic == NONE and come.joined:
            channel_id = kind.channel or None
            talked, stayed = came_on.get(channel_id, (0, 0))
            found[channel_id] = Steps(come.joined, come.withdrawn, come.sent, talked, stayed, come.completed)
    return found


def count_forum(consultation_id: int) -> dict[int | None, tuple[int, int]]:
    """Count by channel who sent the starting survey and came to the forum, and who of them stayed to the end.

    It begins with those who came to the forum: they are fewer than those who joined.
    """
    pre, post = aliased(Submission), aliased(Submission)
    rows = db.session.execute(
        select(Participant.channel_id, func.count(), func.count(post.participant_id))
        .join(pre, _is_sent(pre, Wave.PRE))
        .outerjoin(post, _is_sent(post, Wave.POST))
        .outerjoin(Membership, Membership.participant_id == Participant.id)
        .where(
            Participant.id.in_(_people_in_forum(consultation_id)),
            Participant.is_rehearsal.is_(False),
            Membership.withdrawn_at.is_(None),
        )
        .group_by(Participant.channel_id)
    )
    return {channel_id: (talked, stayed) for channel_id, talked, stayed in rows}


def _people_in_forum(consultation_id: int) -> CompoundSelect[int | None]:
    """Select everybody who has read or written there, each once."""
    return union(
        select(Post.participant_id).where(
            Post.consultation_id == consultation_id,
            Post.kind == PostKind.POST,
            Post.participant_id.is_not(None),
        ),
        select(Exposure.participant_id).where(Exposure.consultation_id == consultation_id),
    )


def count_brought(consultation_id: int) -> list[Brought]:
    """Count those who sent the starting survey and are still here, by what they are and how they came.

    In the order of the answers, and of the channels as they were made. Rehearsals do not count, nor those
    who prefer not to say.
    """
    numbers = sorted(
        turnout.read(consultation_id).items(), key=lambda each: (each[0].option, each[0].channel)
    )
    return [
        Brought(kind.option, kind.channel or None, come.sent)
        for kind, come in numbers
        if kind.option != NONE and come.sent
    ]


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
