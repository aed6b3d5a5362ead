"""Tables: frozen versions of weights, and the weight of each person in each."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, key_type


class WeightVersion(Base):
    """Weights as they were made once: by which settings, from which targets, and how well they hold.

    ``settings`` and ``report`` are JSON texts; ``number`` counts the versions of a consultation from 1.
    ``digest`` is the fingerprint of the settings and of all that the weights depend on, kept only once.
    """

    __tablename__ = "weight_version"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("consultation_id", "digest"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(key_type())
    made_at: Mapped[datetime] = mapped_column(Instant)
    settings: Mapped[str]
    report: Mapped[str]


class Weight(Base):
    """The weight of one person in one version; the weights of a version are 1 on average."""

    __tablename__ = "weight"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "consultation_id"],
            ["weight_version.id", "weight_version.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    weight: Mapped[float]
