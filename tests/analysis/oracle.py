"""A second computation of the comparison, straight from the rows of a bundle, with other tools.

Written the slow and obvious way on purpose: dictionaries, scipy and loops over pairs of people. It
shares no code with the product.
"""

import csv
import math
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

Answers = dict[tuple[str, str, str, str], int]  # participant, wave, item, option


def read(bundle: Path) -> dict[str, Any]:
    toml = tomllib.loads((bundle / "consultation.toml").read_text(encoding="utf-8"))
    people = {row["participant"]: row for row in _rows(bundle / "participants.csv")}
    rows = _rows(bundle / "responses.csv")
    submissions = bundle / "submissions.csv"
    submitted = (
        {(r["participant"], r["wave"]) for r in _rows(submissions) if r["status"] == "submitted"}
        if submissions.exists()
        else {(r["participant"], r["wave"]) for r in rows}
    )
    counted = [r for r in rows if (r["participant"], r["wave"]) in submitted]
    answers = {
        (r["participant"], r["wave"], r["item"], r["option"]): r["value"]
        for r in counted
        if r["status"] == "answered"
    }
    unsure = {(r["participant"], r["wave"], r["item"]) for r in counted if r["status"] == "dont_know"}
    return {"toml": toml, "people": people, "answers": answers, "unsure": unsure}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def numbers(data: dict[str, Any], item: str, option: str, wave: str) -> dict[str, int]:
    return {
        person: int(value)
        for (person, w, i, o), value in data["answers"].items()
        if (w, i, o) == (wave, item, option)
    }


def paired(
    data: dict[str, Any], item: str, option: str = "", people: set[str] | None = None
) -> dict[str, Any]:
    """Expected figures of one scale or one ranked option; absent keys are undefined."""
    pre, post = (numbers(data, item, option, wave) for wave in ("pre", "post"))
    if people is not None:
        pre = {p: v for p, v in pre.items() if p in people}
        post = {p: v for p, v in post.items() if p in people}
    both = [p for p in pre if p in post]
    x = np.array([pre[p] for p in both], dtype=float)
    y = np.array([post[p] for p in both], dtype=float)
    d = y - x
    found: dict[str, Any] = {
        "n_pre": len(pre),
        "n_post": len(post),
        "n_paired": len(both),
        "n_up": int((d > 0).sum()),
        "n_same": int((d == 0).sum()),
        "n_down": int((d < 0).sum()),
    }
    if pre:
        found["mean_pre"] = float(np.mean(list(pre.values())))
    if post:
        found["mean_post"] = float(np.mean(list(post.values())))
    if len(both) > 1 and d.std() > 0:
        t = stats.ttest_rel(y, x)
        low, high = t.confidence_interval()
        s1, s2 = x.std(ddof=1), y.std(ddof=1)
        d_av = d.mean() / math.sqrt((s1**2 + s2**2) / 2)
        df = len(both) - 1
        j = (
            math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
            if df > 1
            else math.nan
        )
        found |= {
            "mean_pre_paired": x.mean(),
            "mean_post_paired": y.mean(),
            "mean_change": d.mean(),
            "sd_change": d.std(ddof=1),
            "se_change": d.std(ddof=1) / math.sqrt(len(both)),
            "ci_low": low,
            "ci_high": high,
            "t": t.statistic,
            "df": df,
            "p_t": t.pvalue,
            "d_z": d.mean() / d.std(ddof=1),
            "d_av": d_av,
        }
        if df > 1:
            found["g_av"] = j * d_av
    if (d != 0).any():
        ranks = stats.rankdata(np.abs(d))
        w_plus = ranks[d > 0].sum()
        moving = ranks[d != 0]
        found["w_plus"] = w_plus
        found["z_pratt"] = (w_plus - moving.sum() / 2) / math.sqrt((moving**2).sum() / 4)
        found["p_sign"] = _mid_p(found["n_up"], found["n_down"])
        if len(moving) <= 12:  # every pattern of signs, one by one
            sums = np.array([0.0])
            for rank in moving:
                sums = np.concatenate((sums, sums + rank))
            centre = moving.sum() / 2
            far = np.abs(sums - centre) >= abs(w_plus - centre) - 1e-9
            found["p_wilcoxon"] = float(far.mean())
        elif len(moving) > 25:
            found["p_wilcoxon"] = stats.wilcoxon(d, zero_method="pratt", method="asymptotic").pvalue
    return found


def _mid_p(up: int, down: int) -> float:
    n, k = up + down, min(up, down)
    return float(2 * stats.binom.cdf(k, n, 0.5) - stats.binom.pmf(k, n, 0.5))


def reason_index(data: dict[str, Any], people: set[str]) -> dict[str, Any]:
    """Expected reason index, by a loop over pairs of people."""
    items = data["toml"]["items"]
    considerations = [(i["key"], "") for i in items if i.get("role") == "consideration"]
    options = [
        (i["key"], o["key"])
        for i in items
        if i["form"] == "rank" and i.get("role") == "preference"
        for o in i["options"]
    ]
    rated: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for person in people:
        for wave in ("pre", "post"):
            try:
                rated[person, wave] = tuple(
                    [int(data["answers"][person, wave, *key]) for key in keys]
                    for keys in (considerations, options)
                )
            except KeyError:
                continue
    whole = [p for p in people if (p, "pre") in rated and (p, "post") in rated]
    kept = [p for p in whole if all(len(set(v)) > 1 for w in ("pre", "post") for v in rated[p, w])]
    found: dict[str, Any] = {"n": len(kept), "constant": len(whole) - len(kept)}
    for wave in ("pre", "post"):
        rho_c, rho_p = [], []
        for a, b in combinations(kept, 2):
            rho_c.append(stats.spearmanr(rated[a, wave][0], rated[b, wave][0]).statistic)
            rho_p.append(stats.spearmanr(rated[a, wave][1], rated[b, wave][1]).statistic)
        if rho_c:
            c, p = np.array(rho_c), np.array(rho_p)
            found[f"dri_{wave}"] = 1 - 2 * np.abs(c - p).mean()
            found[f"chance_{wave}"] = 1 - 2 * np.abs(c[:, None] - p[None, :]).mean()
    return found
