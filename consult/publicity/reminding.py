"""Who has not come on to the next step while a stage is open, and whom to ask to remind them.

Most people left no address, and an address must never meet what somebody answered. So a reminder goes the
way that people came: the library tells everybody again. Nobody is listed, and who has finished need do
nothing.

Fewer than 10 people are told as such, and of more only about how many, to the nearest 5: the pages also
tell how many joined and how many sent, so an exact number here would tell the small one beside it, or who
came on between two looks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.access import Moment
from consult.consultations.models import Consultation, Stage, StageKind
from consult.consultations.queries import standing_of
from consult.consultations.rules import Window, told
from consult.publicity.queries import count_forum, list_categories, list_channels
from consult.recruitment import turnout
from consult.recruitment.models import Channel
from consult.recruitment.turnout_record import NONE, Kind

ROUNDED_TO = 5
OPEN_AT = {
    Moment.SURVEY: StageKind.SURVEY,
    Moment.FORUM: StageKind.FORUM,
    Moment.FOLLOW_UP: StageKind.FOLLOW_UP,
}


@dataclass(frozen=True, slots=True)
class Missed:
    """About ``n`` people who came by one channel have not come on; without it, people who came by none."""

    channel: Channel | None
    n: int


@dataclass(frozen=True, slots=True)
class MissedGroup:
    """The same of one group, and the channel by which 10 or more of them came, if there is one."""

    question: str
    label: str
    n: int
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class Reminding:
    """Everybody who has not come on to the stage that is open, as far as it may be told."""

    stage: StageKind
    closes_at: datetime
    channels: tuple[Missed, ...]
    groups: tuple[MissedGroup, ...]


def reminding(consultation: Consultation, now: datetime) -> Reminding | None:
    """Find who has not come on to the stage that is open; None while none is."""
    kind_now = OPEN_AT.get(standing_of(consultation, now).moment)
    stage = next((each for each in consultation.stages if each.kind is kind_now), None)
    if stage is None or not _is_open(stage, now):
        return None
    numbers = _missing(consultation.id, stage.kind)
    channels = {channel.id: channel for channel in list_channels(consultation.id)}
    by_channel = (
        Missed(channels.get(kind.channel), about)
        for kind, n in numbers.items()
        if kind.demographic == NONE and (about := about_how_many(n)) is not None
    )
    return Reminding(
        stage.kind,
        stage.closes_at,
        tuple(sorted(by_channel, key=lambda each: (-each.n, each.channel is None, _place(each.channel)))),
        tuple(sorted(_groups(consultation.id, numbers, channels), key=lambda each: -each.n)),
    )


def about_how_many(people: int) -> int | None:
    """A number of people to the nearest 5; None stands for "fewer than 10"."""
    return None if told(people) is None else ROUNDED_TO * ((2 * people + ROUNDED_TO) // (2 * ROUNDED_TO))


def _is_open(stage: Stage, now: datetime) -> bool:
    return Window(stage.opens_at, stage.closes_at, stage.closed_at).is_open(now)


def _place(channel: Channel | None) -> int:
    return channel.id if channel else 0


def _missing(consultation_id: int, stage: StageKind) -> Mapping[Kind, int]:
    """How many of each kind have not come on: each of them is one step before the stage that is open.

    Of the forum only by channel: who came there is not among the kept numbers, because reading a page must
    wait for nobody, and counting their answers would take too long for a page.
    """
    numbers = turnout.read(consultation_id)
    if stage is StageKind.SURVEY:
        return {kind: come.began for kind, come in numbers.items()}
    if stage is StageKind.FOLLOW_UP:
        return {kind: come.sent - come.completed for kind, come in numbers.items()}
    came = count_forum(consultation_id)
    return {
        kind: come.sent - came.get(kind.channel or None, (0, 0))[0]
        for kind, come in numbers.items()
        if kind.demographic == NONE
    }


def _groups(
    consultation_id: int, numbers: Mapping[Kind, int], channels: Mapping[int, Channel]
) -> Iterator[MissedGroup]:
    by_answer: dict[tuple[int, int], dict[int, int]] = {}
    for kind, n in numbers.items():
        by_answer.setdefault((kind.demographic, kind.option), {})[kind.channel] = n
    for category in list_categories(consultation_id):
        mine = by_answer.get((category.demographic_id, category.option_id), {})
        about = about_how_many(sum(mine.values()))
        if about is not None:
            best = max(mine, key=lambda channel: (mine[channel], -channel))
            yield MissedGroup(
                category.question,
                category.label,
                about,
                channels.get(best) if told(mine[best]) is not None else None,
            )
