"""Tables: summaries and their positions, quotations, fairness ratings, and who was shown which order."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, check, key_type, one_of

_IN_USE = text("state <> 'refused'")


class CountsShown(StrEnum):
    """When a reader learns how many people hold each position."""

    AT_ONCE = "at_once"
    AFTER_FIRST_POST = "after_first_post"
    BY_LOT = "by_lot"  # the one or the other, drawn for each group, else for each reader


class QuotationState(StrEnum):
    """What a person has said of a quotation that was drawn."""

    DRAWN = "drawn"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Summary(Base):
    """The positions of one item, from the first draft to what is published.

    ``content`` is the JSON text that everybody reads, fixed when it was published: how many people,
    which positions, the words. Nothing that is published is computed anew.
    """

    __tablename__ = "summary"
    __table_args__ = (
        UniqueConstraint("item_id"),
        UniqueConstraint("id", "consultation_id"),
        check("(published_at IS NULL) = (content IS NULL)", "published_with_its_content"),
        check("(content IS NULL) = (sha256 IS NULL)", "content_with_its_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    title: Mapped[str]
    counts_shown: Mapped[CountsShown] = mapped_column(one_of(CountsShown, "counts_shown"))
    seed: Mapped[int]  # of every draw: quotations, holders who are asked, orders
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # of what officers edit
    override: Mapped[str | None]  # why it is published although its ratings do not say that it is fair
    content: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(key_type())
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[str | None] = mapped_column(key_type())


class Position(Base):
    """What was written for one position of a summary: a theme, an option, or a stretch of a scale.

    Who holds it is not stored: that is counted from the codes and answers each time, until publishing.
    """

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("summary_id", "key"),
        UniqueConstraint("id", "summary_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())  # of the theme or option, or "low..high" of a scale
    completion: Mapped[str]
    reasons: Mapped[str]
    worry: Mapped[str]
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # one more with every change of words
    opposes_id: Mapped[int | None] = mapped_column(ForeignKey("position.id", ondelete="SET NULL"))


class Quotation(Base):
    """One passage that was drawn for a position; everybody may read it once a person has accepted it.

    ``words`` are those of the answer with personal data masked. The answer is for officers only.
    One person is quoted once in a consultation.
    """

    __tablename__ = "quotation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["position_id", "summary_id"], ["position.id", "position.summary_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("position_id", "answer_id"),
        Index(
            "uq_quotation_one_of_each_person",
            "consultation_id",
            "participant_id",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int]
    position_id: Mapped[int]
    consultation_id: Mapped[int]
    participant_id: Mapped[int]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    words: Mapped[str]
    state: Mapped[QuotationState] = mapped_column(one_of(QuotationState, "state"))
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by: Mapped[str | None] = mapped_column(key_type())


class FairnessRating(Base):
    """That a holder of a position was asked whether its account is fair, and what they said.

    ``position_version`` is that of the words which they rated: words that have changed since want
    new ratings.
    """

    __tablename__ = "fairness_rating"
    __table_args__ = (
        ForeignKeyConstraint(
            ["position_id", "summary_id"], ["position.id", "position.summary_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        check("rating BETWEEN 1 AND 5", "rating_from_1_to_5"),
        check("(rating IS NULL) = (rated_at IS NULL)", "rated_with_a_time"),
        Index(None, "participant_id"),
    )

    position_id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int]
    consultation_id: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    rated_at: Mapped[datetime | None] = mapped_column(Instant)
    position_version: Mapped[int | None]
    rating: Mapped[int | None]
    suggestion: Mapped[str | None]


class Presentation(Base):
    """In which order one participant was shown the positions of one summary, and whether with counts."""

    __tablename__ = "presentation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["summary_id", "consultation_id"], ["summary.id", "summary.consultation_id"], ondelete="CASCADE"
        ),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    shown_at: Mapped[datetime] = mapped_column(Instant)
    positions: Mapped[str]  # JSON: their keys in the order in which they were shown
    counts_at_once: Mapped[bool]
