"""A published summary as one reader gets it: in which order, and whether with counts. From its content alone.

The order of one who takes part follows from the summary's seed and their number, so that it is the same
at every look, and is logged when they first look. Of others nothing is noted: their order follows from a
keyed hash of where they ask from. Whoever might still write does not see counts before they have, where
the council wants it so; so visitors, who could be anybody, see them only when nobody can write any more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.summaries.models import CountsShown
from consult.summaries.release import Released, Told
from consult.summaries.rules import by_lot, is_in_first_half, order_for


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads.

    Attributes
    ----------
    lot : str
        What their order follows from.
    group : (int, int) or None
        The place of their discussion group among the groups, from 0, and how many groups there are; none
        for who is in no group.
    takes_part : bool
        Whether they are a participant; of visitors no lot about counts is drawn.
    has_posted : bool
        Whether they have written in this forum.
    is_over : bool
        Whether nobody can write in it any more.
    logged_order, logged_at_once
        What was logged when they first looked; none before.
    """

    lot: str
    group: tuple[int, int] | None = None
    takes_part: bool = False
    has_posted: bool = False
    is_over: bool = False
    logged_order: str | None = None
    logged_at_once: bool | None = None


@dataclass(frozen=True, slots=True)
class ShownPosition:
    """One position as everybody reads it; a quotation without words has been taken back by its writer."""

    key: str
    completion: str
    reasons: str
    worry: str
    reading: str
    released: Released
    quotations: tuple[str | None, ...]
    mean: float | None
    is_of_all_holders: bool


@dataclass(frozen=True, slots=True)
class Presented:
    """A published summary for one reader, and where it comes from."""

    summary_id: int
    positions: tuple[ShownPosition, ...]
    shows_counts: bool
    counts_at_once: bool
    stem: str
    form: str
    completions: Released
    codebook: int | None
    agreement: Mapping[str, Any] | None
    gap: float | None
    is_fair: bool
    override: str | None
    seed: int
    published_at: datetime
    sha256: str
    is_logged: bool

    @property
    def order(self) -> list[str]:
        """The keys of the positions as this reader gets them."""
        return [position.key for position in self.positions]


def present(
    content: str, *, summary_id: int, sha256: str, seed: int, counts_shown: CountsShown, reader: Reader
) -> Presented:
    """The summary of that content as this reader gets it."""
    held = json.loads(content)
    by_key = {position["key"]: position for position in held["positions"]}
    order = _order(by_key, seed, reader)
    at_once = _counts_at_once(counts_shown, seed, reader)
    fairness = held["fairness"]
    return Presented(
        summary_id=summary_id,
        positions=tuple(_shown(by_key[key]) for key in order),
        shows_counts=at_once or reader.has_posted or reader.is_over,
        counts_at_once=at_once,
        stem=held["item"]["stem"],
        form=held["item"]["form"],
        completions=_released(held["completions"]),
        codebook=held["codebook"],
        agreement=held["agreement"],
        gap=fairness["gap"],
        is_fair=fairness["is_fair"],
        override=held["override"],
        seed=held["quotations"]["seed"],
        published_at=datetime.fromisoformat(held["published_at"]),
        sha256=sha256,
        is_logged=reader.logged_order is not None,
    )


def _order(by_key: Mapping[str, Any], seed: int, reader: Reader) -> list[str]:
    if reader.logged_order is not None:
        logged = [key for key in json.loads(reader.logged_order) if key in by_key]
        return [*logged, *(key for key in by_key if key not in logged)]
    opposing = {key: each["opposes"] for key, each in by_key.items() if each["opposes"] in by_key}
    return order_for(list(by_key), opposing, lot=f"{seed} {reader.lot}")


def _counts_at_once(counts_shown: CountsShown, seed: int, reader: Reader) -> bool:
    if reader.logged_at_once is not None:
        return reader.logged_at_once
    if counts_shown is CountsShown.BY_LOT and reader.takes_part:
        if reader.group is not None:
            return is_in_first_half(*reader.group, lot=str(seed))
        return by_lot(f"{seed} {reader.lot}")
    return counts_shown is CountsShown.AT_ONCE


def _shown(position: Mapping[str, Any]) -> ShownPosition:
    return ShownPosition(
        key=position["key"],
        completion=position["completion"],
        reasons=position["reasons"],
        worry=position["worry"],
        reading=position["reading"],
        released=_released(position),
        quotations=tuple(quotation["words"] for quotation in position["quotations"]),
        mean=position["fairness"]["mean"],
        is_of_all_holders=position["fairness"]["is_of_all_holders"],
    )


def _released(told: Mapping[str, Any]) -> Released:
    return Released(Told(told["told"]), told["number"])
