"""Tables: staff accounts and their roles; return codes; sessions of both; kept forms; failed tries.

Only hashes of links, return codes and session ids are stored. The second-factor secret is sealed with a
key made from `CONSULT_SECRET_KEY`, so that a copy of the database alone lets nobody in.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from consult.access import Role
from consult.db import KEY_LENGTH, Base, Instant, check, key_type, one_of


class Staff(Base):
    """A member of the council's staff who can sign in."""

    __tablename__ = "staff"
    __table_args__ = (
        check("email = lower(email)", "email_in_lower_case"),
        check("(password_hash IS NULL) = (sealed_totp IS NULL)", "both_factors_or_neither"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    sealed_totp: Mapped[str | None]
    last_totp_step: Mapped[int] = mapped_column(default=0)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_officer: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # may set up consultations
    added_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffRole(Base):
    """A role that somebody has in one consultation."""

    __tablename__ = "staff_role"
    __table_args__ = (
        UniqueConstraint("staff_id", "consultation_id", "role"),
        check("role <> 'administrator'", "administrators_are_for_the_site"),
        Index(None, "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))


class SetUpLink(Base):
    """A link that lets one person choose their password and second factor, once."""

    __tablename__ = "set_up_link"
    __table_args__ = (Index(None, "staff_id"),)

    token_hash: Mapped[str] = mapped_column(key_type(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    sealed_totp: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffSession(Base):
    """One signed-in browser. The cookie holds only the id; ending the row ends the session."""

    __tablename__ = "staff_session"
    __table_args__ = (Index(None, "staff_id"),)

    id_hash: Mapped[str] = mapped_column(key_type(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ReturnCode(Base):
    """What brings one participant back: keyed hashes of their code, and of the serial that replaces it.

    Until the person says that they have written both down, the row of their session holds them sealed.
    """

    __tablename__ = "return_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    code_hash: Mapped[str] = mapped_column(key_type(), unique=True)
    serial_hash: Mapped[str] = mapped_column(key_type(), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


class ResidentSession(Base):
    """One browser in which a participant is signed in; on a shared computer it ends sooner."""

    __tablename__ = "resident_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        Index(None, "participant_id"),
    )

    id_hash: Mapped[str] = mapped_column(key_type(), primary_key=True)
    participant_id: Mapped[int]
    consultation_id: Mapped[int]
    is_shared: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed_code: Mapped[str | None]  # code and serial, until the person has written them down


class KeptForm(Base):
    """What somebody had typed on a page when their session ended, sealed, until they come back to it."""

    __tablename__ = "kept_form"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(3 * KEY_LENGTH), primary_key=True)
    consultation_id: Mapped[int]
    sealed_form: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(Instant)


class FailedTry(Base):
    """A sign-in that failed: whose (a keyed hash of what was typed) and when."""

    __tablename__ = "failed_try"
    __table_args__ = (Index(None, "who_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who_hash: Mapped[str] = mapped_column(key_type())
    at: Mapped[datetime] = mapped_column(Instant)
