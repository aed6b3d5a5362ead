"""Tables: items of every form, what may be answered to them, and the answers.

Wrong rows are impossible rather than unlikely. `Point` holds the whole numbers that an item takes
(the points of its scale, or the places of its ranking), `Option` its options, `Asked` the waves in
which it is asked. An answer points at all three with compound foreign keys, so the database itself
refuses a number off the scale, an option of another item, a wave in which the item was not asked, a
participant or an item of another consultation, and a second answer. CHECK constraints hold which
columns an answer of each form fills, and triggers that no word changes under an answer (`freezing`).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Wave
from consult.db import KEY_LENGTH, Base, Instant, check, key_type, one_of
from consult.surveys.freezing import REFUSALS, statements


class Form(StrEnum):
    """What the resident sees."""

    OPEN = "open"
    CHOICE = "choice"
    SCALE = "scale"
    AGREEMENT = "agreement"
    RANK = "rank"
    KNOWLEDGE = "knowledge"
    EVALUATION = "evaluation"


NUMBER_FORMS = (Form.SCALE, Form.AGREEMENT, Form.EVALUATION)
OPTION_FORMS = (Form.CHOICE, Form.KNOWLEDGE)


class ItemRole(StrEnum):
    """What the item is for in the analysis."""

    ATTITUDE = "attitude"
    CONSIDERATION = "consideration"
    PREFERENCE = "preference"
    KNOWLEDGE = "knowledge"
    EVALUATION = "evaluation"
    PERCEIVED = "perceived"


class AnswerStatus(StrEnum):
    """Whether an item was answered, and if not, why. Never a point on a scale."""

    ANSWERED = "answered"
    DONT_KNOW = "dont_know"
    PREFER_NOT = "prefer_not"
    SKIPPED = "skipped"


_NUMBERS = "form IN ('scale', 'agreement', 'evaluation')"


class Item(Base):
    """One question. There is one row for both waves: a pre item and its post item cannot differ."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "position"),
        UniqueConstraint("id", "consultation_id", "form"),
        check(f"({_NUMBERS}) = (scale_min IS NOT NULL)", "scale_where_form_has_one"),
        check("(scale_min IS NULL) = (scale_max IS NULL)", "scale_has_both_ends"),
        check("scale_max - scale_min BETWEEN 1 AND 20", "scale_of_2_to_21_points"),
        check("favour_from BETWEEN scale_min AND scale_max", "favour_on_the_scale"),
        check("form <> 'knowledge' OR role = 'knowledge'", "knowledge_has_its_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    form: Mapped[Form] = mapped_column(one_of(Form, "form"))
    role: Mapped[ItemRole] = mapped_column(one_of(ItemRole, "role"))
    stem: Mapped[str]
    scale_min: Mapped[int | None]
    scale_max: Mapped[int | None]
    low_label: Mapped[str | None]
    high_label: Mapped[str | None]
    favour_from: Mapped[int | None]
    reversed: Mapped[bool] = mapped_column(default=False)
    ordered: Mapped[bool] = mapped_column(default=False)
    other: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # of what officers edit
    approved_version: Mapped[int | None]  # in which an officer has read every sentence and agreed

    options: Mapped[list["Option"]] = relationship(order_by="Option.position", passive_deletes=True)
    points: Mapped[list["Point"]] = relationship(order_by="Point.value", passive_deletes=True)
    asked: Mapped[list["Asked"]] = relationship(passive_deletes=True)


class ItemCorrection(Base):
    """A typing error in an item that was put right after the survey had opened, and why it means the same.

    ``part`` is ``stem``, ``low_label``, ``high_label``, ``option <key>`` or ``point <value>``.
    """

    __tablename__ = "item_correction"
    __table_args__ = (Index(None, "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(2 * KEY_LENGTH))
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    corrected_at: Mapped[datetime] = mapped_column(Instant)


class Option(Base):
    """One completion or answer that can be chosen or ranked."""

    __tablename__ = "option"
    __table_args__ = (
        UniqueConstraint("item_id", "key"),
        UniqueConstraint("item_id", "position"),
        UniqueConstraint("item_id", "id"),
        Index(
            "uq_option_one_correct",
            "item_id",
            unique=True,
            sqlite_where=text("is_correct"),
            postgresql_where=text("is_correct"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(key_type())
    label: Mapped[str]
    is_correct: Mapped[bool] = mapped_column(default=False)


class Point(Base):
    """A whole number that an item takes: a point of its scale, or a place of its ranking."""

    __tablename__ = "point"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str | None]


class Asked(Base):
    """A wave in which an item is asked."""

    __tablename__ = "asked"
    __table_args__ = (
        UniqueConstraint("item_id", "wave", "consultation_id", "form"),
        ForeignKeyConstraint(
            ["item_id", "consultation_id", "form"],
            ["item.id", "item.consultation_id", "item.form"],
            ondelete="CASCADE",
        ),
    )

    item_id: Mapped[int] = mapped_column(primary_key=True)
    wave: Mapped[Wave] = mapped_column(one_of(Wave, "wave"), primary_key=True)
    consultation_id: Mapped[int]
    form: Mapped[Form] = mapped_column(one_of(Form, "form"))


class Answer(Base):
    """One person, one item, one wave. The places of a ranking stand in `Placing`."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("item_id", "wave", "participant_id"),
        UniqueConstraint("id", "item_id"),
        Index(None, "participant_id"),
        ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["item_id", "wave", "consultation_id", "form"],
            ["asked.item_id", "asked.wave", "asked.consultation_id", "asked.form"],
        ),
        ForeignKeyConstraint(["item_id", "number"], ["point.item_id", "point.value"]),
        ForeignKeyConstraint(["item_id", "option_id"], ["option.item_id", "option.id"]),
        check(
            f"(number IS NOT NULL) = (status = 'answered' AND {_NUMBERS})",
            "number_where_a_scale_is_answered",
        ),
        check(
            "option_id IS NULL OR (status = 'answered' AND text IS NULL AND form IN ('choice', 'knowledge'))",
            "option_where_one_is_chosen",
        ),
        check(
            "form <> 'knowledge' OR status <> 'answered' OR option_id IS NOT NULL",
            "knowledge_names_an_option",
        ),
        check(
            "(text IS NOT NULL) = (status = 'answered' AND"
            " (form = 'open' OR (form = 'choice' AND option_id IS NULL)))",
            "text_where_it_was_written",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    participant_id: Mapped[int]
    item_id: Mapped[int]
    wave: Mapped[Wave] = mapped_column(one_of(Wave, "wave"))
    form: Mapped[Form] = mapped_column(one_of(Form, "form"))
    status: Mapped[AnswerStatus] = mapped_column(one_of(AnswerStatus, "status"))
    number: Mapped[int | None]
    option_id: Mapped[int | None]
    text: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Placing(Base):
    """The place that one option has in one person's ranking; 1 is the most preferred."""

    __tablename__ = "placing"
    __table_args__ = (
        ForeignKeyConstraint(["answer_id", "item_id"], ["answer.id", "answer.item_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["item_id", "option_id"], ["option.item_id", "option.id"]),
        ForeignKeyConstraint(["item_id", "place"], ["point.item_id", "point.value"]),
    )

    answer_id: Mapped[int] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    place: Mapped[int]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


def _freeze(table: Table, connection: Connection, **_: object) -> None:
    for refusal in REFUSALS:
        if refusal.table == table.name:
            for statement in statements(refusal, connection.dialect.name):
                connection.exec_driver_sql(statement)


for _model in (Item, ItemCorrection, Option, Point, Asked):
    event.listen(_model.__table__, "after_create", _freeze)
