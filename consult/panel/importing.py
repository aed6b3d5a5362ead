"""Taking targets from a file into a consultation: the variables in the file are set, the others stay.

What a file does not say is not forgotten: a census download gives how many live here and leaves the limits
alone, the file of a tool that draws lots gives limits and leaves the population. Answers of the question
about age may be brought in line with bands while a draft has nobody's answer to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.access import Action, Actor, require
from consult.cells import Refusal
from consult.consultations.models import Consultation, State
from consult.consultations.queries import standing_of
from consult.consultations.setting_up import EditedMeanwhile, step
from consult.db import db
from consult.errors import Invalid
from consult.panel.bands import Band, read_bands
from consult.panel.models import Panel
from consult.panel.places import fill_from_waiting, lock_panel
from consult.panel.placing import Question
from consult.panel.target_files import Read, read_targets
from consult.panel.totals import Bases, Names, contradictions
from consult.recruitment.age_bands import KEY, divide_ages
from consult.recruitment.models import Demographic
from consult.recruitment.question_sets import ReadyQuestion, find_ready, list_ready
from consult.recruitment.rules import NewCategory, NewTarget
from consult.recruitment.service import set_targets
from consult.recruitment.target_rows import FIGURES, list_kept
from consult.words import Sentence

Identity = frozenset[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: how many targets, of which questions, and what the officer should know."""

    count: int
    variables: tuple[str, ...]
    notices: tuple[str, ...]


def import_targets(
    actor: Actor,
    consultation: Consultation,
    data: bytes,
    *,
    area: str | None = None,
    bands: str | None = None,
    variable: str | None = None,
    is_partial: bool = False,
    version: int | None = None,
) -> Imported:
    """The consultation has the targets that the file says, for the questions that it is about.

    Parameters
    ----------
    area
        Code or name of the area, where the file has several.
    bands
        Age bands, "16-17,18-24,…,85+"; the answers of the question about age if not given.
    variable
        Key of the only question for which targets are wanted.
    is_partial
        Whether answers may stay without a target.
    version
        The version of the consultation that the officer saw, if one did.

    Raises
    ------
    FileRefused
        Naming every problem of the file by line and column.
    Invalid
        If the bands cannot be asked, or the file contradicts limits that are kept.
    EditedMeanwhile
        If somebody saved the consultation meanwhile.
    """
    require(actor, Action.IMPORT_MARGINS, standing_of(consultation))
    db.session.refresh(consultation, with_for_update=True)
    require(actor, Action.IMPORT_MARGINS, standing_of(consultation))
    if version is not None and consultation.version != version:
        raise EditedMeanwhile
    lock_panel(consultation.id)
    rows = _rows(consultation)
    if bands is None:
        questions = [_question(row) for row in rows]
    else:
        questions = _divide(actor, consultation, rows, bands=read_bands(bands), variable=variable)
    kept = {target.categories: target for target, _row in list_kept(consultation.id)}
    read = read_targets(
        data,
        questions,
        area=area,
        variable=variable,
        is_partial=is_partial,
        known=_bases(rows, kept.values()),
    )
    merged = [_merged(target, kept.get(target.categories), read) for target in read.targets]
    is_counted = "population" in read.says
    count = set_targets(
        actor,
        consultation,
        merged,
        bases=read.bases if is_counted else None,
        action=Action.IMPORT_MARGINS,
    )
    step(consultation)
    if consultation.state is not State.DRAFT:
        fill_from_waiting(consultation.id)  # there may be room for more people now
    db.session.expire_all()
    return Imported(count, tuple(read.bases), (*read.notices, *find_contradictions(consultation)))


def list_questions(consultation: Consultation) -> list[Question]:
    """List what the consultation asks about people, as files are held against it."""
    return [_question(row) for row in _rows(consultation)]


def find_contradictions(consultation: Consultation) -> tuple[str, ...]:
    """Find why no panel can keep all the limits, in English, each question by its key as in a file."""
    return tuple(map(str, list_contradictions(consultation)))


def list_contradictions(consultation: Consultation, *, by_name: bool = False) -> list[Sentence]:
    """List why no panel can keep all the limits; ``by_name`` has questions as people read them, not keys."""
    rows = _rows(consultation)
    names: Names = {
        **{(row.key, None): f"“{row.question}”" if by_name else row.key for row in rows},
        **{(row.key, option.key): option.label for row in rows for option in row.options},
    }
    panel = db.session.get(Panel, consultation.id)
    return contradictions(
        [target for target, _row in list_kept(consultation.id)],
        panel.size if panel else None,
        options={row.key: [option.key for option in row.options] for row in rows},
        names=names,
    )


def _rows(consultation: Consultation) -> Sequence[Demographic]:
    return db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation.id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    ).all()


def _question(row: Demographic) -> Question:
    """The question with the census categories of the wording that it was taken from, or is named like."""
    ready = find_ready(row.standard) or next((each for each in list_ready() if each.key == row.key), None)
    options = tuple((option.key, option.label) for option in row.options)
    return Question(
        row.key,
        row.question,
        options,
        _census(ready, [key for key, _label in options]),
        tuple(each.census for each in ready.left_out) if ready else (),
    )


def _census(ready: ReadyQuestion | None, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    if ready is None:
        return {}
    return {
        option.key: option.census
        for option in ready.options
        if option.key in keys and (option.census or option.unmapped)
    }


def _divide(
    actor: Actor,
    consultation: Consultation,
    rows: Sequence[Demographic],
    *,
    bands: Sequence[Band],
    variable: str | None,
) -> list[Question]:
    """The questions when the one about age has these bands as its answers."""
    questions = [_question(row) for row in rows]
    ages = [q for q in questions if (q.is_about_age if variable is None else q.key == variable)]
    age = next(iter(ages), None)
    if age is not None and _is_divided(age, bands):
        return questions
    if age is None and variable not in {None, KEY}:
        raise Invalid("There is no question of that key. A new question about age is called age_band.")
    row = next((row for row in rows if age is not None and row.key == age.key), None)
    divided = divide_ages(actor, consultation, row, [NewCategory(band.key, band.label) for band in bands])
    new = _question(divided)
    return [new if q is age else q for q in questions] if age is not None else [*questions, new]


def _is_divided(age: Question, bands: Sequence[Band]) -> bool:
    """Whether the answers are these bands, but for some that are younger or older than anybody asked."""
    asked = list(age.bands.values())
    if len(asked) != len(age.options) or not asked or not set(asked) <= set(bands):
        return False
    youngest, oldest = min(band.low for band in asked), max(band.end for band in asked)
    return all(band in asked or band.end < youngest or band.low > oldest for band in bands)


def _bases(rows: Sequence[Demographic], kept: Collection[NewTarget]) -> Bases:
    """Base and total of the questions of which every answer has a population."""
    found = {}
    for row in rows:
        people = [t.population for t in kept if t.variable == row.key and not t.is_crossed]
        known = [n for n in people if n is not None]
        if row.base and known and len(known) == len(people) == len(row.options):
            found[row.key] = (row.base, sum(known))
    return found


def _merged(target: NewTarget, kept: NewTarget | None, read: Read) -> NewTarget:
    """What the file says, and of the target that is there what it says nothing about."""
    if kept is None:
        return target
    stays = {name: getattr(kept, name) for name in FIGURES if name not in read.says}
    merged = target._replace(**stays)
    try:
        merged.check_limits()
    except Refusal as refusal:
        raise Invalid(
            "%(category)s of %(variable)s: with the limits that stay, %(refusal)s",
            category=target.category,
            variable=target.variable,
            refusal=str(refusal),
        ) from refusal
    return merged
