"""Databases that are there and hold nothing yet, not even tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from consult.db import db
from consult.home import Config
from tests.compiled import app_for
from tests.operations.rows import make_rows

SECRET = "only-for-tests-" + "0" * 32


@contextmanager
def running(url: str) -> Iterator[Flask]:
    """The application on that database, its context pushed, everything closed afterwards."""
    app = app_for(Config(database_url=url, secret_key=SECRET, council_name="Abbeyford Council"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def bare_postgres(postgres_server: str) -> Iterator[str]:
    head, _, query = postgres_server.partition("?")
    name = f"bare_{uuid4().hex[:12]}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in which nothing has been made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.sqlite'}"
    return request.getfixturevalue("bare_postgres")


@pytest.fixture
def full_app(in_app: Flask) -> Flask:
    """The application with rows in every table."""
    make_rows()
    return in_app
