"""What the tests of the method share: reference files beside the project, and people made up."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from consult.stats.pairs import Paired

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
"""Reference files that are never part of the project."""

steady = settings(deadline=None, derandomize=True, database=None, max_examples=60)
"""The same cases on every machine, however busy."""

people = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=60)
"""Answers before and after, on five points."""

scores = st.lists(
    st.tuples(*[st.floats(-5, 5, allow_nan=False, allow_subnormal=False).map(lambda x: round(x, 3))] * 2),
    min_size=2,
    max_size=40,
)
"""Scores before and after that are means of items."""


def paired(answers: list[tuple[int, int]], low: int = 1, high: int = 5) -> Paired:
    """Whole answers on a scale, paired."""
    before, after = np.array(answers, dtype=np.int64).reshape(-1, 2).T
    return Paired.from_points(before, after, low=low, high=high)


def table(counts: list[list[int]]) -> Paired:
    """A table of before by after over options 0, 1, 2 ..."""
    return Paired(np.arange(len(counts), dtype=np.float64), np.array(counts, dtype=np.int64))


def changes(*by: int) -> Paired:
    """People on a scale from -9 to 9 who start at 0 and change by so much each."""
    return paired([(0, step) for step in by], low=-9, high=9)


@cache
def reference(name: str) -> Any:
    """A reference file, or a skipped test where it is not at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the reference file {name} is not beside the project")
    return json.loads(path.read_text(encoding="utf-8"))


def close(got: Any, expected: Any, tolerance: float) -> bool:
    """The comparison that the reference files ask for, also through lists."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return False
    return bool((np.abs(got - expected) <= tolerance * np.maximum(1.0, np.abs(expected))).all())
