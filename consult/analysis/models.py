"""Tables: the plan that was fixed beforehand, and the frozen comparisons."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.models import Wave
from consult.db import Base, Instant, check, key_type, one_of


class Plan(Base):
    """That a consultation has a locked analysis plan; its lines are `PlannedItem` rows."""

    __tablename__ = "plan"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    names_primary: Mapped[bool]  # a plan may fix only the smallest changes that matter
    names_delta: Mapped[bool]


class PlannedItem(Base):
    """What the plan says of one item: its place among the primary items, its smallest change that matters."""

    __tablename__ = "planned_item"
    __table_args__ = (
        UniqueConstraint("consultation_id", "primary_position"),
        ForeignKeyConstraint(["consultation_id"], ["plan.consultation_id"], ondelete="CASCADE"),
        check("delta > 0", "delta_positive"),
        check("primary_position IS NOT NULL OR delta IS NOT NULL", "says_something"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[int]
    primary_position: Mapped[int | None]
    delta: Mapped[float | None]


class Snapshot(Base):
    """One frozen comparison, or one subgroup part of it.

    ``content`` is the JSON text from which the page, the file and `consult compare` all come.
    ``split_by`` is empty for the comparison itself, else the variable of the part. A row is never
    changed: a method that changes makes new rows under its own version.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("consultation_id", "weights", "split_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    weights: Mapped[str] = mapped_column(key_type())
    split_by: Mapped[str] = mapped_column(key_type())
    made_at: Mapped[datetime] = mapped_column(Instant)
    method_version: Mapped[str] = mapped_column(key_type())
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(key_type())


class ThemeSnapshot(Base):
    """How often each theme of one item was found before and after, fixed when its coding had ended.

    ``content`` is the JSON text of one entry of ``themes`` in `consult compare`. A row is never changed.
    """

    __tablename__ = "theme_snapshot"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    method_version: Mapped[str] = mapped_column(key_type())
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(key_type())


class Lookalikes(Base):
    """How many records of a wave were found to look very much like another one, when it was looked for.

    Nothing says which they are: that is found anew for an export, and never kept.
    """

    __tablename__ = "lookalikes"
    __table_args__ = (check("alike >= 0 AND alike <= people", "some_of_the_people"),)

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    wave: Mapped[Wave] = mapped_column(one_of(Wave, "wave"), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(Instant)
    people: Mapped[int]
    alike: Mapped[int]
