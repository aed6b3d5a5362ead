"""Agreement between coders as plain values: what `consult agreement` and the child of a page both call."""

from typing import Any

from consult.child import reply
from consult.stats.agreement import Agreement, agreement

Content = dict[str, Any]


def measured(question: Content) -> Content:
    """Give how far coders agreed on ``texts``: what each coder gave each, a list of ``themes``.

    Of all themes of a text as one code; of each theme, given or not; and over all themes, every text with
    every theme being a case.
    """
    themes: list[int] = question["themes"]
    texts = [[frozenset(given) for given in text] for text in question["texts"]]
    cells = [[theme in given for given in text] for theme in themes for text in texts]
    places = [place for _ in themes for place in range(len(texts))]
    return {
        "whole": _told(agreement(texts)),
        "themes": [
            _told(agreement([[theme in given for given in text] for text in texts])) for theme in themes
        ],
        "pooled": _told(agreement(cells, drawn_with=places)),
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
