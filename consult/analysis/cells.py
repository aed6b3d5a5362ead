"""Figures as cells: as stored, and as shown; and what each figure is called."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from consult.analysis import words
from consult.web.telling import in_figures
from consult.web.telling import number as whole
from consult.words import N_

Content = dict[str, Any]
P_DIGITS = 3
SMALLEST_P = 0.001


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: as stored (JSON text, "" for null) and as shown."""

    value: str
    shown: str


def cell(value: float | None, shown: str | None = None) -> Cell:
    """Make a cell of a number, in two decimals unless told otherwise."""
    if value is None:
        return Cell("", shown or words.number(None))
    if isinstance(value, int):
        return Cell(repr(value), shown or whole(value))
    return Cell(repr(value), shown or words.number(value))


def p_cell(value: float | None) -> Cell:
    """Make a cell of a p-value."""
    if value is not None and value < SMALLEST_P:
        return Cell(repr(value), gettext("below %(p)s", p=in_figures(f"{SMALLEST_P}")))
    return cell(value, None if value is None else words.number(value, P_DIGITS))


def interval(entry: Content) -> str:
    """Write between what a change could be."""
    if entry["ci_low"] is None:
        return words.number(None)
    low, high = words.signed(entry["ci_low"]), words.signed(entry["ci_high"])
    return str(gettext("%(low)s to %(high)s", low=low, high=high))


def figures_of(entry: Content) -> tuple[tuple[str, str, Cell], ...]:
    """Make the lines of the technical table: name in the file, what it is, figure."""
    lines: list[tuple[str, str, Cell]] = []
    for key, what in FIGURES:
        if key not in entry or (entry[key] is None and key in QUIET_WHEN_EMPTY):
            continue
        value = entry[key]
        if isinstance(value, str):
            lines.append((key, gettext(what), Cell(value, words.verdict(value) or value)))
        else:
            lines.append((key, gettext(what), p_cell(value) if key in P_VALUES else cell(value)))
    return tuple(lines)


P_VALUES = frozenset(
    ("p_t", "p_wilcoxon", "p_sign", "p_mcnemar", "tost_p", "p_holm", "p", "p_bhapkar", "p_exact")
)
QUIET_WHEN_EMPTY = frozenset(
    (
        *("share_pre", "share_post", "share_change", "share_ci_low", "share_ci_high", "p_mcnemar"),
        *("p_holm", "delta", "tost_p", "verdict"),
    )
)
FIGURES = (
    ("n_pre", N_("People who answered before")),
    ("n_post", N_("People who answered after")),
    ("n_paired", N_("People who answered both times")),
    ("n_up", N_("Moved up the scale")),
    ("n_same", N_("Gave the same answer")),
    ("n_down", N_("Moved down the scale")),
    ("mean_pre", N_("Average before, everybody who answered before")),
    ("mean_post", N_("Average after, everybody who answered after")),
    ("mean_pre_paired", N_("Average before, people who answered both times")),
    ("mean_post_paired", N_("Average after, people who answered both times")),
    ("mean_change", N_("Average change, in points")),
    ("sd_change", N_("Standard deviation of the change")),
    ("se_change", N_("Standard error of the change")),
    ("ci_low", N_("Change could be as low as (95% interval)")),
    ("ci_high", N_("Change could be as high as (95% interval)")),
    ("t", N_("Paired t")),
    ("df", N_("Degrees of freedom")),
    ("p_t", N_("p of the paired t test")),
    ("p_holm", N_("p after correction for all tested items (Holm)")),
    ("w_plus", N_("Wilcoxon W+ (Pratt)")),
    ("z_pratt", N_("Wilcoxon z (Pratt)")),
    ("p_wilcoxon", N_("p of the Wilcoxon test")),
    ("p_sign", N_("p of the sign test (mid-p)")),
    ("d_z", N_("Change ÷ standard deviation of the change (d_z)")),
    ("d_av", N_("Change ÷ average standard deviation (d_av)")),
    ("g_av", N_("d_av with small-sample correction (g_av)")),
    ("share_pre", N_("Share in favour before")),
    ("share_post", N_("Share in favour after")),
    ("share_change", N_("Change of that share, people who answered both times")),
    ("share_ci_low", N_("Share could have changed by as little as (95% interval)")),
    ("share_ci_high", N_("Share could have changed by as much as (95% interval)")),
    ("p_mcnemar", N_("p of the McNemar test (mid-p)")),
    ("delta", N_("Smallest change that matters, in points")),
    ("tost_p", N_("p of the equivalence test")),
    ("verdict", N_("What we say")),
    ("n_eff", N_("Effective number of people")),
    ("stuart_maxwell", N_("Stuart–Maxwell statistic")),
    ("p", N_("p of the Stuart–Maxwell test")),
    ("bhapkar", N_("Bhapkar statistic")),
    ("p_bhapkar", N_("p of the Bhapkar test")),
    ("p_exact", N_("Exact p")),
    ("gross", N_("Share who gave a different answer")),
    ("net", N_("Net change of the totals")),
    ("method", N_("Method")),
)
