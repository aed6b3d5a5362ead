"""`themes.csv`, `codes.csv` and `judgements.csv`: the codebook of each open item, what coders judged."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import Refusal, as_key, as_one_of, as_words, as_yes_no, shown
from consult.coding.rules import (
    CANNOT_CODE,
    CODED,
    NewCode,
    NewJudgement,
    NewTheme,
    ThemeWords,
    check_takes_themes,
)
from consult.coding.service import add_themes, record_codes, record_judgements
from consult.surveys.rules import WAVES

THEMES, CODES, JUDGEMENTS = "themes.csv", "codes.csv", "judgements.csv"
WORDS = ("description", "include", "exclude", "examples")
THEME_COLUMNS = Columns(("item", "theme", "label"), (*WORDS, "retired"))
CODE_COLUMNS = Columns(("participant", "wave", "item", "coder", "theme"), ("again",))
JUDGEMENT_COLUMNS = Columns(("participant", "wave", "item", "coder"), ("outcome", "note", "again"))
OUTCOMES = (CODED, CANNOT_CODE)

Themes = set[tuple[str, str]]  # item, theme
Places = dict[tuple[str, str, str, bool], set[int]]  # of people, by wave, item, coder and again


def read_coding(intake: Intake) -> None:
    """Themes, judgements and codes are in the record, in the order of their files."""
    themes, is_whole = _read_themes(intake)
    cannot: Places = defaultdict(set)
    # Judgements first: whoever gave codes has judged, and only those who are not named here are added.
    sheet = intake.sheet(JUDGEMENTS, JUDGEMENT_COLUMNS)
    if sheet is not None:
        intake.write("judgements", record_judgements, _judgements(intake, sheet, cannot))
    sheet = intake.sheet(CODES, CODE_COLUMNS)
    if sheet is not None:
        intake.write("codes", record_codes, _codes(intake, sheet, (themes, is_whole), cannot))


def _read_themes(intake: Intake) -> tuple[Themes, bool]:
    themes: Themes = set()
    sheet = intake.sheet(THEMES, THEME_COLUMNS)
    if sheet is None:
        return themes, True
    new = []
    for row in sheet.rows():
        item = _item(intake, row)
        key = row.take(as_key, "theme")
        label = row.take(as_words, "label")
        is_retired = row.take_if_given(as_yes_no, "retired") or False
        if key is not None and (row["item"], key) in themes:
            row.refuse("theme", f"{shown(key)} stands twice for this item")
        if key is not None:
            themes.add((row["item"], key))
        if row.is_sound and item is not None and item in intake.items:
            words = ThemeWords(label or "", *(row[name] or None for name in WORDS))
            new.append(NewTheme(intake.items[item].id, key or "", *words, is_retired))
    themes.update((item, key) for item, key in (sheet.found_aside("item", "theme") if sheet.places else ()))
    if intake.is_writing and intake.consultation:
        intake.counts["themes"] = add_themes(intake.actor, intake.consultation, new)
    return themes, sheet.is_whole


def _item(intake: Intake, row: Row) -> str | None:
    """The item that a row names, if it takes words."""
    key = row["item"]
    if not intake.knows_item(key):
        row.refuse("item", f"there is no item {shown(key)}" if key else "must not be empty")
        return None
    shape = intake.manifest.shapes.get(key)
    if shape is not None:
        try:
            check_takes_themes("item", takes_text=shape.takes_text)
        except Refusal as refusal:
            row.refuse(refusal.where, refusal.sentence)
            return None
    return key


def _judgements(intake: Intake, sheet: Sheet, cannot: Places) -> Iterator[NewJudgement]:
    given: Places = defaultdict(set)
    for row in sheet.rows():
        place = intake.person(row)
        wave = row.take(partial(as_one_of, values=WAVES), "wave")
        item, coder = _item(intake, row), row.take(as_key, "coder")
        outcome = row.take_if_given(partial(as_one_of, values=OUTCOMES), "outcome") or CODED
        is_again = row.take_if_given(as_yes_no, "again") or False
        if place is None or wave is None or item is None or coder is None:
            continue
        if not intake.is_in_words(wave, item, place):
            row.refuse_whole("there is no answer in words to code")
        if place in given[wave, item, coder, is_again]:
            row.refuse_whole("this judgement stands twice")
        given[wave, item, coder, is_again].add(place)
        if outcome == CANNOT_CODE:
            cannot[wave, item, coder, is_again].add(place)
        if row.is_sound and item in intake.items:
            note = row["note"] or None
            item_id = intake.items[item].id
            yield NewJudgement(intake.ids[place], item_id, wave, coder, outcome, note, is_again)


def _codes(intake: Intake, sheet: Sheet, known: tuple[Themes, bool], cannot: Places) -> Iterator[NewCode]:
    # Sets of places share their numbers with `people`, so a million codes stay small.
    given: dict[tuple[str, str, str, bool, str], set[int]] = defaultdict(set)
    themes, is_whole = known
    for row in sheet.rows():
        place = intake.person(row)
        wave = row.take(partial(as_one_of, values=WAVES), "wave")
        item = _item(intake, row)
        coder, theme = row.take(as_key, "coder"), row.take(as_key, "theme")
        is_again = row.take_if_given(as_yes_no, "again") or False
        if item is not None and theme is not None and is_whole and (item, theme) not in themes:
            row.refuse("theme", f"there is no theme {shown(theme)} of the item {shown(item)}")
        if place is None or wave is None or item is None or coder is None or theme is None:
            continue
        if not intake.is_in_words(wave, item, place):
            row.refuse_whole("there is no answer in words to code")
        if place in given[wave, item, coder, is_again, theme]:
            row.refuse_whole("this code stands twice")
        if place in cannot.get((wave, item, coder, is_again), ()):
            row.refuse_whole(f"{JUDGEMENTS} says that this coder could not code the answer")
        given[wave, item, coder, is_again, theme].add(place)
        if row.is_sound and item in intake.items:
            yield NewCode(intake.ids[place], intake.items[item].id, wave, coder, theme, is_again)
