"""What the clock and the state of a consultation mean. Plain values in, decisions out."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from consult.access import Moment

STAGE_ORDER = ("survey", "forum", "follow_up")
FEWEST_TOLD = 10  # fewer people than this are told as "fewer than 10"


class Window(NamedTuple):
    """When a stage opens and closes; ``closed_at`` is set once a write has seen it closed."""

    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None

    def has_closed(self, now: datetime) -> bool:
        """Whether the stage is over: by the clock, or because it has been over before."""
        return self.closed_at is not None or now >= self.closes_at

    def is_open(self, now: datetime) -> bool:
        """Whether the stage is open."""
        return now >= self.opens_at and not self.has_closed(now)


def moment_of(
    state: str,
    stages: Mapping[str, Window],
    now: datetime,
    *,
    presented: bool = True,
    results_published: bool = False,
) -> Moment:
    """Where a consultation is in its life.

    Parameters
    ----------
    state : str
        ``draft``, ``published``, ``closed`` or ``archived``.
    stages : mapping of stage kind to Window
    now : datetime
        An aware instant.
    presented : bool
        Whether the summaries of the survey are out. Until then they are being prepared, also when the
        date of the forum has come, or even gone.
    results_published : bool
        Whether an officer has published the results.
    """
    if state == "draft":
        return Moment.DRAFT
    if state == "archived":
        return Moment.ARCHIVED
    over = Moment.PUBLISHED if results_published else Moment.CLOSED
    if state == "closed" or all(window.has_closed(now) for window in stages.values()):
        return over
    moments = dict(zip(STAGE_ORDER, (Moment.SURVEY, Moment.FORUM, Moment.FOLLOW_UP), strict=True))
    waits = dict(zip(STAGE_ORDER, (Moment.SUMMARISING, Moment.BETWEEN, over), strict=True))
    if not presented and "forum" in stages:
        moments["forum"] = waits["forum"] = Moment.SUMMARISING
    found = Moment.SURVEY  # published and not yet open: the next thing is the survey
    for kind in STAGE_ORDER:
        window = stages.get(kind)
        if window is None:
            continue
        if window.is_open(now):
            return moments[kind]
        if window.has_closed(now):
            found = waits[kind]
    return found


def timetable_problem(windows: Mapping[str, tuple[datetime, datetime]]) -> tuple[str, str] | None:
    """The first stage that cannot stand as it is, and why; None if the timetable holds.

    Parameters
    ----------
    windows : mapping of stage kind to (opens, closes)
    """
    previous: tuple[str, datetime] | None = None
    for kind in STAGE_ORDER:
        if kind not in windows:
            continue
        opens, closes = windows[kind]
        if closes <= opens:
            return kind, "the stage must close after it opens"
        if previous and opens < previous[1]:
            return kind, f"the stage must not open before {previous[0]} has closed"
        previous = kind, closes
    return None


def told(count: int) -> int | None:
    """A count of people as officers may know it while it runs; None stands for "fewer than 10"."""
    return count if count >= FEWEST_TOLD else None
