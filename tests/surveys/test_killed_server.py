"""The server is killed in a burst of saves: what it acknowledged is there, and no half of anything.

People answer at the real server, each over a connection of their own, as fast as it goes. After a random
number of saves every process of it gets a signal that it cannot handle. Whoever had got a redirect had been
told "saved", and the record must hold that answer or the one that was on its way after it.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from consult import create_app
from consult.accounts import current
from consult.consultations.models import Submission
from consult.db import db
from consult.surveys.models import Answer, Item, Option, Placing
from tests.conftest import SECRET, config_for
from tests.making.places import make_place, make_resident
from tests.pages.conftest import free_port

WRITERS = 8
BURST = (15, 60)  # saves before a kill
SCALE_AT, RANK_AT = 1, 7  # where the two items stand in the survey of `make_place`
BEFORE_RANK = {
    2: {"answer": "-1"},
    3: {"answer": "4"},
    4: {"answer": "the old market"},
    5: {"answer": "home"},
    6: {"answer": "0"},
}
TOKEN = "a" * 40


@dataclass
class Writer:
    """One person: their cookie and form token, what was acknowledged last, and what was sent last."""

    participant_id: int
    cookie: str
    token: str
    acknowledged: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sent: dict[int, tuple[int, ...]] = field(default_factory=dict)
    count: int = 0


def signed(app: Flask, session_id: str) -> tuple[str, str]:
    """The cookie of somebody's session, and a form token that belongs to it."""
    serializer = app.session_interface.get_signing_serializer(app)
    cookie = serializer.dumps({current.RESIDENT: session_id, "csrf_token": TOKEN})
    return cookie, URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(TOKEN)


class Server:
    """The real server, in a process group of its own so that all of it can be killed at once."""

    def __init__(self, url: str) -> None:
        self.url, self.port = url, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "consult",
            "serve",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
        ]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "CONSULT_DATABASE_URL": self.url, "CONSULT_SECRET_KEY": SECRET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(300):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
        pytest.fail("the server did not come up")

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


def post(server: Server, writer: Writer, path: str, data: dict[str, str]) -> int | None:
    """The status, or None if the line broke."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    body = urlencode({"csrf_token": writer.token, **data})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"session={writer.cookie}"}
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def answer_all_the_time(server: Server, writer: Writer, slug: str, stop: threading.Event) -> None:
    """Change two answers in turn: a number, and a ranking of three."""
    chance = random.Random(writer.participant_id + writer.count)
    while not stop.is_set():
        number = (chance.randrange(1, 6),)
        places = tuple(chance.sample((1, 2, 3), 3))
        for at, value in ((SCALE_AT, number), (RANK_AT, places)):
            data = (
                {"answer": str(value[0])}
                if at == SCALE_AT
                else {f"place-{n}": str(place) for n, place in enumerate(value, start=1)}
            )
            writer.sent[at] = value
            status = post(server, writer, f"/consultations/{slug}/survey/{at}", data)
            if status is None:
                return
            assert status == 303, status
            writer.acknowledged[at] = value
            writer.count += 1


def wait_for_saves(writers: list[Writer], more: int) -> None:
    """So many more saves have been acknowledged, however slow the machine; then others are on their way."""
    enough = sum(writer.count for writer in writers) + more
    until = time.monotonic() + 60
    while sum(writer.count for writer in writers) < enough:
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.005)


def recorded(app: Flask, writer: Writer) -> dict[int, tuple[int, ...]]:
    """What the record holds of the two items; a ranking must be whole."""
    with app.app_context():
        found = dict(
            db.session.execute(
                select(Item.key, Answer.id)
                .join(Item, Item.id == Answer.item_id)
                .where(Answer.participant_id == writer.participant_id)
            ).all()
        )
        number = db.session.scalar(select(Answer.number).where(Answer.id == found["hours"]))
        places = db.session.scalars(
            select(Placing.place)
            .join(Option, Option.id == Placing.option_id)
            .where(Placing.answer_id == found["policy"])
            .order_by(Option.position)
        ).all()
        assert db.session.get(Submission, (writer.participant_id, "pre")) is not None
        db.session.rollback()
    return {SCALE_AT: (number,), RANK_AT: tuple(places)}


def kill_and_look(url: str, kills: int) -> tuple[int, list[str]]:
    """How many saves were acknowledged in all, and everything that was lost or halved."""
    app = create_app(config_for(url))
    with app.app_context():
        place = make_place("survey")
        slug = place.slug
        writers = []
        for n in range(WRITERS):
            made = make_resident(place, name=f"Person {n}")
            writers.append(Writer(made.participant_id, *signed(app, made.session_id)))
        db.session.remove()
    server, lost = Server(url), []
    server.start()
    for writer in writers:
        start = {SCALE_AT: {"answer": "1"}, **BEFORE_RANK, RANK_AT: {f"place-{n}": str(n) for n in (1, 2, 3)}}
        for at, data in start.items():
            assert post(server, writer, f"/consultations/{slug}/survey/{at}", data) == 303
        writer.acknowledged = {SCALE_AT: (1,), RANK_AT: (1, 2, 3)}
        writer.sent = dict(writer.acknowledged)
    chance = random.Random(20261122)
    for kill in range(kills):
        stop = threading.Event()
        threads = [
            threading.Thread(target=answer_all_the_time, args=(server, writer, slug, stop))
            for writer in writers
        ]
        for thread in threads:
            thread.start()
        wait_for_saves(writers, chance.randrange(*BURST))
        server.kill()
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        for writer in writers:
            held = recorded(app, writer)
            for at, value in held.items():
                if value not in {writer.acknowledged[at], writer.sent[at]}:
                    lost.append(f"kill {kill}: item {at} holds {value}")
                writer.acknowledged[at] = writer.sent[at] = value
        server.start()
    server.kill()
    with app.app_context():
        db.engine.dispose()
    return sum(writer.count for writer in writers), lost


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(database_url, record_property):
    saves, lost = kill_and_look(database_url, kills=2)
    record_property("saves acknowledged before a kill of the server, none lost", saves)
    assert lost == []
    assert saves > 20


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_fifty_kills(database_url, record_property):
    saves, lost = kill_and_look(database_url, kills=50)
    record_property("saves acknowledged before 50 kills of the server, none lost", saves)
    assert lost == []
    assert saves > 1000
