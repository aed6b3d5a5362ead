"""`responses.csv`: what people answered. Millions of rows pass through here and none is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from consult.bundles.intake import (
    ANSWERED,
    ANSWERED_IN_WORDS,
    FAULTY,
    NOT_RANKED,
    NOTHING,
    Intake,
    Slot,
)
from consult.bundles.sheets import Columns, Sheet
from consult.cells import Refusal, as_instant, shown
from consult.surveys.rules import STATUSES, WAVES, Given, answer_problems, check_answer
from consult.surveys.service import NewAnswer, NewPlacing, record_answers

NAME = "responses.csv"
COLUMNS = Columns(("participant", "wave", "item", "option", "status", "value"), ("text", "answered_at"))

Said = tuple[str, str, str, str, str]  # wave, item, option, status, value
Checked = tuple[Slot, Given, int | None]  # with the id of the option that was chosen or placed


@dataclass(slots=True)
class _Ranking:
    """A ranking of which not every row has come yet."""

    first_line: int
    places: dict[str, NewPlacing] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """The file on its way in.

    ``known`` remembers what was said before and found sound: of four million rows nearly all say
    one of a few hundred things, and are checked by one look. Words are never kept.
    """

    intake: Intake
    sheet: Sheet
    known: dict[Said, Checked] = field(default_factory=dict)
    open: dict[tuple[str, str], dict[int, _Ranking]] = field(default_factory=dict)


def read_responses(intake: Intake) -> None:
    """The answers are in the record."""
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is None:
        return
    reading = _Reading(intake, sheet)
    intake.write("answers", record_answers, _answers(reading))
    intake.knows_answers = sheet.is_whole and not sheet.set_aside
    if sheet.is_whole:
        _refuse_incomplete(reading)


def _answers(reading: _Reading) -> Iterator[NewAnswer]:
    intake, sheet, known = reading.intake, reading.sheet, reading.known
    people, ids, responded = intake.people, intake.ids, intake.responded
    rows = sheet.raw_rows()
    person_at = wave_at = item_at = option_at = status_at = value_at = text_at = time_at = -1
    for line, cells in rows:
        if person_at < 0:  # the places are known once the header has been read
            person_at, wave_at, item_at, option_at, status_at, value_at, text_at, time_at = (
                sheet.places[column] for column in (*COLUMNS.required, *COLUMNS.optional)
            )
        said = cells[wave_at], cells[item_at], cells[option_at], cells[status_at], cells[value_at]
        text = cells[text_at]
        place = people.get(cells[person_at])
        checked = known.get(said) if not text else None
        if place is None:
            intake.refuse_person(sheet, line, cells[person_at])
        if checked is None:
            checked = _check(reading, line, said, text, place)
        answered_at = _instant(reading, line, cells[time_at]) if cells[time_at] else None
        if checked is None or place is None:
            continue
        slot, given, option_id = checked
        responded[slot.wave][place] = 1
        if given.place is not None:
            placing = NewPlacing(option_id or 0, given.place, answered_at)
            ranking = _placed(reading, line, checked, place, placing)
            if ranking is not None:
                yield _ranked(slot, ids[place], ranking)
            continue
        if not _is_first(reading, line, slot, place):
            continue
        slot.seen[place] = _seen(slot, given)
        yield NewAnswer(
            ids[place],
            slot.item_id,
            slot.wave,
            slot.shape.form if slot.shape else "",
            given.status,
            given.number,
            option_id,
            given.text,
            answered_at,
        )


def _seen(slot: Slot, given: Given) -> int:
    if slot.shape is not None and slot.shape.form == "rank":
        return NOT_RANKED
    return ANSWERED if given.text is None else ANSWERED_IN_WORDS


def _instant(reading: _Reading, line: int, text: str) -> datetime | None:
    try:
        return as_instant("answered_at", text)
    except Refusal as refusal:
        reading.intake.problems.refusal(NAME, line, refusal)
        return None


def _check(reading: _Reading, line: int, said: Said, text: str, place: int | None) -> Checked | None:
    """What a row says, once it fits its item; None if it does not."""
    intake = reading.intake
    wave, item, option, status, value = said
    slot = intake.slots.get((wave, item))
    if slot is None:
        _refuse_slot(reading, line, said, text)
        return None
    if slot.shape is None:  # a faulty item: whether this fits cannot be said
        return None
    try:
        given = check_answer(slot.shape, option=option, status=status, value=value, text=text)
    except Refusal:
        for problem in answer_problems(slot.shape, option=option, status=status, value=value, text=text):
            intake.problems.refusal(NAME, line, problem)
        if place is not None:
            _mark_faulty(reading, line, slot, place)
        return None
    checked = slot, given, slot.option_ids.get(given.option) if given.option is not None else None
    if not text:
        reading.known[said] = checked
    return checked


def _refuse_slot(reading: _Reading, line: int, said: Said, text: str) -> None:
    """The row names no item and wave that belong together."""
    problems = reading.intake.problems
    wave, item, option, status, value = said
    is_wave, is_item = wave in WAVES, reading.intake.knows_item(item)
    if not is_wave:
        problems.cell(NAME, line, "wave", f"{shown(wave)} is not one of {', '.join(WAVES)}")
    if not is_item:
        problems.cell(NAME, line, "item", f"there is no item {shown(item)}" if item else "must not be empty")
    if is_wave and item in reading.intake.manifest.shapes:
        problems.cell(NAME, line, "wave", f"the item {shown(item)} is not asked in wave {wave}")
    shape = reading.intake.manifest.shapes.get(item)
    if shape is not None:
        for problem in answer_problems(shape, option=option, status=status, value=value, text=text):
            problems.refusal(NAME, line, problem)
    elif status not in STATUSES:
        problems.cell(NAME, line, "status", f"{shown(status)} is not one of {', '.join(STATUSES)}")


def _mark_faulty(reading: _Reading, line: int, slot: Slot, place: int) -> None:
    """A faulty row counts as the answer, so that a second one is named; a ranking is given up."""
    reading.intake.responded[slot.wave][place] = 1
    if slot.shape and slot.shape.form == "rank":
        slot.seen[place] = FAULTY
        reading.open.get((slot.key, slot.wave), {}).pop(place, None)
    elif slot.seen[place] != NOTHING:
        _refuse_second(reading, line)
    else:
        slot.seen[place] = ANSWERED


def _refuse_second(reading: _Reading, line: int) -> None:
    reading.intake.problems.cell(NAME, line, reading.sheet.first_column, "this answer stands twice")


def _refuse_mixed(reading: _Reading, line: int) -> None:
    reading.intake.problems.cell(
        NAME, line, "status", "this ranking is answered in one row and not answered in another"
    )


def _is_first(reading: _Reading, line: int, slot: Slot, place: int) -> bool:
    """Whether this is the person's first answer here; says so if not."""
    is_ranked = bool(reading.open) and place in reading.open.get((slot.key, slot.wave), {})
    if slot.seen[place] == NOTHING and not is_ranked:
        return True
    is_ranking = slot.shape is not None and slot.shape.form == "rank"
    if is_ranked or (is_ranking and slot.seen[place] == ANSWERED):
        _refuse_mixed(reading, line)
        _mark_faulty(reading, line, slot, place)
    elif slot.seen[place] != FAULTY:
        _refuse_second(reading, line)
    return False


def _placed(
    reading: _Reading, line: int, checked: Checked, place: int, placing: NewPlacing
) -> _Ranking | None:
    """The ranking that this row completes, if it does."""
    slot, option = checked[0], checked[1].option or ""
    if slot.seen[place] == NOT_RANKED:
        _refuse_mixed(reading, line)
        _mark_faulty(reading, line, slot, place)
        return None
    if slot.seen[place] != NOTHING:
        if slot.seen[place] != FAULTY:
            _refuse_second(reading, line)
        return None
    rankings = reading.open.setdefault((slot.key, slot.wave), {})
    ranking = rankings.get(place)
    if ranking is None:
        ranking = rankings[place] = _Ranking(line)
    if option in ranking.places:
        reading.intake.problems.cell(
            NAME, line, reading.sheet.first_column, f"{shown(option)} is ranked twice"
        )
        _mark_faulty(reading, line, slot, place)
        return None
    ranking.places[option] = placing
    assert slot.shape is not None
    if len(ranking.places) < len(slot.shape.options):
        return None
    del rankings[place]
    slot.seen[place] = ANSWERED
    return ranking


def _ranked(slot: Slot, participant_id: int, ranking: _Ranking) -> NewAnswer:
    """A whole ranking as one answer, given when its last place was given."""
    places = tuple(ranking.places.values())
    times = [place.answered_at for place in places if place.answered_at is not None]
    return NewAnswer(
        participant_id,
        slot.item_id,
        slot.wave,
        "rank",
        "answered",
        answered_at=max(times, default=None),
        places=places,
    )


def _refuse_incomplete(reading: _Reading) -> None:
    """Every ranking that lacks an option is named at its first row."""
    broken = reading.sheet.found_aside("participant", "wave", "item") if reading.sheet.places else set()
    keys = list(reading.intake.people)
    found = []
    for (item, wave), rankings in reading.open.items():
        shape = reading.intake.manifest.shapes[item]
        for place, ranking in rankings.items():
            if (keys[place], wave, item) not in broken:
                missing = sorted(shape.options - set(ranking.places)) if shape else []
                found.append((ranking.first_line, ", ".join(shown(option) for option in missing)))
    for line, missing_options in sorted(found):
        reading.intake.problems.cell(NAME, line, "option", f"the ranking lacks {missing_options}")
