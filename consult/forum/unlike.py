"""Which contributions are by people who see it differently, so that nobody learns what anybody answered.

What a position is. In the thread of an item it is what somebody answered to that item in the starting
survey: the side of the middle of a scale on which they stood, the option that they chose or put first, a
theme of what they wrote as its coding ended. Elsewhere it is their side on one of the scales about
attitudes, drawn for each writer by itself: somebody who differs from the reader on three scales of four is
found unlike three times in four, so that the distance over all of them decides, and yet only one is told.

What could give somebody away. A reader knows their own answer. A list of all who are unlike would tell
them every writer's side of it; two readers who differ could put their lists together; and whoever comes
back after one more person has written would learn that person's side. So nothing here goes by what a
writer answered, but by a told position: with known chances it is their own, else one of the others, by lot.
Whatever they answered, no told position is more than three times as likely as with another answer
(randomised response), and who did not answer is told a position too. It is drawn once for each writer and
item, from a secret, so that reloads, other readers and other pages tell nothing more. The floors, the
choice and the order follow from told positions and from the reader's own answer alone: `choose` is not
given anything else. Therefore among those who are shown some think as the reader does, and the page says so.

It is also never the whole list: at most ten contributions, of at most half of the writers who would do, and
no name, number or label beside them. Below the floors contributions are drawn by lot from all.

What is left. Somebody who changes the secret key draws anew, which tells each position a second time; and a
text whose codes are decided again later may be told anew. Both are rare and neither is in a reader's hands.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

OWN_LIKELIER = 3  # times, than each of the other positions
FLOOR = 10  # writers who are unlike; fewer could be recognised
MOST_SHARE = Fraction(9, 10)  # of the writers may be unlike; if nearly all are, to be shown says too much
SHOWN_MOST = 10
SHOWN_SHARE = 2  # of the writers who would do, one in so many

Lot = Callable[[str], int]  # a large number that nobody can foresee; the same for the same words


class Writing(NamedTuple):
    """A contribution and who wrote it."""

    post_id: int
    writer: int


class Told(NamedTuple):
    """The position that is told of somebody, on one item; their own or by lot."""

    item: int
    position: str


@dataclass(frozen=True, slots=True)
class Standpoints:
    """What people answered before the forum.

    Attributes
    ----------
    positions : mapping of item id to positions
        What there is to hold on each item; an item with fewer than two divides nobody.
    held : mapping of participant id to mapping of item id to positions
        What each holds. Of a text these may be several.
    """

    positions: Mapping[int, Sequence[str]]
    held: Mapping[int, Mapping[int, frozenset[str]]]

    def of(self, participant_id: int) -> Mapping[int, frozenset[str]]:
        """What this person holds, on the items that divide."""
        mine = self.held.get(participant_id, {})
        return {item: mine[item] for item in mine if mine[item] and len(self.positions.get(item, ())) > 1}


class Kind(StrEnum):
    """How contributions were chosen."""

    UNLIKE = "unlike"
    TOO_FEW = "too_few"  # by lot: to choose would give somebody away
    NOT_ANSWERED = "not_answered"  # by lot: the reader's own view is not known


@dataclass(frozen=True, slots=True)
class Choice:
    """Contributions for one reader, in the order in which they are shown."""

    kind: Kind
    posts: tuple[int, ...]


def tell(writers: Iterable[int], standpoints: Standpoints, lot: Lot) -> dict[int, Told]:
    """The position that is told of each writer; the same whenever and by whomever it is asked."""
    items = sorted(item for item, positions in standpoints.positions.items() if len(positions) > 1)
    if not items:
        return {}
    told = {}
    for writer in writers:
        item = items[lot(f"item {writer}") % len(items)]
        held = standpoints.of(writer).get(item, frozenset())
        told[writer] = Told(item, _told(writer, item, held, standpoints.positions[item], lot))
    return told


def _told(writer: int, item: int, held: Collection[str], positions: Sequence[str], lot: Lot) -> str:
    """One of the positions: one's own three times as likely as each of the others."""
    about = f"{item} {writer}"
    own = _first((position for position in positions if position in held), lot, f"own {about}")
    ticket = lot(f"ticket {about}") % (len(positions) + OWN_LIKELIER - 1)
    if own is not None and ticket < OWN_LIKELIER:
        return own
    other = _first((position for position in positions if position != own), lot, f"other {about}")
    assert other is not None  # there are two at least
    return other


def _first(positions: Iterable[str], lot: Lot, about: str) -> str | None:
    """One of them by lot; the others keep their turn if one goes."""
    return min(positions, key=lambda position: (lot(f"{about} {position}"), position), default=None)


def choose(
    writings: Iterable[Writing],
    told: Mapping[int, Told],
    *,
    reader: int,
    own: Mapping[int, Collection[str]],
    lot: Lot,
) -> Choice:
    """Contributions of other people; if that may be, of those whose told position is none of the reader's.

    Parameters
    ----------
    told : mapping of participant id to Told
        From `tell`. What anybody but the reader answered is not known here.
    own : mapping of item id to positions
        What the reader answered.
    lot : Lot
        The reader's own: another one would draw another list of the same people.
    """
    by_writer: dict[int, list[int]] = {}
    for writing in writings:
        if writing.writer != reader:
            by_writer.setdefault(writing.writer, []).append(writing.post_id)
    unlike = [writer for writer in by_writer if writer in told and _is_unlike(told[writer], own)]
    if not own:
        return Choice(Kind.NOT_ANSWERED, _drawn(by_writer, by_writer, SHOWN_MOST, lot))
    if len(unlike) < FLOOR or len(unlike) > MOST_SHARE * len(by_writer):
        return Choice(Kind.TOO_FEW, _drawn(by_writer, by_writer, SHOWN_MOST, lot))
    return Choice(Kind.UNLIKE, _drawn(unlike, by_writer, min(SHOWN_MOST, len(unlike) // SHOWN_SHARE), lot))


def _is_unlike(told: Told, own: Mapping[int, Collection[str]]) -> bool:
    return told.item in own and told.position not in own[told.item]


def _drawn(
    writers: Iterable[int], by_writer: Mapping[int, list[int]], most: int, lot: Lot
) -> tuple[int, ...]:
    """One contribution of each of so many writers, all by lot."""
    drawn = sorted(writers, key=lambda writer: (lot(f"writer {writer}"), writer))[:most]
    return tuple(min(by_writer[writer], key=lambda post: (lot(f"post {post}"), post)) for writer in drawn)
