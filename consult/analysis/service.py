"""Making, keeping and giving out the comparison.

A comparison is computed once, after every stage has closed, and stored as JSON text; the page, the
file and the command all read that text. What cannot differ need not be compared, but a test does.
The arithmetic is imported only when a comparison is made: a web worker that shows one has no NumPy.
"""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import AFTER_CLOSING, Action, Actor, require
from consult.analysis import queries
from consult.analysis.models import Snapshot
from consult.analysis.rules import METHOD_VERSION, renumbered
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid, NotFound

MOST_PARTS = 50
"""Values up to which the part by a variable is made with the snapshot; beyond it, when it is asked for."""

Content = dict[str, Any]


def freeze_if_closed(actor: Actor, consultation: Consultation) -> bool:
    """A consultation whose stages have all closed has its comparison; whether it has."""
    if standing_of(consultation).moment not in AFTER_CLOSING:
        return False
    freeze(actor, consultation)
    return True


def freeze(actor: Actor, consultation: Consultation) -> Snapshot:
    """The comparison of a closed consultation is stored, with its parts by group, arm and demographic.

    Safe to repeat: a comparison that has been made stays as it is.
    """
    require(actor, Action.FREEZE_RESULTS, standing_of(consultation))
    found = queries.find_snapshot(consultation.id)
    if found is not None:
        return found
    from consult.analysis.comparison import Comparing  # noqa: PLC0415  (brings NumPy)

    comparing = Comparing(consultation.id, consultation.slug)
    snapshot = _store(consultation, "", comparing.everybody())
    for variable in queries.list_variables(consultation.id):
        if 0 < comparing.count_values(variable.key) <= MOST_PARTS:
            _store(consultation, variable.key, comparing.by(variable.key))
    record(actor, Action.FREEZE_RESULTS, consultation.slug, sha256=snapshot.sha256)
    return snapshot


def _freeze_part(consultation: Consultation, variable: str) -> Snapshot:
    from consult.analysis.comparison import Comparing  # noqa: PLC0415  (brings NumPy)

    return _store(consultation, variable, Comparing(consultation.id, consultation.slug).by(variable))


def _store(consultation: Consultation, split_by: str, content: Content) -> Snapshot:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    snapshot = Snapshot(
        consultation_id=consultation.id,
        weights="none",
        split_by=split_by,
        made_at=clock.now(),
        method_version=METHOD_VERSION,
        content=text,
        sha256=sha256(text.encode()).hexdigest(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(snapshot)
    except IntegrityError:
        # Somebody else made it at the same moment; theirs is the one that counts.
        theirs = queries.find_snapshot(consultation.id, split_by=split_by)
        if theirs is None:
            raise
        return theirs
    return snapshot


def comparison(
    actor: Actor,
    consultation: Consultation,
    *,
    weights: str = "none",
    by: str | None = None,
    item: str | None = None,
) -> Content:
    """Give the frozen comparison, made now if it is the first time.

    Parameters
    ----------
    weights : str
        ``none``; ``raked`` needs targets.
    by : str, optional
        ``group``, ``arm`` or the key of a demographic: adds ``by``.
    item : str, optional
        Key of an item: leaves only its entries in ``items``, ``nominal`` and ``ranks``.

    Raises
    ------
    Conflict
        If a stage has not closed.
    Invalid
        If a name is unknown, or weights are asked for that do not exist.
    """
    require(actor, Action.READ_RESULTS, standing_of(consultation))
    if weights != "none":
        raise Invalid(
            "Raked weights are not made by this version yet."
            if queries.has_targets(consultation.id)
            else "There are no weights: this consultation has no targets to rake to."
        )
    if item is not None and not queries.has_item(consultation.id, item):
        raise Invalid(f"There is no item called {item!r}.")
    if by is not None and by not in {v.key for v in queries.list_variables(consultation.id)}:
        raise Invalid(f"There is nothing called {by!r} to compare by.")
    freeze(actor, consultation)
    if by is not None and queries.find_snapshot(consultation.id, split_by=by) is None:
        _freeze_part(consultation, by)
    return _assembled(consultation, by, item)


def stored_comparison(
    actor: Actor, consultation: Consultation, *, by: str | None = None, item: str | None = None
) -> Content | None:
    """Give the frozen comparison if it has been made; makes nothing, so that a page may ask.

    Raises
    ------
    Conflict
        If a stage has not closed.
    NotFound
        If there is no such item or variable.
    """
    require(actor, Action.READ_RESULTS, standing_of(consultation))
    if item is not None and not queries.has_item(consultation.id, item):
        raise NotFound
    if by is not None and by not in {v.key for v in queries.list_variables(consultation.id)}:
        raise NotFound
    if queries.find_snapshot(consultation.id) is None:
        return None
    return _assembled(consultation, by, item)


def _assembled(consultation: Consultation, by: str | None, item: str | None) -> Content:
    base = queries.find_snapshot(consultation.id)
    if base is None:
        raise NotFound
    found: Content = json.loads(base.content)
    part = queries.find_snapshot(consultation.id, split_by=by) if by is not None else None
    if by is not None:
        added = json.loads(part.content) if part else {"by": [], "notes": []}
        # "by" stands before "knowledge", as the contract prints it.
        found = {
            **{k: v for k, v in found.items() if k not in _AFTER_BY},
            "by": added["by"],
            **{k: found[k] for k in _AFTER_BY},
        }
        found["notes"] = found["notes"] + added["notes"]
    return found if item is None else only_item(found, item)


_AFTER_BY = ("knowledge", "polarisation", "attrition", "notes", "method")
_LISTS = ("items", "nominal", "ranks")


def only_item(content: Content, item: str) -> Content:
    """Leave only the entries of one item, with notes that point at their new places."""
    kept: dict[str, list[int]] = {}

    def filtered(where: Content, path: str) -> Content:
        lists: Content = {}
        for name in _LISTS:
            if name in where:
                indexes = [n for n, entry in enumerate(where[name]) if entry["item"] == item]
                kept[path + name] = indexes
                lists[name] = [where[name][n] for n in indexes]
        return {**where, **lists}

    found = filtered(content, "")
    if "by" in found:
        found["by"] = [filtered(part, f"by[{n}].") for n, part in enumerate(found["by"])]
    found["notes"] = renumbered(content["notes"], kept)
    return found
