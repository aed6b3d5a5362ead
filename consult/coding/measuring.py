"""Agreement between coders as plain values: what `consult agreement` and the child of a page both call."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from consult.child import reply
from consult.stats.agreement import Agreement, agreement

Content = dict[str, Any]
Texts = Sequence[Sequence[frozenset[int] | None]]


def measured(question: Content) -> Content:
    """Give how far coders agreed on ``texts``: what each coder gave each, a list of ``themes`` or null.

    Of all themes of a text as one code; of each theme, given or not; and over all themes, every text with
    every theme being a case. Who could not code a text (null) says nothing of it for alpha, but differs from
    somebody who coded it: of the whole, the share of pairs alike and the noise count that.
    """
    themes: list[int] = question["themes"]
    texts = [[None if given is None else frozenset(given) for given in text] for text in question["texts"]]
    cells = [_held(theme, texts) for theme in themes]
    places = [place for _ in themes for place in range(len(texts))]
    compared = [text for text in texts if len(text) > 1 and any(given is not None for given in text)]
    return {
        "n_compared": len(compared),
        "n_one_could_not": sum(None in text for text in compared),
        "whole": {**_told(agreement(texts)), **_alike(compared)},
        "themes": [_told(agreement(each)) for each in cells],
        "pooled": _told(agreement([cell for each in cells for cell in each], drawn_with=places)),
    }


def _held(theme: int, texts: Texts) -> list[list[bool | None]]:
    return [[None if given is None else theme in given for given in text] for text in texts]


def _alike(compared: Texts) -> Content:
    """How many pairs of readings of one text are alike, and in how many texts not all are."""
    if not compared:
        return {}
    pairs = [one == other for text in compared for one, other in combinations(text, 2)]
    return {
        "percent_agreement": sum(pairs) / len(pairs),
        "noise_floor": sum(len(set(text)) > 1 for text in compared) / len(compared),
    }


def _told(found: Agreement) -> Content:
    return {
        "krippendorff_nominal": found.alpha,
        "ci_low": found.low,
        "ci_high": found.high,
        "percent_agreement": found.percent,
        "noise_floor": found.noise_floor,
        "reading": None if found.reading is None else found.reading.value,
        "n": found.n,
        "why_not": found.why_not,
    }


if __name__ == "__main__":
    reply(measured)
