"""Making weights: who they are for, what they are brought into line with, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from consult.stats.attrition import weights_for_staying
from consult.stats.balance import VariableBalance
from consult.stats.explained import RakedColumns
from consult.stats.margins import Collapsing, Variable, margin_of
from consult.stats.pairs import Scores
from consult.stats.raking import Raked, RakingSettings, rake
from consult.stats.refusals import EmptyCategory, NobodyLivesThere, NothingToRake, Unreachable
from consult.stats.weights import Limits, kish_deff
from consult.weighting import refused
from consult.weighting.crowd import Codes, Crowd, read_all_codes, read_attitudes, read_codes, read_crowd
from consult.weighting.people import Flags, People
from consult.weighting.population import LeftOut, Population, read_populations
from consult.weighting.refused import WeightsRefused, listed, why
from consult.weighting.rules import CYCLES, UNANSWERED_LIMIT, Settings
from consult.weighting.staying import fitted_staying
from consult.words import Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Weights that have been made.

    Attributes
    ----------
    people : People
    weighed : bool array, shape (n_people,)
        Who has a weight: those who sent in both surveys.
    weights : float array, shape (n_weighed,)
        Their mean is 1.
    columns : RakedColumns
        What an error that is aware of raking needs, over the same people.
    report : dict
        What was done and what it cost, fit for JSON; the same for the same settings and data.
    """

    people: People
    weighed: Flags
    weights: Scores
    columns: RakedColumns
    report: dict[str, Any]

    @property
    def digest(self) -> str:
        """Fingerprint of the settings and of everything that the weights depend on."""
        digest: str = self.report["digest"]
        return digest


def make_weights(consultation_id: int, settings: Settings) -> Made:
    """Weights with which the people who sent in both surveys look like those who live here.

    Raises
    ------
    WeightsRefused
        If there are no targets that can be used, or no weights that fit them.
    """
    populations, left_out = read_populations(consultation_id, settings.variables)
    crowd = read_crowd(consultation_id)
    if not crowd.stayed.any():
        raise WeightsRefused(why(refused.NOBODY_STAYED))
    asked = {each.id: [option for option, _ in each.options] for each in populations}
    codes = read_codes(crowd.people, asked)
    variables = [
        Variable(each.key, codes[each.id][crowd.stayed], np.array(each.living), is_ordered=each.is_ordered)
        for each in populations
    ]
    staying = _Staying(crowd) if settings.for_staying else None
    raked = _raked(variables, populations, settings, staying.base if staying else None)
    report = _report(raked, populations, left_out)
    report["staying"] = staying.report if staying else None
    data = [*(variable.codes for variable in variables), *(staying.data if staying else ())]
    report["digest"] = _digest(settings, populations, data)
    return Made(crowd.people, crowd.stayed, raked.weights, raked.columns(), report)


class _Staying:
    """Where weights begin so that those who stayed stand for everybody who was asked."""

    def __init__(self, crowd: Crowd) -> None:
        asked, stayed = crowd.asked, crowd.stayed[crowd.asked]
        codes: dict[str, Codes] = {key: of[asked] for key, of in read_all_codes(crowd.people).items()}
        scores = {key: of[asked] for key, of in read_attitudes(crowd).items()}
        self.data = [*codes.values(), *scores.values(), stayed]
        self.base: Scores | None = None
        if not stayed.all():
            self.base = weights_for_staying(fitted_staying(codes, scores, stayed).chances[stayed])
        self.report = {
            "n_asked": int(stayed.size),
            "n_stayed": int(stayed.sum()),
            "variables": list(codes),
            "items": list(scores),
            "kish_deff": 1.0 if self.base is None else kish_deff(self.base),
        }


def _raked(
    variables: Sequence[Variable],
    populations: Sequence[Population],
    settings: Settings,
    base: Scores | None,
) -> Raked:
    how = RakingSettings(
        collapsing=Collapsing(*settings.collapse) if settings.collapse else None,
        limits=Limits(*settings.trim) if settings.trim else None,
        cycles=CYCLES,
        unanswered_limit=UNANSWERED_LIMIT,
    )
    try:
        return rake(variables, base=base, settings=how)
    except NothingToRake as refusal:
        raise WeightsRefused(*_why_dropped(variables, how)) from refusal
    except EmptyCategory as refusal:
        options = {each.key: each.options for each in populations}
        group = options[refusal.variable][refusal.category][1]
        raise WeightsRefused(why(refused.EMPTY_GROUP, variable=refusal.variable, group=group)) from refusal
    except NobodyLivesThere as refusal:
        variable = refusal.variable or ""
        options = {each.key: each.options for each in populations}
        group = options[variable][refusal.category][1]
        raise WeightsRefused(why(refused.NOBODY_OF_GROUP, variable=variable, group=group)) from refusal
    except Unreachable as refusal:
        named = listed([variable.name for variable in variables])
        raise WeightsRefused(why(refused.CONTRADICTING, variables=named)) from refusal


def _why_dropped(variables: Sequence[Variable], how: RakingSettings) -> list[Sentence]:
    found = []
    for variable in variables:
        margin = margin_of(
            variable,
            np.ones(variable.codes.size),
            collapsing=how.collapsing,
            unanswered_limit=how.unanswered_limit,
        )
        is_silent = margin.dropped == "unanswered"
        text = refused.TOO_SILENT if is_silent else refused.ONE_GROUP
        more = {"percent": f"{UNANSWERED_LIMIT:.0%}".rstrip("%")} if is_silent else {}
        found.append(why(text, variable=variable.name, **more))
    return found


def _report(raked: Raked, populations: Sequence[Population], left_out: Sequence[LeftOut]) -> dict[str, Any]:
    found = asdict(raked.report)
    found["variables"] = [
        _variable(each, balance) for each, balance in zip(populations, raked.report.variables, strict=True)
    ]
    found["left_out"] = [
        {
            "variable": each.key,
            "reason": str(each.reason),
            "text": each.reason.text,
            "values": dict(each.reason.values),
        }
        for each in left_out
    ]
    return found


def _variable(population: Population, balance: VariableBalance) -> dict[str, Any]:
    keys = [key for _, key in population.options]
    return {
        "variable": population.key,
        "unanswered": balance.unanswered,
        "dropped": balance.dropped,
        "is_collapsed": balance.is_collapsed,
        "groups": [[keys[place] for place in group] for group in balance.groups],
        "largest_error": balance.largest_error,
        "categories": [
            {"category": key, "population": living, **asdict(category)}
            for key, living, category in zip(keys, population.living, balance.categories, strict=True)
        ],
    }


def _digest(settings: Settings, populations: Sequence[Population], data: Sequence[Any]) -> str:
    told = json.dumps([settings.as_json(), [each.as_json() for each in populations]], sort_keys=True)
    found = sha256(told.encode())
    for column in data:
        found.update(f"{column.dtype}{column.shape}".encode())
        found.update(np.ascontiguousarray(column).tobytes())
    return found.hexdigest()
