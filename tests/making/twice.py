"""A closed consultation in which some people may have taken part twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from tests.making.bundles import make_bundle

QUESTIONS = 5  # about people
OPINION = "The shops on the high street should close earlier because my children cannot sleep at night."


@dataclass(frozen=True)
class Record:
    """What one person said: of themselves by place, None is "prefer not to say", and in one wave."""

    facts: tuple[int | None, ...] = (0, 1, 2, 0, 1)
    hours: int = 2
    ranking: str = "abc"
    words: str = OPINION
    wave: str = "pre"

    def but(self, **other: object) -> "Record":
        """The same with something else."""
        return replace(self, **other)  # type: ignore[arg-type]


def make_twice(folder: Path, records: Sequence[Record], *, slug: str = "twice") -> Consultation:
    """Each record is of a person of its own. Committed."""
    demographics = [
        {
            "key": f"q{n}",
            "question": f"Which q{n}?",
            "options": [{"key": f"o{m}", "label": f"Option {m}"} for m in range(3)],
        }
        for n in range(QUESTIONS)
    ]
    people = [
        [f"p{n}", *("prefer_not" if fact is None else f"o{fact}" for fact in record.facts)]
        for n, record in enumerate(records)
    ]
    path = make_bundle(
        folder / slug,
        slug=slug,
        demographics=demographics,
        participants=people,
        participant_columns=("participant", *(f"q{n}" for n in range(QUESTIONS))),
        responses=[row for n, record in enumerate(records) for row in _responses(f"p{n}", record)],
    )
    consultation = load_bundle(OPERATOR, path).consultation
    db.session.commit()
    return consultation


def _responses(key: str, record: Record) -> list[list[str]]:
    said = ["answered", "", record.words] if record.words else ["skipped", "", ""]
    return [
        [key, record.wave, "hours", "", "answered", str(record.hours), ""],
        [key, record.wave, "words", "", *said],
        *(
            [key, record.wave, "policy", option, "answered", str(place), ""]
            for place, option in enumerate(record.ranking, 1)
        ),
    ]
