"""How far the coders of an item agree, as its page tells it: in words first, the figures beside them."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from consult.access import Actor
from consult.coding import counting
from consult.coding.agreeing import agreement_of
from consult.coding.counting import QueueCounts
from consult.coding.rules import ADJUDICATED
from consult.consultations.models import Consultation
from consult.errors import Invalid
from consult.surveys.models import Item
from consult.web.telling import in_figures

READINGS = {
    "counts": lazy_gettext("Coders agree well. Counts of it can be relied on."),
    "tentative": lazy_gettext("Coders agree fairly. Say its counts with care."),
    "quotations only": lazy_gettext("Coders do not agree enough. Use quotations only, and no counts."),
    None: lazy_gettext("Too little is known to say."),
}


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One theme, or all of them together."""

    name: str | None  # none for all together
    n: int
    alpha: str
    interval: str
    percent: str
    reading: Any


@dataclass(frozen=True, slots=True)
class CoderLine:
    """One coder, by a number and not by name; none for the decisions between coders."""

    number: int | None
    texts: int


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the page of agreement shows of one item."""

    counts: QueueCounts
    coders: list[CoderLine]
    lines: list[AgreementLine]
    noise_floor: str
    n_compared: int  # texts that two people read, one of whom at least could code them
    n_one_could_not: int


def agreement_of_item(actor: Actor, consultation: Consultation, item: Item) -> Found:
    """What is known of the agreement between the item's coders; the arithmetic is another process's."""
    item_id = item.id
    counts = counting.count_queued([item_id]).get(item_id, QueueCounts())
    coders = counting.list_coders(item_id)
    people = [coder for coder in coders if coder.coder != ADJUDICATED]
    shown = [CoderLine(n, coder.texts) for n, coder in enumerate(people, 1)]
    shown += [CoderLine(None, coder.texts) for coder in coders if coder.coder == ADJUDICATED]
    try:
        content = agreement_of(actor, consultation, item.key, is_for_page=True)
    except Invalid:  # fewer than two people have coded
        return Found(counts, shown, [], "", 0, 0)
    # Their agreement is worked out over every theme of every text; people count texts.
    lines = [_line({**content["pooled"], "n": content["n_double"]}, None)]
    lines += [_line(theme, theme["label"]) for theme in content["themes"]]
    noise = _percent(content["noise_floor"])
    return Found(counts, shown, lines, noise, content["n_compared"], content["n_one_could_not"])


def _line(told: dict[str, Any], name: str | None) -> AgreementLine:
    alpha = told.get("krippendorff_nominal")
    low, high = told.get("ci_low"), told.get("ci_high")
    return AgreementLine(
        name=name,
        n=told.get("n") or 0,
        alpha=_two_places(alpha),
        interval=f"{_two_places(low)} – {_two_places(high)}" if low is not None and high is not None else "–",
        percent=_percent(told.get("percent_agreement")),
        reading=READINGS[told.get("reading")],
    )


def _two_places(value: float | None) -> str:
    return "–" if value is None else in_figures(f"{value:.2f}".replace("-", "\u2212"))


def _percent(share: float | None) -> str:
    return "–" if share is None else in_figures(f"{share * 100:.0f}") + "%"
