"""How fast somebody answers, beside the least that could do the same: ``python bench/survey.py``.

The real server with two workers, a survey of 20 items, people who each walk it: every page opened, every
answer saved, the whole sent. Beside it, in the same server and on the same database, a bare page of twenty
items and one bare committed insert. The ratio is what we add. Then how many statements a page takes with 2
and with 60 items, and how much memory the workers hold afterwards. Only this machine's loopback is asked.

usage: bench/survey.py [--seconds 4] [--clients 8] [--sessions 4]
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import event, select
from sqlalchemy.engine import Engine

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from server import HOST, TWENTY, WORKERS, bare
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from consult import clock, create_app
from consult.access import OPERATOR
from consult.accounts import current, resident_sessions
from consult.consultations.models import Consultation, Membership, Origin, Participant
from consult.consultations.service import NewParticipant, add_participants, create_consultation
from consult.db import db
from consult.home import Config
from consult.operations import schema
from consult.operations.server import serve_for_ever
from consult.surveys.rules import NewItem, NewScale
from consult.surveys.service import add_items

ITEMS, PEOPLE = 20, 64
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
OPENED = re.compile(r'name="opened" value="([^"]+)"')


def config(folder: Path) -> Config:
    return Config(database_url=f"sqlite:///{folder / 'bench.sqlite'}", secret_key="b" * 40)


def application(folder: Path):
    app = create_app(config(folder))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/bare": bare(app).wsgi_app})
    return app


def item(n: int) -> NewItem:
    scale = NewScale(1, 5, low="cut a lot", high="increased a lot", favour_from=4)
    stem = f"Number {n} of the places that sell alcohol late at night near me should be …"
    return NewItem(
        key=f"item-{n}", form="scale", stem=stem, role="attitude", waves=("pre", "post"), scale=scale
    )


def furnish(folder: Path) -> list[str]:
    """A consultation in its survey for each number of items; the cookies of people in that of twenty."""
    app = application(folder)
    with app.app_context():
        schema.upgrade()
        db.session.execute(db.text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))
        cookies = []
        for items, people in ((ITEMS, PEOPLE), (2, 1), (60, 1)):
            place = make(items)
            cookies += [cookie(app, place, f"p{n}") for n in range(people)]
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return cookies


def make(items: int) -> Consultation:
    now, day = clock.now(), 24 * 3600
    at = [now.fromtimestamp(now.timestamp() + n * day, now.tzinfo) for n in (-1, 7, 14, 28, 35, 42)]
    stages = {"survey": (at[0], at[1]), "forum": (at[2], at[3]), "follow_up": (at[4], at[5])}
    place = create_consultation(
        OPERATOR, slug=f"items-{items}", title=f"{items} items", state="published", stages=stages
    )
    add_items(OPERATOR, place, [item(n) for n in range(items)])
    return place


def cookie(app, place: Consultation, key: str) -> str:
    add_participants(OPERATOR, place, [NewParticipant(key=key)], origin=Origin.WEB)
    person = db.session.scalars(select(Participant).filter_by(consultation_id=place.id, key=key)).one()
    db.session.add(
        Membership(
            participant_id=person.id,
            consultation_id=place.id,
            consent_version=1,
            consented_at=clock.now(),
            messages=False,
            order_seed=person.id,
        )
    )
    session_id = resident_sessions.begin(person.id, place.id, is_shared=False)
    return app.session_interface.get_signing_serializer(app).dumps({current.RESIDENT: session_id})


@contextmanager
def running(folder: Path):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    Browser(port, "").get("/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(40)


class Browser:
    """A connection that carries somebody's cookie."""

    def __init__(self, port: int, value: str) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self.cookie = f"session={value}"

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(data) if data is not None else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode(errors="replace")
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer.status, body

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def form(self, path: str) -> dict[str, str]:
        page = self.get(path)[1]
        token, opened = TOKEN.search(page), OPENED.search(page)
        assert token, path
        return {"csrf_token": token[1], "opened": opened[1] if opened else ""}


def timed(deeds, *, seconds: float) -> tuple[float, float, float, int]:
    """Times a second, median and 95th percentile in milliseconds, failures; one deed for each client."""
    times: list[float] = []
    failures = [0]
    until = time.monotonic() + seconds

    def one(deed) -> None:
        while (began := time.monotonic()) < until:
            try:
                failures[0] += deed() is False
            except (OSError, http.client.HTTPException):
                failures[0] += 1
            times.append(time.monotonic() - began)

    threads = [threading.Thread(target=one, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=20)
    return len(times) / seconds, 1000 * cuts[9], 1000 * cuts[18], failures[0]


def opening(browser: Browser, path: str):
    return lambda: browser.get(path)[0] == 200


def saving(browser: Browser, path: str):
    form, n = browser.form(path), [0]

    def save() -> bool:
        n[0] += 1  # another answer each time, so that each is a write
        return browser.ask("POST", path, {**form, "answer": str(1 + n[0] % 5)})[0] == 303

    return save


def inserting(browser: Browser, path: str):
    return lambda: browser.ask("POST", path, {})[0] == 200


def session(browser: Browser) -> bool:
    """Every page opened, every answer saved, the whole sent."""
    base = f"/consultations/items-{ITEMS}/survey"
    for n in range(1, ITEMS + 1):
        form = browser.form(f"{base}/{n}")
        if browser.ask("POST", f"{base}/{n}", {**form, "answer": "3"})[0] != 303:
            return False
    return browser.ask("POST", f"{base}/check", browser.form(f"{base}/check"))[0] == 303


def statements(folder: Path, cookies: list[str]) -> dict[int, tuple[int, int]]:
    """How many statements opening and saving the first item takes, by the number of items."""
    app, seen = create_app(config(folder)), []
    event.listen(Engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    found = {}
    for items, value in zip((2, 60), cookies[-2:], strict=True):
        client, path = app.test_client(), f"/consultations/items-{items}/survey/1"
        client.set_cookie("session", value)
        seen.clear()
        page = client.get(path).text
        opened = len(seen)
        token = TOKEN.search(page)
        assert token
        seen.clear()
        client.post(path, data={"csrf_token": token[1], "answer": "2"})
        found[items] = (opened, len(seen))
    return found


def memory(pid: int) -> float:
    """Megabytes that the server's workers hold for themselves."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text()
            if f"PPid:\t{pid}\n" in lines:
                rollup = (status.parent / "smaps_rollup").read_text()
                total += sum(int(kb) for kb in re.findall(r"Private_\w+:\s+(\d+) kB", rollup))
        except OSError:
            continue
    return total / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--sessions", type=int, default=4, help="people who walk the whole survey at once")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_for_ever(
            application(Path(options.serve[1])), bind=f"{HOST}:{options.serve[0]}", workers=WORKERS
        )
        return
    assert TWENTY
    seconds, clients = min(options.seconds, 60), min(options.clients, 32)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cookies = furnish(folder)
        with running(folder) as (port, pid):
            report(port, pid, cookies, seconds=seconds, clients=clients, sessions=min(options.sessions, 16))
        for items, (opened, saved) in statements(folder, cookies).items():
            print(f"statements with {items:2} items: {opened} to open a page, {saved} to save it")


def report(port: int, pid: int, cookies: list[str], *, seconds: float, clients: int, sessions: int) -> None:
    print(f"{WORKERS} workers, {clients} clients, {seconds:g} s each, load before {os.getloadavg()[0]:.1f}")
    print(
        f"{'what':28} {'a second':>9} {'median':>9} {'95 %':>9} {'failed':>7} {'share of the bare rate':>23}"
    )
    path = f"/consultations/items-{ITEMS}/survey/1"
    rates: dict[str, float] = {}
    kinds = [
        ("bare page of 20", opening, "/bare/twenty", None),
        ("page of an item", opening, path, "bare page of 20"),
        ("bare insert", inserting, "/bare/insert", None),
        ("save an answer", saving, path, "bare insert"),
    ]
    for name, kind, where, floor in kinds:
        deeds = [kind(Browser(port, cookies[n]), where) for n in range(clients)]
        timed(deeds, seconds=0.5)
        rates[name], median, slow, failed = timed(deeds, seconds=seconds)
        share = f"{rates[name] / rates[floor]:.2f}" if floor else "-"
        print(f"{name:28} {rates[name]:9.0f} {median:7.1f}ms {slow:7.1f}ms {failed:7} {share:>23}")
    walkers = [Browser(port, cookies[32 + n]) for n in range(sessions)]
    began, done = time.monotonic(), []
    threads = [threading.Thread(target=lambda b=b: done.append(session(b))) for b in walkers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    requests = sessions * (2 * ITEMS + 2)
    print(
        f"{sessions} whole surveys of {ITEMS} items at once: {took:.2f} s, {requests / took:.0f} requests a"
        f" second, {1000 * took * sessions / requests:.1f} ms each, failed {done.count(False)}"
    )
    print(f"memory of {WORKERS} workers afterwards: {memory(pid):.0f} MB of their own")


if __name__ == "__main__":
    main()
