"""What the officers' page tells of each channel: how far its people came, what each cost, whom it brought.

A count under 10 is told as "fewer than 10" at every time: while a stage is open it would tell who came, and
afterwards a channel is a small group like any other. Nothing is worked out or drawn from such a count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from consult.consultations.models import Consultation, StageKind
from consult.consultations.rules import told
from consult.publicity.queries import count_steps
from consult.publicity.rules import FilledGap, Steps, cost_each
from consult.publicity.yields import gaps_filled
from consult.recruitment.models import Channel

SHADES = ("shade-2", "shade-3", "shade-4", "shade-5")  # of the steps, from joining to the last one


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of one channel as a picture shows it: how long, in per cent of the longest."""

    shade: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One channel; without it, those who came by none. Counts are None for "fewer than 10"."""

    channel: Channel | None
    joined: int | None
    withdrawn: int | None
    sent: int | None
    talked: int | None
    stayed: int | None
    completers: int | None
    cost_each: Decimal | None  # of those who sent both surveys
    cost_each_sent: Decimal | None  # of those who sent the starting survey
    gap: FilledGap | None
    bars: tuple[Bar, ...]

    @property
    def steps(self) -> tuple[int | None, ...]:
        """The steps one after the other; each counts people of the one before."""
        return self.joined, self.sent, self.talked, self.stayed


def lines_of(consultation: Consultation, channels: Sequence[Channel]) -> list[Line]:
    """What each channel has brought, and last what came by none, in a fixed number of statements."""
    counted, gaps = count_steps(consultation.id), gaps_filled(consultation)
    longest = max((steps.joined for steps in counted.values()), default=0)
    ways: list[Channel | None] = [*channels, None]
    return [
        _line(
            channel,
            counted.get(channel.id if channel else None, Steps()),
            gaps.get(channel.id) if channel else None,
            longest,
        )
        for channel in ways
    ]


def _line(channel: Channel | None, steps: Steps, gap: FilledGap | None, longest: int) -> Line:
    nested = (steps.joined, steps.sent, steps.talked, steps.stayed)
    return Line(
        channel=channel,
        joined=told(steps.joined),
        withdrawn=told(steps.withdrawn),
        sent=told(steps.sent),
        talked=told(steps.talked),
        stayed=told(steps.stayed),
        completers=told(steps.completers),
        cost_each=cost_each(channel.cost, steps.completers) if channel else None,
        cost_each_sent=cost_each(channel.cost, steps.sent) if channel else None,
        gap=gap,
        bars=tuple(
            Bar(shade, round(100 * count / longest, 3))
            for shade, count in zip(SHADES, nested, strict=True)
            if told(count) is not None
        ),
    )


def steps_begun(consultation: Consultation, now: datetime) -> int:
    """How many of the steps anybody can have come to by now: nobody has come to a stage that is not open."""
    opened = {stage.kind for stage in consultation.stages if stage.opens_at <= now}
    return len(SHADES) - (StageKind.FORUM not in opened) - (StageKind.FOLLOW_UP not in opened)
