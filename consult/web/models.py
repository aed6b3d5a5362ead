"""Tables: forms that have been sent."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Instant, key_type


class SentForm(Base):
    """A form that has had its effect, by the random token that was printed into it, and where it led."""

    __tablename__ = "sent_form"

    token_hash: Mapped[str] = mapped_column(key_type(), primary_key=True)
    location: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(Instant, index=True)
