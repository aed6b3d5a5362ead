"""The figures of one item, as `consult compare --json` names them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.record import Column
from consult.analysis.rules import ItemShape
from consult.stats.change import change_of
from consult.stats.effect_size import standardised_from
from consult.stats.equivalence import equivalence, verdict
from consult.stats.multiplicity import holm
from consult.stats.nominal import nominal_change
from consult.stats.pairs import MISSING, Paired
from consult.stats.ranks import sign_test, signed_rank
from consult.stats.shares import share_change, shares_from

Figures = dict[str, Any]
METHOD = "paired-t"
PAIRED = (
    "mean_pre_paired",
    "mean_post_paired",
    "mean_change",
    "sd_change",
    "se_change",
    "ci_low",
    "ci_high",
    "t",
    "df",
    "p_t",
    "w_plus",
    "z_pratt",
    "p_wilcoxon",
    "p_sign",
    "d_z",
    "d_av",
    "g_av",
)
SHARES = ("share_pre", "share_post", "share_change", "share_ci_low", "share_ci_high", "p_mcnemar")


def number_figures(
    item: ItemShape, pre: Column, post: Column, *, delta: float | None, favour_from: int | None
) -> Figures:
    """Everything that is said of one scale, or of the places of one ranked option.

    ``delta`` in points; None where there is no verdict to give (a ranking). ``p_holm`` is left
    empty: it depends on the other items.
    """
    pairs = Paired.from_points(pre.numbers, post.numbers, low=item.low, high=item.high, missing=MISSING)
    counts_pre, counts_post = _tally(item, pre), _tally(item, post)
    n = pairs.n
    figures: Figures = {
        "n_pre": int(counts_pre.sum()),
        "n_post": int(counts_post.sum()),
        "n_paired": n,
        "mean_pre": _mean(item, counts_pre),
        "mean_post": _mean(item, counts_post),
        **dict.fromkeys(PAIRED),
        "n_up": pairs.n_up,
        "n_same": pairs.n_same,
        "n_down": pairs.n_down,
        **dict.fromkeys(SHARES),
        "delta": delta if item.is_paired else None,
        "tost_p": None,
        "verdict": None,
        "p_holm": None,
        "n_eff": n,
        "method": METHOD,
        "dont_know_pre": int(pre.unsure.sum()),
        "dont_know_post": int(post.unsure.sum()),
        "counts_pre": counts_pre.tolist(),
        "counts_post": counts_post.tolist(),
        "transition": pairs.counts.tolist(),
    }
    if favour_from is not None:
        figures["share_pre"] = _share(item, counts_pre, favour_from)
        figures["share_post"] = _share(item, counts_post, favour_from)
    if n:
        figures.update(_change(pairs, delta))
        if favour_from is not None:
            figures.update(_share_change(pairs, favour_from))
    elif item.is_paired and delta is not None:
        figures["verdict"] = "cannot_tell"
    return figures


def _tally(item: ItemShape, column: Column) -> NDArray[np.int64]:
    given = column.numbers[column.answered].astype(np.int64) - item.low
    return np.bincount(given, minlength=item.high - item.low + 1)


def _mean(item: ItemShape, counts: NDArray[np.int64]) -> float | None:
    n = int(counts.sum())
    return float(np.arange(item.low, item.high + 1) @ counts) / n if n else None


def _share(item: ItemShape, counts: NDArray[np.int64], at_least: int) -> float | None:
    n = int(counts.sum())
    return int(counts[at_least - item.low :].sum()) / n if n else None


def _change(pairs: Paired, delta: float | None) -> Figures:
    change = change_of(pairs)
    size = standardised_from(change)
    ranks = signed_rank(pairs)
    found: Figures = {
        "mean_pre_paired": change.mean_before,
        "mean_post_paired": change.mean_after,
        "mean_change": change.mean,
        "sd_change": change.sd,
        "se_change": change.se,
        "ci_low": change.low,
        "ci_high": change.high,
        "t": change.t,
        "df": change.df,
        "p_t": change.p,
        "w_plus": ranks.w_plus,
        "z_pratt": ranks.z,
        "p_wilcoxon": ranks.p,
        "p_sign": sign_test(pairs.n_up, pairs.n_down).p_mid,
        "d_z": size.d_z,
        "d_av": size.d_av,
        "g_av": size.g_av,
    }
    if delta is not None:
        found["tost_p"] = equivalence(change, delta).p
        found["verdict"] = verdict(change, delta, found["tost_p"])
    return found


def _share_change(pairs: Paired, favour_from: int) -> Figures:
    change = share_change(shares_from(pairs, favour_from))
    # With nobody on either diagonal the mid-p is 2 P(X <= 0) - P(X = 0) = 1 of a coin never thrown.
    p = 1.0 if change.p_mid is None else change.p_mid
    return {
        "share_change": change.difference,
        "share_ci_low": change.low,
        "share_ci_high": change.high,
        "p_mcnemar": p,
    }


def option_figures(item: ItemShape, pre: Column, post: Column) -> Figures:
    """Everything that is said of one choice: counts and table by option, "something else" last."""
    pairs = Paired.from_points(pre.numbers, post.numbers, low=item.low, high=item.high, missing=MISSING)
    found: Figures = {
        "n_paired": pairs.n,
        "counts_pre": _tally(item, pre).tolist(),
        "counts_post": _tally(item, post).tolist(),
        "transition": pairs.counts.tolist(),
        **dict.fromkeys(("stuart_maxwell", "df", "p", "bhapkar", "p_bhapkar", "p_exact", "gross", "net")),
    }
    if pairs.n:
        change = nominal_change(pairs)
        found.update(
            stuart_maxwell=change.stuart_maxwell,
            df=change.df,
            p=change.p,
            bhapkar=change.bhapkar,
            p_bhapkar=change.p_bhapkar,
            p_exact=change.p_exact,
            gross=change.gross,
            net=change.net,
        )
    return found


def correct_together(entries: Sequence[Figures], tested: Sequence[bool]) -> None:
    """Every tested entry has its ``p_holm``: its p_t, corrected for being one of several."""
    family = [entry for entry, is_one in zip(entries, tested, strict=True) if is_one]
    for entry, p in zip(family, holm([entry["p_t"] for entry in family]), strict=True):
        entry["p_holm"] = p
