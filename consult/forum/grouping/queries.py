"""Reading groups: who is in them, how they were drawn, and whether the draw comes out the same again."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from consult.consultations.models import Consultation, DiscussionGroup, Participant
from consult.db import db
from consult.forum.grouping import rules
from consult.forum.grouping.factors import can_be_grouped
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.grouping.readers import is_copied
from consult.forum.grouping.rules import Company, Ticket
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.forum.rules import address
from consult.forum.shown import named, of_forum


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, and how many people are in it."""

    key: str
    people: int


@dataclass(frozen=True, slots=True)
class DrawCheck:
    """What came of doing a draw again: how many people are where it put them, and who could not be asked."""

    same: int
    other: int
    left: int

    @property
    def is_same(self) -> bool:
        """Whether everybody who is still known is where the draw puts them."""
        return self.other == 0


def find_draw(consultation: Consultation) -> GroupDraw | None:
    """Find the draw that holds."""
    return db.session.scalar(
        select(GroupDraw).where(GroupDraw.consultation_id == consultation.id, GroupDraw.ended_at.is_(None))
    )


def list_ended_draws(consultation: Consultation) -> list[GroupDraw]:
    """List the draws that were taken back, the last one first."""
    ended = select(GroupDraw).where(
        GroupDraw.consultation_id == consultation.id, GroupDraw.ended_at.is_not(None)
    )
    return list(db.session.scalars(ended.order_by(GroupDraw.number.desc())))


def list_groups(consultation: Consultation) -> list[GroupLine]:
    """List the groups in their order."""
    asked = (
        select(DiscussionGroup.key, func.count(Participant.id))
        .outerjoin(Participant, Participant.group_id == DiscussionGroup.id)
        .where(DiscussionGroup.consultation_id == consultation.id)
        .group_by(DiscussionGroup.id, DiscussionGroup.key)
        .order_by(DiscussionGroup.id)
    )
    return [GroupLine(key, people) for key, people in db.session.execute(asked)]


def has_talk(consultation: Consultation) -> bool:
    """Whether anybody has written below a seed, of whatever is shown now."""
    seeded = select(Post.thread_id).where(
        Post.consultation_id == consultation.id, Post.kind == PostKind.SEED, Post.parent_id.is_(None)
    )
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Post.thread_id == Thread.id,
                    Thread.consultation_id == consultation.id,
                    Thread.is_rehearsal.is_(False),
                    Thread.id.in_(seeded),
                    Post.kind != PostKind.SEED,
                )
            )
        )
    )


def check_draw(draw: GroupDraw) -> DrawCheck:
    """Do the draw again from what is kept of it, and look whether everybody is where it puts them.

    Who came later was not drawn; who had their answers deleted is nobody's ticket any more.
    """
    rows = db.session.execute(
        select(DrawnPerson.ticket, DrawnPerson.codes, DrawnPerson.participant_id, Participant.group_id)
        .outerjoin(Participant, Participant.id == DrawnPerson.participant_id)
        .where(DrawnPerson.draw_id == draw.id, DrawnPerson.is_later.is_(False))
    ).all()
    tickets = [Ticket(row.ticket, rules.as_codes(row.codes)) for row in rows]
    places = rules.deal(tickets, size=draw.size, seed=draw.seed)
    groups = list(
        db.session.scalars(
            select(DiscussionGroup.id)
            .where(DiscussionGroup.consultation_id == draw.consultation_id)
            .order_by(DiscussionGroup.id)
        )
    )
    known = [row for row in rows if row.group_id is not None]
    same = sum(groups[places[row.ticket]] == row.group_id for row in known)
    return DrawCheck(same=same, other=len(known) - same, left=len(rows) - len(known))


def is_to_be_placed(consultation: Consultation, participant_id: int) -> bool:
    """Whether this person has come after the groups were drawn, and is in none."""
    drawn = exists().where(GroupDraw.consultation_id == consultation.id, GroupDraw.ended_at.is_(None))
    return bool(
        db.session.scalar(
            select(Participant.id).where(
                *can_be_grouped(consultation),
                Participant.id == participant_id,
                Participant.group_id.is_(None),
                drawn,
            )
        )
    )


def list_companies(draw: GroupDraw, codes: tuple[int, ...]) -> list[Company]:
    """List the groups as somebody with these codes meets them."""
    rows = db.session.execute(
        select(DiscussionGroup.id, Participant.id, DrawnPerson.codes)
        .outerjoin(Participant, Participant.group_id == DiscussionGroup.id)
        .outerjoin(
            DrawnPerson,
            (DrawnPerson.participant_id == Participant.id) & (DrawnPerson.draw_id == draw.id),
        )
        .where(DiscussionGroup.consultation_id == draw.consultation_id)
    )
    people: dict[int, int] = {}
    alike: dict[int, list[int]] = {}
    for group_id, person, text in rows:
        people[group_id] = people.get(group_id, 0) + (person is not None)
        counts = alike.setdefault(group_id, [0] * len(codes))
        for n, code in enumerate(rules.as_codes(text or "")):
            counts[n] += code == codes[n] and (n == 0 or code != rules.NOT_KNOWN)
    return [Company(group_id, people[group_id], tuple(alike[group_id]) or (0,)) for group_id in people]


def find_own_copy(consultation: Consultation, addressed: str, participant_id: int) -> str | None:
    """Find the address of the copy that this person's group has of a seed that everybody can read."""
    row = db.session.execute(
        select(Thread.id, Thread.key, Post.title, Post.body, Post.created_at)
        .join(Post, Post.thread_id == Thread.id)
        .where(
            of_forum(consultation),
            named(Thread, addressed),
            is_copied(),
            Post.kind == PostKind.SEED,
            Post.state == PostState.VISIBLE,
        )
        .limit(1)
    ).one_or_none()
    if row is None or address(row.key, row.id) != addressed:
        return None
    mine = select(Participant.group_id).where(Participant.id == participant_id).scalar_subquery()
    copy = db.session.execute(
        select(Thread.id, Thread.key)
        .join(Post, Post.thread_id == Thread.id)
        .where(
            of_forum(consultation),
            Thread.group_id == mine,
            Post.kind == PostKind.SEED,
            Post.title == row.title,
            Post.body == row.body,
            Post.created_at == row.created_at,
        )
        .limit(1)
    ).one_or_none()
    return None if copy is None else address(copy.key, copy.id)
