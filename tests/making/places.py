"""Consultations at each moment of their life, with an item of every form, and people who take part."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import randbits
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR
from consult.accounts import current, resident_sessions
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Membership, Origin, Participant
from consult.consultations.service import NewParticipant, add_participants
from consult.db import db
from consult.recruitment import turnout
from consult.uktime import uk_time
from tests.making.bundles import csv_text, make_bundle
from tests.making.full_bundle import ITEMS
from tests.page_client import PageClient

DAY = timedelta(days=1)
# When the stages open and close, in days from now, at each moment.
WHEN: dict[str, tuple[float, ...]] = {
    "draft": (7, 21, 28, 49, 56, 70),
    "survey": (-1, 14, 21, 42, 49, 63),
    "summarising": (-20, -3, -1, 21, 28, 42),
    "forum": (-30, -12, -5, 16, 23, 37),
    "between": (-60, -40, -30, -3, 5, 19),
    "follow_up": (-60, -40, -30, -10, -2, 12),
    "closed": (-90, -70, -60, -40, -30, -10),
}
SEED_POST = [
    "t1-seed",
    "t1",
    "",
    "",
    "seed",
    "What people said about opening hours",
    "Some want fewer. Others want more.",
]
REPLIES = (
    ["t1-1", "t1", "t1-seed", "bo", "post", "", "I sleep badly on Fridays."],
    ["t1-2", "t1", "t1-1", "cy", "post", "", "I work late, and I need a shop."],
)


def make_place(moment: str = "survey", *, slug: str | None = None, presented: bool = True) -> Consultation:
    """A consultation that is at that moment now, loaded as a bundle and committed.

    Its slug is the moment (with a hyphen) unless given; the forum of one that has begun it has the
    thread ``t1``, with a seed and two replies.
    """
    slug = slug or moment.replace("_", "-") + "-place"
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    times = [uk_time(now + days * DAY) for days in WHEN[moment]]
    stages = {
        kind: {"opens": times[2 * n], "closes": times[2 * n + 1]}
        for n, kind in enumerate(("survey", "forum", "follow_up"))
    }
    has_forum = moment not in {"draft", "survey", "summarising"}
    with TemporaryDirectory() as folder:
        loaded = load_bundle(
            OPERATOR,
            make_bundle(
                Path(folder, "in"),
                slug=slug,
                title=f"Late hours in Abbeyford ({moment.replace('_', ' ')})",
                state="draft" if moment == "draft" else "published",
                items=ITEMS,
                responses=(),
                stages=stages,
                files=_posts(times[2]) if has_forum else {},
            ),
        )
    consultation: Consultation = loaded.consultation
    consultation.area, consultation.minimum_age = "Abbeyford", 16
    consultation.presented_at = now + WHEN[moment][2] * DAY if has_forum and presented else None
    db.session.commit()
    return consultation


def _posts(opens: datetime) -> dict[str, str]:
    columns = ("post", "thread", "parent", "participant", "kind", "title", "body", "created_at")
    at = f"{opens:%Y-%m-%dT%H:%M:%SZ}"
    return {"posts.csv": csv_text(columns, [[*row, at] for row in (SEED_POST, *REPLIES)])}


@dataclass(frozen=True)
class MadeResident:
    """Somebody who takes part, and the session of their browser."""

    participant_id: int
    consultation_id: int
    session_id: str


def make_resident(
    consultation: Consultation, *, name: str = "Quiet Heron", is_shared: bool = True, **more: Any
) -> MadeResident:
    """Somebody who joined a moment ago; further columns of their membership by name. Committed."""
    key = f"web-{name.casefold().replace(' ', '-')}"
    person = NewParticipant(key=key, joined_at=clock.now(), quote=True, track="open")
    add_participants(OPERATOR, consultation, [person], origin=Origin.WEB)
    mine = (Participant.consultation_id == consultation.id, Participant.key == key)
    participant_id = db.session.scalar(select(Participant.id).where(*mine))
    assert participant_id is not None
    columns: dict[str, Any] = {
        "display_name": name,
        "name_key": name.casefold(),
        "consent_version": 1,
        "consented_at": clock.now(),
        "messages": False,
        "order_seed": randbits(30),
        **more,
    }
    db.session.add(Membership(participant_id=participant_id, consultation_id=consultation.id, **columns))
    session_id = resident_sessions.begin(participant_id, consultation.id, is_shared=is_shared)
    turnout.count_newcomer(consultation.id, participant_id)
    db.session.commit()
    return MadeResident(participant_id, consultation.id, session_id)


def as_resident(app: Flask, resident: MadeResident) -> PageClient:
    """A browser that carries the session of that participant."""
    client = PageClient(app)
    with client.session_transaction() as session:
        session[current.RESIDENT] = resident.session_id
    return client
