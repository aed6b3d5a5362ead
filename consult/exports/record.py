"""What an export knows of items, people and answers: plain values in compact arrays."""

from array import array
from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from hashlib import sha256

from consult.analysis.rules import NUMBER_FORMS, OPTION_FORMS
from consult.consultations.models import WAVES, Wave

STATUSES = ("not_reached", "answered", "dont_know", "prefer_not", "skipped")
"""Place in this tuple is the code of a status; 0 is what nobody has said anything about."""
ANSWERED = STATUSES.index("answered")
NOTHING = -32768
"""No number, no option and no place."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """One item as the codebook describes it; ``options`` and ``points`` are (key or number, label)."""

    key: str
    form: str
    role: str
    stem: str
    waves: tuple[Wave, ...]
    options: tuple[tuple[str, str], ...] = ()
    correct: str | None = None
    other: bool = False
    ordered: bool = False
    points: tuple[tuple[int, str], ...] = ()
    favour_from: int | None = None
    reversed: bool = False
    plan: str = ""
    delta: float | None = None

    @property
    def has_numbers(self) -> bool:
        """Whether it is answered with a point of a scale."""
        return self.form in NUMBER_FORMS

    @property
    def has_options(self) -> bool:
        """Whether one option is chosen."""
        return self.form in OPTION_FORMS

    @property
    def is_ranked(self) -> bool:
        """Whether options are put in order."""
        return self.form == "rank"

    @property
    def parts(self) -> tuple[str, ...]:
        """What has a value of its own: each option of a ranking, else the item (""); nothing of open text."""
        if self.is_ranked:
            return tuple(key for key, _ in self.options)
        return ("",) if self.has_numbers or self.has_options else ()

    @property
    def choices(self) -> tuple[str, ...]:
        """Keys that can be chosen, "something else" last, as the comparison counts them."""
        return (*(key for key, _ in self.options), *((OTHER,) if self.other else ()))

    @property
    def version(self) -> str:
        """Fingerprint of the wording, options and scale: the same in two exports means the same item."""
        wording = (self.form, self.stem, self.options, self.correct, self.other, self.ordered, self.points)
        return sha256(repr(wording).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What everybody gave to one item in one wave.

    Attributes
    ----------
    status : bytearray
        For each person, a place in ``STATUSES``.
    values : mapping of option key (rank) or "" to array of int16
        The point, the place, or the position of the option chosen; ``NOTHING`` where there is none.
    """

    status: bytearray
    values: Mapping[str, MutableSequence[int]]

    @classmethod
    def nothing(cls, item: ExportedItem, n_people: int) -> "Given":
        """Nobody has given anything yet."""
        return cls(bytearray(n_people), {part: array("h", [NOTHING]) * n_people for part in item.parts})

    @property
    def n_answered(self) -> int:
        """How many people answered."""
        return self.status.count(ANSWERED)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Everybody who submitted at least one wave, in an order that tells nothing.

    ``submitted`` has 1 or 0 for each person; ``group``, ``arm`` and ``mode`` have a value or None.
    """

    keys: Sequence[str]
    submitted: Mapping[Wave, bytearray]
    group: Sequence[str | None]
    arm: Sequence[str | None]
    mode: Mapping[Wave, Sequence[str | None]]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a consultation: who, and what they gave to each item in each wave."""

    items: tuple[ExportedItem, ...]
    people: People
    given: Mapping[tuple[str, Wave], Given]

    @property
    def asked(self) -> list[tuple[ExportedItem, Wave]]:
        """Each item with each wave in which it is asked, in their order."""
        return [(item, wave) for item in self.items for wave in WAVES if wave in item.waves]
