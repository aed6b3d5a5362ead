"""Summaries of views: written by staff, rated by those who hold them."""

from typing import Any

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.db import db
from consult.surveys.models import Item
from tests.access_table import (
    NOT_FOUND,
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    Scene,
    Statuses,
    in_place,
    only,
    only_residents,
)


def of_item(scene: Scene) -> dict[str, Any]:
    """The item ``words`` of the place, of which no summary has been begun."""
    item = db.session.scalars(
        select(Item.id)
        .join(Consultation, Consultation.id == Item.consultation_id)
        .where(Consultation.slug == scene.slug, Item.key == "words")
    ).one()
    return {"slug": scene.slug, "item": item}


def who_draft(status: int = OK, **more: int) -> Statuses:
    """Analysts come through the door, to read drafts; they write none."""
    return {**only("moderator", "officer", status=status, **more), "analyst elsewhere": NOT_FOUND}


def who_write(status: int) -> Statuses:
    return who_draft(status, visitor=REFUSED)


ROWS: dict[str, Row] = {
    "moderator.summaries.items": Row(
        get=only("moderator", "officer", "analyst"), values=in_place, place="summarising"
    ),
    "moderator.summaries.begin": Row(post=who_write(SEE_OTHER), values=of_item, place="summarising"),
    "moderator.summaries.summary": Row(
        get=only("moderator", "officer", "analyst", status=NOT_FOUND),
        post=who_write(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999},
        place="summarising",
    ),
    "moderator.summaries.remove": Row(
        get=who_draft(NOT_FOUND),
        post=who_write(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999},
        place="summarising",
    ),
    "moderator.summaries.draw": Row(
        post=who_write(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999},
        data={"position": "noise"},
        place="summarising",
    ),
    "moderator.summaries.review": Row(
        post=who_write(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999, "quotation": 1},
        data={"verdict": "accept"},
        place="summarising",
    ),
    "moderator.summaries.invite": Row(
        post=who_write(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999},
        place="summarising",
    ),
    "moderator.summaries.quoted": Row(
        get=only("moderator", "officer", "analyst", status=NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999, "answer": 1},
        place="summarising",
    ),
    "moderator.summaries.texts": Row(
        get=who_draft(NOT_FOUND),
        values=lambda scene: {"slug": scene.slug, "item": 99_999},
        place="summarising",
    ),
    # Nobody has asked this resident anything.
    "resident.summaries.account": Row(
        get=only_residents(NOT_FOUND),
        post=only_residents(NOT_FOUND, visitor=REFUSED, elsewhere=REFUSED),
        values=lambda scene: {"slug": scene.slug, "n": 1},
        data={"rating": "5", "version": "1"},
        place="summarising",
    ),
}
