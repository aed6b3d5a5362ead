"""Groups of short answers that say alike things."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from consult.errors import Invalid
from consult.words import N_

FEWEST_TEXTS = 10
TOO_FEW = N_("Themes are suggested from %(n)s answers with words in them. There are fewer.")


@dataclass(frozen=True, slots=True)
class Tried:
    k: int
    score: float


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    words: tuple[str, ...]
    central: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    themes: tuple[SuggestedTheme, ...]
    reason: str
    tried: tuple[Tried, ...]
    n_used: int
    left_out: tuple[int, ...]


def suggested_themes(texts: Sequence[str], *, stem: str, k: int | None = None) -> Suggested:
    """Give the groups of the answers."""
    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    try:
        matrix = vectors.fit_transform(texts)
    except ValueError:
        raise Invalid(TOO_FEW, n=FEWEST_TEXTS) from None
    used = np.flatnonzero(np.diff(matrix.indptr))
    if used.size < FEWEST_TEXTS:
        raise Invalid(TOO_FEW, n=FEWEST_TEXTS)
    k = k or 5
    model = KMeans(k, random_state=1, n_init=5).fit(matrix[used])
    names = vectors.get_feature_names_out()
    near = model.transform(matrix[used])
    themes = []
    for group in range(k):
        own = np.flatnonzero(model.labels_ == group)
        order = own[np.argsort(near[own, group], kind="stable")]
        words = [str(names[i]) for i in np.argsort(-model.cluster_centers_[group])[:8]]
        themes.append(
            SuggestedTheme(tuple(words), tuple(used[order[:5]].tolist()), tuple(used[order].tolist()))
        )
    left = np.setdiff1d(np.arange(len(texts)), used)
    return Suggested(tuple(themes), "", (), int(used.size), tuple(left.tolist()))
