"""A browser for these tests."""

from collections.abc import Iterator

import pytest
from flask import Flask

from consult.db import db
from tests.page_client import PageClient


@pytest.fixture
def client(app: Flask) -> PageClient:
    return PageClient(app)


@pytest.fixture
def in_sqlite(sqlite_app: Flask) -> Iterator[Flask]:
    """The application on SQLite alone, with its context pushed."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()
