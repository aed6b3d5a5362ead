"""What raking already explains of a score: a regression on the variables that were raked to.

Decision: the square system is summed from tables of every two variables, and the columns themselves are
never laid out: 100,000 people by forty columns would be 32 MB and a second, the tables are a few kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from consult.stats.margins import NO_ANSWER, Margin
from consult.stats.pairs import Counts, Scores
from consult.stats.refusals import ShapeMismatch


@dataclass(frozen=True, slots=True, eq=False)
class RakedColumns:
    """The columns whose weighted totals a raking fixed, and the weights that it began with.

    The first column is of ones. Then every group but the first of a variable has one: 1 for its people, less
    the population's share for everybody who answered, and 0 for who did not. Where everybody answered they
    span what the usual indicators span.

    Attributes
    ----------
    places : tuple of int array, each of shape (n_people,)
        For each variable everybody's group; after the last one is the place of those who did not answer.
    values : tuple of float array, each of shape (n_groups + 1, n_groups - 1)
        What the variable's columns hold for people of each place.
    base : float array, shape (n_people,)
        Weights before raking.
    """

    places: tuple[Counts, ...]
    values: tuple[Scores, ...]
    base: Scores

    @classmethod
    def of(cls, margins: Sequence[Margin], base: Scores) -> Self:
        """Give the columns of what was raked to."""
        places, values = [], []
        for margin in margins:
            groups = margin.shares.size
            places.append(np.where(margin.codes == NO_ANSWER, groups, margin.codes))
            own = np.eye(groups + 1, groups) - margin.shares
            own[groups] = 0.0
            values.append(own[:, 1:])
        return cls(tuple(places), tuple(values), base)

    def matrix(self) -> Scores:
        """Give the columns laid out, shape (n_people, 1 + groups - variables)."""
        ones = np.ones((self.base.size, 1))
        own = [values[place] for place, values in zip(self.places, self.values, strict=True)]
        return np.hstack([ones, *own])

    def unexplained(self, scores: Scores) -> Scores:
        """What a regression of scores on the columns, with the weights before raking, does not explain.

        Parameters
        ----------
        scores : float array, shape (n_people,)
            Without gaps.

        Raises
        ------
        ShapeMismatch
            If these are not the people who were raked.
        """
        if scores.shape != self.base.shape:
            raise ShapeMismatch(scores.shape, self.base.shape)
        nobody = np.zeros(self.base.size, dtype=np.int64)
        parts = [(nobody, np.ones((1, 1))), *zip(self.places, self.values, strict=True)]
        square = np.block([[a.T @ self._table(p, len(a), q, len(b)) @ b for q, b in parts] for p, a in parts])
        weighted = self.base * scores
        right = np.concatenate([a.T @ np.bincount(p, weights=weighted, minlength=len(a)) for p, a in parts])
        slopes = np.linalg.lstsq(square, right)[0]
        left = scores.copy()
        for place, own in parts:
            mine, slopes = slopes[: own.shape[1]], slopes[own.shape[1] :]
            left -= (own @ mine)[place]
        return left

    def _table(self, rows: Counts, n_rows: int, columns: Counts, n_columns: int) -> Scores:
        """Weighted people by two places."""
        held = np.bincount(rows * n_columns + columns, weights=self.base, minlength=n_rows * n_columns)
        return held.reshape(n_rows, n_columns).astype(np.float64, copy=False)
