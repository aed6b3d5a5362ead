"""Tables: the codebook of an item and its versions, the queue of texts, and what coders judged."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, key_type, one_of

_IN_TURN = text("judged < needed")


class Outcome(StrEnum):
    """How a coder ended with one text."""

    CODED = "coded"  # with the themes that it holds, which may be none
    CANNOT_CODE = "cannot_code"


class Agreement(StrEnum):
    """What is known of a text that more than one coder was to read."""

    OPEN = "open"  # not everybody who is needed has read it
    AGREED = "agreed"
    DISPUTED = "disputed"
    SETTLED = "settled"  # somebody else decided between the coders


class Theme(Base):
    """A code for open text of one item, as the codebook says it now; a frozen version keeps its own words."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("item_id", "key"), UniqueConstraint("item_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())
    label: Mapped[str]
    description: Mapped[str | None]
    include: Mapped[str | None]
    exclude: Mapped[str | None]
    examples: Mapped[str | None]  # one a line
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # then by id
    is_retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class Codebook(Base):
    """One frozen version of an item's codebook: the themes and words that coders work with."""

    __tablename__ = "codebook"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[str]  # JSON: the themes in their order, with every word
    sha256: Mapped[str] = mapped_column(key_type())
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    frozen_by: Mapped[str] = mapped_column(key_type())


class ThemeSuggestion(Base):
    """Themes that the machine proposed for an item, as a JSON text; nothing is decided by it."""

    __tablename__ = "theme_suggestion"
    __table_args__ = (Index(None, "item_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[str]


class CodingQueue(Base):
    """That the texts of an item are being coded, and how many of them by two people."""

    __tablename__ = "coding_queue"
    __table_args__ = (
        check("double_percent BETWEEN 0 AND 100", "double_percent_is_one"),
        check("double_minimum >= 0", "double_minimum_not_negative"),
        check("again_percent BETWEEN 0 AND 100", "again_percent_is_one"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    seed: Mapped[int]  # of the order
    double_percent: Mapped[int]
    double_minimum: Mapped[int]
    again_percent: Mapped[int]  # of the first survey's texts, once more among those of the follow-up
    made_at: Mapped[datetime] = mapped_column(Instant)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)  # when the follow-up's texts came in


class CodingEnd(Base):
    """That the coding of an item has ended: what its texts hold is compared, and no code changes any more."""

    __tablename__ = "coding_end"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(Instant)


class QueuedText(Base):
    """One text in the queue of its item; ``place`` is its shuffled place, whatever its wave.

    ``needed`` coders are to read it and ``judged`` have. ``is_again`` marks a text of the first survey
    that is coded once more among those of the follow-up.
    """

    __tablename__ = "queued_text"
    __table_args__ = (
        UniqueConstraint("item_id", "place"),
        UniqueConstraint("answer_id", "is_again"),
        ForeignKeyConstraint(["answer_id", "item_id"], ["answer.id", "answer.item_id"], ondelete="CASCADE"),
        Index("ix_queued_text_in_turn", "item_id", "place", sqlite_where=_IN_TURN, postgresql_where=_IN_TURN),
        Index(None, "item_id", "agreement"),
        check("needed > 0 AND judged >= 0", "counts_are_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int]
    item_id: Mapped[int]
    is_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    place: Mapped[int]
    needed: Mapped[int]
    judged: Mapped[int] = mapped_column(default=0, server_default="0")
    agreement: Mapped[Agreement] = mapped_column(one_of(Agreement, "agreement"), default=Agreement.OPEN)


class Judgement(Base):
    """That one coder has read one text, and how they ended with it; its themes are `Code` rows.

    The decision between two coders is a judgement too, of the coder `rules.ADJUDICATED`; what the
    two had judged stays. A bundle's coders are not staff of this place.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("answer_id", "coder", "is_again"),
        ForeignKeyConstraint(["answer_id", "item_id"], ["answer.id", "answer.item_id"], ondelete="CASCADE"),
        Index(None, "item_id", "coder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int]
    item_id: Mapped[int]
    coder: Mapped[str] = mapped_column(key_type())
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    is_again: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome"))
    note: Mapped[str | None]
    codebook: Mapped[int | None]  # the number of the version that was read with; none in a bundle
    judged_at: Mapped[datetime | None] = mapped_column(Instant)


class Code(Base):
    """One coder's judgement that one answer holds one theme of the same item."""

    __tablename__ = "code"
    __table_args__ = (
        UniqueConstraint("answer_id", "coder", "is_again", "theme_id"),
        ForeignKeyConstraint(["answer_id", "item_id"], ["answer.id", "answer.item_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["item_id", "theme_id"], ["theme.item_id", "theme.id"]),
        Index(None, "item_id", "theme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int]
    item_id: Mapped[int]
    theme_id: Mapped[int]
    coder: Mapped[str] = mapped_column(key_type())
    is_again: Mapped[bool] = mapped_column(default=False, server_default=false())
