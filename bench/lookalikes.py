"""How long it takes to look for people who took part twice: ``python bench/lookalikes.py [--people 100000]``.

People who say six things about themselves and answer 20 items of which two are open, on SQLite; some of them
are there twice, with one word changed. Prints one line a measurement, each as a ratio to a floor measured in
the same run: reading every answer once. Then a crowd that agrees on everything but its own words, where each
would have to be compared with each: the time for half as many people says whether it is the square.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import select

from consult import create_app
from consult.access import OPERATOR
from consult.analysis.lookalike_queries import find_alike
from consult.analysis.lookalikes import alike
from consult.batches import insert_rows
from consult.consultations.models import Consultation, Origin, Participant, Submission, Wave
from consult.consultations.service import create_consultation
from consult.db import db
from consult.home import Config
from consult.operations import schema
from consult.recruitment.models import ParticipantDemographic
from consult.recruitment.rules import NewCategory, NewDemographic
from consult.recruitment.service import add_demographics
from consult.surveys.models import Answer
from consult.surveys.rules import NewItem, NewScale
from consult.surveys.service import add_items

SIZES = (2, 7, 5, 4, 2, 3)
CLOSED, OPEN, POINTS = 18, 2, 5
TWICE = 50  # of so many people one is there twice
VOCABULARY = [f"word{n}" for n in range(3000)]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """How many seconds it took, and what came of it."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def make(people: int) -> Consultation:
    place = create_consultation(OPERATOR, slug="twice", title="Twice", state="closed")
    asked = add_demographics(
        OPERATOR,
        place,
        [
            NewDemographic(f"v{n}", f"Which v{n}?", tuple(NewCategory(f"c{m}", f"{m}") for m in range(size)))
            for n, size in enumerate(SIZES)
        ],
    )
    scale = NewScale(1, POINTS, low="less", high="more", favour_from=4)
    both = {"role": "attitude", "waves": ("pre",)}
    items = add_items(
        OPERATOR,
        place,
        [
            *(NewItem(key=f"i{n}", form="scale", stem="It is …", scale=scale, **both) for n in range(CLOSED)),
            *(NewItem(key=f"o{n}", form="open", stem="I think …", **both) for n in range(OPEN)),
        ],
    )
    insert_rows(
        Participant,
        ("consultation_id", "position", "origin", "key", "is_rehearsal"),
        ((place.id, n, Origin.WEB.value, f"p{n}", False) for n in range(people)),
    )
    ids = db.session.scalars(select(Participant.id).order_by(Participant.position)).all()
    insert_rows(
        Submission,
        ("participant_id", "consultation_id", "wave", "status"),
        ((i, place.id, "pre", "submitted") for i in ids),
    )
    records = [record(n, people) for n in range(people)]
    insert_rows(
        ParticipantDemographic,
        ("consultation_id", "participant_id", "demographic_id", "option_id"),
        (
            (place.id, i, each.id, each.options[said].id)
            for i, (facts, _, _) in zip(ids, records, strict=True)
            for each, said in zip(asked, facts, strict=True)
        ),
    )
    columns = ("consultation_id", "participant_id", "item_id", "wave", "form", "status", "number", "text")
    for place_of, item in enumerate(items):
        insert_rows(
            Answer,
            columns,
            (
                (place.id, i, item.id, "pre", item.form.value, "answered", *given(answers, words, place_of))
                for i, (_, answers, words) in zip(ids, records, strict=True)
            ),
        )
    return place


def record(n: int, people: int):
    """What one person says; every so many are somebody who was there before, but for one word."""
    is_again = n % TWICE == 0 and n > people // 2
    dice = Random(n - people // 2 if is_again else n)
    facts = [int(size * dice.random() ** 2) for size in SIZES]
    answers = [dice.randint(1, POINTS) for _ in range(CLOSED)]
    words = [dice.choices(VOCABULARY, k=15) for _ in range(OPEN)]
    if is_again:
        words[0][3] = "another"
    return facts, answers, words


def given(answers: list[int], words: list[list[str]], item: int):
    return (answers[item], None) if item < CLOSED else (None, " ".join(words[item - CLOSED]))


def floor(place: Consultation) -> None:
    """Read every answer once."""
    columns = (Answer.participant_id, Answer.number, Answer.option_id, Answer.text)
    for _ in db.session.execute(select(*columns).where(Answer.consultation_id == place.id)):
        pass


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=100_000)
    people = asked.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        app = create_app(Config(database_url=url, secret_key="b" * 40), with_pages=False)
        with app.app_context():
            schema.upgrade()
            place = make(people)
            db.session.commit()
            least, _ = timed(lambda: floor(place))
            took, found = timed(lambda: find_alike(place.id, Wave.PRE))
            db.engine.dispose()
    print(f"{people:,} people x {CLOSED + OPEN} items: every answer read once {least:.1f} s (1.00)")
    print(f"looked for people who took part twice: {took:.1f} s ({took / least:.2f}), found {len(found):,}")
    dice = Random(1)
    words = {n: dice.choices(VOCABULARY, k=30) for n in range(people)}
    half = {n: words[n] for n in range(people // 2)}
    less, _ = timed(lambda: alike(dict.fromkeys(half, 1), half))
    more, _ = timed(lambda: alike(dict.fromkeys(words, 1), words))
    print(f"all agree but in their words: {more:.1f} s, with half as many people {less:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
