"""The application on SQLite alone, for tests of pages in which the kind of database makes no difference."""

from collections.abc import Iterator

import pytest
from flask import Flask

from consult.db import db


@pytest.fixture
def in_sqlite(sqlite_app: Flask) -> Iterator[Flask]:
    """The application with its context pushed."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.rollback()
