"""Deeds of officers on channels: added, changed, removed. A channel's key stays, because it is on paper.

Whoever joins holds the row of the consultation while they do, and so does whoever writes here: nobody comes
by a channel that is being removed at this moment, and no two channels get one key.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.consultations.models import Consultation, Participant
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.publicity.queries import list_channels
from consult.publicity.rules import key_for, version_of
from consult.recruitment.models import Channel, ChannelKind
from consult.words import N_

TAKEN = N_("There is a channel of this name already. Give this one another name")
USED = N_(
    "People have come by this channel, so it stays in the record. Change its name, or stop handing it out."
)


@dataclass(frozen=True, slots=True)
class About:
    """What officers say of a channel; the cost in pounds as written."""

    label: str
    kind: ChannelKind
    aim: str | None = None
    cost: str | None = None


def add_channel(actor: Actor, consultation: Consultation, about: About) -> Channel:
    """People can come by one more way, which has a key of its own.

    Raises
    ------
    Invalid
        If another channel has the name.
    """
    require(actor, Action.EDIT_CHANNELS, standing_of(consultation))
    others = _held(consultation)
    _check_name(about, others)
    channel = Channel(
        consultation_id=consultation.id,
        key=key_for(about.label, {other.key for other in others}),
        kind=about.kind,
        label=about.label,
        aim=about.aim,
        cost=about.cost,
    )
    db.session.add(channel)
    db.session.flush()
    record(actor, Action.EDIT_CHANNELS, consultation.slug, deed="add", channel=channel.key)
    return channel


def change_channel(
    actor: Actor, consultation: Consultation, channel: Channel, about: About, *, version: int
) -> None:
    """The channel is called that; its key, and so every poster that hangs already, stays as it is.

    Raises
    ------
    EditedMeanwhile
        If it is not as the officer saw it.
    Invalid
        If another channel has the name.
    """
    require(actor, Action.EDIT_CHANNELS, standing_of(consultation))
    others = [other for other in _held(consultation) if other.id != channel.id]
    db.session.refresh(channel)
    _check_version(channel, version)
    _check_name(about, others)
    channel.label, channel.kind, channel.aim, channel.cost = about.label, about.kind, about.aim, about.cost
    db.session.flush()
    record(actor, Action.EDIT_CHANNELS, consultation.slug, deed="change", channel=channel.key)


def remove_channel(actor: Actor, consultation: Consultation, channel: Channel, *, version: int) -> None:
    """The channel is gone; whoever opens its address later has come by none. Rehearsals do not hold it.

    Raises
    ------
    EditedMeanwhile
        If it is not as the officer saw it.
    Conflict
        If anybody has come by it.
    """
    require(actor, Action.EDIT_CHANNELS, standing_of(consultation))
    _held(consultation)
    db.session.refresh(channel)
    _check_version(channel, version)
    key = channel.key
    db.session.execute(
        update(Participant)
        .where(Participant.channel_id == channel.id, Participant.is_rehearsal)
        .values(channel_id=None)
    )
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Channel).where(Channel.id == channel.id))
    except IntegrityError as error:
        raise Conflict(USED) from error
    db.session.expunge(channel)
    record(actor, Action.EDIT_CHANNELS, consultation.slug, deed="remove", channel=key)


def version_of_channel(channel: Channel) -> int:
    """A number that is another one as soon as anybody has changed the channel."""
    return version_of(channel.label, channel.kind.value, channel.aim, channel.cost)


def _held(consultation: Consultation) -> list[Channel]:
    """The channels, while nobody joins and no other deed on them happens."""
    db.session.execute(
        select(Consultation.id).where(Consultation.id == consultation.id).with_for_update(key_share=True)
    )
    return list_channels(consultation.id)


def _check_version(channel: Channel, version: int) -> None:
    if version_of_channel(channel) != version:
        raise EditedMeanwhile


def _check_name(about: About, others: list[Channel]) -> None:
    if about.label.casefold() in {other.label.casefold() for other in others}:
        raise Invalid(TAKEN)
