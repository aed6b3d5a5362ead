"""Channels, and people who came by them."""

from itertools import count
from typing import Any

from sqlalchemy import select

from consult import clock
from consult.consultations.models import (
    Consultation,
    Membership,
    Origin,
    Participant,
    Progress,
    Submission,
    Track,
    Wave,
)
from consult.db import db
from consult.forum.models import Exposure, Thread
from consult.publicity.rules import version_of
from consult.recruitment import turnout
from consult.recruitment.models import Channel, ChannelKind, Demographic, ParticipantDemographic
from tests.making.forum import get_thread, make_post

CHANNEL = "mill-library"
USUAL = ("Mill Road Library", ChannelKind.LIBRARY, "Older people", "120.00")
VERSION = str(version_of(*USUAL))  # of the channel as it is made
_numbers = count(1000)


def make_channel(consultation: Consultation, key: str = CHANNEL, **more: Any) -> Channel:
    """A channel; further columns by name. Committed."""
    columns: dict[str, Any] = {
        **dict(zip(("label", "kind", "aim", "cost"), USUAL, strict=True)),
        **more,
    }
    channel = Channel(consultation_id=consultation.id, key=key, **columns)
    db.session.add(channel)
    db.session.commit()
    return channel


def make_come(
    consultation: Consultation,
    channel: Channel | None,
    *,
    sent: bool = False,
    wrote: bool = False,
    read: bool = False,
    stayed: bool = False,
    withdrew: bool = False,
    rehearses: bool = False,
    says: str | None = None,
) -> int:
    """Somebody who came by that channel, and how far; ``says`` is a category of age. Flushed."""
    n = next(_numbers)
    person = Participant(
        consultation_id=consultation.id,
        position=n,
        key=f"came-{n}",
        origin=Origin.WEB,
        joined_at=clock.now(),
        channel_id=channel.id if channel else None,
        track=Track.OPEN,
        is_rehearsal=rehearses,
    )
    db.session.add(person)
    db.session.flush()
    me = {"participant_id": person.id, "consultation_id": consultation.id}
    db.session.add(
        Membership(
            **me,
            display_name=None if withdrew else f"Heron {n}",
            name_key=None if withdrew else f"heron {n}",
            consent_version=1,
            consented_at=clock.now(),
            messages=False,
            order_seed=n,
            withdrawn_at=clock.now() if withdrew else None,
            keeps_answers=True if withdrew else None,
        )
    )
    for wave, has in ((Wave.PRE, sent), (Wave.POST, stayed)):
        if has:
            db.session.add(Submission(wave=wave, status=Progress.SUBMITTED, **me))
        elif n % 3 == 0:  # somebody who began and did not send is no further than joining
            db.session.add(Submission(wave=wave, status=Progress.STARTED, **me))
    if read:
        thread_id = db.session.scalars(select(Thread.id).filter_by(consultation_id=consultation.id)).first()
        at = clock.now()
        db.session.add(Exposure(thread_id=thread_id, first_read_at=at, last_read_at=at, reads=1, **me))
    if wrote:
        make_post(get_thread(consultation), f"post-of-{n}", "I sleep badly.", by=person.id)
    if says:
        question = db.session.scalars(
            select(Demographic).filter_by(consultation_id=consultation.id, key="age_band")
        ).one()
        [option] = [each for each in question.options if each.key == says]
        db.session.add(ParticipantDemographic(demographic_id=question.id, option_id=option.id, **me))
    turnout.recount(consultation.id)
    return person.id


def make_crowd(consultation: Consultation, channel: Channel | None, how_many: int, **each: Any) -> None:
    """So many people who came by that channel, all alike. Committed."""
    for _ in range(how_many):
        make_come(consultation, channel, **each)
    db.session.commit()
