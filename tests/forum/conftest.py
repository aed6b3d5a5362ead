"""A forum that is open, on each kind of database, and on SQLite where the kind makes no difference."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from consult.consultations.queries import get_consultation
from consult.db import db
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient


@dataclass
class Forum:
    """A consultation whose forum is open, and who takes part in it."""

    app: Flask
    slug: str
    heron: MadeResident

    @property
    def url(self) -> str:
        return f"/consultations/{self.slug}/forum/"

    def browser(self) -> PageClient:
        """A browser of the one who takes part."""
        return as_resident(self.app, self.heron)

    def other(self, name: str = "Grey Otter", **more: Any) -> tuple[MadeResident, PageClient]:
        """Somebody else who takes part, and their browser."""
        with self.app.app_context():
            made = make_resident(get_consultation(self.slug), name=name, **more)
        return made, as_resident(self.app, made)


def _forum(app: Flask) -> Forum:
    with app.app_context():
        place = make_place("forum")
        forum = Forum(app, place.slug, make_resident(place))
        db.session.commit()
    return forum


@pytest.fixture
def forum(app: Flask) -> Forum:
    return _forum(app)


@pytest.fixture
def sqlite_forum(sqlite_app: Flask) -> Forum:
    return _forum(sqlite_app)
