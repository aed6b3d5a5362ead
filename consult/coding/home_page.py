"""The open items of a consultation as its coding page lists them: how far each is, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.access import Moment
from consult.coding import counting, queries
from consult.coding.counting import QueueCounts
from consult.coding.ending import ended_items
from consult.coding.queueing import readable_waves
from consult.coding.standing import count_lapsed
from consult.consultations.models import Consultation
from consult.consultations.sections import WITH_CODING

WITH_CODEBOOK = frozenset({Moment.SURVEY, Moment.SUMMARISING})  # while it can be written


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One open item: its texts, its codebook, how far its coding is."""

    key: str
    stem: str
    n_themes: int
    version: int | None  # of the codebook; none is frozen yet
    n_texts: int  # that may be read by now
    n_new: int  # of those that stand in no queue
    n_read: int  # of those that somebody has read, here or elsewhere
    is_queued: bool
    counts: QueueCounts
    n_lapsed: int  # that wait because all that was found in them was taken out of the codebook
    n_mine: int  # that wait for whoever looks
    has_ended: bool  # and no code changes any more

    @property
    def is_read_elsewhere(self) -> bool:
        """Whether every text was read before a file brought it here."""
        return not self.is_queued and 0 < self.n_texts == self.n_read

    @property
    def is_done(self) -> bool:
        """Whether every text that can be coded by now is, and nobody has to decide."""
        if self.is_read_elsewhere:
            return True
        all_read = self.is_queued and self.counts.read == self.counts.texts
        return self.n_texts == 0 or (all_read and not self.n_new and not self.counts.disputed)


def item_lines(consultation: Consultation, moment: Moment, staff_id: int | None) -> list[ItemLine]:
    """The open items with how far each is, in a fixed number of statements."""
    items = queries.list_open_items(consultation)
    ids = [item.id for item in items]
    waves = readable_waves(moment)
    themes, versions = queries.count_themes(ids), queries.latest_numbers(ids)
    counts, queued = counting.count_queued(ids), counting.queued_items(ids)
    texts, new = counting.count_texts(ids, waves), counting.count_unqueued(ids, waves)
    read = counting.count_read(ids, waves)
    ended, lapsed = ended_items(ids), count_lapsed(ids)
    mine = counting.count_waiting(ids, staff_id) if staff_id is not None else {}
    return [
        ItemLine(
            key=item.key,
            stem=item.stem,
            n_themes=themes.get(item.id, 0),
            version=versions.get(item.id),
            n_texts=texts.get(item.id, 0),
            n_new=new.get(item.id, 0),
            n_read=read.get(item.id, 0),
            is_queued=item.id in queued,
            counts=counts.get(item.id, QueueCounts()),
            n_lapsed=lapsed.get(item.id, 0),
            n_mine=mine.get(item.id, 0),
            has_ended=item.id in ended,
        )
        for item in items
    ]


def next_step(line: ItemLine, moment: Moment) -> str:
    """What is to be done with the item next: the name of a step, for the template to put into words."""
    if line.version is None:
        return "write" if moment in WITH_CODEBOOK else "too_late"
    if moment is Moment.SURVEY:
        return "wait"
    if line.has_ended or moment not in WITH_CODING:
        return "look"
    steps = (
        ("no_texts", not line.is_queued and not line.n_texts),
        ("look", line.is_read_elsewhere),
        ("start", not line.is_queued),
        ("bring_in", line.n_new),
        ("read", line.n_mine),
        ("decide", line.counts.disputed),
        ("others", line.counts.read < line.counts.texts),
        ("end", moment is Moment.CLOSED),
    )
    return next((name for name, applies in steps if applies), "look")


def is_all_coded(lines: Sequence[ItemLine]) -> bool:
    """Whether nothing is left to do in any item."""
    return all(line.is_done for line in lines)
