"""What the sample has besides its bundle: a bundle holds no memberships, and nothing of the pages' making.

Everybody gets a name in the forum, as if they had joined through the pages. Their record stays marked
as one from a bundle, which is true, and which lets an operator replace the sample.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, update

from consult.batches import insert_rows
from consult.cells import as_instant
from consult.consultations.models import Consultation, Membership, Participant
from consult.db import db
from consult.forum.models import Exposure, Thread
from consult.home import Config
from consult.operations.abbeyford.conversations import presented_items
from consult.operations.abbeyford.folder import Sample
from consult.operations.abbeyford.presenting import publish_summaries
from consult.operations.abbeyford.recruiting import seat
from consult.operations.abbeyford.thanking import thank
from consult.recruitment.names import name_key, suggestions
from consult.summaries.answers import count_completions
from consult.surveys.models import Item

CONSENT_VERSION = 1
ORDERS = 2**31
READS = 0.8  # of the people in the forum, how many read without writing
MOST_THREADS, MOST_READS = 14, 6


def settle(consultation: Consultation, sample: Sample, config: Config) -> None:
    """The consultation has its dates, its members, who has read what, its panel and its thanks."""
    dates = sample.script.dates
    consultation.created_at, consultation.published_at = dates.created_at, dates.published_at
    participants = dict(
        db.session.execute(
            select(Participant.key, Participant.id).where(Participant.consultation_id == consultation.id)
        ).all()
    )
    threads = dict(
        db.session.execute(
            select(Thread.key, Thread.id).where(Thread.consultation_id == consultation.id)
        ).all()
    )
    _present(consultation, sample)
    insert_rows(
        Membership,
        (
            "participant_id",
            "consultation_id",
            "display_name",
            "name_key",
            "consent_version",
            "consented_at",
            "messages",
            "order_seed",
        ),
        _memberships(consultation.id, sample, participants),
    )
    insert_rows(
        Exposure,
        ("consultation_id", "participant_id", "thread_id", "first_read_at", "last_read_at", "reads"),
        (
            (consultation.id, participants[person], threads[thread], *read)
            for (person, thread), read in _reading(sample).items()
        ),
    )
    publish_summaries(consultation, sample.script)
    seat(consultation, sample, participants)
    thank(consultation, sample, participants, config)


def _present(consultation: Consultation, sample: Sample) -> None:
    """Each thread that presents answers says to which item, how many gave one, and which comes first."""
    if sample.script.dates.presented_at is None:
        return
    items = dict(
        db.session.execute(select(Item.key, Item.id).where(Item.consultation_id == consultation.id)).all()
    )
    completions = count_completions(list(items.values()))
    for position, (thread, item) in enumerate(presented_items(sample.script).items()):
        db.session.execute(
            update(Thread)
            .where(Thread.consultation_id == consultation.id, Thread.key == thread)
            .values(item_id=items[item], position=position, completions=completions[items[item]])
        )


def _memberships(
    consultation_id: int, sample: Sample, participants: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    chance = sample.script.chance("names")
    names = islice(
        dict.fromkeys(islice(suggestions(chance), 2 * len(sample.people) + 100)), len(sample.people)
    )
    for person, name in zip(sample.people, names, strict=True):
        joined_at = sample.script.dates.during("survey", person.joined)
        yield (
            participants[person.key],
            consultation_id,
            name,
            name_key(name),
            CONSENT_VERSION,
            joined_at,
            False,
            chance.randrange(ORDERS),
        )


def _reading(sample: Sample) -> dict[tuple[str, str], tuple[datetime, datetime, int]]:
    """When each person first and last read which thread, and how often: whoever wrote there, and more."""
    chance, dates = sample.script.chance("reading"), sample.script.dates
    began = {post["thread"]: as_instant("", post["created_at"]) for post in reversed(sample.posts)}
    wrote: dict[str, dict[str, list[datetime]]] = {}
    for post in sample.posts:
        if post["participant"]:
            by_thread = wrote.setdefault(post["participant"], {})
            by_thread.setdefault(post["thread"], []).append(as_instant("", post["created_at"]))
    found = {}
    for person in sample.people if began else ():
        reads = person.arm == "forum" and not person.leaves_early and chance.random() < READS
        also = chance.sample(list(began), chance.randrange(min(MOST_THREADS, len(began)))) if reads else []
        own = wrote.get(person.key, {})
        for thread in dict.fromkeys((*own, *also)):
            visits = [dates.during("forum", chance.random()) for _ in range(chance.randrange(1, MOST_READS))]
            visits = [at for at in visits if at >= began[thread]] + own.get(thread, [])
            if visits:
                found[person.key, thread] = min(visits), max(visits), len(visits)
    return found
