"""What each figure is and where it comes from, told by the method's own docstrings.

The docstrings are read from the source without importing it: a web worker that packs a download
would otherwise load all of NumPy and SciPy for their words.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from inspect import cleandoc
from textwrap import fill

from consult.exports.weighted import CAUTION
from consult.exports.words import FIGURES

SOURCES = (
    ("pairs", "Paired", "n_paired", "n_up", "n_same", "n_down"),
    ("change", "change_of", "mean_pre_paired", "mean_post_paired", "mean_change", "sd_change", "se_change",
     "ci_low", "ci_high", "t", "df", "p_t"),
    ("ranks", "signed_rank", "w_plus", "z_pratt", "p_wilcoxon"),
    ("ranks", "sign_test", "p_sign"),
    ("effect_size", "standardised_change", "d_z", "d_av", "g_av"),
    ("effect_size", "hedges_j", "g_av"),
    ("shares", "share_change", "share_pre", "share_post", "share_change", "p_mcnemar"),
    ("shares", "newcombe_interval", "share_ci_low", "share_ci_high"),
    ("equivalence", "equivalence", "delta", "tost_p"),
    ("equivalence", "verdict", "verdict"),
    ("multiplicity", "holm", "p_holm"),
    ("nominal", "nominal_change", "stuart_maxwell", "df", "p", "bhapkar", "p_bhapkar", "p_exact"),
    ("transition", "transition_of", "gross", "net"),
    ("reasoning", "reason_index", "dri_pre", "dri_post", "dri_adjusted_pre", "dri_adjusted_post",
     "chance_pre", "chance_post", "excess_pre", "excess_post"),
)  # fmt: skip
"""Module and object of `consult.stats`, and the figures that come from it."""
WITH_WEIGHTS = (
    ("raking", "rake", "weight"),
    ("attrition", "weights_for_staying", "weight"),
    ("weights", "kish_deff", "kish_deff", "n_eff"),
    ("weighted", "weighted_mean", "mean_change", "se_change", "ci_low", "ci_high", "t", "df", "p_t", "deff",
     "se_raking_aware"),
    ("weighted", "weighted_share_change", "share_change", "share_ci_low", "share_ci_high"),
)  # fmt: skip
"""The same for figures with weights."""

WIDTH = 100
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?(?:[\w.]*\.)?(\w+)`")


@cache
def method_text(*, has_weights: bool = False) -> str:
    """What stands in method.txt: for each group of figures their meaning, formula and source."""
    parts = [
        "How the figures are computed",
        "============================",
        "",
        "Only answers that were sent in are counted. A change is after minus before, of the people who",
        'answered both times. Answers such as "I haven\'t made up my mind" are never points on a scale.',
        "",
    ]
    for module, name, *figures in SOURCES:
        parts += [", ".join(figures), *_told(module, name), *_figures(figures), ""]
    if has_weights:
        parts += ["With weights", "============", "", fill(CAUTION, WIDTH), ""]
        for module, name, *figures in WITH_WEIGHTS:
            parts += [", ".join(figures), *_told(module, name), ""]
    return "\n".join(parts)


def _figures(figures: list[str]) -> Iterator[str]:
    for figure in figures:
        words, unit = FIGURES[figure]
        yield f"    {figure}: {words}" + (f" ({unit})" if unit else "")


def _told(module: str, name: str) -> Iterator[str]:
    """The first sentence of a docstring, and its notes on method and source."""
    text = _docstring(module, name)
    summary = text.split("\n\n", 1)[0]
    heads = list(_SECTION.finditer(text))
    notes = next(
        (
            text[head.end() : following.start() if following else None]
            for head, following in zip(heads, [*heads[1:], None], strict=True)
            if head[1] == "Notes"
        ),
        "",
    )
    for part in (summary, notes):
        plain = " ".join(_ROLE.sub(r"\1", part).replace("``", "").split())
        if plain:
            yield fill(plain, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _docstring(module: str, name: str) -> str:
    source = (resources.files("consult.stats") / f"{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return cleandoc(ast.get_docstring(node) or "")
    raise LookupError(f"consult.stats.{module} has no {name}")
