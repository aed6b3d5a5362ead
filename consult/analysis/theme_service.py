"""Making and keeping the themes before and after: one frozen text for each item whose coding has ended.

Texts of the follow-up are coded after the comparison has been made, so their themes are fixed apart from
it. The arithmetic is imported only when they are made: a web worker that shows them has none.
"""

import json
from contextlib import suppress
from hashlib import sha256
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.analysis.models import ThemeSnapshot
from consult.analysis.rules import METHOD_VERSION
from consult.audit.service import record
from consult.coding.models import Code, CodingEnd, CodingQueue
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.surveys.models import Item

Content = dict[str, Any]
CAN_CHANGE = "the coding of this item has not ended: these figures can still change"


def freeze_themes(actor: Actor, consultation: Consultation) -> None:
    """The themes of every item whose coding has ended are stored; safe to repeat.

    What came from files with every text read and settled has ended as well: nobody codes it here.
    """
    require(actor, Action.FREEZE_RESULTS, standing_of(consultation))
    known = {found.item_id for found in _stored(consultation.id)}
    for item, has_ended in _coded_items(consultation):
        if item.id in known:
            continue
        content = _made(item)
        if has_ended or _is_whole(content):
            text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            digest = sha256(text.encode()).hexdigest()
            made = {
                "made_at": clock.now(),
                "method_version": METHOD_VERSION,
                "content": text,
                "sha256": digest,
            }
            # Whoever did it at the same moment has stored the same, of the same codes.
            with suppress(IntegrityError), db.session.begin_nested():
                db.session.add(ThemeSnapshot(item_id=item.id, **made))
            if not has_ended:
                with suppress(IntegrityError), db.session.begin_nested():
                    db.session.add(CodingEnd(item_id=item.id, ended_at=clock.now()))
            record(actor, Action.FREEZE_RESULTS, consultation.slug, themes=item.key, sha256=digest)


def stored_themes(consultation_id: int) -> list[Content]:
    """Give the themes before and after of every item whose coding has ended, in the order of the survey."""
    return [json.loads(found.content) for found in _stored(consultation_id)]


def themes_so_far(consultation: Consultation) -> tuple[list[Content], list[dict[str, str]]]:
    """Give the themes before and after of every coded item, and a note for each that can still change."""
    stored = {content["item"]: content for content in stored_themes(consultation.id)}
    found: list[Content] = []
    notes: list[dict[str, str]] = []
    for item, _has_ended in _coded_items(consultation):
        if item.key not in stored:
            notes.append({"path": f"themes[{len(found)}]", "reason": CAN_CHANGE})
        found.append(stored.get(item.key) or _made(item))
    return found, notes


def _made(item: Item) -> Content:
    from consult.analysis.theme_change import theme_change  # noqa: PLC0415  (brings NumPy)

    return theme_change(item)


def _is_whole(content: Content) -> bool:
    return not any(wave["disputed"] or wave["unread"] for wave in content["left_out"].values())


def _stored(consultation_id: int) -> list[ThemeSnapshot]:
    return list(
        db.session.scalars(
            select(ThemeSnapshot)
            .join(Item, Item.id == ThemeSnapshot.item_id)
            .where(Item.consultation_id == consultation_id)
            .order_by(Item.position)
        )
    )


def _coded_items(consultation: Consultation) -> list[tuple[Item, bool]]:
    """The items that have been coded and are not being coded here; and whether somebody ended it."""
    has_ended = exists().where(CodingEnd.item_id == Item.id)
    is_queued = exists().where(CodingQueue.item_id == Item.id)
    found = db.session.execute(
        select(Item, has_ended)
        .where(
            Item.consultation_id == consultation.id,
            exists().where(Code.item_id == Item.id) | exists().where(ThemeSnapshot.item_id == Item.id),
            has_ended | ~is_queued,
        )
        .order_by(Item.position)
    )
    return [(item, ended) for item, ended in found]
