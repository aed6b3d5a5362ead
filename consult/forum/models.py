"""Tables: threads, posts, what the council is asked and says first and last, readings, suspensions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, key_type, one_of

_NOT_ENDED = text("ended_at IS NULL")
_NOT_REOPENED = text("reopened_at IS NULL")


class PostKind(StrEnum):
    """Who speaks: a summary presented back, a resident, or the facilitator."""

    SEED = "seed"
    POST = "post"
    FACILITATOR = "facilitator"


class PostState(StrEnum):
    """Whether a post is shown; the three ways in which it is not are different things."""

    VISIBLE = "visible"
    AWAITING = "awaiting"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Checked(StrEnum):
    """Which posts a moderator reads before everybody else can."""

    ALL = "all"
    FIRST = "first"
    NONE = "none"


class ForumSetting(Base):
    """How the forum of one consultation is run; where there is no row, nothing is read before it is shown."""

    __tablename__ = "forum_setting"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    checked: Mapped[Checked] = mapped_column(one_of(Checked, "checked"), default=Checked.NONE)
    residents_start: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # threads of their own


class Suspension(Base):
    """That somebody may not post any more, until it is ended; their answers in surveys are not touched."""

    __tablename__ = "suspension"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_suspension_now",
            "participant_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        check("(ended_at IS NULL) = (ended_by IS NULL)", "ended_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    participant_id: Mapped[int]
    told: Mapped[str]  # why, in words for the person
    began_at: Mapped[datetime] = mapped_column(Instant)
    began_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Thread(Base):
    """One conversation."""

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("id", "consultation_id"),
        ForeignKeyConstraint(
            ["group_id", "consultation_id"], ["discussion_group.id", "discussion_group.consultation_id"]
        ),
        Index(None, "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())
    group_id: Mapped[int | None]  # who talks in it; none: everybody, or a seed of which groups have copies
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))  # whose answers the seed presents
    position: Mapped[int | None]  # among the seeds, as officers order them
    summary_id: Mapped[int | None] = mapped_column(
        ForeignKey("summary.id")
    )  # whose positions the seed presents
    completions: Mapped[int | None]  # how many had answered the item when its summary was published
    is_rehearsal: Mapped[bool] = mapped_column(default=False, server_default=false())


class Post(Base):
    """One contribution; without a parent it speaks to the thread itself."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("thread_id", "id"),
        ForeignKeyConstraint(
            ["thread_id", "consultation_id"], ["thread.id", "thread.consultation_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["thread_id", "parent_id"], ["post.thread_id", "post.id"]),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"], ["participant.id", "participant.consultation_id"]
        ),
        Index(None, "thread_id", "parent_id"),
        Index(None, "participant_id"),
        check("parent_id <> id", "not_its_own_parent"),
        check("kind = 'post' OR participant_id IS NULL", "staff_posts_have_no_participant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    thread_id: Mapped[int]
    parent_id: Mapped[int | None]
    participant_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(key_type())
    kind: Mapped[PostKind] = mapped_column(one_of(PostKind, "kind"))
    state: Mapped[PostState] = mapped_column(one_of(PostState, "state"), default=PostState.VISIBLE)
    created_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str | None]
    body: Mapped[str]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    # Since when a report about it is open: until a moderator has read it, its words stay as they are.
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    # Since when its words suggest that the writer is in danger, until somebody has seen to that.
    alarmed_at: Mapped[datetime | None] = mapped_column(Instant)


class PostVersion(Base):
    """What a post said before it was edited."""

    __tablename__ = "post_version"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    body: Mapped[str]
    replaced_at: Mapped[datetime] = mapped_column(Instant)


class Enquiry(Base):
    """That a post asks the council something, by when it has promised to answer, and what became of it.

    It is settled by an official reply to the post, or by a word to its writer why there will be none.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        Index(None, "consultation_id", "due_at"),
        Index(None, "answer_id"),
        check("(settled_at IS NULL) = (answer_id IS NULL AND told IS NULL)", "settled_by_something"),
        check("answer_id IS NULL OR told IS NULL", "settled_one_way"),
        check("answer_id <> post_id", "not_its_own_answer"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    told: Mapped[str | None]  # why it is no question for the council, in words for the writer
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class Pin(Base):
    """Which post of a thread the council shows first; one in each."""

    __tablename__ = "pin"
    __table_args__ = (
        ForeignKeyConstraint(["thread_id", "post_id"], ["post.thread_id", "post.id"], ondelete="CASCADE"),
        Index(None, "post_id"),
    )

    thread_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int]
    pinned_at: Mapped[datetime] = mapped_column(Instant)


class Conclusion(Base):
    """That a thread was closed, and the official post that says what came of it.

    Nobody replies until it is opened again; what was said then stays.
    """

    __tablename__ = "conclusion"
    __table_args__ = (
        ForeignKeyConstraint(["thread_id", "post_id"], ["post.thread_id", "post.id"], ondelete="CASCADE"),
        UniqueConstraint("post_id"),
        Index(None, "thread_id"),
        Index(
            "uq_conclusion_now",
            "thread_id",
            unique=True,
            sqlite_where=_NOT_REOPENED,
            postgresql_where=_NOT_REOPENED,
        ),
        check("(reopened_at IS NULL) = (why IS NULL)", "reopened_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int]
    post_id: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(Instant)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str | None]  # it was opened again


class DatedPrompt(Base):
    """Something to think about, from the day on which it appears; one for each day."""

    __tablename__ = "dated_prompt"
    __table_args__ = (UniqueConstraint("consultation_id", "appears_on"), Index(None, "thread_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    appears_on: Mapped[date]
    body: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Exposure(Base):
    """That one participant has read one thread: when first, when last, and how often."""

    __tablename__ = "exposure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["thread_id", "consultation_id"], ["thread.id", "thread.consultation_id"], ondelete="CASCADE"
        ),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    first_read_at: Mapped[datetime] = mapped_column(Instant)
    last_read_at: Mapped[datetime] = mapped_column(Instant)
    reads: Mapped[int]
