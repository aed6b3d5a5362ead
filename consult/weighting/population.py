"""The questions whose groups are known of the population, as far as weights can be made from them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Consultation
from consult.db import db
from consult.panel.bands import find_band, is_below
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic, Target
from consult.weighting import refused
from consult.weighting.refused import WeightsRefused, listed, why
from consult.words import Sentence


@dataclass(frozen=True, slots=True)
class Population:
    """One question with how many people of each of its groups live here, in the order of the groups."""

    id: int
    key: str
    options: tuple[tuple[int, str], ...]  # id and key
    living: tuple[int, ...]
    is_ordered: bool

    def as_json(self) -> dict[str, Any]:
        """What weights depend on, without numbers that another copy of the record would not have."""
        return {
            "key": self.key,
            "options": [key for _, key in self.options],
            "living": list(self.living),
            "is_ordered": self.is_ordered,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that has targets from which no weights can be made, and why."""

    key: str
    reason: Sentence


def read_populations(
    consultation_id: int, variables: Sequence[str] | None = None
) -> tuple[list[Population], list[LeftOut]]:
    """Read the questions that weights can be made from, and those with targets that cannot be used.

    Parameters
    ----------
    variables : sequence of str, optional
        Only these.

    Raises
    ------
    WeightsRefused
        If there are no targets, none that can be used, or one that was named cannot be.
    """
    plain, crossed = _targets(consultation_id)
    if not plain and not crossed:
        raise WeightsRefused(why(refused.NO_TARGETS))
    demographics = _demographics(consultation_id)
    too_young = _too_young(consultation_id, demographics)
    found: list[Population] = []
    left_out: list[LeftOut] = []
    for demographic in demographics:
        if variables is not None and demographic.key not in variables:
            continue
        if demographic.id in plain:
            read: Population | LeftOut = _population(demographic, plain[demographic.id], too_young)
        elif demographic.id in crossed:
            read = LeftOut(demographic.key, why(refused.INTERLOCKED, variable=demographic.key))
        else:
            continue
        if isinstance(read, Population):
            found.append(read)
        else:
            left_out.append(read)
    read_keys = [each.key for each in found] + [each.key for each in left_out]
    unknown = set(variables or ()).difference(read_keys)
    reasons = [each.reason for each in left_out] + [
        why(refused.NOT_A_VARIABLE, variable=key) for key in sorted(unknown)
    ]
    if not found or (variables is not None and reasons):
        raise WeightsRefused(*(reasons or [why(refused.NO_TARGETS)]))
    return found, left_out


def list_usable(consultation_id: int) -> list[Demographic]:
    """List the questions that weights can be made from, in their order; none where there are none."""
    try:
        found, _ = read_populations(consultation_id)
    except WeightsRefused:
        return []
    ids = {population.id for population in found}
    return [demographic for demographic in _demographics(consultation_id) if demographic.id in ids]


def _demographics(consultation_id: int) -> Sequence[Demographic]:
    return db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation_id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    ).all()


def _targets(consultation_id: int) -> tuple[dict[int, dict[int, int | None]], set[int]]:
    """Populations by question and option, and the questions that are crossed with another."""
    plain: dict[int, dict[int, int | None]] = defaultdict(dict)
    crossed: set[int] = set()
    for target in db.session.scalars(select(Target).where(Target.consultation_id == consultation_id)):
        if target.crossed_demographic_id is not None:
            crossed |= {target.demographic_id, target.crossed_demographic_id}
        else:
            plain[target.demographic_id][target.option_id] = target.population
    return plain, crossed


def _too_young(consultation_id: int, demographics: Sequence[Demographic]) -> set[int]:
    """Groups of people who are too young to take part, if nobody said that they are of them.

    They are not part of the population: their share would be given to those who are next in age.
    """
    age = db.session.scalar(select(Consultation.minimum_age).where(Consultation.id == consultation_id))
    options = [option for demographic in demographics for option in demographic.options]
    young = {option.id for option in options if is_below(age, option.key, option.label)}
    if not young:
        return young
    said = select(ParticipantDemographic.option_id).where(ParticipantDemographic.option_id.in_(young))
    return young.difference(db.session.scalars(said.distinct()))


def _population(
    demographic: Demographic, living: dict[int, int | None], too_young: Collection[int]
) -> Population | LeftOut:
    options = [option for option in demographic.options if option.id not in too_young]
    known = {option.id: living.get(option.id) for option in options}
    counts = [count for count in known.values() if count is not None]
    if len(counts) < len(known):
        missing = [option.key for option in options if known[option.id] is None]
        reason = why(refused.NOT_EVERY_GROUP, variable=demographic.key, groups=listed(missing))
        return LeftOut(demographic.key, reason)
    if not any(counts):
        return LeftOut(demographic.key, why(refused.NOBODY_LIVES, variable=demographic.key))
    return Population(
        demographic.id,
        demographic.key,
        tuple((option.id, option.key) for option in options),
        tuple(counts),
        _is_ordered(options),
    )


def _is_ordered(options: Sequence[DemographicOption]) -> bool:
    """Whether neighbouring groups are alike: bands of age that follow each other."""
    bands = [find_band(option.label) or find_band(option.key) for option in options]
    ages = [band.low for band in bands if band is not None]
    return len(ages) == len(options) and ages in (sorted(ages), sorted(ages, reverse=True))
