"""Threads and posts, put into the record as they are; forms of the forum, sent as a browser sends them."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select
from werkzeug.test import TestResponse

from consult import clock
from consult.accounts import keys
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.db import db
from consult.forum.drafts import SEALED
from consult.forum.models import Post, PostKind, PostState, Thread
from consult.forum.writing_models import PostDraft
from consult.recruitment import turnout
from consult.surveys.models import Answer, AnswerStatus, Item, Option
from tests.making.places import make_resident
from tests.page_client import PageClient

ONCE = re.compile(r'name="once" value="([^"]+)"')
OPENED = re.compile(r'name="opened" value="([^"]+)"')


def make_thread(
    consultation: Consultation,
    key: str = "t2",
    *,
    title: str | None = "Buses",
    body: str = "Some say so.",
    **more: Any,
) -> Thread:
    """A thread with the seed that opens it, and its key with ``-seed`` as the seed's; committed."""
    state = more.pop("state", PostState.VISIBLE)
    thread = Thread(consultation_id=consultation.id, key=key, **more)
    db.session.add(thread)
    db.session.flush()
    make_post(thread, f"{key}-seed", body, kind=PostKind.SEED, title=title, state=state)
    return thread


def make_post(
    thread: Thread,
    key: str,
    body: str = "I see it otherwise.",
    *,
    parent: Post | None = None,
    by: int | None = None,
    ago: timedelta = timedelta(hours=1),
    **more: Any,
) -> Post:
    """A post of that participant, or of the council's staff; committed."""
    post = Post(
        consultation_id=thread.consultation_id,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        participant_id=by,
        key=key,
        created_at=clock.now() - ago,
        body=body,
        **{"kind": PostKind.POST, "state": PostState.VISIBLE, "title": None, **more},
    )
    db.session.add(post)
    db.session.commit()
    return post


def make_draft(
    thread: Thread,
    words: str = "What I would like to say",
    *,
    by: int,
    parent: Post | None = None,
    ago: timedelta = timedelta(minutes=1),
) -> PostDraft:
    """What that participant has typed and not posted; committed."""
    draft = PostDraft(
        consultation_id=thread.consultation_id,
        participant_id=by,
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        sealed_words=keys.seal(words, config=current_app.config["CONSULT"], purpose=SEALED),
        kept_at=clock.now() - ago,
    )
    db.session.add(draft)
    db.session.commit()
    return draft


def make_many(
    thread: Thread, count: int, *, by: int, is_chain: bool, start: datetime | None = None
) -> list[int]:
    """That many replies to the seed, side by side or each to the one before; their ids. Committed."""
    seed = find_post(thread, f"{thread.key}-seed")
    start = start or clock.now() - timedelta(hours=2)
    posts = [
        Post(
            consultation_id=thread.consultation_id,
            thread_id=thread.id,
            parent_id=seed.id,
            participant_id=by,
            key=f"{thread.key}-{n}",
            kind=PostKind.POST,
            state=PostState.VISIBLE,
            created_at=start + timedelta(milliseconds=n),
            body=f"Reply number {n} of many, with a few words in it.",
        )
        for n in range(count)
    ]
    db.session.add_all(posts)
    db.session.flush()
    ids = [post.id for post in posts]
    if is_chain:
        table = Post.__table__
        db.session.connection().execute(
            table.update().where(table.c.id == bindparam("after")).values(parent_id=bindparam("before")),
            [{"before": before, "after": after} for before, after in pairwise(ids)],
        )
    db.session.commit()
    return ids


def get_thread(consultation: Consultation, key: str = "t1") -> Thread:
    return db.session.scalars(
        select(Thread).where(Thread.consultation_id == consultation.id, Thread.key == key)
    ).one()


def find_post(thread: Thread, key: str) -> Post:
    return db.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.key == key)).one()


def posts_of(participant_id: int) -> list[Post]:
    return list(
        db.session.scalars(select(Post).where(Post.participant_id == participant_id).order_by(Post.id))
    )


def reply_form(client: PageClient, path: str, text: str, **more: str) -> dict[str, str]:
    """What a browser sends from the page at ``path``: its token, its once-token, its stamp, and the text."""
    page = client.get(path).text
    once, opened = ONCE.search(page), OPENED.search(page)
    assert once, page
    assert opened, page
    return {
        "csrf_token": client.any_token(),
        "once": once[1],
        "opened": opened[1],
        "to": "",
        "text": text,
        **more,
    }


def say(client: PageClient, path: str, text: str, **more: str) -> TestResponse:
    """Open the page of a reply, fill it in and send it."""
    return client.post(path, data=reply_form(client, path, text, **more))


def make_answers(consultation: Consultation, key: str, answers: dict[str | int, int], **more: Any) -> None:
    """That many people who completed the item so, and sent it: by option or point. Committed."""
    item = db.session.scalars(
        select(Item).where(Item.consultation_id == consultation.id, Item.key == key)
    ).one()
    options = dict(db.session.execute(select(Option.key, Option.id).where(Option.item_id == item.id)).all())
    status = more.pop("status", AnswerStatus.ANSWERED)
    progress = more.pop("progress", Progress.SUBMITTED)
    for what, count in answers.items():
        for n in range(count):
            who = make_resident(
                consultation, name=f"{key} {what} {n} {status.value[:3]} {progress.value[:3]}", **more
            )
            is_answered = status is AnswerStatus.ANSWERED
            db.session.add(
                Submission(
                    participant_id=who.participant_id,
                    consultation_id=consultation.id,
                    wave=Wave.PRE,
                    status=progress,
                )
            )
            db.session.add(
                Answer(
                    consultation_id=consultation.id,
                    participant_id=who.participant_id,
                    item_id=item.id,
                    wave=Wave.PRE,
                    form=item.form,
                    status=status,
                    number=what if isinstance(what, int) and is_answered else None,
                    option_id=options[what] if isinstance(what, str) and is_answered else None,
                )
            )
    turnout.recount(consultation.id)
    db.session.commit()
