"""Figures in plain words, the same on the page, at the command line and in files.

Four sentences only (moved, moved a little, about the same, cannot tell), numbers out of n before
anything else, uncertainty in the same breath. Never "significant", never "residents think": the
subject is always the people who took part. Labels of scale ends are people's text and are quoted.
On a page they are told in its language; elsewhere there is no request, and they are English.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from consult.web.telling import in_figures, isolated
from consult.web.telling import number as whole
from consult.words import N_

DIGITS = 2
SCREEN_MINIMUM = 10  # people: a smaller subgroup is not shown on pages
VERDICTS = {
    "moved": N_("Moved"),
    "moved_a_little": N_("Moved a little"),
    "about_the_same": N_("About the same"),
    "cannot_tell": N_("Cannot tell"),
}
CANNOT_TELL = N_("We cannot tell whether views changed: too few people took part, or they varied too much.")
SAME = N_("Views stayed about the same.")


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
    return "–" if value is None else in_figures(_plain(value, digits))


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "\u2212")


def ends_of(low: int, high: int, low_label: str | None, high_label: str | None) -> Ends:
    """Name the ends by their labels, in quotation marks, or by their numbers."""
    return Ends(
        _quoted(low_label) if low_label else number(low, 0),
        _quoted(high_label) if high_label else number(high, 0),
    )


def _quoted(label: str) -> str:
    return str(gettext("“%(label)s”", label=isolated(label)))


def signed(value: float | None, digits: int = DIGITS) -> str:
    """Write a change with its sign."""
    if value is None or float(f"{value:.{digits}f}") <= 0:
        return number(value, digits)
    return in_figures(f"+{_plain(value, digits)}")


def verdict(name: str | None) -> str:
    """Name what is said of an item, in a word or three; "" for one asked only once."""
    return str(gettext(VERDICTS[name])) if name in VERDICTS else ""


def verdict_sentence(entry: dict[str, Any], ends: Ends) -> str:
    """Say in one sentence what happened to an item; "" for one asked only once."""
    verdict = entry["verdict"]
    if verdict is None:
        return ""
    if verdict == "moved":
        return str(gettext("People moved towards %(end)s.", end=ends.towards(entry["mean_change"])))
    if verdict == "moved_a_little":
        return str(gettext("People moved slightly towards %(end)s.", end=ends.towards(entry["mean_change"])))
    return str(gettext(SAME if verdict == "about_the_same" else CANNOT_TELL))


def people(n: int) -> str:
    """Count people: "1 person", "20 people"."""
    return str(ngettext("%(n)s person", "%(n)s people", n, n=whole(n)))


def changed_sentence(n: int, changed: int) -> str:
    """Say how many of how many gave a different answer."""
    if n == 0:
        return _nobody_changed(n)
    return str(
        ngettext(
            "Of the %(n)s person who answered both times, %(moved)s gave a different answer.",
            "Of the %(n)s people who answered both times, %(moved)s gave a different answer.",
            n,
            n=whole(n),
            moved=whole(changed),
        )
    )


def _nobody_changed(n: int) -> str:
    if n == 0:
        return str(gettext("Nobody answered this both times."))
    return str(
        ngettext(
            "Of the %(n)s person who answered both times, nobody gave a different answer.",
            "Of the %(n)s people who answered both times, nobody gave a different answer.",
            n,
            n=whole(n),
        )
    )


def movement_sentence(entry: dict[str, Any], ends: Ends) -> str:
    """Say how many of how many moved, and which way."""
    n, up, down = entry["n_paired"], entry["n_up"], entry["n_down"]
    if n == 0 or up + down == 0:
        return _nobody_changed(n)
    told = {"n": whole(n), "moved": whole(up + down)}
    if up and down:
        return str(
            ngettext(
                "Of the %(n)s person who answered both times, %(moved)s gave a different answer:"
                " %(up)s towards %(high)s and %(down)s towards %(low)s.",
                "Of the %(n)s people who answered both times, %(moved)s gave a different answer:"
                " %(up)s towards %(high)s and %(down)s towards %(low)s.",
                n,
                **told,
                up=whole(up),
                high=ends.high,
                down=whole(down),
                low=ends.low,
            )
        )
    return str(
        ngettext(
            "Of the %(n)s person who answered both times, %(moved)s gave a different answer:"
            " %(moved)s towards %(end)s.",
            "Of the %(n)s people who answered both times, %(moved)s gave a different answer:"
            " %(moved)s towards %(end)s.",
            n,
            **told,
            end=ends.high if up else ends.low,
        )
    )


def amount_sentence(entry: dict[str, Any], low: int, high: int) -> str:
    """Say the average before and after, the change, and between what it could be."""
    if entry["mean_change"] is None:
        return ""
    told = {
        "before": number(entry["mean_pre_paired"]),
        "after": number(entry["mean_post_paired"]),
        "low": number(low, 0),
        "high": number(high, 0),
        "change": signed(entry["mean_change"]),
    }
    if entry["ci_low"] is None or entry["sd_change"] == 0:
        return str(
            gettext(
                "On average their answers went from %(before)s to %(after)s, on a scale from %(low)s to"
                " %(high)s: a change of %(change)s.",
                **told,
            )
        )
    return str(
        gettext(
            "On average their answers went from %(before)s to %(after)s, on a scale from %(low)s to"
            " %(high)s: a change of %(change)s, which could be between %(least)s and %(most)s.",
            **told,
            least=signed(entry["ci_low"]),
            most=signed(entry["ci_high"]),
        )
    )


def share_sentence(entry: dict[str, Any], favour_from: int | None) -> str:
    """Say how many of everybody who answered chose at least ``favour_from``, before and after."""
    if favour_from is None or entry["share_pre"] is None or entry["share_post"] is None:
        return ""
    return str(
        gettext(
            "%(before)s of %(all_before)s chose %(point)s or more before, and %(after)s of"
            " %(all_after)s after.",
            before=whole(round(entry["share_pre"] * entry["n_pre"])),
            all_before=whole(entry["n_pre"]),
            point=favour_from,
            after=whole(round(entry["share_post"] * entry["n_post"])),
            all_after=whole(entry["n_post"]),
        )
    )
