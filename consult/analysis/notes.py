"""Why a figure is missing: one note for each null that is not by design."""

from collections.abc import Iterator
from typing import Any

from consult.analysis.figures import PAIRED, SHARES
from consult.analysis.rules import ItemShape, is_tested

Note = dict[str, str]

NOBODY_BEFORE = "nobody answered this before"
NOBODY_AFTER = "nobody answered this after"
NOBODY_BOTH = "nobody answered this both times"
ONE_PERSON = "only one person answered both times, so there is no spread to measure"
ALL_ALIKE = "everybody changed by the same amount, so there is no spread to measure"
NO_SPREAD = "everybody who answered both times gave one and the same answer before, and one after"
TWO_PEOPLE = "the small-sample correction does not exist for two people"
NOBODY_MOVED = "nobody gave a different answer"
NO_P = "there is no p_t to correct"
NOBODY_WEIGHED = "nobody who answered this has a weight"
NEEDS_SPREAD = frozenset({"sd_change", "se_change", "ci_low", "ci_high", "t", "p_t", "d_z", "tost_p"})
NEEDS_MOVES = frozenset({"z_pratt", "p_wilcoxon", "p_sign"})


def number_notes(
    path: str, item: ItemShape, entry: dict[str, Any], primary: tuple[str, ...] | None
) -> Iterator[Note]:
    """Tell of every missing figure of a scale or of a ranked option.

    Missing by design, and so without a note: what compares two waves of an item that is asked in
    one; shares without ``favour_from``; ``p_holm`` of an item that is not tested with others;
    ``delta``, ``tost_p`` and ``verdict`` of a ranking.
    """
    has_shares = item.favour_from is not None and item.has_numbers
    for key, value in entry.items():
        if value is not None:
            continue
        reason: str | None = None
        if key in {"mean_pre", "share_pre"}:
            reason = _wave_reason(NOBODY_BEFORE, "pre", item, entry)
        elif key in {"mean_post", "share_post"}:
            reason = _wave_reason(NOBODY_AFTER, "post", item, entry)
        elif not item.is_paired:
            continue
        elif key in PAIRED or key in SHARES or key == "tost_p":
            reason = _paired_reason(key, entry)
        elif key == "p_holm" and is_tested(item, primary):
            reason = NO_P
        if (
            reason is None
            or (key in SHARES and not has_shares)
            or (key == "tost_p" and entry["delta"] is None)
        ):
            continue
        yield {"path": f"{path}.{key}", "reason": reason}


def _wave_reason(nobody: str, wave: str, item: ItemShape, entry: dict[str, Any]) -> str | None:
    if wave not in item.waves:
        return None
    return NOBODY_WEIGHED if entry[f"n_{wave}"] else nobody


def _paired_reason(key: str, entry: dict[str, Any]) -> str:
    if entry["n_paired"] == 0:
        return NOBODY_BOTH
    if entry["n_eff"] == 0:
        return NOBODY_WEIGHED
    if key in NEEDS_MOVES:
        return NOBODY_MOVED
    if entry["n_paired"] == 1:
        return ONE_PERSON
    if key == "g_av" and entry["d_av"] is not None:
        return TWO_PEOPLE
    return ALL_ALIKE if key in NEEDS_SPREAD else NO_SPREAD


def option_notes(path: str, item: ItemShape, entry: dict[str, Any]) -> Iterator[Note]:
    """Tell of every missing figure of a choice."""
    if not item.is_paired:
        return
    for key, value in entry.items():
        if value is not None:
            continue
        if entry["n_paired"] == 0:
            reason = NOBODY_BOTH
        elif entry["gross"] == 0:
            reason = NOBODY_MOVED
        elif key == "p_exact":
            reason = "there are too many ways in which people could have moved to go through them all"
        else:
            reason = "the statistic has no finite value for this table"
        yield {"path": f"{path}.{key}", "reason": reason}
