"""`themes.csv` and `codes.csv`: the codebook of each open item, and what coders judged."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from consult.bundles.intake import ANSWERED_IN_WORDS, Intake
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import Refusal, as_key, as_one_of, as_words, shown
from consult.coding.rules import NewCode, NewTheme, check_takes_themes
from consult.coding.service import add_themes, record_codes
from consult.surveys.rules import WAVES

THEMES, CODES = "themes.csv", "codes.csv"
THEME_COLUMNS = Columns(("item", "theme", "label"), ("description",))
CODE_COLUMNS = Columns(("participant", "wave", "item", "coder", "theme"))

Themes = set[tuple[str, str]]  # item, theme


def read_coding(intake: Intake) -> None:
    """Themes and codes are in the record, in the order of their files."""
    themes, is_whole = _read_themes(intake)
    sheet = intake.sheet(CODES, CODE_COLUMNS)
    if sheet is not None:
        intake.write("codes", record_codes, _codes(intake, sheet, themes, is_whole=is_whole))


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
        if key is not None and (row["item"], key) in themes:
            row.refuse("theme", f"{shown(key)} stands twice for this item")
        if key is not None:
            themes.add((row["item"], key))
        if row.is_sound and item is not None and item in intake.items:
            new.append(NewTheme(intake.items[item].id, key or "", label or "", row["description"] or None))
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


def _codes(intake: Intake, sheet: Sheet, themes: Themes, *, is_whole: bool) -> Iterator[NewCode]:
    # Sets of places share their numbers with `people`, so a million codes stay small.
    given: dict[tuple[str, str, str, str], set[int]] = defaultdict(set)
    for row in sheet.rows():
        place = intake.person(row)
        wave = row.take(partial(as_one_of, values=WAVES), "wave")
        item = _item(intake, row)
        coder, theme = row.take(as_key, "coder"), row.take(as_key, "theme")
        if item is not None and theme is not None and is_whole and (item, theme) not in themes:
            row.refuse("theme", f"there is no theme {shown(theme)} of the item {shown(item)}")
        if place is None or wave is None or item is None or coder is None or theme is None:
            continue
        if not _is_in_words(intake, wave, item, place):
            row.refuse_whole("there is no answer in words to code")
        if place in given[wave, item, coder, theme]:
            row.refuse_whole("this code stands twice")
        given[wave, item, coder, theme].add(place)
        if row.is_sound and item in intake.items:
            yield NewCode(intake.ids[place], intake.items[item].id, wave, coder, theme)


def _is_in_words(intake: Intake, wave: str, item: str, place: int) -> bool:
    """Whether the person answered in words there, or that cannot be said."""
    slot = intake.slots.get((wave, item))
    if slot is None:
        return item not in intake.manifest.shapes
    return slot.shape is None or slot.seen[place] == ANSWERED_IN_WORDS or not intake.knows_answers
