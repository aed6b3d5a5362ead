"""Figures as cells: as stored, and as shown; and what each figure is called."""

from dataclasses import dataclass
from typing import Any

from consult.analysis import words

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
        return Cell(repr(value), shown or f"{value:,}")
    return Cell(repr(value), shown or words.number(value))


def p_cell(value: float | None) -> Cell:
    """Make a cell of a p-value."""
    if value is not None and value < SMALLEST_P:
        return Cell(repr(value), f"below {SMALLEST_P}")
    return cell(value, None if value is None else words.number(value, P_DIGITS))


def interval(entry: Content) -> str:
    """Write between what a change could be."""
    if entry["ci_low"] is None:
        return words.number(None)
    return f"{words.signed(entry['ci_low'])} to {words.signed(entry['ci_high'])}"


def figures_of(entry: Content) -> tuple[tuple[str, str, Cell], ...]:
    """Make the lines of the technical table: name in the file, what it is, figure."""
    lines: list[tuple[str, str, Cell]] = []
    for key, what in FIGURES:
        if key not in entry or (entry[key] is None and key in QUIET_WHEN_EMPTY):
            continue
        value = entry[key]
        if isinstance(value, str):
            lines.append((key, what, Cell(value, words.VERDICTS.get(value, value))))
        else:
            lines.append((key, what, p_cell(value) if key in P_VALUES else cell(value)))
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
    ("n_pre", "People who answered before"),
    ("n_post", "People who answered after"),
    ("n_paired", "People who answered both times"),
    ("n_up", "Moved up the scale"),
    ("n_same", "Gave the same answer"),
    ("n_down", "Moved down the scale"),
    ("mean_pre", "Average before, everybody who answered before"),
    ("mean_post", "Average after, everybody who answered after"),
    ("mean_pre_paired", "Average before, people who answered both times"),
    ("mean_post_paired", "Average after, people who answered both times"),
    ("mean_change", "Average change, in points"),
    ("sd_change", "Standard deviation of the change"),
    ("se_change", "Standard error of the change"),
    ("ci_low", "Change could be as low as (95% interval)"),
    ("ci_high", "Change could be as high as (95% interval)"),
    ("t", "Paired t"),
    ("df", "Degrees of freedom"),
    ("p_t", "p of the paired t test"),
    ("p_holm", "p after correction for all tested items (Holm)"),
    ("w_plus", "Wilcoxon W+ (Pratt)"),
    ("z_pratt", "Wilcoxon z (Pratt)"),
    ("p_wilcoxon", "p of the Wilcoxon test"),
    ("p_sign", "p of the sign test (mid-p)"),
    ("d_z", "Change ÷ standard deviation of the change (d_z)"),
    ("d_av", "Change ÷ average standard deviation (d_av)"),
    ("g_av", "d_av with small-sample correction (g_av)"),
    ("share_pre", "Share in favour before"),
    ("share_post", "Share in favour after"),
    ("share_change", "Change of that share, people who answered both times"),
    ("share_ci_low", "Share could have changed by as little as (95% interval)"),
    ("share_ci_high", "Share could have changed by as much as (95% interval)"),
    ("p_mcnemar", "p of the McNemar test (mid-p)"),
    ("delta", "Smallest change that matters, in points"),
    ("tost_p", "p of the equivalence test"),
    ("verdict", "What we say"),
    ("n_eff", "Effective number of people"),
    ("stuart_maxwell", "Stuart–Maxwell statistic"),
    ("p", "p of the Stuart–Maxwell test"),
    ("bhapkar", "Bhapkar statistic"),
    ("p_bhapkar", "p of the Bhapkar test"),
    ("p_exact", "Exact p"),
    ("gross", "Share who gave a different answer"),
    ("net", "Net change of the totals"),
    ("method", "Method"),
)
