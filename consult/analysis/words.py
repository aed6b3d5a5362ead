"""Figures in plain words, the same on the page, at the command line and in files.

Four sentences only (moved, moved a little, about the same, cannot tell), numbers out of n before
anything else, uncertainty in the same breath. Never "significant", never "residents think": the
subject is always the people who took part. Labels of scale ends are people's text and are quoted.
"""

from dataclasses import dataclass
from typing import Any

DIGITS = 2
SCREEN_MINIMUM = 10  # people: a smaller subgroup is not shown on pages
VERDICTS = {
    "moved": "Moved",
    "moved_a_little": "Moved a little",
    "about_the_same": "About the same",
    "cannot_tell": "Cannot tell",
}
CANNOT_TELL = "We cannot tell whether views changed: too few people took part, or they varied too much."
SAME = "Views stayed about the same."


@dataclass(frozen=True, slots=True)
class Ends:
    """What the two ends of a scale are called."""

    low: str
    high: str

    def towards(self, change: float) -> str:
        """Name the end that a change goes towards."""
        return self.high if change > 0 else self.low


def number(value: float | None, digits: int = DIGITS) -> str:
    """Write a number with a real minus sign, never "-0.00"; a dash for what does not exist."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "\u2212")


def ends_of(low: int, high: int, low_label: str | None, high_label: str | None) -> Ends:
    """Name the ends by their labels, in quotation marks, or by their numbers."""
    return Ends(
        f"“{low_label}”" if low_label else number(low, 0),
        f"“{high_label}”" if high_label else number(high, 0),
    )


def signed(value: float | None, digits: int = DIGITS) -> str:
    """Write a change with its sign."""
    text = number(value, digits)
    return text if value is None or float(f"{value:.{digits}f}") <= 0 else f"+{text}"


def verdict_sentence(entry: dict[str, Any], ends: Ends) -> str:
    """Say in one sentence what happened to an item; "" for one asked only once."""
    verdict = entry["verdict"]
    if verdict is None:
        return ""
    if verdict == "moved":
        return f"People moved towards {ends.towards(entry['mean_change'])}."
    if verdict == "moved_a_little":
        return f"People moved slightly towards {ends.towards(entry['mean_change'])}."
    return SAME if verdict == "about_the_same" else CANNOT_TELL


def people(n: int) -> str:
    """Count people: "1 person", "20 people"."""
    return "1 person" if n == 1 else f"{n:,} people"


def movement_sentence(entry: dict[str, Any], ends: Ends) -> str:
    """Say how many of how many moved, and which way."""
    n, up, down = entry["n_paired"], entry["n_up"], entry["n_down"]
    if n == 0:
        return "Nobody answered this both times."
    moved = up + down
    whole = (
        f"Of the {people(n)} who answered both times" if n > 1 else "Of the 1 person who answered both times"
    )
    if moved == 0:
        return f"{whole}, nobody gave a different answer."
    ways = " and ".join(
        f"{count:,} towards {end}" for count, end in ((up, ends.high), (down, ends.low)) if count
    )
    return f"{whole}, {moved:,} gave a different answer: {ways}."


def amount_sentence(entry: dict[str, Any], low: int, high: int) -> str:
    """Say the average before and after, the change, and between what it could be."""
    if entry["mean_change"] is None:
        return ""
    said = (
        f"On average their answers went from {number(entry['mean_pre_paired'])} to"
        f" {number(entry['mean_post_paired'])}, on a scale from {number(low, 0)} to {number(high, 0)}:"
        f" a change of {signed(entry['mean_change'])}"
    )
    if entry["ci_low"] is None or entry["sd_change"] == 0:
        return f"{said}."
    return f"{said}, which could be between {signed(entry['ci_low'])} and {signed(entry['ci_high'])}."


def share_sentence(entry: dict[str, Any], favour_from: int | None) -> str:
    """Say how many of everybody who answered chose at least ``favour_from``, before and after."""
    if favour_from is None or entry["share_pre"] is None or entry["share_post"] is None:
        return ""
    pre = round(entry["share_pre"] * entry["n_pre"])
    post = round(entry["share_post"] * entry["n_post"])
    return (
        f"{pre:,} of {entry['n_pre']:,} chose {favour_from} or more before, and {post:,} of"
        f" {entry['n_post']:,} after."
    )
