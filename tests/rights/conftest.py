"""The application on SQLite alone, for tests of pages in which the kind of database makes no difference."""

from collections.abc import Iterator

import pytest
from flask import Flask

from consult.db import db
from tests.page_client import PageClient


@pytest.fixture
def in_sqlite(sqlite_app: Flask) -> Iterator[Flask]:
    """The application with its context pushed."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()


@pytest.fixture
def client(in_sqlite: Flask) -> PageClient:
    """A browser of nobody."""
    return PageClient(in_sqlite)
