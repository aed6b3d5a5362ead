"""How good suggested themes are beside human codes: ``python bench/themes.py [--polis brexit-consensus]``.

Answers of patients with one human label each (NHS England, ``../shared/data/nhs_fft_themes``), each question
by itself and all together. Prints NMI and purity (1 is as people coded) and seconds:

* bottom: everything in the commonest label;
* floor: TF-IDF and k-means as one would first write it, with scikit-learn's English stop words and without;
  the mean of three starts, which differ;
* ours, with as many themes as there are human labels, and with the number that it chooses.

Then the suggested themes of one Polis conversation, for a person to judge. What is not beside the project is
skipped in a sentence.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from consult.coding.clustering import Suggested, suggested_themes

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
NHS = DATA / "nhs_fft_themes" / "phase1_text_data.csv"
SEEDS = (1, 2, 3)
NO_THEME = -1


def purity(labels: Sequence[str], groups: np.ndarray) -> float:
    """Share of answers in a group whose commonest label is theirs."""
    by = Counter(zip(groups.tolist(), labels, strict=True))
    best: dict[int, int] = {}
    for (group, _), n in by.items():
        best[group] = max(best.get(group, 0), n)
    return sum(best.values()) / len(labels)


def tell(what: str, labels: Sequence[str], *works: Callable[[], np.ndarray]) -> None:
    began = time.perf_counter()
    found = [work() for work in works]
    took = (time.perf_counter() - began) / len(works)
    nmi = np.mean([normalized_mutual_info_score(labels, groups) for groups in found])
    pure = np.mean([purity(labels, groups) for groups in found])
    k = len(set(found[0].tolist()) - {NO_THEME})
    print(f"  {what:42} k {k:2}  NMI {nmi:.3f}  purity {pure:.3f}  {took:5.1f} s")


def floors(texts: Sequence[str], k: int, stop_words: str | None) -> list[Callable[[], np.ndarray]]:
    """What one would first write, from several starts."""

    def floor(seed: int) -> np.ndarray:
        matrix = TfidfVectorizer(stop_words=stop_words).fit_transform(texts)
        return KMeans(k, n_init=10, random_state=seed).fit_predict(matrix)

    return [partial(floor, seed) for seed in SEEDS]


def groups_of(found: Suggested, n: int) -> np.ndarray:
    groups = np.full(n, NO_THEME)
    for number, theme in enumerate(found.themes):
        groups[list(theme.members)] = number
    return groups


def ours(texts: Sequence[str], k: int | None) -> np.ndarray:
    return groups_of(suggested_themes(texts, stem="", k=k), len(texts))


def nhs() -> None:
    with NHS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for question in sorted({row["question"] for row in rows}):
        compare(question, [row for row in rows if row["question"] == question])
    compare("all questions together", rows)


def compare(name: str, rows: Sequence[dict[str, str]]) -> None:
    texts, labels = [row["feedback"] for row in rows], [row["label"] for row in rows]
    k = len(set(labels))
    print(f"{name}: {len(rows):,} answers, {k} human labels")
    tell("bottom: one label for all", labels, lambda: np.zeros(len(labels), dtype=int))
    tell("floor: TF-IDF, k-means, stop words", labels, *floors(texts, k, "english"))
    tell("floor: TF-IDF, k-means, every word", labels, *floors(texts, k, None))
    tell("ours, as many as human labels", labels, lambda: ours(texts, k))
    tell("ours, a number of its own", labels, lambda: ours(texts, None))


def polis(name: str) -> None:
    with (DATA / "polis" / name / "comments.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["comment-body"] for row in csv.DictReader(file)]
    found = suggested_themes(texts, stem="")
    print(f"\n{name}: {len(texts)} statements, {len(found.left_out)} without a theme")
    for theme in found.themes:
        print(f"\n{', '.join(theme.words)} ({len(theme.members)})")
        for place in theme.members:
            print(f"   {'*' if place in theme.central else ' '} {' '.join(texts[place].split())}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--polis", default="brexit-consensus", metavar="CONVERSATION")
    name = asked.parse_args().polis
    with threadpool_limits(limits=1):
        if NHS.exists():
            nhs()
        else:
            print("The coded answers of patients are not beside the project: skipped.")
        if (DATA / "polis" / name).is_dir():
            polis(name)
        else:
            print(f"The Polis conversation {name} is not beside the project: skipped.")


if __name__ == "__main__":
    main()
