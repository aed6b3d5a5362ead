"""The picture of who takes part: each question about people, its groups, and who is missing.

While a stage is open an officer reads counts under 10 as "fewer than 10", and a gap beside such a count
as "at least": the exact number of a small group, read again and again, would tell who came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.consultations.models import Consultation, Stage, StageKind, State
from consult.consultations.rules import FEWEST_TOLD, told
from consult.panel.bands import is_below
from consult.panel.counting import Counts, answers_in
from consult.panel.models import Panel
from consult.panel.rules import NO_LIMITS, FillState, Limits, foretell, state_of
from consult.panel.setting import find_panel
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, DemographicOption, Target
from consult.representation.queries import People, count_people, list_targets, list_variables
from consult.stats.refusals import Refusal
from consult.stats.representation import Representation, representation

ENOUGH = FEWEST_TOLD  # people with an answer, before shares are told
WIDEST = 100.0


@dataclass(frozen=True, slots=True)
class Group:
    """One category as the page tells it; ``now`` is None for "fewer than 10"."""

    option_id: int
    label: str
    population: int | None
    living: float | None  # share of those who live here, in per cent
    limits: Limits
    target_id: int | None
    now: int | None
    share: float | None  # share of those who take part, in per cent
    missing: int | None  # how many more would bring it level; None where nothing says so
    is_at_least: bool  # the number missing is told as "at least"
    state: FillState | None


@dataclass(frozen=True, slots=True)
class Variable:
    """One question about people with its groups, and how like the population those who answered are."""

    demographic: Demographic
    groups: tuple[Group, ...]
    n: int
    silent: int | None  # prefer not to say; None for "fewer than 10"
    standing: Representation | None
    crossed: tuple["Crossed", ...] = ()
    from_age: int | None = None  # who is younger cannot take part and is not counted among who lives here

    @property
    def has_targets(self) -> bool:
        """Whether anything is known or wanted of its groups."""
        return any(g.population is not None or g.limits != NO_LIMITS for g in self.groups)

    @property
    def widest(self) -> float:
        """The longest bar, in per cent of people: what a picture is drawn to."""
        return max((max(g.living or 0.0, g.share or 0.0) for g in self.groups), default=0.0) or WIDEST


@dataclass(frozen=True, slots=True)
class Crossed:
    """People in two categories at once, of whom so many are wanted; ``with_`` is the other question."""

    target_id: int
    with_key: str
    with_question: str
    label: str
    other: str
    limits: Limits
    now: int | None
    state: FillState


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the page of who is missing tells; ``is_over``: nobody can join any more."""

    panel: Panel | None
    people: People
    variables: tuple[Variable, ...]
    is_over: bool


def picture_of(consultation: Consultation, now: datetime) -> Picture:
    """The picture of this consultation as it is now, in a fixed number of statements."""
    numbers = turnout.read(consultation.id)
    panel, people = find_panel(consultation), count_people(consultation, numbers)
    variables = list_variables(consultation)
    reader = _Reader(
        counted=answers_in(numbers, {each.id for each in variables}),
        targets=list_targets(consultation),
        labels={option.id: option.label for each in variables for option in each.options},
        questions={each.id: each for each in variables},
        stage=next((stage for stage in consultation.stages if stage.kind is StageKind.SURVEY), None),
        now=now,
        has_panel=panel is not None,
        minimum_age=consultation.minimum_age,
        is_draft=consultation.state is State.DRAFT,
    )
    is_over = reader.stage is not None and now >= reader.stage.closes_at
    return Picture(panel, people, tuple(reader.variable(each) for each in variables), is_over)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What was counted, and how it is told."""

    counted: Counts
    targets: Sequence[Target]
    labels: Mapping[int, str]
    questions: Mapping[int, Demographic]
    stage: Stage | None
    now: datetime
    has_panel: bool
    minimum_age: int | None
    is_draft: bool

    def variable(self, demographic: Demographic) -> Variable:
        """One question about people."""
        mine = [target for target in self.targets if target.demographic_id == demographic.id]
        plain = {target.option_id: target for target in mine if target.crossed_option_id is None}
        options = [option for option in demographic.options if not self._is_left_out(option, plain)]
        plain = {option.id: plain[option.id] for option in options if option.id in plain}
        sent = {option.id: self.counted.get((demographic.id, option.id), 0) for option in options}
        n = sum(sent.values())
        living = sum(target.population or 0 for target in plain.values())
        silent = self.counted.get((demographic.id, None), 0)
        return Variable(
            demographic=demographic,
            groups=tuple(
                self._group(option, plain.get(option.id), sent[option.id], n, living) for option in options
            ),
            n=n,
            silent=told(silent),
            standing=_standing(sent, plain, n),
            crossed=tuple(self._crossed(target) for target in mine if target.crossed_option_id is not None),
            from_age=self.minimum_age if len(options) < len(demographic.options) else None,
        )

    def _is_left_out(self, option: DemographicOption, plain: Mapping[int, Target]) -> bool:
        """Whether people of this group are too young to take part.

        Who lives here is counted without them, or everybody else would look like too many. Whoever sets up a
        draft sees every number that they typed.
        """
        if self.is_draft:
            return False
        target = plain.get(option.id)
        is_wanted = target is not None and _limits_of(target) != NO_LIMITS
        is_here = bool(self.counted.get((option.demographic_id, option.id)))
        return not is_wanted and not is_here and is_below(self.minimum_age, option.key, option.label)

    def _group(
        self, option: DemographicOption, target: Target | None, sent: int, n: int, living: int
    ) -> Group:
        limits = _limits_of(target) if target else NO_LIMITS
        population = target.population if target else None
        share_living = population / living if population is not None and living else None
        here = target.filled if self.has_panel and target else sent
        is_below_age = is_below(self.minimum_age, option.key, option.label)
        missing = None if is_below_age else _missing(here, sent, n, limits, share_living)
        is_small = told(here) is None
        return Group(
            option_id=option.id,
            label=option.label,
            population=population,
            living=None if share_living is None else 100 * share_living,
            limits=limits,
            target_id=target.id if target else None,
            now=told(here),
            share=100 * sent / n if n >= ENOUGH and told(sent) is not None else None,
            missing=_as_told(missing, here, is_small=is_small),
            is_at_least=is_small and bool(missing),
            state=None if limits == NO_LIMITS else state_of(here, limits, self._foretold(here)),
        )

    def _crossed(self, target: Target) -> Crossed:
        limits, other = _limits_of(target), self.questions[target.crossed_demographic_id or 0]
        return Crossed(
            target.id,
            other.key,
            other.question,
            self.labels[target.option_id],
            self.labels[target.crossed_option_id or 0],
            limits,
            told(target.filled),
            state_of(target.filled, limits, self._foretold(target.filled)),
        )

    def _foretold(self, count: int) -> float | None:
        """What the count is when the starting survey closes, if people go on coming as they have."""
        if self.stage is None or self.now >= self.stage.closes_at:
            return float(count)
        return foretell(count, self.stage.opens_at, self.stage.closes_at, self.now)


def _limits_of(target: Target) -> Limits:
    return Limits(target.minimum, target.aim, target.maximum)


def _missing(here: int, sent: int, n: int, limits: Limits, share_living: float | None) -> int | None:
    """How many more people: up to what is wanted; else up to their share of those who live here.

    With a share q of the population, x more people of the group bring it level when
    (sent + x) / (n + x) = q.
    """
    if limits.wanted is not None:
        return max(0, limits.wanted - here)
    if share_living is None or n == 0 or share_living >= 1:
        return None
    short = share_living * n - sent
    return max(0, round(short / (1 - share_living)))


def _as_told(missing: int | None, here: int, *, is_small: bool) -> int | None:
    """A number missing beside a count under 10 is what it would be if there were nine."""
    if missing is None or not is_small:
        return missing
    return max(0, missing - (FEWEST_TOLD - 1 - here))


def _standing(sent: Mapping[int, int], plain: Mapping[int, Target], n: int) -> Representation | None:
    """How like the population; None where too few answered, or the population is not known."""
    known = {option: target.population for option, target in plain.items() if target.population is not None}
    if n < ENOUGH or set(known) != set(sent):
        return None
    try:
        return representation([*sent.values()], [known[option] for option in sent])
    except Refusal:
        return None
