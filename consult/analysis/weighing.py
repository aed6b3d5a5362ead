"""Comparing with the weights of a version: they are read back, never made anew."""

import numpy as np

from consult.analysis.comparison import Comparing
from consult.analysis.weighted import Weighing
from consult.stats.explained import RakedColumns
from consult.weighting.making import make_weights
from consult.weighting.people import People
from consult.weighting.queries import Version, weights_of
from consult.weighting.refused import WeightsRefused


def weighed(consultation_id: int, slug: str, version: Version | None, *, is_whole: bool) -> Comparing:
    """Give what compares a consultation with these weights, or without; as a whole, or only in parts."""
    weighing = None if version is None else _weighing(consultation_id, version, is_whole=is_whole)
    return Comparing(consultation_id, slug, weighing)


def _weighing(consultation_id: int, version: Version, *, is_whole: bool) -> Weighing:
    people = People(consultation_id)
    kept = weights_of(version)
    weights = np.full(people.n, np.nan)
    if kept:
        weights[people.places(np.array(list(kept), dtype=np.int64))] = list(kept.values())
    return Weighing(
        number=version.number,
        weights=weights,
        columns=_columns(consultation_id, version) if is_whole else None,
        settings=version.settings.as_json(),
        report=version.report,
    )


def _columns(consultation_id: int, version: Version) -> RakedColumns | None:
    """What the weights were raked to, as long as the data is still what they were made from."""
    try:
        made = make_weights(consultation_id, version.settings)
    except WeightsRefused:
        return None
    return made.columns if made.digest == version.report["digest"] else None
