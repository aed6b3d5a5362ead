"""Weights and weighted figures agree with a loop over people in plain Python, through the real command."""

import json
from math import sqrt
from pathlib import Path

import pytest
from scipy import stats

from tests.analysis import oracle
from tests.conftest import Run
from tests.making.crowds import LIVING, crowd_bundle


def raked_by_loops(people: list[dict[str, str]], rounds: int = 400) -> list[float]:
    """The weight of each person, brought into line with one group after the other, over and over."""
    weights = [1.0] * len(people)
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
    return [weight * len(people) / sum(weights) for weight in weights]


def test_the_weighted_comparison_agrees_with_loops_over_people(consult: Run, tmp_path: Path) -> None:
    """With people who would rather not say: they keep what the other question gives them."""
    bundle = crowd_bundle(tmp_path / "in", people=300, silent=0.06)
    assert consult("load", bundle).returncode == 0
    done = consult("compare", "crowd", "--weights", "raked", "--by", "sex", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    data = oracle.read(bundle)
    before, after = (oracle.numbers(data, "hours", "", wave) for wave in ("pre", "post"))
    stayed = [person for person in data["people"] if person in before and person in after]
    people = [data["people"][person] for person in stayed]
    assert 0 < sum(person["age"] == "prefer_not" for person in people) <= 0.1 * len(people)
    w = raked_by_loops(people)
    agrees(found["items"][0], stayed, before, after, w)
    report = found["weighting"]["report"]
    assert report["n"] == len(stayed)
    assert report["kish_deff"] == pytest.approx(len(w) * sum(x * x for x in w) / sum(w) ** 2)
    assert (report["least"], report["greatest"]) == (pytest.approx(min(w)), pytest.approx(max(w)))
    assert report["converged"]
    assert report["cycles"] == 0
    for part in found["by"]:
        here = [n for n, person in enumerate(people) if person["sex"] == part["value"]]
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
