"""Who is here beside who should be: for each question with targets, in numbers that can be shown.

Counted is who has sent stage one and has not withdrawn; nobody who was only rehearsed. A few statements
read it whatever the number of people. No NumPy: a web worker may import this.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from consult import clock
from consult.access import Action, Actor, require
from consult.consultations.models import Consultation, Participant, StageKind
from consult.consultations.queries import standing_of
from consult.db import db
from consult.panel.counting import Counts, count_answers, count_both, counted_people
from consult.panel.models import Panel
from consult.panel.rules import Limits, foretell, state_of
from consult.panel.standing_notes import Content, notes_on
from consult.recruitment.models import Demographic, DemographicOption, Target
from consult.stats.refusals import Refusal
from consult.stats.representation import Representation, representation


def standing(actor: Actor, consultation: Consultation) -> Content:
    """Give how full every category is, how far from the population, and what that would cost.

    Returns
    -------
    dict
        ``consultation``, ``panel``, ``variables``, ``notes``; ``interlocked`` if two questions are crossed.
        Shares and gaps lie between -1 and 1; a gap below 0 means too few. Every null has a note.
    """
    require(actor, Action.VIEW_TARGETS, standing_of(consultation))
    panel = db.session.get(Panel, consultation.id)
    counting = _Counting(consultation, panel)
    content: Content = {
        "consultation": consultation.slug,
        "panel": {
            "size": panel.size if panel else None,
            "filled": panel.filled if panel else 0,
            "waiting": _count_waiting(consultation.id),
        },
        "variables": list(counting.variables()),
    }
    crossed = list(counting.crossed())
    if crossed:
        content["interlocked"] = crossed
    content["notes"] = list(notes_on(content))
    return content


@dataclass(frozen=True, slots=True)
class _Fill:
    """How full a target is: by places on the panel where there is one, by people otherwise."""

    has_panel: bool
    opens_and_closes: tuple[Any, Any] | None

    def state(self, target: Target, people: int) -> str:
        filled = target.filled if self.has_panel else people
        foretold = foretell(filled, *self.opens_and_closes, clock.now()) if self.opens_and_closes else None
        return state_of(filled, Limits(target.minimum, target.aim, target.maximum), foretold).value


class _Counting:
    def __init__(self, consultation: Consultation, panel: Panel | None) -> None:
        self._id = consultation.id
        survey = next((stage for stage in consultation.stages if stage.kind is StageKind.SURVEY), None)
        times = (survey.opens_at, survey.closes_at) if survey else None
        self._fill = _Fill(panel is not None, times)
        self._people = db.session.scalar(
            select(func.count()).select_from(counted_people(self._id).subquery())
        )
        self._targets = list(
            db.session.scalars(
                select(Target)
                .where(Target.consultation_id == self._id)
                .order_by(Target.id)
                .execution_options(populate_existing=True)
            )
        )
        self._asked = db.session.scalars(
            select(Demographic)
            .where(Demographic.consultation_id == self._id)
            .options(selectinload(Demographic.options))
            .order_by(Demographic.position)
        ).all()

    def variables(self) -> Iterator[Content]:
        """Every question with targets, in the order in which they are asked."""
        counts = count_answers(self._id, [demographic.id for demographic in self._asked])
        single: dict[int, dict[int, Target]] = defaultdict(dict)
        for target in self._targets:
            if target.crossed_option_id is None:
                single[target.demographic_id][target.option_id] = target
        for demographic in self._asked:
            targets = single.get(demographic.id)
            if targets:
                options = [option for option in demographic.options if option.id in targets]
                yield self._variable(demographic, options, targets, counts)

    def _variable(
        self,
        demographic: Demographic,
        options: Sequence[DemographicOption],
        targets: Mapping[int, Target],
        counts: Counts,
    ) -> Content:
        people = [counts.get((demographic.id, option.id), 0) for option in options]
        population = [targets[option.id].population for option in options]
        n = sum(people)
        missing = (self._people or 0) - n
        whole = _representation(people, population, missing)
        known = [each for each in population if each is not None]
        total = sum(known) if len(known) == len(population) else 0
        return {
            "variable": demographic.key,
            "base": demographic.base,
            "source": demographic.source,
            "n": n,
            "missing": missing,
            "categories": [
                self._category(option, targets[option.id], people[place], n, total, whole, place)
                for place, option in enumerate(options)
            ],
            "people_to_swap": whole.people_to_swap if whole else None,
            "cv_participation": whole.participation_cv if whole else None,
            "chi2": whole.chi2 if whole else None,
            "p": whole.p if whole else None,
            "price_of_weighting": whole.weighting_price if whole else None,
            "forecast_effective_n": whole.forecast_n_eff if whole else None,
        }

    def _category(  # noqa: PLR0917  (the numbers of one row)
        self,
        option: DemographicOption,
        target: Target,
        people: int,
        n: int,
        total: int,
        whole: Representation | None,
        place: int,
    ) -> Content:
        here = whole.categories[place] if whole else None
        return {
            "category": option.key,
            "population": target.population,
            "share_population": target.population / total
            if target.population is not None and total
            else None,
            "min": target.minimum,
            "target": target.aim,
            "max": target.maximum,
            "n": people,
            "share": people / n if n else None,
            "gap": here.share - here.living if here else None,
            "gap_people": here.gap_people if here else None,
            "ratio": here.ratio if here else None,
            "state": self._fill.state(target, people),
        }

    def crossed(self) -> Iterator[Content]:
        """Every pair of questions that is crossed, in the order in which its targets came."""
        names = {o.id: (d.key, o.key) for d in self._asked for o in d.options}
        pairs: dict[tuple[int, int], list[Target]] = defaultdict(list)
        for target in self._targets:
            if target.crossed_demographic_id is not None:
                pairs[target.demographic_id, target.crossed_demographic_id].append(target)
        for (one, other), targets in pairs.items():
            counts = count_both(self._id, one, other)
            for target in targets:
                assert target.crossed_option_id is not None  # a constraint says so
                people = counts.get((target.option_id, target.crossed_option_id), 0)
                variable, category = names[target.option_id]
                with_variable, with_category = names[target.crossed_option_id]
                yield {
                    "variable": variable,
                    "category": category,
                    "with_variable": with_variable,
                    "with_category": with_category,
                    "population": target.population,
                    "min": target.minimum,
                    "target": target.aim,
                    "max": target.maximum,
                    "n": people,
                    "state": self._fill.state(target, people),
                }


def _representation(
    people: Sequence[int], population: Sequence[int | None], missing: int
) -> Representation | None:
    """How the two compare; None where one of them is not known, or nobody is there to compare."""
    known = [each for each in population if each is not None]
    if len(known) < len(population):
        return None
    try:
        return representation(people, known, unknown=missing)
    except Refusal:
        return None


def _count_waiting(consultation_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                Participant.consultation_id == consultation_id, Participant.waiting_since.is_not(None)
            )
        )
        or 0
    )
