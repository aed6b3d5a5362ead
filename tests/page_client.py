"""A browser for tests that judges every answer it gets.

A page must be good HTML that loads nothing from elsewhere; every answer must carry the security
headers and be kept by no cache; a cookie must be HttpOnly, SameSite and gone with the browser; a
redirect must stay on the site; a request must not leave work uncommitted; and a GET must write
nothing but the last use of a session.

Statements are watched at the driver and not at the ORM, so that a Core UPDATE, or a transaction
apart from the request's own, is seen as well.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import has_app_context
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from consult import clock
from consult.db import db
from consult.web import once
from consult.web.headers import ALWAYS
from tests.checkers.html import problems_of
from tests.compiled import TEMPLATES

GET_MAY_WRITE = frozenset(
    (
        *("staff_session", "resident_session", "exposure", "presentation"),
        *("discussion_group", "participant", "drawn_person"),  # a first visit of a forum with groups
    )
)
WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|MERGE\s+INTO|CREATE|ALTER|DROP|TRUNCATE)"
    r"\s+[\"`]?(\w+)",
    re.IGNORECASE,
)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REDIRECTS = range(300, 400)
# What differs from one answer to the next and makes no page better or worse: the tokens of its forms, the
# number of the request, and the plain path that was asked for.
PASSING = re.compile(r'(name="(?:csrf_token|once)" value="|class="app-code">)[\w.-]+')
PLAIN_PATH = re.compile(r"/[a-z][a-z0-9/-]{3,}")
_good: set[bytes] = set()  # pages that had no problem, so that none is judged twice


@dataclass
class Watch:
    """What one request did to the database."""

    statements: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    uncommitted: dict[int, list[str]] = field(default_factory=dict)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection, cursor, statement, *_rest):
    watch, found = _watch.get(), WRITE.match(statement)
    if watch:
        watch.statements.append(statement)
    if watch and found:
        watch.written.append(found[1])
        watch.uncommitted.setdefault(id(connection.connection.dbapi_connection), []).append(found[1])


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _settle(connection):
    watch = _watch.get()
    if watch:
        watch.uncommitted.pop(id(connection.connection.dbapi_connection), None)


@contextmanager
def watching() -> Iterator[Watch]:
    """What the code inside does to any database is noted."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


class PageClient(FlaskClient):
    """A client whose every request is also a test; ``statements`` are those of the last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application.jinja_env.bytecode_cache = TEMPLATES
        self.statements: list[str] = []

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        assert not kwargs.pop("follow_redirects", False), "follow by hand, so that each step is judged"
        typed = kwargs.get("data")
        if kwargs.get("method") == "POST" and isinstance(typed, dict) and "csrf_token" in typed:
            # As every page prints it into a form that has one effect; to send one twice a test names its own.
            kwargs["data"] = {once.FIELD: once.new_token(), **typed}
        if has_app_context():
            db.session.commit()  # the request is another transaction: it must see what the test has made
        # A context of its own, also inside a test that holds one: `g` and the session are a request's.
        with self.application.app_context(), watching() as watch:
            response = super().open(*args, buffered=True, **kwargs)
            left = [
                type(thing).__name__ for thing in (*db.session.new, *db.session.dirty, *db.session.deleted)
            ]
            problems = [
                *_about_work(response, watch, left),
                *_about_headers(response),
                *_about_html(response),
            ]
        self.statements = watch.statements
        if has_app_context():
            db.session.expire_all()
        request = response.request
        assert not problems, f"{request.method} {request.path} ({response.status_code}): " + "; ".join(
            problems
        )
        return response

    def token_from(self, path: str) -> str:
        """The token of the form on that page."""
        found = TOKEN.search(self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]

    def any_token(self) -> str:
        """A token of this browser's session, whoever is signed in."""
        found = TOKEN.search(self.get("/staff/").text)
        return found[1] if found else self.token_from("/staff/sign-in")

    def send(self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
        """Open the page, fill in its form and send it."""
        return self.post(path, data={"csrf_token": self.token_from(page or path), **(data or {})})


def at_once(call: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
    """What each call returns, all made together, in threads that share the time and nothing else."""
    at = clock.now()

    def timed(each: tuple[Any, ...]) -> Any:
        with clock.frozen(at):
            return call(*each)

    with ThreadPoolExecutor(max_workers=16) as threads:
        return list(threads.map(timed, arguments))


def _about_work(response: TestResponse, watch: Watch, left: list[str]) -> Iterator[str]:
    for tables in watch.uncommitted.values():
        yield f"was not committed or rolled back: {', '.join(tables)}"
    if left:
        yield f"changed and never flushed: {', '.join(left)}"
    if response.request.method in {"GET", "HEAD"}:
        forbidden = sorted(set(watch.written) - GET_MAY_WRITE)
        if forbidden:
            yield f"a {response.request.method} wrote to {', '.join(forbidden)}"


def _about_headers(response: TestResponse) -> Iterator[str]:
    for name, value in ALWAYS.items():
        if response.headers.get(name) != value:
            yield f"{name} is {response.headers.get(name)!r}"
    if response.request.path.startswith("/static/"):
        return
    if "no-store" not in response.headers.get("Cache-Control", ""):
        yield f"may be cached: {response.headers.get('Cache-Control')!r}"
    for cookie in response.headers.getlist("Set-Cookie"):
        value, _, rest = cookie.partition(";")
        is_removal = value.endswith("=")
        if "HttpOnly" not in rest or "SameSite=Lax" not in rest:
            yield f"a cookie that scripts or other sites can use: {rest}"
        if "Expires" in rest and not is_removal:
            yield f"a cookie that outlives the browser: {rest}"
    if response.status_code in REDIRECTS:
        host = urlsplit(response.headers["Location"]).netloc
        if host not in {"", response.request.host}:
            yield f"leads to {host}"


def _about_html(response: TestResponse) -> Iterator[str]:
    if response.mimetype != "text/html" or response.status_code in REDIRECTS or not response.data:
        return
    is_part = response.request.headers.get("HX-Request") == "true" and "<!DOCTYPE" not in response.text[:20]
    digest = hashlib.sha256(_without_passing(response).encode() + bytes([is_part])).digest()
    if digest in _good:
        return
    problems = problems_of(response.text, fragment=is_part)
    if not problems:
        _good.add(digest)
    yield from problems


def _without_passing(response: TestResponse) -> str:
    page, path = PASSING.sub(r"\1", response.text), response.request.path
    return page.replace(path, "/here") if PLAIN_PATH.fullmatch(path) else page
