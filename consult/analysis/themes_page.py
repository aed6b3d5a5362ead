"""What stands on the page of an open item: its themes before and after, beside the noise of its coders."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from consult.analysis.cells import Cell, Content, cell
from consult.analysis.words import SCREEN_MINIMUM, number, signed
from consult.web.telling import number as whole


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme: shares in 100 people before and after, the change, and what coding alone would change."""

    label: str
    before: Cell
    after: Cell
    change: Cell
    interval: str
    changed: Cell
    noise: Cell


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """Everything that is said of the themes of one item; without lines where too few people wrote."""

    sentences: tuple[str, ...]
    lines: tuple[ThemeLine, ...]


def themes_page(entry: Content, *, is_paired: bool) -> ThemesPage:
    """Make the page of the themes of an open item; under ten people nothing is shown of them.

    ``is_paired`` is false for an item that is asked once, of which nothing is compared.
    """
    n = max(entry["n_pre"], entry["n_post"])
    left_out = sum(sum(wave.values()) for wave in entry["left_out"].values())
    sentences = [
        gettext(
            "%(before)s people wrote before the forum and %(after)s after it. %(both)s wrote both times.",
            before=whole(entry["n_pre"]),
            after=whole(entry["n_post"]),
            both=whole(entry["n_paired"]),
        )
        if is_paired
        else ngettext("%(num)s person wrote.", "%(num)s people wrote.", n)
    ]
    if left_out:
        sentences.append(
            ngettext(
                "%(num)s text is left out, because nobody could code it or its coders differed.",
                "%(num)s texts are left out, because nobody could code them or their coders differed.",
                left_out,
            )
        )
    if n < SCREEN_MINIMUM:
        sentences.append(gettext("Fewer than 10 people wrote, so their themes are not shown."))
        return ThemesPage(tuple(sentences), ())
    if not entry["n_double"]:
        noise = gettext("No text was read by two coders, so nobody knows how much of this is coding alone.")
    elif is_paired:
        noise = gettext(
            "%(n)s times two coders read the same text. How often they differed stands beside"
            " each theme: a theme that came or went no more often than that may not have changed.",
            n=whole(entry["n_double"]),
        )
    else:
        noise = gettext(
            "%(n)s times two coders read the same text. How often they differed stands beside each theme.",
            n=whole(entry["n_double"]),
        )
    sentences.append(noise)
    if entry["n_again"]:
        sentences.append(
            ngettext(
                "%(num)s time somebody read a text again without being told so.",
                "%(num)s times somebody read a text again without being told so.",
                entry["n_again"],
            )
        )
        sentences.append(
            ngettext(
                "%(num)s time they found other themes than before.",
                "%(num)s times they found other themes than before.",
                entry["n_again_differ"],
            )
        )
    return ThemesPage(tuple(sentences), tuple(_line(theme) for theme in entry["themes"]))


def _line(theme: Content) -> ThemeLine:
    low, high = theme["share_ci_low"], theme["share_ci_high"]
    return ThemeLine(
        label=theme["label"],
        before=_in_hundred(theme["share_pre"]),
        after=_in_hundred(theme["share_post"]),
        change=cell(theme["share_change"], _signed(theme["share_change"])),
        interval=number(None)
        if low is None
        else gettext("%(low)s to %(high)s", low=_signed(low), high=_signed(high)),
        changed=_in_hundred(theme["changed"]),
        noise=_in_hundred(theme["noise"]),
    )


def _in_hundred(share: float | None) -> Cell:
    return cell(share, None if share is None else number(100 * share, 0))


def _signed(share: float | None) -> str:
    return number(None) if share is None else signed(100 * share, 0)
