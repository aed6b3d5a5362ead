"""What is said of an item with weights: its means, its change and how sure it is.

Decision: what the method gives no weighted form for stays as it is without weights. Those are counts, the
tests by ranks and signs, and changes in standard deviations, which describe the people who took part. A
note says so once. A mean of one wave is over the people who have a weight, because nobody else can be
weighted: those who sent in both surveys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.notes import ALL_ALIKE, NOBODY_WEIGHED, ONE_PERSON, Note
from consult.analysis.record import Column
from consult.analysis.rules import BESIDE, ItemShape
from consult.stats.change import Change
from consult.stats.equivalence import equivalence, verdict
from consult.stats.explained import RakedColumns
from consult.stats.weighted import WeightedChange, WeightedMean, weighted_change, weighted_share_change
from consult.weighting.people import Flags

METHOD = "raked-t"
Floats = NDArray[np.float64]
Content = dict[str, Any]

NOT_WEIGHTED = (
    "w_plus, z_pratt, p_wilcoxon, p_sign and p_mcnemar are without weights: there is no agreed way to weight"
    " these tests"
)
DESCRIPTIVE = (
    "sd_change, d_z, d_av, g_av and every count are without weights: they describe the people who took part"
)
OVER_WHOM = (
    "mean_pre, mean_post, share_pre and share_post are over people who have a weight: those who sent in both"
    " surveys"
)
OTHER_DATA = "somebody's answers have gone since the weights were made, so it cannot be worked out again"
WHOLE_PARTS = "this part is without weights"
ASSUMING = (
    "intervals and p-values are from a model: they assume that people like those who did not take part would"
    " answer as those who did"
)
WEIGHTED = (
    "mean_pre_paired",
    "mean_post_paired",
    "mean_change",
    "se_change",
    "ci_low",
    "ci_high",
    "t",
    "df",
    "p_t",
    "share_change",
    "share_ci_low",
    "share_ci_high",
    "tost_p",
)
PRECISE = ("se_raking_aware", "kish_deff", "deff")


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Weights of one version over everybody who joined.

    Attributes
    ----------
    number : int
        Of the version.
    weights : float array, shape (n_people,)
        NaN for whoever has none.
    columns : RakedColumns, optional
        Over those who have one; None where the data is no longer what the weights were made from.
    settings, report : dict
        How they were made, and what came of it.
    """

    number: int
    weights: Floats
    columns: RakedColumns | None
    settings: Content
    report: Content

    def weigh(
        self, entry: Content, item: ItemShape, pre: Column, post: Column, *, people: Flags, option: str = ""
    ) -> list[Content]:
        """The entry has its weighted figures; what belongs beside them, for an item asked both times.

        Parameters
        ----------
        entry
            The figures without weights, which are replaced.
        pre, post
            What ``people`` answered.
        option
            Key of a ranked option; its places are weighted as points are.
        """
        unweighted = {name: entry[name] for name in BESIDE}
        weights = self.weights[people]
        has = ~np.isnan(weights)
        held, before, after = weights[has], _points(pre)[has], _points(post)[has]
        favour_from = None if option else item.favour_from
        entry["method"] = METHOD
        _one_wave(entry, "pre", before, held, favour_from)
        _one_wave(entry, "post", after, held, favour_from)
        precise: Content = dict.fromkeys(PRECISE)
        if np.isnan(after - before).all():
            entry.update(dict.fromkeys(WEIGHTED), n_eff=0.0)
            entry["verdict"] = unweighted["verdict"] and "cannot_tell"
        else:
            columns = self.columns if people.all() else None
            change = _changed(entry, weighted_change(before, after, held, columns=columns))
            precise = {name: getattr(change, name) for name in PRECISE}
            if favour_from is not None:
                share = weighted_share_change(before, after, held, at_least=favour_from).change
                entry.update(share_change=share.mean, share_ci_low=share.low, share_ci_high=share.high)
        if not item.is_paired:
            return []
        return [{"item": item.key, "option": option or None, **precise, "unweighted": unweighted}]

    def notes(self) -> list[Note]:
        """What to mind about every figure."""
        return [
            *({"path": "items", "reason": text} for text in (NOT_WEIGHTED, DESCRIPTIVE, OVER_WHOM)),
            *({"path": part, "reason": WHOLE_PARTS} for part in ("nominal", "reasoning")),
            {"path": "weighting", "reason": ASSUMING},
        ]


def precise_notes(beside: Sequence[Content]) -> Iterator[Note]:
    """Tell of every missing figure of how precise a weighted change is."""
    for place, entry in enumerate(beside):
        for key in [key for key in PRECISE if entry[key] is None]:
            yield {"path": f"weighting.items[{place}].{key}", "reason": _why_missing(key, entry)}


def _why_missing(key: str, entry: Content) -> str:
    if entry["kish_deff"] is None:
        return NOBODY_WEIGHED
    if entry["unweighted"]["se_change"] is None:
        return ONE_PERSON
    return ALL_ALIKE if key == "deff" else OTHER_DATA


def _points(column: Column) -> Floats:
    return np.where(column.answered, column.numbers.astype(np.float64), np.nan)


def _one_wave(entry: Content, wave: str, scores: Floats, held: Floats, favour_from: int | None) -> None:
    known = ~np.isnan(scores)
    total = float(held[known].sum())
    entry[f"mean_{wave}"] = float(held[known] @ scores[known]) / total if total else None
    if favour_from is not None:
        reached = (scores[known] >= favour_from).astype(np.float64)
        entry[f"share_{wave}"] = float(held[known] @ reached) / total if total else None


def _changed(entry: Content, got: WeightedChange) -> WeightedMean:
    change = got.change
    entry.update(
        mean_pre_paired=got.before,
        mean_post_paired=got.after,
        mean_change=change.mean,
        se_change=change.se,
        ci_low=change.low,
        ci_high=change.high,
        t=change.t,
        df=change.df,
        p_t=change.p,
        n_eff=change.n_eff,
    )
    if entry["delta"] is None:
        return change
    tested = Change(
        change.n,
        got.before,
        got.after,
        change.mean,
        None,
        None,
        None,
        change.se,
        change.df,
        change.t,
        change.p,
        change.low,
        change.high,
    )
    entry["tost_p"] = equivalence(tested, entry["delta"]).p
    entry["verdict"] = verdict(tested, entry["delta"], entry["tost_p"])
    return change
