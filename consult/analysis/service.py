"""Making, keeping and giving out the comparison.

A comparison is computed once, after every stage has closed, and stored as JSON text; the page, the
file and the command all read that text. What cannot differ need not be compared, but a test does.
The arithmetic is imported only when a comparison is made: a web worker that shows one has no NumPy.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import AFTER_CLOSING, Action, Actor, require
from consult.analysis import queries
from consult.analysis.lookalike_queries import find_alike, list_sent
from consult.analysis.models import Lookalikes, Snapshot
from consult.analysis.rules import METHOD_VERSION, renumbered
from consult.analysis.theme_service import freeze_themes, stored_themes, themes_so_far
from consult.audit.service import record
from consult.consultations.grace import open_until
from consult.consultations.models import WAVES, Consultation, StageKind
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid, NotFound
from consult.uktime import uk_date_time
from consult.weighting.queries import Version, find_by_settings
from consult.weighting.rules import NO_WEIGHTS, Settings
from consult.weighting.service import METHOD, freeze_weights

MOST_PARTS = 50
"""Values up to which the part by a variable is made with the snapshot; beyond it, when it is asked for."""

Content = dict[str, Any]


def freeze_if_closed(actor: Actor, consultation: Consultation) -> bool:
    """A consultation whose stages have all closed, and to which no answer may come, has its comparison.

    Returns
    -------
    bool
        Whether it has.
    """
    if standing_of(consultation).moment not in AFTER_CLOSING or may_change_until(consultation) is not None:
        return False
    freeze(actor, consultation)
    return True


def freeze(actor: Actor, consultation: Consultation) -> Snapshot:
    """The comparison of a closed consultation is stored, with its parts by group, arm and demographic.

    Safe to repeat: a comparison that has been made stays as it is.

    Raises
    ------
    Conflict
        If a stage has not closed, or an answer that was begun in time may still come.
    """
    require(actor, Action.FREEZE_RESULTS, standing_of(consultation))
    check_is_complete(consultation)
    keep_lookalikes(actor, consultation, count_lookalikes(consultation))
    found = queries.find_snapshot(consultation.id)
    if found is not None:
        return found
    from consult.analysis.comparison import Comparing  # noqa: PLC0415  (brings NumPy)

    comparing = Comparing(consultation.id, consultation.slug)
    snapshot = _store(consultation, NO_WEIGHTS, "", comparing.everybody())
    for variable in queries.list_variables(consultation.id):
        if 0 < comparing.count_values(variable.key) <= MOST_PARTS:
            _store(consultation, NO_WEIGHTS, variable.key, comparing.by(variable.key))
    record(actor, Action.FREEZE_RESULTS, consultation.slug, sha256=snapshot.sha256)
    freeze_themes(actor, consultation)
    return snapshot


def may_change_until(consultation: Consultation) -> datetime | None:
    """Until when the follow-up takes answers that were begun before it closed; none when nothing can come.

    What was loaded from files has nobody who could send any.
    """
    until = open_until(consultation, StageKind.FOLLOW_UP)
    return until if until is not None and queries.has_residents(consultation.id) else None


def check_is_complete(consultation: Consultation) -> None:
    """Let nothing be frozen that an answer could still be missing from.

    Raises
    ------
    Conflict
        If an answer may still come.
    """
    until = may_change_until(consultation)
    if until is not None:
        raise Conflict(
            "Answers that were begun before the end can come in until %(when)s. Make the comparison then.",
            when=uk_date_time(until),
        )


def count_lookalikes(consultation: Consultation) -> list[Lookalikes]:
    """Count how many records look like another one, of each wave of which that is not known; keeps nothing.

    It takes some seconds for 100,000 people, so whoever can do it before the record is locked.
    """
    if standing_of(consultation).moment not in AFTER_CLOSING:
        return []
    known = {each.wave for each in queries.list_lookalikes(consultation.id)}
    sent = {wave: list_sent(consultation.id, wave) for wave in WAVES if wave not in known}
    return [
        Lookalikes(
            consultation_id=consultation.id,
            wave=wave,
            looked_at=clock.now(),
            people=len(people),
            alike=len(find_alike(consultation.id, wave, people)),
        )
        for wave, people in sent.items()
    ]


def keep_lookalikes(actor: Actor, consultation: Consultation, counted: Iterable[Lookalikes]) -> None:
    """It is known how many records look like another one. The comparison counts all of them as before."""
    require(actor, Action.FREEZE_RESULTS, standing_of(consultation))
    for each in counted:
        with suppress(IntegrityError), db.session.begin_nested():  # somebody else did it at the same moment
            db.session.add(each)


def freeze_weighted(actor: Actor, consultation: Consultation, settings: Settings = METHOD) -> Version:
    """The comparison with weights made in this way is stored, beside the one without; the version of both.

    Safe to repeat: what has been made stays as it is.

    Raises
    ------
    Conflict
        If a stage has not closed.
    WeightsRefused
        If there are no targets that can be used, or no weights that fit them.
    """
    freeze(actor, consultation)
    version = freeze_weights(actor, consultation, settings)
    stored_as = version.stored_as
    if queries.find_snapshot(consultation.id, weights=stored_as) is None:
        from consult.analysis.weighing import weighed  # noqa: PLC0415  (brings NumPy)

        content = weighed(consultation.id, consultation.slug, version, is_whole=True).everybody()
        snapshot = _store(consultation, stored_as, "", content)
        record(actor, Action.FREEZE_RESULTS, consultation.slug, weights=stored_as, sha256=snapshot.sha256)
    return version


def _freeze_part(consultation: Consultation, version: Version | None, variable: str) -> Snapshot:
    from consult.analysis.weighing import weighed  # noqa: PLC0415  (brings NumPy)

    comparing = weighed(consultation.id, consultation.slug, version, is_whole=False)
    return _store(
        consultation, version.stored_as if version else NO_WEIGHTS, variable, comparing.by(variable)
    )


def _store(consultation: Consultation, weights: str, split_by: str, content: Content) -> Snapshot:
    text = as_text(content)
    snapshot = Snapshot(
        consultation_id=consultation.id,
        weights=weights,
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
        theirs = queries.find_snapshot(consultation.id, weights=weights, split_by=split_by)
        if theirs is None:
            raise
        return theirs
    return snapshot


def comparison(
    actor: Actor,
    consultation: Consultation,
    *,
    weights: str = NO_WEIGHTS,
    by: str | None = None,
    item: str | None = None,
    settings: Settings = METHOD,
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
    settings : Settings
        How weights are made, if they are. Where weights were made so before, it is those.

    Raises
    ------
    Conflict
        If a stage has not closed.
    Invalid
        If a name is unknown, or weights are asked for that cannot be made.
    """
    require(actor, Action.READ_RESULTS, standing_of(consultation))
    if item is not None and not queries.has_item(consultation.id, item):
        raise Invalid(f"There is no item called {item!r}.")
    if by is not None and by not in {v.key for v in queries.list_variables(consultation.id)}:
        raise Invalid(f"There is nothing called {by!r} to compare by.")
    freeze(actor, consultation)
    version: Version | None = None
    if weights != NO_WEIGHTS:
        version = find_by_settings(consultation.id, settings)
        if version is None or queries.find_snapshot(consultation.id, weights=version.stored_as) is None:
            version = freeze_weighted(actor, consultation, settings)
    stored_as = version.stored_as if version else NO_WEIGHTS
    if by is not None and queries.find_snapshot(consultation.id, weights=stored_as, split_by=by) is None:
        _freeze_part(consultation, version, by)
    freeze_themes(actor, consultation)
    themes, notes = themes_so_far(consultation)
    found = _assembled(consultation, by, stored_as, themes)
    found["notes"] = [*found["notes"], *notes]
    return found if item is None else only_item(found, item)


def stored_comparison(
    actor: Actor,
    consultation: Consultation,
    *,
    by: str | None = None,
    item: str | None = None,
    version: Version | None = None,
) -> Content | None:
    """Give the frozen comparison if it has been made; makes nothing, so that a page may ask.

    Parameters
    ----------
    version : Version, optional
        With the weights of this version; without it, without weights.

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
    stored_as = version.stored_as if version else NO_WEIGHTS
    if queries.find_snapshot(consultation.id, weights=stored_as) is None:
        return None
    found = _assembled(consultation, by, stored_as, stored_themes(consultation.id))
    return found if item is None else only_item(found, item)


def stored_attrition(actor: Actor, consultation: Consultation) -> dict[str, Content]:
    """Give who stayed by the groups of each question about people, as far as it has been stored.

    Raises
    ------
    Conflict
        If a stage has not closed.
    """
    require(actor, Action.READ_RESULTS, standing_of(consultation))
    keys = [variable.key for variable in queries.list_variables(consultation.id)]
    found = {key: json.loads(part.content) for key, part in queries.list_parts(consultation.id, keys).items()}
    return {key: found[key]["attrition"] for key in keys if "attrition" in found.get(key, {})}


def _assembled(consultation: Consultation, by: str | None, weights: str, themes: list[Content]) -> Content:
    base = queries.find_snapshot(consultation.id, weights=weights)
    if base is None:
        raise NotFound
    found: Content = json.loads(base.content)
    part = queries.find_snapshot(consultation.id, weights=weights, split_by=by) if by is not None else None
    if by is not None:
        added = json.loads(part.content) if part else {"by": [], "notes": []}
        # "by" stands before "knowledge", as the contract prints it.
        found = {
            **{k: v for k, v in found.items() if k not in _AFTER_BY},
            "by": added["by"],
            **{k: found[k] for k in _AFTER_BY if k in found},
        }
        if "attrition" in added:
            found["attrition"] = found["attrition"] | {"by": added["attrition"]}
        found["notes"] = found["notes"] + added["notes"]
    return with_themes(found, themes)


def with_themes(content: Content, themes: list[Content]) -> Content:
    """The comparison with the themes of its items, which are fixed apart from it, at their place."""
    last = ("notes", "method")
    rest = {key: value for key, value in content.items() if key not in last}
    return {**rest, "themes": themes, **{key: content[key] for key in last}}


def as_text(content: Content) -> str:
    """The comparison as JSON, the same bytes for the same figures."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


_AFTER_BY = ("knowledge", "polarisation", "attrition", "forum", "voice", "exposure", "notes", "method")
_LISTS = ("items", "nominal", "ranks", "exposure", "themes")


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
