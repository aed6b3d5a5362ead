"""Tables: themes of an item, and the codes that coders gave to answers."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, key_type


class Theme(Base):
    """A code for open text of one item."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("item_id", "key"), UniqueConstraint("item_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(key_type())
    label: Mapped[str]
    description: Mapped[str | None]


class Code(Base):
    """One coder's judgement that one answer holds one theme of the same item."""

    __tablename__ = "code"
    __table_args__ = (
        UniqueConstraint("answer_id", "coder", "theme_id"),
        ForeignKeyConstraint(["answer_id", "item_id"], ["answer.id", "answer.item_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["item_id", "theme_id"], ["theme.item_id", "theme.id"]),
        Index(None, "item_id", "theme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int]
    item_id: Mapped[int]
    theme_id: Mapped[int]
    coder: Mapped[str] = mapped_column(key_type())
