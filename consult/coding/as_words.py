"""Suggested themes and agreement between coders as plain text, for whoever reads them in a terminal."""

from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]
SHOWN_CHARACTERS = 100


def themes_as_text(content: Content) -> str:
    """The suggested themes, a few lines each."""
    return "\n".join(_themes(content))


def _themes(content: Content) -> Iterator[str]:
    where = f"{content['consultation']}, {content['item']}"
    yield f"{where}: {content['k']} themes from {content['n_used']:,} of {content['n']:,} texts"
    yield content["reason"]
    for theme in content["themes"]:
        yield ""
        yield f"{theme['theme']}. {', '.join(theme['words'])} ({theme['size']:,})"
        yield from (f"   – {_one_line(text)}" for text in theme["quotations"])
    if content["left_out"]:
        yield ""
        n = len(content["left_out"])
        yield f"{n:,} {'text' if n == 1 else 'texts'} without a theme"


def _one_line(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    words = " ".join(plain.split())
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS].rstrip()} …"


READINGS = {
    "counts": "counts may be published",
    "tentative": "counts are tentative",
    "quotations only": "publish quotations only",
    None: "cannot be told",
}


def agreement_as_text(content: Content) -> str:
    """How far coders agree, as lines with a table of themes."""
    return "\n".join(_agreement(content))


def _agreement(content: Content) -> Iterator[str]:
    yield f"{content['consultation']}, {content['item']}: {', '.join(map(_one_line, content['coders']))}"
    yield f"{content['n_texts']:,} texts coded, {content['n_double']:,} of them by two people or more"
    yield f"Krippendorff's alpha {_interval(content)}: {READINGS[content['reading']]}"
    yield f"the same themes in {_share(content['percent_agreement'])} of pairs"
    yield f"coder noise: {_share(content['noise_floor'])} of texts differ between two readings"
    if content["n_one_could_not"]:
        n, total = content["n_one_could_not"], content["n_compared"]
        yield f"of {total:,} texts, {n:,} were coded by one coder and could not be coded by another"
    yield ""
    rows = [*content["themes"], {**content["pooled"], "theme": "all themes, pooled"}]
    width = max(len(_one_line(row["theme"])) for row in rows)
    for row in rows:
        alpha = f"alpha {_interval(row)}"
        yield f"  {_one_line(row['theme']):{width}}  n {row['n']:>6,}  {alpha:32}  {READINGS[row['reading']]}"
    if content["notes"]:
        yield ""
        yield from (f"Note: {note['path']}: {note['reason']}" for note in content["notes"])


def _interval(row: Content) -> str:
    if row["krippendorff_nominal"] is None:
        return "–"
    alpha = f"{row['krippendorff_nominal']:.3f}"
    return alpha if row["ci_low"] is None else f"{alpha} ({row['ci_low']:.3f} to {row['ci_high']:.3f})"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"
