"""Who came back and who did not: what they had said before, how evenly, and what that could have hidden.

Who people are is told by question only, with the part of the comparison that is split by it, because that
part never leaves the platform without a second person's approval.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from consult.analysis.notes import Note
from consult.analysis.record import Column, Record
from consult.analysis.rules import ItemShape, Split
from consult.consultations.models import Wave
from consult.stats.attrition import change_bounds, compare_categories, compare_scores
from consult.stats.pairs import Scores
from consult.stats.retention import LARGEST_ERROR, RetentionIndicator, retention_indicator
from consult.surveys.models import ItemRole
from consult.weighting.crowd import Crowd, read_all_codes
from consult.weighting.people import Flags
from consult.weighting.queries import count_flow
from consult.weighting.refused import WeightsRefused
from consult.weighting.staying import fitted_staying

Content = dict[str, Any]
COMPARED = ("smd", "t", "df", "p")
BOUNDS = ("low", "high", "carried_forward")
EVENNESS = ("r", "r_unadjusted", "r_se", "cv", "cv_adjusted", "cv_se")

NOBODY_ASKED = "nobody sent the starting survey"
NOBODY_LEFT = "everybody who sent the starting survey sent the follow-up"
NOBODY_STAYED = "nobody who sent the starting survey sent the follow-up"
NOBODY_ANSWERED = "nobody who stayed, or nobody who left, answered this before"
NO_SPREAD = "one person, or people who all answered alike, have no spread to measure"
ASKED_ONCE = "this is asked before only"
TOO_UNSURE = f"its standard error is above {LARGEST_ERROR}: too few people to tell"
ALL_EQUAL = "everybody has the same chance of staying, so there is no spread to measure"


def attrition(consultation_id: int, record: Record, crowd: Crowd) -> tuple[Content, list[Note]]:
    """Compare who stayed with who left, by what they answered before; with a note for each null."""
    asked, stayed = crowd.asked, crowd.stayed
    n_asked, n_stayed = int(asked.sum()), int(stayed.sum())
    items = [
        _item(item, before, record.columns.get((item.key, "", Wave.POST)), crowd)
        for item, before in _asked_before(record)
    ]
    evenness, reason = _evenness(record, crowd)
    found: Content = {
        "flow": asdict(count_flow(consultation_id)),
        "n_asked": n_asked,
        "n_stayed": n_stayed,
        "n_left": n_asked - n_stayed,
        "retention": n_stayed / n_asked if n_asked else None,
        "items": items,
        "evenness": evenness,
    }
    for entry in items:
        sd, cv = entry["sd_asked"], evenness["cv"]
        entry["largest_bias"] = None if sd is None or cv is None else cv * sd
    return found, list(_notes(found, reason))


def attrition_by(variable: str, split: Split, crowd: Crowd) -> Content:
    """Compare who stayed with who left by the groups of one question; people without an answer are left out.

    No notes: of what is null nothing can be said that the counts do not.
    """
    stayed, left = (
        np.bincount(split.codes[flags & (split.codes >= 0)], minlength=len(split.values)).tolist()
        for flags in (crowd.stayed, crowd.asked & ~crowd.stayed)
    )
    has_both = bool(sum(stayed) and sum(left))
    got = asdict(compare_categories(stayed, left)) if has_both else None
    return {
        "variable": variable,
        "n_stayed": sum(stayed),
        "n_left": sum(left),
        **{name: got[name] if got else None for name in ("chi2", "df", "p", "p_exact")},
        "categories": [
            {
                "value": value,
                "n_stayed": stayed[place],
                "n_left": left[place],
                "retention": stayed[place] / (stayed[place] + left[place])
                if stayed[place] + left[place]
                else None,
                "smd": got["smd_by_category"][place] if got else None,
            }
            for place, value in enumerate(split.values)
        ],
    }


def _asked_before(record: Record) -> Iterator[tuple[ItemShape, Column]]:
    for item in record.items:
        before = record.columns.get((item.key, "", Wave.PRE))
        if item.has_numbers and before is not None:
            yield item, before


def _scores(column: Column, who: Flags) -> Scores:
    return np.where(column.answered & who, column.numbers.astype(np.float64), np.nan)


def _item(item: ItemShape, pre: Column, post: Column | None, crowd: Crowd) -> Content:
    before = _scores(pre, crowd.asked)
    known = ~np.isnan(before)
    here, gone = before[known & crowd.stayed], before[known & ~crowd.stayed]
    found: Content = {
        "item": item.key,
        "n_stayed": here.size,
        "n_left": gone.size,
        "mean_stayed": float(here.mean()) if here.size else None,
        "mean_left": float(gone.mean()) if gone.size else None,
        **dict.fromkeys(COMPARED),
        "bounds": None,
        "sd_asked": float(before[known].std(ddof=1)) if known.sum() > 1 else None,
    }
    if here.size and gone.size:
        got = compare_scores(here, gone)
        found.update({name: getattr(got, name) for name in COMPARED})
    if post is not None and known.any():
        bounds = change_bounds(before, _scores(post, crowd.stayed), low=item.low, high=item.high)
        found["bounds"] = asdict(bounds)
    return found


def _evenness(record: Record, crowd: Crowd) -> tuple[Content, str]:
    """R-indicator of staying and the cautious coefficient of variation; or why there is none."""
    asked = crowd.asked
    nothing: Content = dict.fromkeys(EVENNESS)
    reason = _one_sided(crowd)
    if reason:
        return nothing, reason
    codes = {key: of[asked] for key, of in read_all_codes(crowd.people).items()}
    scores = {
        item.key: _scores(before, asked)[asked]
        for item, before in _asked_before(record)
        if item.role == ItemRole.ATTITUDE
    }
    try:
        got = retention_indicator(fitted_staying(codes, scores, crowd.stayed[asked]))
    except WeightsRefused as refusal:
        return nothing, refusal.message
    return _told(got), TOO_UNSURE if got.se is not None else ALL_EQUAL


def _told(got: RetentionIndicator) -> Content:
    """What may be told: an indicator of which nobody can be sure would be read all the same."""
    is_sure = got.may_be_shown
    return {
        "r": got.r if is_sure else None,
        "r_unadjusted": got.r_unadjusted if is_sure else None,
        "r_se": got.se,
        "cv": got.cv_unadjusted,
        "cv_adjusted": got.cv if is_sure else None,
        "cv_se": got.cv_se if is_sure else None,
    }


def _one_sided(crowd: Crowd) -> str:
    """Why nobody can be compared with anybody; "" where they can."""
    n_asked, n_stayed = int(crowd.asked.sum()), int(crowd.stayed.sum())
    if n_asked == 0:
        return NOBODY_ASKED
    if n_stayed == 0:
        return NOBODY_STAYED
    return NOBODY_LEFT if n_stayed == n_asked else ""


def _notes(found: Content, reason: str) -> Iterator[Note]:
    if found["retention"] is None:
        yield {"path": "attrition.retention", "reason": NOBODY_ASKED}
    for key, value in found["evenness"].items():
        if value is None:
            yield {"path": f"attrition.evenness.{key}", "reason": reason}
    one_sided = reason if reason in {NOBODY_ASKED, NOBODY_LEFT, NOBODY_STAYED} else ""
    for place, entry in enumerate(found["items"]):
        for key in [key for key, value in entry.items() if value is None]:
            yield {"path": f"attrition.items[{place}].{key}", "reason": _why(key, entry, one_sided, reason)}


def _why(key: str, entry: Mapping[str, Any], one_sided: str, reason: str) -> str:
    if key == "bounds":
        return ASKED_ONCE if entry["sd_asked"] is not None else NOBODY_ANSWERED
    if key == "largest_bias" and entry["sd_asked"] is not None:
        return reason
    if one_sided:
        return one_sided
    return NO_SPREAD if entry["n_stayed"] and entry["n_left"] else NOBODY_ANSWERED
