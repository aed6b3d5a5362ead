"""What the points and the ends of an item's scale are called, and where averages stand on it."""

from flask_babel import gettext

from consult.analysis import words
from consult.analysis.cells import Content
from consult.analysis.pictures import Dumbbell, dumbbell
from consult.surveys.models import Form, Item


def ends(item: Item) -> words.Ends:
    """Name the ends of an item's scale; of a ranking, the best and the worst place."""
    if item.form is Form.RANK:
        return words.Ends(gettext("a better place"), gettext("a worse place"))
    return words.ends_of(item.scale_min or 0, item.scale_max or 0, item.low_label, item.high_label)


def scale_of(item: Item) -> tuple[int, int]:
    """Ends of an item's scale; of a ranking, the first and the last place."""
    if item.form is Form.RANK:
        return 1, len(item.options)
    return item.scale_min or 0, item.scale_max or 0


def point_labels(item: Item) -> tuple[str, ...]:
    """Name every point: its number, and its label or that of the end of the scale."""
    if item.form is Form.RANK:
        return tuple(gettext("Place %(n)s", n=point.value) for point in item.points)
    named = {point.value: point.label for point in item.points}
    if item.scale_min is not None and item.scale_max is not None:
        named[item.scale_min] = named[item.scale_min] or item.low_label
        named[item.scale_max] = named[item.scale_max] or item.high_label
    return tuple(
        gettext("%(point)s (%(label)s)", point=words.number(value, 0), label=label)
        if label
        else words.number(value, 0)
        for value, label in named.items()
    )


def dumbbell_of(entry: Content, low: int, high: int) -> Dumbbell | None:
    """Place the averages of the people who answered both times on a scale."""
    return dumbbell(
        entry["mean_pre_paired"], entry["mean_post_paired"], (entry["ci_low"], entry["ci_high"]), low, high
    )
