"""A forum that is open, with a moderator, two officers, and people who take part in it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.access import Role
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import Checked, ForumSetting, Post
from tests.making.accounts import MadeStaff, make_staff, sign_in
from tests.making.forum import get_thread, make_post, say
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient

WORDS = "The shop owner at number four is a thief."


@dataclass
class Forum:
    """The place, who looks after it, and the heron, who writes."""

    app: Flask
    slug: str
    heron: MadeResident
    staff: dict[str, MadeStaff]
    browsers: dict[str, PageClient] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/consultations/{self.slug}/forum/"

    @property
    def desk(self) -> str:
        return f"/moderator/{self.slug}/"

    @cached_property
    def writer(self) -> PageClient:
        """The browser of the heron."""
        return as_resident(self.app, self.heron)

    def browser(self, who: str) -> PageClient:
        """The browser of that member of staff."""
        if who not in self.browsers:
            self.browsers[who] = sign_in(PageClient(self.app), self.staff[who])
        return self.browsers[who]

    def place(self) -> Consultation:
        return get_consultation(self.slug)

    def other(self, name: str = "Grey Otter") -> PageClient:
        """The browser of somebody else who takes part."""
        with self.app.app_context():
            made = make_resident(self.place(), name=name)
        return as_resident(self.app, made)

    def written(self, key: str = "bad", words: str = WORDS, **more: Any) -> str:
        """A post of the heron's; its address."""
        with self.app.app_context():
            make_post(get_thread(self.place()), key, words, by=self.heron.participant_id, **more)
        return key

    def post(self, key: str = "bad") -> Post:
        """The post as the record has it, read anew."""
        with self.app.app_context():
            mine = (Post.consultation_id == self.place().id, Post.key == key)
            return db.session.scalars(select(Post).where(*mine)).one()

    def read_first(self, checked: Checked) -> None:
        with self.app.app_context():
            db.session.merge(ForumSetting(consultation_id=self.place().id, checked=checked))
            db.session.commit()

    def say(self, words: str, client: PageClient | None = None) -> str:
        """The heron, or whose browser it is, answers the topic; the address of what they said."""
        answer = say(client or self.writer, f"{self.url}t1/reply", words)
        assert answer.status_code == 303, answer.text
        return answer.location.partition("post=")[2].partition("#")[0]

    def report(self, client: PageClient, key: str = "bad", **said: str) -> TestResponse:
        return client.send(f"{self.url}posts/{key}/report", {"concern": "attack", "words": "", **said})

    def decide(self, who: str, key: str = "bad", **said: str) -> TestResponse:
        """That member of staff reads the post and decides."""
        version = str(self.post(key).version)
        typed = {"verdict": "hide", "reason": "attack", "note": "", "version": version, **said}
        return self.browser(who).send(f"{self.desk}posts/{key}", typed)


def _forum(app: Flask) -> Forum:
    with app.app_context():
        place = make_place("forum")
        staff = {
            "mona": make_staff("mona@abbeyford.example", Role.MODERATOR, place),
            "olive": make_staff("olive@abbeyford.example", Role.OFFICER, place),
            "owen": make_staff("owen@abbeyford.example", Role.OFFICER, place),
        }
        forum = Forum(app, place.slug, make_resident(place), staff)
        db.session.commit()
    return forum


@pytest.fixture
def forum(app: Flask) -> Forum:
    return _forum(app)


@pytest.fixture
def sqlite_forum(sqlite_app: Flask) -> Forum:
    return _forum(sqlite_app)
