"""People who answer: pages filled in and sent as a browser would, without scripts."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from consult import clock
from consult.access import OPERATOR
from consult.accounts import resident_sessions
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation, Participant, Submission, Wave
from consult.db import db
from consult.recruitment import turnout
from consult.surveys.models import Answer, Item, Option, Placing
from consult.uktime import uk_time
from tests.making.bundles import HOURS, make_bundle
from tests.making.places import MadeResident
from tests.page_client import PageClient

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MAIN = re.compile(r"<main.*</main>", re.DOTALL)

# What one might answer to each item of the full bundle, by its key.
ANSWERS: dict[str, dict[str, str]] = {
    "hours": {"answer": "2"},
    "depth": {"answer": "-1"},
    "agree": {"answer": "7"},
    "words": {"answer": "the old market"},
    "where": {"answer": "other", "other": "the allotment"},
    "often": {"answer": "1"},
    "policy": {"place-1": "2", "place-2": "1", "place-3": "3"},
    "fact": {"answer": "year"},
    "learnt": {"answer": "0"},
}
BEFORE = ("hours", "depth", "agree", "words", "where", "often", "policy", "fact")
AFTER = ("hours", "depth", "agree", "words", "often", "policy", "fact", "learnt")
PATHS = {"pre": "survey", "post": "follow-up"}
KEYS = {"pre": BEFORE, "post": AFTER}


def address(slug: str, rest: str) -> str:
    return f"/consultations/{slug}/{rest}"


def item_address(slug: str, key: str, wave: str = "pre") -> str:
    """The page of that item of the full bundle."""
    return address(slug, f"{PATHS[wave]}/{KEYS[wave].index(key) + 1}")


def hidden_in(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the form in the middle of a page."""
    found = MAIN.search(page.text)
    assert found, page.text
    return dict(HIDDEN.findall(found[0]))


def fill_in(client: PageClient, path: str, data: dict[str, Any] | None = None, **more: str) -> TestResponse:
    """Open the page, fill in its form and send it."""
    page = client.get(path)
    assert page.status_code == 200, f"{path}: {page.status_code} {page.location}"
    return client.post(path, data={**hidden_in(page), **(data or {}), **more})


def walk_until(client: PageClient, slug: str, last: str | None = None, wave: str = "pre") -> None:
    """Every item before ``last`` is answered, page by page; all of them if there is none."""
    for key in KEYS[wave]:
        if key == last:
            return
        answer = fill_in(client, item_address(slug, key, wave), ANSWERS[key])
        assert answer.status_code == 303, answer.text


def answer_until(client: PageClient, slug: str, last: str | None = None, wave: str = "pre") -> None:
    """The same without opening the pages, which takes half the time."""
    token = {"csrf_token": client.token_from(address(slug, "next"))}
    for key in KEYS[wave]:
        if key == last:
            return
        answer = client.post(item_address(slug, key, wave), data={**token, **ANSWERS[key]})
        assert answer.status_code == 303, answer.text


def send(client: PageClient, slug: str, wave: str = "pre") -> TestResponse:
    """What was answered is sent."""
    return fill_in(client, address(slug, f"{PATHS[wave]}/check"))


def answer_all(client: PageClient, slug: str, wave: str = "pre") -> None:
    """Every item is answered and the whole sent."""
    answer_until(client, slug, wave=wave)
    sent = send(client, slug, wave)
    assert sent.location == address(slug, f"{PATHS[wave]}/sent"), sent.text


def make_sent(participant_id: int, consultation: Consultation, wave: Wave = Wave.PRE) -> None:
    """That participant has sent their answers in the wave, whatever they are. Committed."""
    db.session.add(
        Submission(
            participant_id=participant_id, consultation_id=consultation.id, wave=wave, status="submitted"
        )
    )
    turnout.recount(consultation.id)
    db.session.commit()


def signed_in_again(place: Consultation, resident: MadeResident, *, is_shared: bool = False) -> MadeResident:
    """The same participant, who has come back with their code. Committed."""
    session_id = resident_sessions.begin(resident.participant_id, place.id, is_shared=is_shared)
    db.session.commit()
    return MadeResident(resident.participant_id, place.id, session_id)


def answers_of(participant_id: int, wave: str = "pre") -> dict[str, tuple[str, object]]:
    """What the record holds of a person, by item: status, and number, option, words or places."""
    db.session.rollback()
    rows = db.session.execute(
        select(Item.key, Answer.id, Answer.status, Answer.number, Option.key, Answer.text)
        .join(Item, Item.id == Answer.item_id)
        .outerjoin(Option, Option.id == Answer.option_id)
        .where(Answer.participant_id == participant_id, Answer.wave == Wave(wave))
    ).all()
    places: dict[int, dict[str, int]] = {}
    for answer_id, option, place in db.session.execute(
        select(Placing.answer_id, Option.key, Placing.place)
        .join(Option, Option.id == Placing.option_id)
        .join(Answer, Answer.id == Placing.answer_id)
        .where(Answer.participant_id == participant_id)
    ):
        places.setdefault(answer_id, {})[option] = place
    found = {}
    for key, answer_id, status, number, option, text in rows:
        values = [v for v in (number, option, text, places.get(answer_id)) if v is not None]
        assert len(values) <= 1
        found[key] = (status.value, values[0] if values else None)
    assert len(found) == len(rows)
    return found


def submission_of(participant_id: int, wave: str = "pre") -> Submission | None:
    """How far that person has come."""
    db.session.rollback()
    return db.session.get(Submission, (participant_id, Wave(wave)))


def count_answers() -> int:
    """How many answers of people who joined through the pages the record holds."""
    db.session.rollback()
    web = select(Participant.id).where(Participant.origin == "web")
    return len(db.session.scalars(select(Answer.id).where(Answer.participant_id.in_(web))).all())


def make_long_place(items: int, folder: Path, *, slug: str | None = None) -> Consultation:
    """A consultation whose survey is open and asks that many items on a scale. Committed."""
    slug = slug or f"long-{items}"
    now = uk_time(clock.now().replace(minute=0, second=0, microsecond=0))
    day = timedelta(days=1)
    bundle = make_bundle(
        folder / slug,
        slug=slug,
        title="A long one",
        state="published",
        items=[{**HOURS, "key": f"item-{n}"} for n in range(items)],
        participants=(),
        responses=(),
        stages={
            "survey": {"opens": now - day, "closes": now + 14 * day},
            "forum": {"opens": now + 20 * day, "closes": now + 30 * day},
            "follow_up": {"opens": now + 40 * day, "closes": now + 50 * day},
        },
    )
    consultation = load_bundle(OPERATOR, bundle).consultation
    db.session.commit()
    return consultation
