"""How far people who read the same texts gave them the same codes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.stats.refusals import NotFinite, ShapeMismatch
from consult.stats.reliance import Reading, reading_of

REPLICATES = 2000
SEED = 20261122
MOST_UNDEFINED = 0.05
"""Share of replicates without variation beyond which there is no interval."""

NOBODY_TWICE = "no text was read by two coders"
NO_VARIATION = "every coder gave every text the same code, so agreement cannot be told from chance"
NO_INTERVAL = "too few texts differ to say how sure this is"

Floats = NDArray[np.float64]


class Level(StrEnum):
    """What a difference between two codes means."""

    NOMINAL = "nominal"  # the same or not
    ORDINAL = "ordinal"  # how many codes were given between them
    INTERVAL = "interval"  # how far apart they are
    RATIO = "ratio"  # how far apart for their size


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agreed.

    Attributes
    ----------
    n
        Units that at least two coders coded: nothing else is counted anywhere.
    alpha, low, high
        Krippendorff's alpha and its 95 % interval; ``None`` where ``why_not`` says so.
    percent
        Share of pairs of codes of one unit that are the same, 0 to 1; ``None`` without units.
    noise_floor
        Share of units on which not all coders agreed: so much would differ between two readings of one and
        the same text. ``None`` without units.
    why_not
        Why there is no alpha, or no interval.
    """

    n: int
    alpha: float | None
    low: float | None
    high: float | None
    percent: float | None
    noise_floor: float | None
    why_not: str | None

    @property
    def reading(self) -> Reading | None:
        """What the codes are good for; ``None`` without alpha."""
        return None if self.alpha is None else reading_of(self.alpha)


def agreement(
    units: Sequence[Sequence[Any]],
    *,
    level: Level = Level.NOMINAL,
    drawn_with: Sequence[Hashable] | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Agreement:
    """How far the coders gave the same units the same codes.

    Parameters
    ----------
    units : sequence of sequences, shape (n_units, n_coders)
        What each coder gave each unit: any hashable value (a set of themes is one value), numbers for the
        levels other than nominal. ``None`` where a coder gave none; rows may have any lengths.
    level
        What a difference between two codes means.
    drawn_with : sequence, shape (n_units,), optional
        To which text each unit belongs, where a text has several: the bootstrap draws whole texts.
    replicates, seed
        Of the bootstrap.

    Returns
    -------
    Agreement
        Without alpha where nothing was coded twice, or where every code is the same.

    Raises
    ------
    ShapeMismatch
        If ``drawn_with`` does not name one text a unit.
    NotFinite
        If a code of a level with numbers is not a finite number.

    Notes
    -----
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability": ``1 - D_o / D_e`` from the matrix of
    coincidences, in which a unit with ``m`` codes gives each pair of them ``1 / (m - 1)``. Units with one
    code are left out before anything is counted. The interval is a percentile bootstrap: units (or the texts
    they belong to) are drawn with replacement, ``D_o`` and ``D_e`` are both computed anew, and the 2.5th and
    97.5th of 100 parts are taken; it is not Krippendorff's own algorithm, which holds ``D_e`` fixed. Drawn
    units without any variation have no alpha and are left out; where they are more than one in twenty there
    is no interval. With few units it is too narrow, and where coders never differed it is a point. Units that
    were coded alike are drawn together by their number, which has the same distribution and makes 10,000
    units cost what their distinct rows cost. Checked against R ``irr::kripp.alpha`` and Python
    ``krippendorff`` (golden values, random data with missing codes).
    """
    if drawn_with is not None and len(drawn_with) != len(units):
        raise ShapeMismatch((len(units),), (len(drawn_with),))
    texts = range(len(units)) if drawn_with is None else drawn_with
    coded = [[code for code in unit if code is not None] for unit in units]
    twice = [(codes, text) for codes, text in zip(coded, texts, strict=True) if len(codes) > 1]
    if not twice:
        return Agreement(0, None, None, None, None, None, NOBODY_TWICE)
    counts, values = _counted([codes for codes, _ in twice], level)
    size = counts.sum(axis=1)
    pairs = (size * (size - 1)).sum()
    percent = float((counts * (counts - 1)).sum() / pairs)
    noise_floor = float((counts.max(axis=1) < size).mean())
    if len(values) == 1:
        return Agreement(len(twice), None, None, None, percent, noise_floor, NO_VARIATION)
    sums = _Sums(counts, level, values).of_texts([text for _, text in twice])
    alpha = float(sums.alpha(np.ones((1, len(sums.totals))))[0])
    low, high = sums.interval(replicates, seed)
    return Agreement(len(twice), alpha, low, high, percent, noise_floor, NO_INTERVAL if low is None else None)


def _counted(units: list[list[Any]], level: Level) -> tuple[Floats, list[Any]]:
    """How often each unit was given each value, and the values: in their order where they have one."""
    values = list(dict.fromkeys(code for codes in units for code in codes))
    if level is not Level.NOMINAL:
        if not all(isinstance(value, int | float) and np.isfinite(value) for value in values):
            raise NotFinite(f"Codes at the {level} level")
        values.sort()
    place = {value: n for n, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for row, codes in enumerate(units):
        for code in codes:
            counts[row, place[code]] += 1
    return counts, values


class _Sums:
    """What alpha needs of each text, to be added up over any draw of texts.

    ``totals`` (n_texts, n_values) counts the codes. ``observed`` is the disagreement within the text, one
    number; at the ordinal level its coincidences (n_values squared), because there the distance between two
    values depends on everything that was drawn.
    """

    def __init__(self, counts: Floats, level: Level, values: list[Any]) -> None:
        self._level = level
        self._distance = None if level is Level.ORDINAL else _fixed_distance(level, values)
        self.totals = counts
        self.observed = self._observed(counts)

    def _observed(self, counts: Floats) -> Floats:
        size = counts.sum(axis=1)
        if self._level is Level.NOMINAL:  # never a matrix of values: sets of themes are many
            differing: Floats = (counts * (size[:, None] - counts)).sum(axis=1) / (size - 1)
            return differing[:, None]
        both = counts[:, :, None] * counts[:, None, :]
        both -= counts[:, :, None] * np.eye(counts.shape[1])
        both /= (size - 1)[:, None, None]
        if self._distance is None:
            return both.reshape(len(counts), -1)
        apart: Floats = (both * self._distance).sum(axis=(1, 2))
        return apart[:, None]

    def of_texts(self, texts: list[Hashable]) -> "_Sums":
        """The same, with the units of one text added up."""
        place = {text: n for n, text in enumerate(dict.fromkeys(texts))}
        rows = [place[text] for text in texts]
        totals = np.zeros((len(place), self.totals.shape[1]))
        observed = np.zeros((len(place), self.observed.shape[1]))
        np.add.at(totals, rows, self.totals)
        np.add.at(observed, rows, self.observed)
        self.totals, self.observed = totals, observed
        return self

    def alpha(self, times: Floats) -> Floats:
        """Alpha when each text is there so many times: (n_draws, n_texts) in, NaN for a draw of one value."""
        totals, observed = times @ self.totals, times @ self.observed
        n = totals.sum(axis=1)
        if self._level is Level.NOMINAL:
            expected = n * n - (totals * totals).sum(axis=1)
            differing = observed[:, 0]
        elif self._distance is not None:
            expected = ((totals @ self._distance) * totals).sum(axis=1)
            differing = observed[:, 0]
        else:
            distance = _ordinal_distance(totals)
            expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
            differing = (observed.reshape(distance.shape) * distance).sum(axis=(1, 2))
        is_one_value = (totals > 0).sum(axis=1) < 2  # noqa: PLR2004  (two values make a difference)
        return np.where(is_one_value, np.nan, 1 - (n - 1) * differing / np.where(is_one_value, 1, expected))

    def interval(self, replicates: int, seed: int) -> tuple[float | None, float | None]:
        """The middle 95 % of alpha over draws of as many texts as there are."""
        alike, many = np.unique(np.hstack([self.totals, self.observed]), axis=0, return_counts=True)
        split = self.totals.shape[1]
        self.totals, self.observed = alike[:, :split], alike[:, split:]
        times = np.random.default_rng(seed).multinomial(many.sum(), many / many.sum(), size=replicates)
        found = self.alpha(times.astype(np.float64))
        found = found[~np.isnan(found)]
        if len(found) < (1 - MOST_UNDEFINED) * replicates:
            return None, None
        low, high = np.quantile(found, [0.025, 0.975])
        return float(low), float(high)


def _fixed_distance(level: Level, values: list[Any]) -> Floats | None:
    """Squared distance of each two values, which no count changes; none is needed to tell same from other."""
    if level is Level.NOMINAL:
        return None
    points = np.array(values, dtype=np.float64)
    apart = points[:, None] - points[None, :]
    if level is Level.INTERVAL:
        return np.square(apart)
    whole = points[:, None] + points[None, :]
    return np.square(apart / np.where(whole == 0, 1, whole))


def _ordinal_distance(totals: Floats) -> Floats:
    """Squared distance of each two values: how many codes lie from one to the other, half of both ends."""
    middle = np.cumsum(totals, axis=1) - totals / 2
    return np.square(middle[:, :, None] - middle[:, None, :])
