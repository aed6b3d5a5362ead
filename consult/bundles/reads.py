"""`reads.csv`: who opened which thread of the forum, when first, when last and how often."""

from collections.abc import Iterator

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row
from consult.cells import as_count, as_instant, as_key, shown
from consult.forum.rules import NewReading
from consult.forum.service import add_readings

NAME = "reads.csv"
COLUMNS = Columns(("participant", "thread", "first_read_at", "last_read_at", "reads"), ())


def read_reads(intake: Intake) -> None:
    """The record says what was read; each person and thread stand once, and both are there."""
    intake.write("reads", add_readings, _readings(intake))


def _readings(intake: Intake) -> Iterator[NewReading]:
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is None:
        return
    seen: set[tuple[int, str]] = set()
    for row in sheet.rows():
        place, thread = intake.person(row), _thread(intake, row)
        first = row.take(as_instant, "first_read_at")
        last = row.take(as_instant, "last_read_at")
        reads = row.take(as_count, "reads")
        if place is not None and thread is not None:
            if (place, thread) in seen:
                row.refuse_whole("this person and thread stand twice")
            seen.add((place, thread))
        if reads == 0:
            row.refuse("reads", "must be 1 or more")
        if first is not None and last is not None and last < first:
            row.refuse("last_read_at", "must not be before first_read_at")
        if not row.is_sound or None in (place, thread, first, last, reads):
            continue
        assert place is not None
        assert thread is not None
        assert first is not None
        assert last is not None
        assert reads is not None
        yield NewReading(intake.ids[place], thread, first, last, reads)


def _thread(intake: Intake, row: Row) -> str | None:
    """The thread that was read, if something is said in it."""
    key = row.take(as_key, "thread")
    if key is not None and key not in intake.threads and intake.knows_threads:
        row.refuse("thread", f"there is no thread {shown(key)}")
        return None
    return key
