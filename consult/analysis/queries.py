"""Reading what analysis has stored, and what pages need to know of items; no NumPy here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.analysis.models import Lookalikes, Snapshot
from consult.consultations.models import WAVES, Origin, Participant
from consult.db import db
from consult.errors import NotFound
from consult.recruitment.models import Demographic
from consult.surveys.models import Item
from consult.weighting.queries import Version, list_versions
from consult.weighting.rules import NO_WEIGHTS
from consult.words import N_


def find_snapshot(consultation_id: int, *, weights: str = NO_WEIGHTS, split_by: str = "") -> Snapshot | None:
    """Find the frozen comparison, or the part of it that is split by a variable, if it has been made."""
    return db.session.scalar(
        select(Snapshot).where(
            Snapshot.consultation_id == consultation_id,
            Snapshot.weights == weights,
            Snapshot.split_by == split_by,
        )
    )


def list_lookalikes(consultation_id: int) -> list[Lookalikes]:
    """List how many records of each wave look like another one, before the forum first."""
    found = db.session.scalars(select(Lookalikes).where(Lookalikes.consultation_id == consultation_id))
    return sorted(found, key=lambda each: WAVES.index(each.wave))


def list_parts(consultation_id: int, split_by: Collection[str]) -> dict[str, Snapshot]:
    """List the stored parts of the comparison without weights, by the variable that splits them."""
    found = db.session.scalars(
        select(Snapshot).where(
            Snapshot.consultation_id == consultation_id,
            Snapshot.weights == NO_WEIGHTS,
            Snapshot.split_by.in_(split_by),
        )
    )
    return {part.split_by: part for part in found}


def list_weighed(consultation_id: int) -> list[Version]:
    """List the versions of the weights with which the comparison has been made."""
    stored = set(
        db.session.scalars(
            select(Snapshot.weights).where(
                Snapshot.consultation_id == consultation_id, Snapshot.split_by == ""
            )
        )
    )
    return [version for version in list_versions(consultation_id) if version.stored_as in stored]


@dataclass(frozen=True, slots=True)
class Variable:
    """Something by which people can be told apart; ``values`` are the labels of its values, by key."""

    key: str
    label: str
    values: Mapping[str, str]


ARM_LABELS = {"forum": N_("In the forum from the start"), "delayed": N_("Joined the forum later")}


def list_variables(consultation_id: int) -> list[Variable]:
    """List what a comparison can be split by: group, arm and the demographics, in their order."""
    found = db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation_id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    )
    return [
        Variable("group", gettext("Discussion group"), {}),
        Variable(
            "arm",
            gettext("When they joined the forum"),
            {key: gettext(label) for key, label in ARM_LABELS.items()},
        ),
        *(
            Variable(
                row.key,
                row.question,
                {**{o.key: o.label for o in row.options}, "prefer_not": gettext("Prefer not to say")},
            )
            for row in found
        ),
    ]


def list_frozen_variables(consultation_id: int) -> list[Variable]:
    """List the variables by which the frozen comparison has been split."""
    frozen = set(
        db.session.scalars(
            select(Snapshot.split_by).where(
                Snapshot.consultation_id == consultation_id, Snapshot.weights == NO_WEIGHTS
            )
        )
    )
    return [variable for variable in list_variables(consultation_id) if variable.key in frozen]


def has_item(consultation_id: int, key: str) -> bool:
    """Whether the consultation has an item of that key."""
    return (
        db.session.scalar(select(Item.id).where(Item.consultation_id == consultation_id, Item.key == key))
        is not None
    )


def has_residents(consultation_id: int) -> bool:
    """Whether somebody takes part through the pages, who could still send something."""
    theirs = select(Participant.id).where(
        Participant.consultation_id == consultation_id, Participant.origin == Origin.WEB
    )
    return db.session.scalar(theirs.limit(1)) is not None


_SHOWN = (selectinload(Item.options), selectinload(Item.points), selectinload(Item.asked))


def get_item(consultation_id: int, key: str) -> Item:
    """Get one item of a consultation.

    Raises
    ------
    NotFound
        If the consultation has no such item.
    """
    item = db.session.scalar(
        select(Item).where(Item.consultation_id == consultation_id, Item.key == key).options(*_SHOWN)
    )
    if item is None:
        raise NotFound
    return item


def list_items(consultation_id: int) -> list[Item]:
    """List the items of a consultation in their order."""
    return list(
        db.session.scalars(
            select(Item)
            .where(Item.consultation_id == consultation_id)
            .options(*_SHOWN)
            .order_by(Item.position)
        )
    )
