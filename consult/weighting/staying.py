"""The chance to have stayed until the follow-up, given what everybody said of themselves and at first.

Decision: whoever gave no answer is not given one. For a question about people, silence is a group of its
own; for an item, the mean stands in and a column says that it does, so that the stand-in tells nothing.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from consult.stats.logit import Logit, Term, design_of, logit
from consult.stats.refusals import Entangled, Separated
from consult.weighting import refused
from consult.weighting.crowd import Codes, Scores
from consult.weighting.people import Flags
from consult.weighting.refused import WeightsRefused, listed, why


def fitted_staying(codes: Mapping[str, Codes], scores: Mapping[str, Scores], stayed: Flags) -> Logit:
    """Fit the chance of staying of everybody who was asked.

    Parameters
    ----------
    codes : mapping of question to int array, shape (n_asked,)
        Groups; -1 for no answer.
    scores : mapping of item to float array, shape (n_asked,)
        Points; NaN for no answer.
    stayed : bool array, shape (n_asked,)
        At least one who did and one who did not.

    Raises
    ------
    WeightsRefused
        If there is no such chance to be had: some answers settle by themselves who stayed, or follow from
        others.
    """
    numbers: dict[str, Scores] = {}
    kinds: dict[str, Codes] = dict(codes)
    for key, column in scores.items():
        known = ~np.isnan(column)
        if not known.any():
            continue
        filled = np.where(known, column, column[known].mean())
        if np.ptp(filled) > 0.0:
            numbers[key] = filled
        if not known.all():
            kinds[f"{key} (no answer)"] = (~known).astype(np.int64)
    if not numbers and not kinds:
        numbers = {}
        kinds = {"everybody": np.zeros(stayed.size, dtype=np.int64)}
    design = design_of(numbers, kinds)
    try:
        return logit(design.matrix, stayed)
    except Separated as refusal:
        raise _refused(refused.SEPARATED, design.terms, refusal.columns) from refusal
    except Entangled as refusal:
        raise _refused(refused.ENTANGLED, design.terms, refusal.columns) from refusal


def _refused(text: str, terms: Sequence[Term], columns: Sequence[int]) -> WeightsRefused:
    named = [terms[place].name for place in columns if place < len(terms)]
    return WeightsRefused(why(text, columns=listed(list(dict.fromkeys(name for name in named if name)))))
