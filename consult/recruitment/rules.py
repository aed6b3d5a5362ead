"""What demographic questions, targets and channels may be. Plain values in, decisions out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from consult.cells import RESERVED, Refusal, key_problem, shown

# These have their own place in the record of a participant.
TAKEN_KEYS = frozenset({"participant", "joined_at", "channel", "group", "arm", "track", "language", "quote"})
PREFER_NOT = "prefer_not"
USUAL_KIND = "other"  # of a channel of which nothing more is said
ASKED = ("joining", "after")  # when a question about the person is asked


class NewChannel(NamedTuple):
    """Where participants may come from."""

    key: str
    label: str
    aim: str | None = None
    cost: str | None = None
    kind: str = USUAL_KIND

    @property
    def is_unlisted(self) -> bool:
        """Whether it says no more than a participant's mention of the key does."""
        return self == NewChannel(self.key, self.key)


@dataclass(frozen=True, slots=True)
class NewCategory:
    """One option of a demographic question.

    ``leads_to`` is the key of a further question, which is asked only of those who choose an option that
    leads there. ``is_implied`` marks the option of a further question that everybody else gets unasked.
    """

    key: str
    label: str
    leads_to: str | None = None
    is_implied: bool = False


@dataclass(frozen=True, slots=True)
class NewDemographic:
    """A question about the person.

    ``standard`` names the wording of the ready questions that it was taken from. ``base`` says whom its
    targets count and ``source`` where they come from.
    """

    key: str
    question: str
    options: tuple[NewCategory, ...]
    why: str | None = None
    asked: str = ASKED[0]
    standard: str | None = None
    base: str | None = None
    source: str | None = None

    @property
    def offered(self) -> tuple[NewCategory, ...]:
        """The options that people can choose."""
        return tuple(option for option in self.options if not option.is_implied)


class NewTarget(NamedTuple):
    """How many people of a category live here, and how many of them the panel should hold.

    With a crossed category it is about people who are in both. ``minimum_flex`` and ``maximum_flex`` say how
    far a draw by lot may go beyond the limits where nothing else can be drawn.
    """

    variable: str
    category: str
    population: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    aim: int | None = None
    minimum_flex: int | None = None
    maximum_flex: int | None = None
    crossed_variable: str | None = None
    crossed_category: str | None = None

    @property
    def is_crossed(self) -> bool:
        """Whether it is about people of two categories at once."""
        return self.crossed_variable is not None

    @property
    def categories(self) -> frozenset[tuple[str, str | None]]:
        """The category that it is about, or both: the same whichever of them is named first."""
        crossed = {(self.crossed_variable, self.crossed_category)} if self.crossed_variable else set()
        return frozenset({(self.variable, self.category), *crossed})

    def check_limits(self) -> None:
        """Its limits can all be kept; raises as `check_limits` does."""
        check_limits(
            self.minimum,
            self.maximum,
            self.aim,
            minimum_flex=self.minimum_flex,
            maximum_flex=self.maximum_flex,
        )


def demographic_problems(demographic: NewDemographic) -> Iterator[Refusal]:
    """Everything that keeps a demographic question from being added."""
    if problem := key_problem(demographic.key):
        yield Refusal("key", problem)
    elif demographic.key in RESERVED | TAKEN_KEYS:
        yield Refusal("key", f"{demographic.key} is a reserved word")
    if not demographic.question.strip():
        yield Refusal("question", "must not be empty")
    if demographic.standard is not None and (problem := key_problem(demographic.standard)):
        yield Refusal("standard", problem)
    if not demographic.offered:
        yield Refusal("options", "must hold at least one option")
    yield from _option_problems(demographic)


def _option_problems(demographic: NewDemographic) -> Iterator[Refusal]:
    seen: set[str] = set()
    implied: str | None = None
    for n, option in enumerate(demographic.options):
        if option.key in RESERVED:
            yield Refusal(f"options[{n}].key", f"{option.key} is a reserved word")
        elif problem := key_problem(option.key):
            yield Refusal(f"options[{n}].key", problem)
        elif option.key in seen:
            yield Refusal(f"options[{n}].key", f"{shown(option.key)} stands twice")
        if not option.label.strip():
            yield Refusal(f"options[{n}].label", "must not be empty")
        if option.is_implied and implied is not None:
            yield Refusal(f"options[{n}].implied", f"{shown(implied)} is implied already")
        if option.is_implied and option.leads_to is not None:
            yield Refusal(f"options[{n}].leads_to", "nobody is led on by an option that is implied")
        implied = option.key if option.is_implied and implied is None else implied
        seen.add(option.key)


class Misled(NamedTuple):
    """What is wrong with how one question leads to another: of which question, counted from 0, and what."""

    n: int
    refusal: Refusal


def misleading(demographics: Sequence[NewDemographic]) -> Iterator[Misled]:
    """Everything that is wrong with how the questions of a consultation lead to each other.

    A further question comes later than the one that leads to it, and one question alone leads to it: so
    it is always known whether it is to be asked, and answering leads to an end.
    """
    places = {demographic.key: n for n, demographic in reversed([*enumerate(demographics)])}
    led_from: dict[str, str] = {}
    known: dict[tuple[int, str], str | None] = {}
    for n, demographic in enumerate(demographics):
        for place, option in enumerate(demographic.options):
            if option.leads_to is None:
                continue
            way = n, option.leads_to
            problem = known[way] if way in known else _misled(demographics, places, *way)
            known[way] = problem
            first = led_from.setdefault(option.leads_to, demographic.key)
            if problem is None and first != demographic.key:
                problem = f"{shown(first)} leads to {shown(option.leads_to)} already"
            if problem:
                yield Misled(n, Refusal(f"options[{place}].leads_to", problem))
    for n, demographic in enumerate(demographics):
        for place, option in enumerate(demographic.options):
            if option.is_implied and demographic.key not in led_from:
                sentence = "no option leads to this question, so nothing is implied"
                yield Misled(n, Refusal(f"options[{place}].implied", sentence))


def _misled(demographics: Sequence[NewDemographic], places: Mapping[str, int], n: int, to: str) -> str | None:
    """What keeps the n-th question from leading there."""
    demographic = demographics[n]
    if to == demographic.key:
        return "leads to its own question"
    if to not in places:
        return f"there is no demographic question {shown(to)}"
    further = demographics[places[to]]
    if demographic.key in _reached_from(further, demographics, places):
        return f"{shown(to)} leads back here, in a circle"
    if places[to] < n or ASKED.index(further.asked) < ASKED.index(demographic.asked):
        return f"{shown(to)} is asked earlier than this question"
    return None


def _reached_from(
    start: NewDemographic, demographics: Sequence[NewDemographic], places: Mapping[str, int]
) -> set[str]:
    """The keys of the questions to which one leads, and those lead, and so on."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for option in waiting.pop().options:
            if option.leads_to in places and option.leads_to not in reached:
                reached.add(str(option.leads_to))
                waiting.append(demographics[places[str(option.leads_to)]])
    return reached


def check_limits(
    minimum: int | None,
    maximum: int | None,
    aim: int | None = None,
    *,
    minimum_flex: int | None = None,
    maximum_flex: int | None = None,
) -> None:
    """A target's limits can all be kept.

    Raises
    ------
    Refusal
        If the least is more than the most, the aim is not between them, or the flex does not widen them.
    """
    if minimum is not None and maximum is not None and minimum > maximum:
        raise Refusal("max", f"{maximum} is less than min, which is {minimum}")
    if aim is not None and minimum is not None and aim < minimum:
        raise Refusal("aim", f"{aim} is less than min, which is {minimum}")
    if aim is not None and maximum is not None and aim > maximum:
        raise Refusal("aim", f"{aim} is more than max, which is {maximum}")
    if minimum_flex is not None and minimum is not None and minimum_flex > minimum:
        raise Refusal("min_flex", f"{minimum_flex} is more than min, which is {minimum}")
    if maximum_flex is not None and maximum is not None and maximum_flex < maximum:
        raise Refusal("max_flex", f"{maximum_flex} is less than max, which is {maximum}")
