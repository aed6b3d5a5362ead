"""Putting a package together: what is read, what of it may be shown, and which tables come of it."""

import json
from hashlib import sha256

from consult.analysis.lookalike_queries import find_alike
from consult.analysis.queries import find_snapshot
from consult.analysis.service import as_text, with_themes
from consult.analysis.theme_service import stored_themes
from consult.consultations.models import WAVES, Consultation
from consult.errors import NotFound
from consult.exports.codebook import codebook_table
from consult.exports.codebook_page import codebook_page
from consult.exports.comparison import Frozen, comparison_tables
from consult.exports.disclosure import Release, release
from consult.exports.formats import CODEBOOK, COMPARISON, FILES, FORMATS, METHOD, README
from consult.exports.method import method_text
from consult.exports.package import Package
from consult.exports.people import LOOKALIKE, answers_table, people_table
from consult.exports.queries import list_exported_items, read_people, read_rows
from consult.exports.readme import readme_text, withheld_sentences
from consult.exports.record import People
from consult.exports.weighted import WEIGHT, Weighted, weighted, weighted_tables
from consult.weighting.queries import Version, weights_of

TOO_FEW_WEIGHTS = "weight: fewer than 10 people have one."
PARTS = ("group", "arm")
"""Variables by which the comparison is given. By who people are: only after a second person approves."""


def pack(
    consultation: Consultation, *, kind: str, with_rows: bool, version: Version | None = None
) -> Package:
    """The package of a consultation whose comparison has been made, ready to be written.

    Parameters
    ----------
    version : Version, optional
        Of the weights that are added; the comparison with them has been made too.

    Raises
    ------
    NotFound
        If the comparison has not been made.
    """
    ids, people = read_people(consultation.id)
    with_weights = _weighted(consultation.id, version, ids) if version else None
    variables = _variables(people)
    lookalikes = _lookalikes(consultation.id, ids, people) if with_rows else None
    if lookalikes:
        variables[LOOKALIKE] = list(lookalikes)
    if with_weights and with_weights.weights and with_rows:
        variables = {WEIGHT: with_weights.classes} | variables
    may = release(variables)
    snapshot = _frozen(consultation.id, may)
    items = list_exported_items(consultation.id)
    tables = comparison_tables(snapshot, items)
    if with_rows:
        rows = read_rows(consultation.id, ids, people)
        weight = (
            (with_weights.column(), with_weights.weights) if with_weights and WEIGHT in may.in_rows else None
        )
        seen = lookalikes if LOOKALIKE in may.in_rows else None
        tables = [people_table(rows, may.in_rows, weight, seen), answers_table(rows), *tables]
    if with_weights:
        tables += weighted_tables(with_weights)
    withheld = withheld_sentences(
        may.withheld,
        tables=[name for name in PARTS if name in variables and name not in may.in_tables],
        has_rows=with_rows,
    )
    if with_weights and with_rows and not with_weights.weights:
        withheld.append(TOO_FEW_WEIGHTS)
    holds = FORMATS[kind].holds
    withheld += [
        f"{table.name}: its {table.n_rows:,} rows are more than a sheet holds. The CSV package has them."
        for table in tables
        if not holds(table)
    ]
    tables = [table for table in tables if holds(table)]
    tables.append(codebook_table(tables, items))
    readme = readme_text(
        consultation.title,
        slug=consultation.slug,
        snapshot=snapshot,
        kind=kind,
        tables=tables,
        files={name: FILES[name] for name in FORMATS[kind].files},
        withheld=withheld,
        weights=with_weights.sentences() if with_weights else [],
    )
    texts = {
        README: readme,
        METHOD: method_text(has_weights=with_weights is not None),
        CODEBOOK: codebook_page(consultation.title, tables, items),
        COMPARISON: snapshot.text,
    }
    return Package(consultation.slug, consultation.title, snapshot.made_at, tuple(tables), texts)


def _variables(people: People) -> dict[str, list[object]]:
    """What others could know of a person, most useful first; only what somebody has."""
    found: dict[str, list[object]] = {}
    if any(people.arm):
        found["arm"] = list(people.arm)
    if any(people.group):
        found["group"] = list(people.group)
    if any(any(people.mode[wave]) for wave in WAVES):
        found["mode"] = list(zip(*(people.mode[wave] for wave in WAVES), strict=True))
    return found


def _lookalikes(consultation_id: int, ids: list[int], people: People) -> list[str] | None:
    """Whose record of either wave looks like another one, for each person; None where nobody's does."""
    found: set[int] = set()
    for wave in WAVES:
        sent = {person for person, has_sent in zip(ids, people.submitted[wave], strict=True) if has_sent}
        found |= find_alike(consultation_id, wave, sent)
    return ["yes" if person in found else "no" for person in ids] if found else None


def _weighted(consultation_id: int, version: Version, ids: list[int]) -> Weighted:
    stored = find_snapshot(consultation_id, weights=version.stored_as)
    if stored is None:
        raise NotFound
    kept = weights_of(version)
    return weighted(version, json.loads(stored.content), [kept.get(participant_id) for participant_id in ids])


def _frozen(consultation_id: int, may: Release) -> Frozen:
    base = find_snapshot(consultation_id)
    if base is None:
        raise NotFound
    stored = {name: find_snapshot(consultation_id, split_by=name) for name in PARTS if name in may.in_tables}
    content = with_themes(json.loads(base.content), stored_themes(consultation_id))
    text = as_text(content)
    return Frozen(
        text=text,
        content=content,
        parts={name: json.loads(part.content) for name, part in stored.items() if part is not None},
        made_at=base.made_at,
        sha256=sha256(text.encode()).hexdigest(),
    )
