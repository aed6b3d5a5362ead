"""`channels.csv`: where participants come from."""

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns
from consult.cells import as_key, as_one_of, as_pounds, as_words, shown
from consult.recruitment.models import ChannelKind
from consult.recruitment.rules import USUAL_KIND, NewChannel
from consult.recruitment.service import add_channels

NAME = "channels.csv"
COLUMNS = Columns(("channel", "label"), ("aim", "cost", "kind"))
KINDS = tuple(kind.value for kind in ChannelKind)


def read_channels(intake: Intake) -> dict[str, int]:
    """The channels are in the record; gives their ids by key."""
    sheet = intake.sheet(NAME, COLUMNS)
    channels: dict[str, NewChannel] = {}
    for row in sheet.rows() if sheet else ():
        key = row.take(as_key, "channel")
        label = row.take(as_words, "label")
        cost = row.take_if_given(as_pounds, "cost")
        kind = row.take_if_given(_as_kind, "kind")
        if key is not None and key in channels:
            row.refuse_whole(f"{shown(key)} stands twice")
        if key is not None:
            channels[key] = NewChannel(key, label or "", row["aim"] or None, cost, kind or USUAL_KIND)
    if not (intake.is_writing and intake.consultation and channels):
        return {}
    added = add_channels(intake.actor, intake.consultation, channels.values())
    intake.counts["channels"] = len(added)
    return {channel.key: channel.id for channel in added}


def _as_kind(where: str, text: str) -> str:
    return as_one_of(where, text, KINDS)
