"""`submissions.csv`: how far each response has come. Without it every response was submitted."""

from collections.abc import Iterator
from functools import partial

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns
from consult.cells import as_instant, as_one_of, as_yes_no
from consult.consultations.models import WAVES, Mode, Progress
from consult.consultations.service import NewSubmission, record_submissions

NAME = "submissions.csv"
COLUMNS = Columns(("participant", "wave", "status"), ("submitted_at", "mode", "late"))


def read_submissions(intake: Intake) -> None:
    """The record says how far each response has come."""
    listed = {wave.value: bytearray(len(intake.people)) for wave in WAVES}
    intake.write("submissions", record_submissions, _submissions(intake, listed))


def _submissions(intake: Intake, listed: dict[str, bytearray]) -> Iterator[NewSubmission]:
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is not None:
        for row in sheet.rows():
            place = intake.person(row)
            wave = row.take(partial(as_one_of, values=tuple(WAVES)), "wave")
            status = row.take(partial(as_one_of, values=tuple(Progress)), "status")
            submitted_at = row.take_if_given(as_instant, "submitted_at")
            mode = row.take_if_given(partial(as_one_of, values=tuple(Mode)), "mode")
            late = row.take_if_given(as_yes_no, "late")
            if place is not None and wave is not None:
                if listed[wave][place]:
                    row.refuse_whole("this person and wave stand twice")
                listed[wave][place] = 1
            if row.is_sound and place is not None and wave is not None and status is not None:
                yield NewSubmission(intake.ids[place], wave, status, submitted_at, mode, late)
    unlisted = Progress.SUBMITTED if sheet is None else Progress.STARTED
    for wave, responded in intake.responded.items():
        for place, has_responded in enumerate(responded):
            if has_responded and not listed[wave][place]:
                yield NewSubmission(intake.ids[place], wave, unlisted.value)
