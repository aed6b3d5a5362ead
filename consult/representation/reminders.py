"""Who has not come on, in words: how many of each channel, and whom to ask to remind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.consultations.models import StageKind
from consult.publicity.reminding import Missed, MissedGroup, Reminding
from consult.publicity.words import ASKING
from consult.web import telling
from consult.words import N_

# What they have not done, in the words of the list's introduction and of each line.
INTRODUCED: Mapping[StageKind, str] = {
    StageKind.SURVEY: N_("These people began the starting survey and have not sent it yet."),
    StageKind.FORUM: N_("These people sent the starting survey and have not come to the forum yet."),
    StageKind.FOLLOW_UP: N_("These people sent the starting survey and have not sent the follow-up yet."),
}
BY_CHANNEL: Mapping[StageKind, str] = {
    StageKind.SURVEY: N_("%(channel)s: about %(n)s people began and have not finished."),
    StageKind.FORUM: N_("%(channel)s: about %(n)s people have not come to the forum yet."),
    StageKind.FOLLOW_UP: N_("%(channel)s: about %(n)s people have not sent the follow-up yet."),
}
BY_NONE: Mapping[StageKind, str] = {
    StageKind.SURVEY: N_("No channel, or not known: about %(n)s people began and have not finished."),
    StageKind.FORUM: N_("No channel, or not known: about %(n)s people have not come to the forum yet."),
    StageKind.FOLLOW_UP: N_("No channel, or not known: about %(n)s people have not sent the follow-up yet."),
}


@dataclass(frozen=True, slots=True)
class Reminders:
    """What the page says of people who have not come on."""

    introduced: str
    sentences: tuple[str, ...]
    groups: tuple[MissedGroup, ...]


def reminders(found: Reminding) -> Reminders:
    """Whom to ask to remind whom, those with most people first."""
    day = telling.uk_date(found.closes_at)
    return Reminders(
        str(_(INTRODUCED[found.stage])),
        tuple(_sentence(found.stage, each, day) for each in found.channels),
        found.groups,
    )


def _sentence(stage: StageKind, missed: Missed, day: str) -> str:
    n = telling.number(missed.n)
    if missed.channel is None:
        return f"{_(BY_NONE[stage], n=n)} {_(ASKING[None], day=day)}"
    told = _(BY_CHANNEL[stage], channel=telling.isolated(missed.channel.label), n=n)
    return f"{told} {_(ASKING[missed.channel.kind], day=day)}"
