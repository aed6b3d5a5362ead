"""How long it takes to weigh a large consultation: ``python bench/raking.py [--people 100000]``.

People with six variables of 2 to 19 categories, some of them silent on some, raked to margins that they do
not have. Prints one line a measurement, each as a ratio to a floor measured in the same run:

* one round: a count and a scaling for every variable in plain NumPy, which no raking can do without;
* a whole raking to margins within 1e-12, without putting together and cutting; the method's own, with both;
* the same with pandas, group by group, the obvious way;
* the weighted change with its error aware of raking.

Then how far the margins are from the population's, and the peak memory.
"""

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np

SIZES = (2, 7, 19, 4, 2, 12)
SILENT = (0.0, 0.02, 0.06, 0.0, 0.09, 0.01)


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def people(n: int):
    """Variables that hang together a little, and a population that is not like these people."""
    from consult.stats.margins import Variable

    dice = np.random.default_rng(20261122)
    lean = dice.normal(size=n)
    found = []
    for place, (size, silent) in enumerate(zip(SIZES, SILENT, strict=True)):
        cuts = np.linspace(-1.5, 1.5, size + 1)[1:-1]
        codes = np.searchsorted(cuts, 0.4 * lean + dice.normal(size=n))
        living = np.bincount(codes, minlength=size) * dice.uniform(0.7, 1.4, size)
        codes[dice.random(n) < silent] = -1
        found.append(Variable(f"v{place}", codes, living, is_ordered=place == 1))
    return found


def one_round(places, populations, weights) -> None:
    for place, population in zip(places, populations, strict=True):
        held = np.bincount(place, weights=weights)
        weights *= (population * held.sum() / held)[place]


def obvious(variables, rounds: int) -> None:
    import pandas as pd

    frame = pd.DataFrame({variable.name: variable.codes for variable in variables})
    frame["w"] = 1.0
    for _ in range(rounds):
        for variable in variables:
            there = frame[variable.name] >= 0
            held = frame[there].groupby(variable.name)["w"].sum()
            factor = pd.Series(variable.population, name="f") * held.sum() / held
            frame.loc[there, "w"] *= frame.loc[there, variable.name].map(factor)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=100_000)
    options = asked.parse_args()

    from consult.stats.raking import RakingSettings, rake
    from consult.stats.weighted import weighted_mean

    variables = people(options.people)
    weights = np.ones(options.people)
    places = [np.maximum(variable.codes, 0) for variable in variables]
    floor = best(lambda: one_round(places, [v.population for v in variables], weights), 20)
    plain = RakingSettings(collapsing=None, limits=None)
    raked = rake(variables, settings=plain)
    took = best(lambda: rake(variables, settings=plain))
    whole = best(lambda: rake(variables))
    report = rake(variables).report
    print(f"{options.people:,} people x {len(variables)} variables, {sum(SIZES)} categories")
    print(f"one round in plain NumPy: {1000 * floor:.1f} ms (1.00)")
    rounds = raked.report.rounds
    print(
        f"raked, {rounds} rounds: {took:.2f} s, {took / floor / rounds:.2f} x that for a round,"
        f" furthest margin {raked.report.largest_error:.1e}"
    )
    print(
        f"the method's own, {report.rounds} rounds in {1 + report.cycles} rakings: {whole:.2f} s,"
        f" {report.too_heavy} people too heavy and {report.too_light} too light before,"
        f" furthest margin {report.largest_error:.1e}"
    )
    three = best(lambda: obvious(variables, 3), 1) / 3
    print(f"pandas, the obvious way: {three / floor:.1f} x for a round")
    change = np.random.default_rng(1).integers(-1, 2, options.people)
    aware = best(lambda: weighted_mean(change, raked.weights, columns=raked.columns()))
    print(f"weighted change with both errors: {aware:.2f} s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory:.0f} MiB")


if __name__ == "__main__":
    main()
