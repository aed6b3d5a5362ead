"""Deeds of officers on groups: people are drawn into them, drawn again, or are in none again.

As soon as anybody has written below a seed the groups stay as they are: people know with whom they talk.
Before that a draw can be taken back, with a reason. Every draw is on the audit trail with its seed, and is
kept with what it went by, so that anybody with the record can do it again (`queries.check_draw`).
"""

from secrets import randbelow, token_hex

from sqlalchemy import delete, func, select, update

from consult import clock
from consult.access import Action, Actor, Moment, require
from consult.audit.service import record
from consult.consultations.models import Consultation, DiscussionGroup, Participant, Stage
from consult.consultations.queries import standing_of
from consult.consultations.rehearsing import is_rehearsed
from consult.consultations.timetable import latch
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.forum.grouping import factors as factors_of
from consult.forum.grouping import rules
from consult.forum.grouping.copies import copy_seeds, remove_copies
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.grouping.queries import find_draw, has_talk, list_groups
from consult.forum.grouping.rules import FEWEST_PEOPLE, LARGEST, SMALLEST, Ticket
from consult.words import N_

TICKET_BYTES = 8
TOO_EARLY = N_("Groups are made when the starting survey has closed.")
TALKED = N_("People have begun to write below the summaries. The groups stay as they are.")
TOO_FEW = N_(
    "Fewer than %(fewest)s people have finished the starting survey. That is not enough for groups, "
    "because each has 8 people at least."
)
DRAWN = N_("Somebody else has made the groups meanwhile.")
CHANGED = N_("Somebody else has drawn the groups again meanwhile, or done away with them.")
WITHOUT_DRAW = N_("The groups of this consultation came with its files. They cannot be drawn here.")


def make_groups(actor: Actor, consultation: Consultation, *, size: int) -> GroupDraw:
    """Everybody who has finished the starting survey is in a group, and each group has the seeds.

    Raises
    ------
    NotPermitted
        If this is not for them to do, or the forum has closed.
    Invalid
        If fewer than 16 people could be drawn.
    Conflict
        If it is too early or too late for groups, or there are some.
    """
    _hold(actor, consultation)
    if find_draw(consultation) is not None:
        raise Conflict(DRAWN)
    if list_groups(consultation):
        raise Conflict(WITHOUT_DRAW)
    return _draw(actor, consultation, size=size)


def draw_again(actor: Actor, consultation: Consultation, *, number: int, size: int, reason: str) -> GroupDraw:
    """The draw of that number is taken back, and everybody is in a group of a new one, with a new seed.

    Raises
    ------
    NotPermitted, Invalid, Conflict
        As `make_groups`; also if somebody else has taken that draw back.
    """
    _hold(actor, consultation)
    _end(actor, consultation, number, reason)
    return _draw(actor, consultation, size=size)


def do_without(actor: Actor, consultation: Consultation, *, number: int, reason: str) -> None:
    """The draw of that number is taken back, and everybody talks with everybody.

    Raises
    ------
    NotPermitted, Conflict
        As `draw_again`.
    """
    _hold(actor, consultation)
    _end(actor, consultation, number, reason)


def _hold(actor: Actor, consultation: Consultation) -> None:
    """Nobody draws, publishes seeds or writes a post until this is over, and this may be done now."""
    latch(consultation)
    db.session.refresh(consultation, with_for_update={"key_share": True})
    stages = select(Stage).where(Stage.consultation_id == consultation.id).with_for_update()
    db.session.scalars(stages.execution_options(populate_existing=True)).all()
    standing = standing_of(consultation)
    require(actor, Action.SET_UP_FORUM, standing)
    if standing.moment not in {Moment.SUMMARISING, Moment.FORUM} or is_rehearsed(consultation.id):
        raise Conflict(TOO_EARLY)
    if has_talk(consultation):
        raise Conflict(TALKED)


def _draw(actor: Actor, consultation: Consultation, *, size: int) -> GroupDraw:
    if not SMALLEST <= size <= LARGEST:
        raise Invalid("Choose from 8 to 12 people.")
    people = factors_of.list_people(consultation)
    if len(people) < FEWEST_PEOPLE:
        raise Invalid(TOO_FEW, fewest=FEWEST_PEOPLE)
    factors = factors_of.list_factors(consultation)
    codes = factors_of.codes_of(consultation, factors, people)
    named = {token_hex(TICKET_BYTES): person for person in people}
    tickets = sorted(Ticket(name, codes[person]) for name, person in named.items())
    seed = randbelow(rules.SEEDS)
    places = rules.deal(tickets, size=size, seed=seed)
    last = db.session.scalar(
        select(func.max(GroupDraw.number)).where(GroupDraw.consultation_id == consultation.id)
    )
    draw = GroupDraw(
        consultation_id=consultation.id,
        number=(last or 0) + 1,
        size=size,
        seed=seed,
        people=len(people),
        group_count=max(places.values()) + 1,
        factors=factors_of.as_text(factors),
        drawn_at=clock.now(),
    )
    groups = [
        DiscussionGroup(consultation_id=consultation.id, key=str(n + 1)) for n in range(draw.group_count)
    ]
    db.session.add(draw)
    db.session.add_all(groups)
    db.session.flush()
    groups.sort(key=lambda group: group.id)
    db.session.add_all(
        DrawnPerson(
            draw_id=draw.id,
            ticket=ticket.name,
            consultation_id=consultation.id,
            participant_id=named[ticket.name],
            codes=rules.as_text(ticket.codes),
        )
        for ticket in tickets
    )
    for place, group in enumerate(groups):
        theirs = [named[name] for name, of in places.items() if of == place]
        db.session.execute(update(Participant).where(Participant.id.in_(theirs)).values(group_id=group.id))
    db.session.flush()
    copies = copy_seeds(consultation)
    record(
        actor,
        Action.SET_UP_FORUM,
        consultation.slug,
        deed="draw groups",
        number=draw.number,
        seed=seed,
        size=size,
        people=draw.people,
        groups=draw.group_count,
        threads=copies,
    )
    return draw


def _end(actor: Actor, consultation: Consultation, number: int, reason: str) -> None:
    """The draw holds no more, and nothing is left of its groups but the record of how they were drawn."""
    ended = db.session.execute(
        update(GroupDraw)
        .where(
            GroupDraw.consultation_id == consultation.id,
            GroupDraw.number == number,
            GroupDraw.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), end_reason=reason)
        .returning(GroupDraw.id)
    ).scalar()
    if ended is None:
        raise Conflict(CHANGED)
    remove_copies(consultation)
    # Who was drawn with whom is of no use any more, and tells what people answered.
    db.session.execute(delete(DrawnPerson).where(DrawnPerson.draw_id == ended))
    db.session.execute(
        update(Participant).where(Participant.consultation_id == consultation.id).values(group_id=None)
    )
    db.session.execute(delete(DiscussionGroup).where(DiscussionGroup.consultation_id == consultation.id))
    db.session.flush()
    record(actor, Action.SET_UP_FORUM, consultation.slug, deed="end groups", number=number)
