"""`summaries.csv`, `positions.csv` and `quotations.csv`: the summaries that have been published.

A summary comes in as it was published: its content is the JSON text that everybody reads, and its hash
must fit. Drafts are work in hand and stay where they are, with what was drawn for them and not accepted.
What holders said of fairness and who was shown which order stay as well: a bundle holds no exposure.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import as_count, as_instant, as_key, as_one_of, as_words, shown
from consult.forum.rules import NewPresenting
from consult.forum.service import present_summaries
from consult.summaries.contents import as_content, as_seed, is_hash_of
from consult.summaries.models import CountsShown, QuotationState
from consult.summaries.positions import SUMMARISED_FORMS
from consult.summaries.publishing import Content
from consult.summaries.recording import NewPosition, NewQuotation, NewSummary, record_summaries
from consult.surveys.rules import WAVES

SUMMARIES, POSITIONS, QUOTATIONS = "summaries.csv", "positions.csv", "quotations.csv"
SUMMARY_COLUMNS = Columns(
    ("item", "thread", "title", "counts_shown", "seed", "published_at", "content", "sha256"),
    ("approved_by", "override", "completions"),
)
POSITION_COLUMNS = Columns(("item", "position", "completion", "reasons", "worry"), ("opposes",))
QUOTATION_COLUMNS = Columns(("item", "position", "participant", "wave", "words", "state"))
READ_BY_A_PERSON = (QuotationState.ACCEPTED.value,)
BEFORE = "pre"

Position = tuple[str, str]  # item and key


@dataclass(slots=True)
class _Read:
    """What the three files say, as far as it could be read.

    A row that cannot be read is one problem: what it would have said is not reported missing elsewhere.
    """

    rows: dict[str, Row] = field(default_factory=dict)  # of summaries, by item
    contents: dict[str, Content] = field(default_factory=dict)
    positions: dict[Position, Row] = field(default_factory=dict)
    quoted: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # item, position, words
    knows_summaries: bool = True
    knows_positions: bool = True
    knows_quotations: bool = True


def read_summaries(intake: Intake) -> None:
    """The published summaries are in the record, and the threads of the forum present them."""
    read = _Read()
    summaries = list(_summaries(intake, read))
    positions = list(_positions(intake, read))
    quotations = list(_quotations(intake, read))
    for item, content in read.contents.items():
        _compare(item, content, read)
    if not intake.is_writing or intake.consultation is None or not summaries:
        return
    actor, consultation = intake.actor, intake.consultation
    ids = record_summaries(actor, consultation, (new for new, _ in summaries), positions, quotations)
    present_summaries(
        actor,
        consultation,
        (each._replace(summary_id=ids[each.item_id]) for _, each in summaries),
    )
    intake.counts["summaries"] = len(summaries)


def _summaries(intake: Intake, read: _Read) -> Iterator[tuple[NewSummary, NewPresenting]]:
    sheet = intake.sheet(SUMMARIES, SUMMARY_COLUMNS)
    if sheet is None:
        return
    threads: set[str] = set()
    for row in sheet.rows():
        _check_item(intake, row)
        _check_thread(intake, row, threads)
        title = row.take(as_words, "title")
        counts_shown = row.take(partial(as_one_of, values=tuple(CountsShown)), "counts_shown")
        seed = row.take(as_seed, "seed")
        published_at = row.take(as_instant, "published_at")
        approved_by = row.take_if_given(as_key, "approved_by")
        completions = row.take_if_given(as_count, "completions")
        content = row.take(as_content, "content")
        if content is not None:
            _check_content(row, content)
        if row["item"] in read.rows:
            row.refuse("item", f"{shown(row['item'])} stands twice")
        read.rows[row["item"]] = row
        if content is not None:
            read.contents[row["item"]] = content
        if row.is_sound and row["item"] in intake.items and seed is not None and published_at is not None:
            item_id, override = intake.items[row["item"]].id, row["override"] or None
            head = (item_id, title or "", counts_shown or "", seed, published_at, approved_by, override)
            yield (
                NewSummary(*head, row["content"], row["sha256"]),
                NewPresenting(row["thread"], item_id, 0, completions),
            )
    read.knows_summaries = _is_known(sheet)


def _check_item(intake: Intake, row: Row) -> None:
    key = row["item"]
    shape = intake.manifest.shapes.get(key)
    if not intake.knows_item(key):
        row.refuse("item", f"there is no item {shown(key)}" if key else "must not be empty")
    elif shape is not None and (shape.form not in SUMMARISED_FORMS or BEFORE not in shape.waves):
        row.refuse("item", "this item cannot be summed up")


def _check_thread(intake: Intake, row: Row, threads: set[str]) -> None:
    key = row.take(as_key, "thread")
    if key is None:
        return
    if key in threads:
        row.refuse("thread", f"{shown(key)} presents another summary already")
    elif key not in intake.seeded and intake.knows_threads:
        row.refuse("thread", f"posts.csv has no thread {shown(key)} that begins with a seed")
    threads.add(key)


def _check_content(row: Row, content: Content) -> None:
    """The content has its hash, and the other cells say the same as it."""
    if not is_hash_of(row["sha256"], content):
        row.refuse("sha256", "this is not the hash of the content")
    is_fair = content["fairness"]["is_fair"]
    published_at = as_instant("published_at", content["published_at"])
    said = {
        "item": row["item"] == content["item"]["key"],
        "title": row["title"] == content["title"],
        "counts_shown": row["counts_shown"] == content["counts_shown"],
        "seed": row["seed"] == str(content["quotations"]["seed"]),
        "override": is_fair or row["override"] == (content["override"] or ""),
    }
    if row.is_sound:
        given = as_instant("published_at", row["published_at"])
        said["published_at"] = given.replace(microsecond=0) == published_at.replace(microsecond=0)
    for column, is_same in said.items():
        if not is_same:
            row.refuse(column, "the content says something else")


def _is_known(sheet: Sheet) -> bool:
    return sheet.is_whole and not sheet.set_aside


def _positions(intake: Intake, read: _Read) -> Iterator[NewPosition]:
    sheet = intake.sheet(POSITIONS, POSITION_COLUMNS)
    if sheet is None:
        return
    for row in sheet.rows():
        item, key = _item(row, read), row.take(as_key, "position")
        if key is None or item is None:
            continue
        if (item, key) in read.positions:
            row.refuse("position", f"{shown(key)} stands twice for this item")
        read.positions.setdefault((item, key), row)
    read.knows_positions = _is_known(sheet)
    for (item, key), row in read.positions.items():
        opposes = row["opposes"] or None
        if opposes is not None and (opposes == key or not _has_position(item, opposes, read)):
            row.refuse("opposes", f"there is no other position {shown(opposes)} of the item {shown(item)}")
        if row.is_sound and item in intake.items:
            words = (row["completion"], row["reasons"], row["worry"])
            yield NewPosition(intake.items[item].id, key, *words, opposes)


def _item(row: Row, read: _Read) -> str | None:
    """The item that a row names, if it has a summary."""
    key = row["item"]
    if key in read.rows:
        return key
    if not key:
        row.refuse("item", "must not be empty")
    elif read.knows_summaries:
        row.refuse("item", f"{SUMMARIES} has no summary of the item {shown(key)}")
    return None


def _has_position(item: str, key: str, read: _Read) -> bool:
    return (item, key) in read.positions or not read.knows_positions


def _quotations(intake: Intake, read: _Read) -> Iterator[NewQuotation]:
    sheet = intake.sheet(QUOTATIONS, QUOTATION_COLUMNS)
    if sheet is None:
        return
    quoted: set[int] = set()
    for row in sheet.rows():
        item, key = _item(row, read), row.take(as_key, "position")
        place = intake.person(row)
        wave = row.take(partial(as_one_of, values=WAVES), "wave")
        words = row.take(as_words, "words")
        row.take(partial(as_one_of, values=READ_BY_A_PERSON), "state")
        if item is not None and key is not None and not _has_position(item, key, read):
            row.refuse("position", f"{POSITIONS} has no position {shown(key)} of the item {shown(item)}")
        read.quoted[row["item"], row["position"], row["words"]] += 1
        if place is not None and place in quoted:
            row.refuse("participant", f"{shown(row['participant'])} is quoted twice")
        if place is not None and not intake.may_quote[place]:
            row.refuse("participant", f"{shown(row['participant'])} has not agreed to be quoted")
        if place is None or item is None or key is None or wave is None:
            continue
        quoted.add(place)
        if not intake.is_in_words(wave, item, place):
            row.refuse_whole("there is no answer in words to quote")
        if row.is_sound and item in intake.items:
            yield NewQuotation(intake.items[item].id, key, intake.ids[place], wave, words or "")
    read.knows_quotations = _is_known(sheet)


def _compare(item: str, content: Content, read: _Read) -> None:
    """What is published has its words in the other files, and those say the same."""
    row = read.rows[item]
    left = Counter(read.quoted)
    keys = {position["key"] for position in content["positions"]}
    for position in content["positions"]:
        key = position["key"]
        found = read.positions.get((item, key))
        if found is None and read.knows_positions:
            row.refuse("content", f"{POSITIONS} has no position {shown(key)} of this item")
        for column in ("completion", "reasons", "worry") if found is not None else ():
            if found is not None and found[column] != position[column]:
                found.refuse(column, f"{SUMMARIES} says something else")
        if found is not None and (position["opposes"] or "") != (
            found["opposes"] if found["opposes"] in keys else ""
        ):
            found.refuse("opposes", f"{SUMMARIES} says something else")
        for quotation in position["quotations"]:
            words = quotation["words"]
            if words is None or not read.knows_quotations:
                continue
            # Whoever takes their words back must be found, so nobody may be quoted who is not named.
            if not left[item, key, words]:
                row.refuse("content", f"{QUOTATIONS} does not say whose words {shown(key)} quotes")
            left[item, key, words] -= 1
