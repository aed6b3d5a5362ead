"""A first draft of a summary, made from how people completed an item: the words around the counts.

The officer reads and changes it before anybody else sees it. It is written in the language of whoever
asks for it, and stays in that: it is then somebody's text.
"""

from flask_babel import gettext as _

from consult.forum.rules import TITLE_LONGEST
from consult.summaries.answers import Distribution, Position
from consult.summaries.release import Released, Told, release, release_together
from consult.surveys.models import Form, Item, Point
from consult.web.telling import number
from consult.words import N_

CHOSE = {
    Told.NUMBER: N_("About %(number)s people chose: %(what)s."),
    Told.SOME: N_("Some people chose: %(what)s."),
    Told.FEW: N_("Fewer than 10 people chose: %(what)s."),
}
PUT_FIRST = {
    Told.NUMBER: N_("About %(number)s people put this first: %(what)s."),
    Told.SOME: N_("Some people put this first: %(what)s."),
    Told.FEW: N_("Fewer than 10 people put this first: %(what)s."),
}
SOMETHING_ELSE = {
    Told.NUMBER: N_("About %(number)s people wrote something else."),
    Told.SOME: N_("Some people wrote something else."),
    Told.FEW: N_("Fewer than 10 people wrote something else."),
}
ANSWERED = {
    Told.NUMBER: N_("About %(number)s people answered."),
    Told.FEW: N_("Fewer than 10 people answered."),
}
UNDECIDED = {
    Told.NUMBER: N_("About %(number)s people had not made up their mind."),
    Told.FEW: N_("Fewer than 10 people had not made up their mind."),
}


def drafted_title(item: Item) -> str:
    """A title for the summary of that item."""
    asked = " ".join(item.stem.split())
    return asked if len(asked) <= TITLE_LONGEST else f"{asked[: TITLE_LONGEST - 1]}…"


def drafted_body(distribution: Distribution) -> str:
    """The text of the summary: what was asked, then a sentence for each position that may be told."""
    item = distribution.item
    told = release_together([position.count for position in distribution.positions])
    lines = [_line(item, position, each) for position, each in zip(distribution.positions, told, strict=True)]
    said = "\n".join(line for line in lines if line)
    parts = [
        _asked(item),
        _told(ANSWERED, release(distribution.completed)),
        said or _("Too few people answered to say more."),
        _told(UNDECIDED, release(distribution.undecided)),
    ]
    return "\n\n".join(part for part in parts if part)


def _asked(item: Item) -> str:
    if item.form is Form.AGREEMENT:
        told: str = _("We asked people how far they agree with this: “%(stem)s”", stem=item.stem)
    elif item.form is Form.RANK:
        told = _("We asked people to put these in order: “%(stem)s”", stem=item.stem)
    else:
        told = _("We asked people to finish this sentence: “%(stem)s”", stem=item.stem)
    return told


def _line(item: Item, position: Position, released: Released) -> str:
    if position.low is not None and position.high is not None:
        return _told(CHOSE, released, _points(item, position.low, position.high))
    if position.label is None:
        return _told(SOMETHING_ELSE, released)
    return _told(PUT_FIRST if item.form is Form.RANK else CHOSE, released, f"“{position.label}”")


def _told(sentences: dict[Told, str], released: Released, what: str = "") -> str:
    if released.told not in sentences:
        return ""
    told: str = _(sentences[released.told], number=number(released.number or 0), what=what)
    return told


def _points(item: Item, low: int, high: int) -> str:
    """A point of a scale with its words, or the ends of a part of it."""
    by_value = {point.value: point for point in item.points}
    first, last = _point(item, by_value[low]), _point(item, by_value[high])
    told: str = first if low == high else _("%(low)s to %(high)s", low=first, high=last)
    return told


def _point(item: Item, point: Point) -> str:
    ends = {item.scale_min: item.low_label, item.scale_max: item.high_label}
    label = point.label or ends.get(point.value)
    return f"{point.value} (“{label}”)" if label else str(point.value)
