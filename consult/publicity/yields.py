"""Which channel has brought whom: the best way to more people of a group is the one that has worked."""

from consult.consultations.models import Consultation
from consult.consultations.rules import told
from consult.publicity.queries import count_brought, list_categories, list_channels
from consult.publicity.rules import FilledGap, filled_gap


def best_channels(consultation: Consultation) -> dict[int, str]:
    """The label of the channel that has brought most people of each category, by the id of its option.

    Only of those who sent the starting survey, and only where at least 10 people of the category came by
    it: a smaller number is not told while a stage is open. Of two that have brought as many, the one that
    was there first.
    """
    most: dict[int, tuple[int, int]] = {}
    for each in count_brought(consultation.id):
        if each.channel_id is None or told(each.count) is None:
            continue
        held = most.get(each.option_id)
        if held is None or each.count > held[0]:
            most[each.option_id] = each.count, each.channel_id
    labels = {channel.id: channel.label for channel in list_channels(consultation.id)}
    return {option_id: labels[channel_id] for option_id, (_count, channel_id) in most.items()}


def gaps_filled(consultation: Consultation) -> dict[int, FilledGap]:
    """The group that each channel has brought most above its share, by the id of the channel."""
    by_channel: dict[int, dict[int, int]] = {}
    usual: dict[int, int] = {}
    for each in count_brought(consultation.id):
        usual[each.option_id] = usual.get(each.option_id, 0) + each.count
        if each.channel_id is not None:
            by_channel.setdefault(each.channel_id, {})[each.option_id] = each.count
    categories = list_categories(consultation.id)
    found = {channel: filled_gap(brought, usual, categories) for channel, brought in by_channel.items()}
    return {channel: gap for channel, gap in found.items() if gap is not None}
