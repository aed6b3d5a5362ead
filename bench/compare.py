"""How long the comparison of a large consultation takes, and where the time goes.

    python bench/compare.py [--people 100000] [--items 20]

Prints one line a measurement, each as a ratio to a floor measured in the same run:

* the statistics alone against plain NumPy doing the same sums by hand, and against pandas and
  scipy used the obvious way;
* reading the answers and comparing, from a real SQLite file, with the share spent reading and
  the peak memory of the process.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import stats


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def answers(people: int, items: int) -> list[tuple[np.ndarray, np.ndarray]]:
    dice = np.random.default_rng(20261121)
    found = []
    for _ in range(items):
        pre = dice.integers(1, 6, people).astype(np.int16)
        post = np.clip(pre + dice.integers(-1, 2, people), 1, 5).astype(np.int16)
        pre[dice.random(people) < 0.05] = -32768
        post[dice.random(people) < 0.2] = -32768
        found.append((pre, post))
    return found


def ours(data: list[tuple[np.ndarray, np.ndarray]]) -> None:
    from consult.stats.change import change_of
    from consult.stats.equivalence import equivalence
    from consult.stats.pairs import Paired
    from consult.stats.ranks import sign_test, signed_rank
    from consult.stats.shares import share_change, shares_from

    for pre, post in data:
        pairs = Paired.from_points(pre, post, low=1, high=5)
        equivalence(change_of(pairs), 0.25)
        signed_rank(pairs)
        sign_test(pairs.n_up, pairs.n_down)
        share_change(shares_from(pairs, 4))


def plain(data: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """The same sums by hand: one table of before by after for each item, and arithmetic on it."""
    points = np.arange(1, 6)
    sizes = points[None, :] - points[:, None]
    for pre, post in data:
        both = (pre != -32768) & (post != -32768)
        table = np.bincount((pre[both] - 1) * 5 + (post[both] - 1), minlength=25).reshape(5, 5)
        n = table.sum()
        mean = (table * sizes).sum() / n
        sd = np.sqrt(((sizes - mean) ** 2 * table).sum() / (n - 1))
        stats.t.sf(abs(mean / (sd / np.sqrt(n))), n - 1)
        up = np.array([table[sizes == k].sum() for k in range(1, 5)])
        down = np.array([table[sizes == -k].sum() for k in range(1, 5)])
        moved = up + down
        ranks = np.cumsum(moved) - moved / 2 + 0.5 + table.trace()
        (up * ranks).sum() - (moved * ranks).sum() / 2


def obvious(data: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """pandas and scipy as one would first write it."""
    import pandas as pd

    for pre, post in data:
        frame = pd.DataFrame({"pre": pre, "post": post}).replace(-32768, np.nan).dropna()
        change = frame["post"] - frame["pre"]
        stats.ttest_rel(frame["post"], frame["pre"]).confidence_interval()
        stats.wilcoxon(change, zero_method="pratt", method="asymptotic")
        stats.binomtest(int((change > 0).sum()), int((change != 0).sum()))
        pd.crosstab(frame["pre"], frame["post"])
        pd.crosstab(frame["pre"] >= 4, frame["post"] >= 4)


def whole(people: int, items: int) -> None:
    from flask_migrate import upgrade

    from consult import create_app
    from consult.access import OPERATOR
    from consult.analysis.comparison import compare_record
    from consult.analysis.record import read_record
    from consult.bundles.service import load_bundle
    from consult.db import db, reading
    from consult.home import Config
    from tests.making.bundles import make_large_bundle

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(database_url=f"sqlite:///{folder}/bench.sqlite", secret_key="bench"))
        with app.app_context():
            upgrade()
            bundle = make_large_bundle(Path(folder) / "bundle", people=people, items=items)
            began = time.perf_counter()
            loaded = load_bundle(OPERATOR, bundle, replace=False, progress=None)
            db.session.commit()
            print(f"load: {time.perf_counter() - began:.1f} s for {people * items * 2:,} answers")
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"peak memory after load: {memory:.0f} MiB")
            with reading():
                began = time.perf_counter()
                record = read_record(loaded.consultation.id)
                read = time.perf_counter() - began
                compare_record("large", record)
                took = time.perf_counter() - began
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"compare: {took:.2f} s, {100 * read / took:.0f}% of it reading, peak memory {memory:.0f} MiB"
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--items", type=int, default=20)
    options = asked.parse_args()
    data = answers(options.people, options.items)
    floor = best(lambda: plain(data))
    print(f"{options.people:,} people x {options.items} items")
    print(f"plain NumPy: {floor * 1000:.0f} ms (1.00)")
    print(f"ours: {best(lambda: ours(data)) / floor:.2f} x plain NumPy")
    print(f"pandas and scipy, the obvious way: {best(lambda: obvious(data), 2) / floor:.1f} x plain NumPy")
    whole(options.people, options.items)


if __name__ == "__main__":
    main()
