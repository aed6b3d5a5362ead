"""Why a number was not computed, in words that are safe to show."""

from collections.abc import Sequence


class Refusal(ValueError):
    """The method does not apply to what was given."""


class ShapeMismatch(Refusal):
    """Two arrays that must describe the same people differ in shape."""

    def __init__(self, first: Sequence[int], second: Sequence[int]) -> None:
        super().__init__(f"The shapes {tuple(first)} and {tuple(second)} do not describe the same people.")


class NotWholeNumbers(Refusal):
    """Points on a scale, or counts of people, must be whole numbers."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} must be whole numbers.")


class NotFinite(Refusal):
    """A value is infinite, or not a number where everybody must have answered."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} must be finite numbers.")


class OffScale(Refusal):
    """An answer lies outside the scale."""

    def __init__(self, wave: str, low: int, high: int) -> None:
        super().__init__(f"An answer {wave} lies outside the scale from {low} to {high}.")


class TooManyPoints(Refusal):
    """More distinct values than the method can hold."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"There are {count} distinct values; the most that can be handled is {limit}.")


class NotATable(Refusal):
    """The counts are not a table of before by after over ascending points."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This is not a table of people before and after: {why}.")


class TooFewPeople(Refusal):
    """A mean or a share was asked for over too few people."""

    def __init__(self, have: int, need: int) -> None:
        super().__init__(f"This needs at least {need} of them and there are {have}.")


class BadBound(Refusal):
    """A bound, level or choice is outside what the method allows."""

    def __init__(self, what: str, value: object) -> None:
        super().__init__(f"{what}, not {value}.")


class NotAProbability(Refusal):
    """A p-value lies outside 0 to 1."""

    def __init__(self, value: float) -> None:
        super().__init__(f"A p-value lies between 0 and 1, not {value}.")


class ConstantRater(Refusal):
    """Somebody gave one rating to everything, so has no rank correlation with anybody."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = tuple(rows)
        super().__init__(
            f"{len(self.rows)} of the people gave one rating to everything; leave them out and count them."
        )


class NobodyLivesThere(Refusal):
    """Somebody belongs to a category of which the population has nobody."""

    def __init__(self, category: int, variable: str | None = None) -> None:
        self.category = category
        self.variable = variable
        super().__init__(
            f"Category {category + 1} has people here and nobody living here; the two are not counted alike."
        )


class EmptyCategory(Refusal):
    """People live in a category and nobody is here who could be weighted up for them."""

    def __init__(self, category: int, variable: str) -> None:
        self.category = category
        self.variable = variable
        super().__init__(f"Category {category + 1} has people living here and nobody here to stand for them.")


class NothingToRake(Refusal):
    """No variable is left that weights could be raked to."""

    def __init__(self) -> None:
        super().__init__("No variable is left that the weights could be brought into line with.")


class Unreachable(Refusal):
    """No weights were found with which all margins hold at once."""

    def __init__(self, difference: float, rounds: int) -> None:
        self.difference = difference
        self.rounds = rounds
        super().__init__(
            f"After {rounds} rounds a share is still {difference:.2g} away from the population:"
            " no weights fit all these variables at once."
        )


class Entangled(Refusal):
    """A characteristic says nothing that the others do not say, so its part cannot be told from theirs."""

    def __init__(self, columns: Sequence[int]) -> None:
        self.columns = tuple(columns)
        super().__init__("Some of these characteristics follow from the others; leave them out.")


class Separated(Refusal):
    """Some characteristics settle by themselves who is in and who is not, so chances have no estimate."""

    def __init__(self, columns: Sequence[int]) -> None:
        self.columns = tuple(columns)
        super().__init__(
            "Some characteristics belong only to people who came back, or only to people who did not,"
            " so the chance of coming back cannot be estimated from them; use fewer or wider ones."
        )
