"""Texts that people wrote to an open item, a codebook for them, and people who code."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import OPERATOR, Actor, Role
from consult.accounts import queries as accounts
from consult.coding import codebooks, judging, queueing, turns
from consult.coding.judging import Judged
from consult.coding.models import (
    Agreement,
    Code,
    Codebook,
    CodingQueue,
    Judgement,
    Outcome,
    QueuedText,
    Theme,
)
from consult.coding.queries import get_item, latest_codebook
from consult.coding.rules import ThemeWords
from consult.consultations.models import (
    Consultation,
    Origin,
    Participant,
    Progress,
    Submission,
    Wave,
)
from consult.consultations.service import NewParticipant, add_participants
from consult.db import db
from consult.surveys.models import Answer, Item
from consult.surveys.service import NewAnswer, record_answers
from tests.making.accounts import MadeStaff, make_staff, sign_in
from tests.page_client import PageClient

KEY = "words"  # the open item of the made-up places
LABELS = ("The shops", "The people", "The quiet")


def open_item(place: Consultation, key: str = KEY) -> Item:
    return get_item(place, key)


def make_texts(
    place: Consultation,
    texts: Sequence[str],
    *,
    wave: Wave = Wave.PRE,
    key: str = KEY,
    progress: Progress = Progress.SUBMITTED,
    prefix: str = "writer",
    is_rehearsal: bool = False,
) -> list[int]:
    """Each text was written and sent by somebody of their own; their ids. The same people in either wave."""
    item = open_item(place, key)
    keys = [f"{prefix}-{n}" for n in range(len(texts))]
    known = set(db.session.scalars(select(Participant.key).where(Participant.consultation_id == place.id)))
    new = [NewParticipant(key=each, quote=True) for each in keys if each not in known]
    add_participants(OPERATOR, place, new, origin=Origin.BUNDLE)
    rows = db.session.execute(
        select(Participant.key, Participant.id).where(
            Participant.consultation_id == place.id, Participant.key.in_(keys)
        )
    )
    ids = dict(rows.all())
    people = [ids[each] for each in keys]
    if is_rehearsal:
        for participant in db.session.scalars(select(Participant).where(Participant.id.in_(people))):
            participant.is_rehearsal = True
    record_answers(
        OPERATOR,
        place,
        [
            NewAnswer(person, item.id, wave.value, "open", "answered", text=words)
            for person, words in zip(people, texts, strict=True)
        ],
    )
    db.session.add_all(
        Submission(participant_id=person, consultation_id=place.id, wave=wave, status=progress)
        for person in people
    )
    db.session.commit()
    return people


def officer_of(
    place: Consultation, email: str = "olive@abbeyford.example", role: Role = Role.OFFICER
) -> MadeStaff:
    """A member of staff of that consultation."""
    return make_staff(email, role, place)


def actor_of(staff: MadeStaff) -> Actor:
    return Actor(name=f"staff/{staff.id}", roles=accounts.list_roles(staff.id))


def make_codebook(place: Consultation, staff: MadeStaff, labels: Sequence[str] = LABELS) -> Codebook:
    """The item has these themes, and a version of its codebook is frozen. Committed."""
    item, actor = open_item(place), actor_of(staff)
    for label in labels:
        codebooks.add_theme(actor, place, item, ThemeWords(label))
    frozen = codebooks.freeze_codebook(actor, place, item)
    db.session.commit()
    return frozen


def make_queue(place: Consultation, staff: MadeStaff, *, double: int = 20, again: int = 10) -> CodingQueue:
    """The texts wait for their coders. Committed."""
    item = open_item(place)
    queue = queueing.start_coding(actor_of(staff), place, item, double_percent=double, again_percent=again)
    db.session.commit()
    return queue


def say(
    place: Consultation,
    staff: MadeStaff,
    at: int,
    *themes: str,
    outcome: Outcome = Outcome.CODED,
    note: str | None = None,
) -> None:
    """That coder has read the text at the place. Committed."""
    item = open_item(place)
    latest = latest_codebook(item.id)
    judged = Judged(at, outcome, frozenset(themes), note)
    judging.judge(
        actor_of(staff), place, item, judged, staff_id=staff.id, codebook=latest.number if latest else 0
    )
    db.session.commit()


def decide(place: Consultation, staff: MadeStaff, at: int, *themes: str) -> None:
    """Somebody who is neither of the coders has decided. Committed."""
    item = open_item(place)
    latest = latest_codebook(item.id)
    before = turns.find_decision(item.id, at)
    judging.decide(
        actor_of(staff),
        place,
        item,
        Judged(at, Outcome.CODED, frozenset(themes)),
        staff_id=staff.id,
        codebook=latest.number if latest else 0,
        seen=judging.sign_of(before, judging.themes_of(before)),
    )
    db.session.commit()


def queued(place: Consultation) -> list[QueuedText]:
    """The queue in its order, read anew."""
    db.session.expire_all()
    item = open_item(place)
    wanted = select(QueuedText).where(QueuedText.item_id == item.id).order_by(QueuedText.place)
    return list(db.session.scalars(wanted))


def words_at(place: Consultation, at: int) -> str:
    """What stands at that place of the queue."""
    item = open_item(place)
    return db.session.scalars(
        select(Answer.text)
        .join(QueuedText, QueuedText.answer_id == Answer.id)
        .where(QueuedText.item_id == item.id, QueuedText.place == at)
    ).one()


def judgements(place: Consultation) -> list[Judgement]:
    """Everything that was judged, read anew, in its order."""
    db.session.expire_all()
    item = open_item(place)
    return list(
        db.session.scalars(select(Judgement).where(Judgement.item_id == item.id).order_by(Judgement.id))
    )


def staff_client(app: Flask, staff: MadeStaff) -> PageClient:
    """Their browser, signed in."""
    return sign_in(PageClient(app), staff)


FURNISHED = ("The shops", "The people")
ELSEWHERE = "where"  # the other item that takes words


def make_coded(place: Consultation, *, key: str = KEY, with_queue: bool = True) -> None:
    """Coding is under way: about place 1 two coders differ, 2 waits, one text came later. Committed.

    Written as rows, because it holds at moments at which nobody may do it any more.

    Parameters
    ----------
    key : str
        Which of the two items that take words is being coded; the other has its themes only.
    """
    for one in (KEY, ELSEWHERE):
        its = open_item(place, one)
        themes = [
            Theme(item_id=its.id, key=label.casefold().replace(" ", "-"), label=label, position=n)
            for n, label in enumerate(FURNISHED)
        ]
        db.session.add_all(themes)
        db.session.flush()
        content = codebooks.content_of(themes)
        db.session.add(codebooks.new_codebook(its.id, 1, content, by="operator"))
    db.session.add(Theme(item_id=open_item(place).id, key="new", label="Not frozen yet", position=5))
    people = make_texts(place, ["the shops", "the bread", "my neighbours", "it came later"])
    elsewhere = open_item(place, ELSEWHERE).id
    also = people if key == ELSEWHERE else people[:1]
    record_answers(
        OPERATOR,
        place,
        [NewAnswer(each, elsewhere, "pre", "choice", "answered", text="the allotment") for each in also],
    )
    if with_queue:
        _make_disputed(open_item(place, key), people)
    db.session.commit()


def _make_disputed(item: Item, people: Sequence[int]) -> None:
    answers = [
        db.session.scalars(select(Answer.id).filter_by(participant_id=each, item_id=item.id)).one()
        for each in people
    ]
    shares = {"double_percent": 20, "double_minimum": 100, "again_percent": 10}
    db.session.add(CodingQueue(item_id=item.id, seed=1, made_at=clock.now(), **shares))
    themes = dict(db.session.execute(select(Theme.key, Theme.id).filter_by(item_id=item.id)).all())
    for n, answer_id in enumerate(answers[:3], 1):
        state = {"judged": 2, "agreement": Agreement.DISPUTED} if n == 1 else {}
        db.session.add(QueuedText(answer_id=answer_id, item_id=item.id, place=n, needed=2, **state))
    for coder, theme in (("k1", "the-shops"), ("k2", "the-people")):
        mine = {"answer_id": answers[0], "item_id": item.id, "coder": coder}
        db.session.add(Judgement(outcome=Outcome.CODED, **mine))
        db.session.add(Code(theme_id=themes[theme], **mine))


def theme_id_of(slug: str, key: str = "the-shops") -> int:
    """The id of that theme of the made-up item; 1 where it has none."""
    found = db.session.scalar(
        select(Theme.id)
        .join(Item, Item.id == Theme.item_id)
        .join(Consultation, Consultation.id == Item.consultation_id)
        .where(Consultation.slug == slug, Item.key == KEY, Theme.key == key)
    )
    return found or 1
