"""Tables: consultation, stages and their changes, rehearsals, groups, participants, submissions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base, Instant, check, key_type, one_of


class State(StrEnum):
    """How far an officer has taken a consultation; the stage itself comes from the clock."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    ARCHIVED = "archived"


class StageKind(StrEnum):
    """The three stages, in their order."""

    SURVEY = "survey"
    FORUM = "forum"
    FOLLOW_UP = "follow_up"


class Wave(StrEnum):
    """Before or after the forum. Sorts as it happens only through ``WAVES``, never by text."""

    PRE = "pre"
    POST = "post"


WAVES = (Wave.PRE, Wave.POST)


class Track(StrEnum):
    """Open to everybody, or selected to match the population."""

    OPEN = "open"
    PANEL = "panel"


class Arm(StrEnum):
    """In the forum from the start, or delayed as a comparison group."""

    FORUM = "forum"
    DELAYED = "delayed"


class Origin(StrEnum):
    """How a participant's record came to be: from a bundle, or through the pages."""

    BUNDLE = "bundle"
    WEB = "web"


class Progress(StrEnum):
    """How far one person's response in one wave has come."""

    STARTED = "started"
    SUBMITTED = "submitted"


class Mode(StrEnum):
    """How a response was given."""

    OWN = "own"
    LIBRARY = "library"
    ASSISTED = "assisted"
    PAPER = "paper"


class Consultation(Base):
    """One topic on which a council asks its residents, from draft to archive."""

    __tablename__ = "consultation"
    __table_args__ = (check("length(slug) > 0", "slug_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(key_type(), unique=True)
    title: Mapped[str]
    summary: Mapped[str | None]
    source: Mapped[str | None]
    state: Mapped[State] = mapped_column(one_of(State, "state"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # of what officers edit
    created_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    presented_at: Mapped[datetime | None] = mapped_column(Instant)  # summaries are out: the forum may open
    results_published_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str | None]  # what is to be decided
    decided_by: Mapped[str | None]
    decides_on: Mapped[date | None]
    area: Mapped[str | None]  # where one lives, works or studies to take part
    minimum_age: Mapped[int | None]
    incentive: Mapped[str | None]
    use: Mapped[str | None]  # how what people say is used

    stages: Mapped[list["Stage"]] = relationship(
        back_populates="consultation", order_by="Stage.opens_at", passive_deletes=True
    )


class Stage(Base):
    """When one stage opens and closes. ``closed_at`` is stored by the first write after the close."""

    __tablename__ = "stage"
    __table_args__ = (check("opens_at < closes_at", "opens_before_it_closes"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[StageKind] = mapped_column(one_of(StageKind, "kind"), primary_key=True)
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    consultation: Mapped[Consultation] = relationship(back_populates="stages")


class StageChange(Base):
    """That an officer moved a stage after publishing; everybody can read it."""

    __tablename__ = "stage_change"
    __table_args__ = (Index(None, "consultation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[StageKind] = mapped_column(one_of(StageKind, "kind"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    opened_before: Mapped[datetime] = mapped_column(Instant)
    closed_before: Mapped[datetime] = mapped_column(Instant)
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str]


class Rehearsal(Base):
    """An officer walks a draft as a resident, at a time that is ``offset_seconds`` from now."""

    __tablename__ = "rehearsal"
    __table_args__ = (Index(None, "consultation_id"), Index(None, "staff_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    offset_seconds: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class DiscussionGroup(Base):
    """A small group of the forum."""

    __tablename__ = "discussion_group"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())


class Participant(Base):
    """One pseudonymous person in one consultation; ``position`` is the order in which they came."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "position"),
        UniqueConstraint("id", "consultation_id"),
        ForeignKeyConstraint(
            ["group_id", "consultation_id"], ["discussion_group.id", "discussion_group.consultation_id"]
        ),
        ForeignKeyConstraint(["channel_id", "consultation_id"], ["channel.id", "channel.consultation_id"]),
        Index(None, "group_id"),
        Index(None, "channel_id"),
        Index(
            "ix_participant_waiting",
            "consultation_id",
            "waiting_since",
            "position",
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    origin: Mapped[Origin] = mapped_column(one_of(Origin, "origin"))
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    channel_id: Mapped[int | None]
    group_id: Mapped[int | None]
    arm: Mapped[Arm | None] = mapped_column(one_of(Arm, "arm"))
    track: Mapped[Track | None] = mapped_column(one_of(Track, "track"))
    language: Mapped[str | None] = mapped_column(key_type())
    quote: Mapped[bool | None]
    # Since when they wait for a place on the panel, which was full for them when they sent stage one.
    waiting_since: Mapped[datetime | None] = mapped_column(Instant)
    is_rehearsal: Mapped[bool] = mapped_column(default=False, server_default=false())


class Membership(Base):
    """How somebody who joined through the pages belongs here: their name in the forum, what they agreed to.

    A bundle's participants have none. ``name_key`` is the name as it counts for being taken.
    ``order_seed`` decides the order in which this person sees options, the same in both waves.
    """

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("consultation_id", "name_key"),
        check("(withdrawn_at IS NULL) = (keeps_answers IS NULL)", "says_what_stays_when_withdrawn"),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    display_name: Mapped[str | None]
    name_key: Mapped[str | None] = mapped_column(key_type())
    consent_version: Mapped[int]
    consented_at: Mapped[datetime] = mapped_column(Instant)
    messages: Mapped[bool]
    order_seed: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    keeps_answers: Mapped[bool | None]


class Submission(Base):
    """How far one person's response in one wave has come; no row means that they never began."""

    __tablename__ = "submission"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        Index(None, "consultation_id", "wave", "status"),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    wave: Mapped[Wave] = mapped_column(one_of(Wave, "wave"), primary_key=True)
    consultation_id: Mapped[int]
    status: Mapped[Progress] = mapped_column(one_of(Progress, "status"))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    mode: Mapped[Mode | None] = mapped_column(one_of(Mode, "mode"))
    late: Mapped[bool | None]
