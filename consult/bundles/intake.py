"""What the files of a bundle share while they are read: who, which items, what is wrong so far."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from consult.access import Actor
from consult.bundles.manifest import Manifest
from consult.bundles.problems import Problems
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import shown
from consult.consultations.models import Consultation
from consult.surveys.models import Item
from consult.surveys.rules import WAVES, ItemShape

Progress = Callable[[str, int], None]
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Deed(Protocol[T_contra]):
    """A service function that writes many rows."""

    def __call__(
        self,
        actor: Actor,
        consultation: Consultation,
        rows: Iterable[T_contra],
        /,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> int: ...


@dataclass(slots=True)
class Slot:
    """One item in one wave: what was answered there, by the place of the person.

    ``seen`` has a byte for each person, because four million answers as objects would not fit.
    """

    key: str
    wave: str
    shape: ItemShape | None
    seen: bytearray
    item_id: int = 0
    option_ids: dict[str, int] = field(default_factory=dict)


NOTHING, ANSWERED, ANSWERED_IN_WORDS, FAULTY, NOT_RANKED = range(5)


@dataclass(slots=True)
class Intake:
    """One bundle on its way in. Nothing is written from the first problem on; reading goes on."""

    actor: Actor
    folder: Path
    manifest: Manifest
    problems: Problems
    progress: Progress | None = None
    consultation: Consultation | None = None
    items: dict[str, Item] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)  # place in the file by key
    ids: "array[int]" = field(default_factory=lambda: array("q"))  # by place
    knows_people: bool = True
    knows_answers: bool = True  # false if not all of them could be read
    slots: dict[tuple[str, str], Slot] = field(default_factory=dict)  # by wave and item
    may_quote: bytearray = field(default_factory=bytearray)  # by place
    group_of: dict[int, str] = field(default_factory=dict)  # by place, of those who are in a group
    responded: dict[str, bytearray] = field(default_factory=dict)  # by wave, then place
    seeded: set[str] = field(default_factory=set)  # the threads that begin with a seed
    threads: set[str] = field(default_factory=set)
    knows_threads: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_writing(self) -> bool:
        """Whether what is read is written too."""
        return self.consultation is not None and not self.problems

    def sheet(self, name: str, columns: Columns, *, takes_any_column: bool = False) -> Sheet | None:
        """One of the files, if the bundle has it."""
        path = self.folder / name
        if not path.is_file():
            return None
        return Sheet(path, columns, self.problems, takes_any_column=takes_any_column)

    def write(self, what: str, deed: Deed[T], rows: Iterable[T]) -> None:
        """Read the rows to their end; write them as long as nothing is wrong."""
        sound = (row for row in rows if not self.problems)
        if self.consultation is not None and not self.problems:
            self.counts[what] = deed(self.actor, self.consultation, sound, progress=self._tell(what))
        for _ in sound:
            pass

    def _tell(self, what: str) -> Callable[[int], None]:
        def tell(done: int) -> None:
            if self.progress:
                self.progress(what, done)

        return tell

    def person(self, row: Row) -> int | None:
        """The place of the participant whom a row names, if there is one."""
        key = row["participant"]
        place = self.people.get(key)
        if place is None:
            self.refuse_person(row.sheet, row.line, key)
            row.is_sound = False
        return place

    def refuse_person(self, sheet: Sheet, line: int, key: str) -> None:
        """A row names somebody who is not a participant."""
        if not key:
            self.problems.cell(sheet.name, line, "participant", "must not be empty")
        elif self.knows_people:
            self.problems.cell(sheet.name, line, "participant", f"there is no participant {shown(key)}")

    def knows_item(self, key: str) -> bool:
        """Whether an item of that key is defined, or may be where the definition cannot be read."""
        return key in self.manifest.shapes or not self.manifest.is_whole

    def is_in_words(self, wave: str, item: str, place: int) -> bool:
        """Whether the person answered in words there, or that cannot be said."""
        slot = self.slots.get((wave, item))
        if slot is None:
            return item not in self.manifest.shapes
        return slot.shape is None or slot.seen[place] == ANSWERED_IN_WORDS or not self.knows_answers

    def make_slots(self) -> None:
        """There is a slot for every item in every wave in which it is asked."""
        people = len(self.people)
        self.responded = {wave: bytearray(people) for wave in WAVES}
        for key, shape in self.manifest.shapes.items():
            item = self.items.get(key)
            for wave in WAVES:
                if shape is None or wave in shape.waves:
                    self.slots[wave, key] = Slot(
                        key=key,
                        wave=wave,
                        shape=shape,
                        seen=bytearray(people),
                        item_id=item.id if item else 0,
                        option_ids={option.key: option.id for option in item.options} if item else {},
                    )
