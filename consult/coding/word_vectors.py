"""A place in space for each answer, by the company that its words keep in all the answers."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

DIMENSIONS, WINDOW = 50, 5
SEED = 20261122

Floats = NDArray[np.float64]


def answer_vectors(answers: Sequence[Sequence[int]], n_words: int) -> Floats:
    """Give the direction of each answer: the mean of the vectors of its words.

    Parameters
    ----------
    answers : sequence of sequences of int, shape (n_answers,)
        The words of each answer in their order, as numbers from 0 to ``n_words``; none is empty.

    Returns
    -------
    float array, shape (n_answers, up to `DIMENSIONS`)
        Of length 1 each.
    """
    lengths = [len(answer) for answer in answers]
    words = np.fromiter(chain.from_iterable(answers), dtype=np.int64, count=sum(lengths))
    answer_of = np.repeat(np.arange(len(answers)), lengths)
    held = sparse.csr_array((np.ones(len(words)), (answer_of, words)), shape=(len(answers), n_words))
    held.data[:] = 1.0  # a word counts once in an answer
    vectors: Floats = normalize(held @ _reduced(_company(words, answer_of, n_words)))
    return vectors


def _company(words: NDArray[np.int64], answer_of: NDArray[np.int64], n_words: int) -> sparse.csr_array:
    """How much more often than by chance each two words stand near each other (positive PMI)."""
    first, second, near = [], [], []
    for apart in range(1, WINDOW + 1):
        one, other = words[:-apart], words[apart:]
        together = answer_of[:-apart] == answer_of[apart:]
        first += [one[together], other[together]]
        second += [other[together], one[together]]
        near += [np.full(2 * int(together.sum()), apart**-0.5)]
    # Each word keeps its own company too, so that a word which always stands alone has a place.
    itself = np.arange(n_words)
    counts = sparse.coo_array(
        (
            np.concatenate([*near, np.bincount(words, minlength=n_words).astype(np.float64)]),
            (np.concatenate([*first, itself]), np.concatenate([*second, itself])),
        ),
        shape=(n_words, n_words),
    ).tocsr()
    whole = counts.sum(axis=1)
    smooth = whole**0.75
    smooth /= smooth.sum()
    pairs = counts.tocoo()
    more = np.log(pairs.data / (whole[pairs.row] * smooth[pairs.col]))
    return sparse.csr_array((np.maximum(more, 0.0), (pairs.row, pairs.col)), shape=(n_words, n_words))


def _reduced(company: sparse.csr_array) -> Floats:
    """The company of each word in fifty numbers instead of thousands."""
    n_words = company.shape[0]
    if n_words <= DIMENSIONS:
        dense: Floats = normalize(company.toarray())
        return dense
    reduced = TruncatedSVD(DIMENSIONS, n_iter=5, random_state=SEED)
    found = reduced.fit_transform(company) / np.sqrt(reduced.singular_values_)
    vectors: Floats = normalize(found)
    return vectors
