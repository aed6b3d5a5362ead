"""What residents are told of a consultation: the optional table `about`, and when summaries came out.

    [about]
    decision = "…"                # what is to be decided
    decided_by = "…"
    decides_on = 2026-06-01
    area = "…"                    # where one lives, works or studies to take part
    minimum_age = 16
    incentive = "…"
    use = "…"                     # how what people say is used

    [stages.forum]
    presented = 2026-02-02T09:00:00Z    # when the summaries came out; false: not yet

Without ``presented`` the summaries came out with the first post, which is what a bundle means that
was made before there was such a key. It is an instant with its offset, not civil time like the
dates of a stage: nobody chose it, a button was pressed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.bundles.parts import Part
from consult.consultations.models import Consultation
from consult.forum.models import Post, Thread

YOUNGEST, OLDEST = 13, 99
Presented = datetime | None | bool  # True: with the first post


@dataclass(frozen=True, slots=True)
class About:
    """What residents are told."""

    decision: str | None = None
    decided_by: str | None = None
    decides_on: date | None = None
    area: str | None = None
    minimum_age: int | None = None
    incentive: str | None = None
    use: str | None = None


def read_about(top: Part) -> About:
    """The table `about`, or nothing of it."""
    part = top.part("about")
    if part is None:
        return About()
    age = part.take("minimum_age", int)
    if age is not None and not YOUNGEST <= age <= OLDEST:
        part.refuse("minimum_age", f"must be from {YOUNGEST} to {OLDEST}")
    about = About(
        decision=part.text("decision"),
        decided_by=part.text("decided_by"),
        decides_on=part.day("decides_on"),
        area=part.text("area"),
        minimum_age=age,
        incentive=part.text("incentive"),
        use=part.text("use"),
    )
    part.close()
    return about


def read_presented(forum: Part) -> Presented:
    """When the summaries came out; True where the file says nothing about it."""
    if not forum.has("presented"):
        return True
    value = forum.table["presented"]
    if value is False:
        return None
    if type(value) is datetime and value.tzinfo is not None:
        return value.astimezone(UTC)
    forum.refuse("presented", "must be false, or a time with an offset such as 2026-02-02T09:00:00Z")
    return None


def tell(session: Session, consultation: Consultation, about: About, presented: Presented) -> None:
    """The consultation says this to residents, now that its posts are there."""
    for field in fields(about):
        setattr(consultation, field.name, getattr(about, field.name))
    consultation.presented_at = (
        _first_post_at(session, consultation.id) if presented is True else presented or None
    )


def about_table(consultation: Consultation) -> dict[str, Any]:
    """What the consultation tells residents, without what it leaves open."""
    said = {field.name: getattr(consultation, field.name) for field in fields(About)}
    return {name: value for name, value in said.items() if value is not None}


def presented_value(session: Session, consultation: Consultation) -> Iterator[datetime | bool]:
    """What `presented` must say, if its absence would say something else."""
    first = _first_post_at(session, consultation.id)
    if consultation.presented_at != first:
        yield consultation.presented_at or False


def _first_post_at(session: Session, consultation_id: int) -> datetime | None:
    mine = (Thread.consultation_id == consultation_id, Thread.is_rehearsal.is_(False))
    return session.scalar(
        select(func.min(Post.created_at)).join(Thread, Thread.id == Post.thread_id).where(*mine)
    )
