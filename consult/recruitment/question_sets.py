"""The ready questions about people: wordings with their sources, and what of the Census each option sums.

They are data: one file of `question_sets/` is one set, and another set can stand beside it. What a
consultation asked is recorded by the name of the wording, ``<set>/<key>@<version>``, so a wording that
has been used stays in its file for good.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from consult.recruitment.rules import ASKED, NewCategory, NewDemographic

FOLDER = Path(__file__).with_name("question_sets")
BY_OFFICER = "officer"
OLDEST = 120  # the end of a band that has none


@dataclass(frozen=True, slots=True)
class ReadyOption:
    """One answer, and the categories of the Census table whose counts add up to it.

    ``ages`` are the first and the last year of an age band, both in it. ``unmapped`` says why there is
    no category.
    """

    key: str
    label: str
    census: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    leads_to: str | None = None
    is_implied: bool = False
    unmapped: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A category of the table that no option sums, and why."""

    census: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadyQuestion:
    """One wording of one question about the person.

    ``asked`` is when it is asked unless the officer decides otherwise, and None if it is not. A question
    that is ``optional`` goes with its first one only where the officer wants that too. Two questions of
    which one is ``instead_of`` the other are never both asked.
    """

    set: str
    key: str
    version: int
    question: str
    why: str
    table: str
    base: str
    source: str
    source_date: date
    status: str
    options: tuple[ReadyOption, ...]
    asked: str | None = None
    note: str | None = None
    instead_of: str | None = None
    options_from: str | None = None
    optional: bool = False
    variables: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def standard(self) -> str:
        """The name under which a consultation records that it used this wording."""
        return f"{self.set}/{self.key}@{self.version}"

    @property
    def census(self) -> Mapping[str, tuple[str, ...]]:
        """The categories of the Census table that make up each answer, by its key; none where it has none."""
        return {option.key: option.census for option in self.options}

    @property
    def takes_options(self) -> bool:
        """Whether the officer types the options, because they are others in every council."""
        return self.options_from == BY_OFFICER

    @property
    def leads_to(self) -> tuple[str, ...]:
        """The keys of the further questions, each once, in the order of the options."""
        return tuple(dict.fromkeys(option.leads_to for option in self.options if option.leads_to))

    def as_new(self, *, without: frozenset[str] = frozenset()) -> NewDemographic:
        """The question as a consultation asks it, not leading to those ``without`` which it is asked."""
        options = tuple(
            NewCategory(
                option.key,
                option.label,
                None if option.leads_to in without else option.leads_to,
                option.is_implied,
            )
            for option in self.options
        )
        return NewDemographic(
            self.key, self.question, options, self.why, self.asked or ASKED[0], self.standard
        )


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The wordings of one standard, in the order in which they are offered."""

    name: str
    title: str
    published: date
    questions: tuple[ReadyQuestion, ...]

    @property
    def newest(self) -> tuple[ReadyQuestion, ...]:
        """Each question once, in its last version, where its first stood."""
        return tuple({question.key: question for question in self.questions}.values())


@cache
def list_sets() -> tuple[QuestionSet, ...]:
    """Every set there is, the one published last at the end."""
    found = (_read(path) for path in sorted(FOLDER.glob("*.toml")))
    return tuple(sorted(found, key=lambda each: each.published))


def list_ready() -> tuple[ReadyQuestion, ...]:
    """The questions that are offered: those of the set published last, further ones after their first."""
    return list_sets()[-1].newest


def find_ready(standard: str | None) -> ReadyQuestion | None:
    """Find the wording of that name, also one that is not offered any more."""
    return _by_standard().get(standard or "")


def further_of(first: ReadyQuestion, *, with_optional: bool = True) -> tuple[ReadyQuestion, ...]:
    """The further questions of its set to which a ready one leads, at once or by way of others."""
    by_key = {each.key: each for found in list_sets() if found.name == first.set for each in found.newest}
    found: list[ReadyQuestion] = []
    for key in first.leads_to:
        further = by_key[key]
        if with_optional or not further.optional:
            found += [further, *further_of(further, with_optional=with_optional)]
    return tuple(found)


def list_firsts() -> tuple[ReadyQuestion, ...]:
    """The ready questions to which no other leads: those that an officer chooses by themselves."""
    led_to = {key for question in list_ready() for key in question.leads_to}
    return tuple(question for question in list_ready() if question.key not in led_to)


@cache
def _by_standard() -> Mapping[str, ReadyQuestion]:
    return {question.standard: question for each in list_sets() for question in each.questions}


def _read(path: Path) -> QuestionSet:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    questions = tuple(_questions(path.stem, content.pop("questions")))
    return QuestionSet(name=path.stem, questions=questions, **content)


def _questions(name: str, tables: list[dict[str, Any]]) -> Iterator[ReadyQuestion]:
    for table in tables:
        more = {
            "options": tuple(map(_option, table["options"])),
            "variables": tuple(table.get("variables", ())),
            "left_out": tuple(LeftOut(**each) for each in table.get("left_out", ())),
        }
        yield ReadyQuestion(set=name, **{**table, **more})


def _option(table: Mapping[str, Any]) -> ReadyOption:
    known = {key: value for key, value in table.items() if key not in {"census", "ages", "implied"}}
    ages = table.get("ages")
    return ReadyOption(
        census=tuple(table.get("census", ())),
        ages=(ages[0], ages[1] if ages[1:] else OLDEST) if ages else None,
        is_implied=table.get("implied", False),
        **known,
    )
