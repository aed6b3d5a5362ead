"""The summaries of the sample, made as an officer makes them: written, quoted, rated and published.

They are what the forum's threads present. What is drawn by lot follows from the script, so that two
samples of one day say the same.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, update

from consult import clock
from consult.access import Actor, Role
from consult.consultations.models import Consultation, State
from consult.db import db
from consult.forum.models import Post, PostKind, Thread
from consult.operations.abbeyford.conversations import presented_items
from consult.operations.abbeyford.scripts import Row, Script
from consult.summaries import fairness, quoting, service, wording
from consult.summaries.models import CountsShown, FairnessRating, Position, Summary
from consult.summaries.publishing import SALT_BYTES, Frozen, freeze_all, measure_agreements
from consult.summaries.queries import list_positions
from consult.summaries.service import SEED_BITS, Words
from consult.surveys.models import Item

WRITTEN_BEFORE = timedelta(days=3)  # they are published
QUOTED = 2  # passages for each position
RATINGS = (4, 4, 5, 5, 5)  # of five: most people find their view told fairly


def publish_summaries(consultation: Consultation, script: Script) -> None:
    """The open items that a thread presents have a published summary, and the thread shows it."""
    presented_at = script.dates.presented_at
    accounts = {
        item["key"]: item for item in script.items if any("view" in t for t in item.get("themes", ()))
    }
    if presented_at is None or not accounts:
        return
    threads = {item: thread for thread, item in presented_items(script).items()}
    ids = dict(
        db.session.execute(select(Item.key, Item.id).where(Item.consultation_id == consultation.id)).all()
    )
    officer = Actor("officer", roles={consultation.id: frozenset({Role.OFFICER})})
    now = consultation.state, consultation.presented_at
    consultation.state, consultation.presented_at = State.PUBLISHED, None  # as it was when they were written
    db.session.flush()
    with clock.frozen(presented_at - WRITTEN_BEFORE):
        for key, item in accounts.items():
            _write(officer, consultation, script, ids[key], item)
        agreements = measure_agreements(officer, consultation)
    consultation.state, consultation.presented_at = now
    db.session.flush()
    chance = script.chance("salts")
    with clock.frozen(presented_at):
        frozen = freeze_all(
            officer, consultation, agreements, salts=lambda: chance.randbytes(SALT_BYTES).hex()
        )
    keys = {item_id: key for key, item_id in ids.items()}
    for each in frozen:
        _show(consultation, threads[keys[each.summary.item_id]], each)


def _write(officer: Actor, consultation: Consultation, script: Script, item_id: int, item: Row) -> None:
    """The summary of the item is ready to be published."""
    chance = script.chance(f"summary {item['key']}")
    summary = service.begin(officer, consultation, item_id)
    summary.seed = chance.getrandbits(SEED_BITS)
    db.session.flush()
    held = list_positions(summary.id)
    service.write(
        officer,
        consultation,
        item_id,
        version=summary.version,
        title=summary.title,
        counts_shown=CountsShown.AFTER_FIRST_POST,
        override=None,
        positions={theme["key"]: Words(**theme["view"]) for theme in item["themes"] if theme["key"] in held},
    )
    for key in held:
        for _ in range(QUOTED):
            drawn = quoting.draw(officer, consultation, item_id, key)
            quoting.review(officer, consultation, item_id, drawn.id, accepts=True)
    fairness.invite(officer, consultation, item_id)
    for rating in _asked(summary, held):
        rating.rating, rating.rated_at = chance.choice(RATINGS), clock.now()
        rating.position_version = db.session.get_one(Position, rating.position_id).version
    db.session.flush()


def _asked(summary: Summary, held: dict[str, Position]) -> Iterator[FairnessRating]:
    """Who was asked whether their view is told fairly, in an order that does not change."""
    for position in held.values():
        yield from db.session.scalars(
            select(FairnessRating)
            .where(FairnessRating.summary_id == summary.id, FairnessRating.position_id == position.id)
            .order_by(FairnessRating.participant_id)
        )


def _show(consultation: Consultation, thread: str, frozen: Frozen) -> None:
    """The thread presents the summary, and its first post says it in plain text."""
    thread_id = db.session.scalars(
        update(Thread)
        .where(Thread.consultation_id == consultation.id, Thread.key == thread)
        .values(summary_id=frozen.summary.id)
        .returning(Thread.id)
    ).one()
    db.session.execute(
        update(Post)
        .where(Post.thread_id == thread_id, Post.kind == PostKind.SEED)
        .values(title=wording.title_of(frozen.content), body=wording.body_of(frozen.content))
    )
