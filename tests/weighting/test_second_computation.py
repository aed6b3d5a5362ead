"""Weights and weighted figures agree with a loop over people in plain Python, through the real command."""

import json
from math import sqrt
from pathlib import Path

import pytest
from scipy import stats

from tests.analysis import oracle
from tests.conftest import Run
from tests.making.crowds import LIVING, crowd_bundle


def raked_by_loops(people: list[dict[str, str]], start: list[float], rounds: int = 300) -> list[float]:
    """The weight of each person, brought into line with one group after the other, over and over."""
    weights = list(start)
    for _ in range(rounds):
        for variable, groups in LIVING.items():
            total = sum(groups.values())
            said = [n for n, person in enumerate(people) if person[variable] in groups]
            held = sum(weights[n] for n in said)
            for group, living in groups.items():
                inside = [n for n in said if people[n][variable] == group]
                factor = living / total * held / sum(weights[n] for n in inside)
                for n in inside:
                    weights[n] *= factor
    return of_mean_one(weights)


def of_mean_one(weights: list[float]) -> list[float]:
    return [weight * len(weights) / sum(weights) for weight in weights]


def cut(weights: list[float]) -> list[float]:
    return [min(3.0, max(0.3, weight)) for weight in weights]


def weights_by_loops(people: list[dict[str, str]]) -> tuple[list[float], int]:
    """As the method has it: rake, cut to 0.3 and 3 times the mean, rake again, at most five times."""
    weights = raked_by_loops(people, [1.0] * len(people))
    cycles = 0
    while cycles < 5 and max(abs(a - b) for a, b in zip(weights, cut(weights), strict=True)) > 1e-9:
        weights = raked_by_loops(people, of_mean_one(cut(weights)))
        cycles += 1
    low, high = 0.5, 3.0
    for _ in range(100):  # by how much the others grow so that the mean is 1 when nobody is beyond a limit
        middle = (low + high) / 2
        low, high = (
            (middle, high) if sum(cut([middle * w for w in weights])) < len(weights) else (low, middle)
        )
    return cut([low * weight for weight in weights]), cycles


def test_the_weighted_comparison_agrees_with_loops_over_people(consult: Run, tmp_path: Path) -> None:
    """With people who would rather not say, who keep what the other question gives them; some are cut."""
    bundle = crowd_bundle(tmp_path / "in", people=300, silent=0.06)
    assert consult("load", bundle).returncode == 0
    done = consult("compare", "crowd", "--weights", "raked", "--by", "sex", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    data = oracle.read(bundle)
    before, after = (oracle.numbers(data, "hours", "", wave) for wave in ("pre", "post"))
    stayed = [person for person in data["people"] if person in before and person in after]
    said = [data["people"][person] for person in stayed]
    assert 0 < sum(person["age"] == "prefer_not" for person in said) <= 0.1 * len(said)
    w, cycles = weights_by_loops(said)
    agrees(found["items"][0], stayed, before, after, w)
    report = found["weighting"]["report"]
    assert report["n"] == len(stayed)
    assert report["kish_deff"] == pytest.approx(len(w) * sum(x * x for x in w) / sum(w) ** 2)
    assert (report["least"], report["greatest"]) == (pytest.approx(min(w)), pytest.approx(max(w)))
    assert report["cycles"] == cycles > 0
    for part in found["by"]:
        here = [n for n, person in enumerate(said) if person["sex"] == part["value"]]
        agrees(part["items"][0], [stayed[n] for n in here], before, after, [w[n] for n in here])


def agrees(entry, who, before, after, w):
    n, total = len(who), sum(w)
    x, y = [before[person] for person in who], [after[person] for person in who]
    d = [b - a for a, b in zip(x, y, strict=True)]

    def mean(values):
        return sum(weight * value for weight, value in zip(w, values, strict=True)) / total

    def error(values):
        middle = mean(values)
        squares = sum((weight * (value - middle)) ** 2 for weight, value in zip(w, values, strict=True))
        return sqrt(n / (n - 1) * squares) / total

    se, t = error(d), mean(d) / error(d)
    reach = stats.t.ppf(0.975, n - 1)
    moved = [(b >= 4) - (a >= 4) for a, b in zip(x, y, strict=True)]
    expected = {
        "n_paired": n,
        "mean_pre_paired": mean(x),
        "mean_post_paired": mean(y),
        "mean_pre": mean(x),
        "mean_post": mean(y),
        "share_pre": mean([a >= 4 for a in x]),
        "share_post": mean([b >= 4 for b in y]),
        "mean_change": mean(d),
        "se_change": se,
        "df": n - 1,
        "t": t,
        "p_t": 2 * stats.t.sf(abs(t), n - 1),
        "ci_low": mean(d) - reach * se,
        "ci_high": mean(d) + reach * se,
        "share_change": mean(moved),
        "share_ci_low": mean(moved) - reach * error(moved),
        "share_ci_high": mean(moved) + reach * error(moved),
        "tost_p": max(
            stats.t.sf((mean(d) + entry["delta"]) / se, n - 1),
            stats.t.cdf((mean(d) - entry["delta"]) / se, n - 1),
        ),
        "n_eff": total**2 / sum(weight * weight for weight in w),
    }
    for name, value in expected.items():
        assert entry[name] == pytest.approx(value, rel=1e-6), name
