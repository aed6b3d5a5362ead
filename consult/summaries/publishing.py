"""What everybody reads of a summary, fixed when it is published: the content and its hash.

Nothing that is published is computed anew. The hash covers the fingerprints of quotations in place of
their words: whoever takes back their agreement, or leaves, takes their words out, and the hash still
proves the rest. The fingerprint is salted and the salt goes with the words, so that nobody can try guesses.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_hex
from typing import Any

from consult import clock
from consult.access import Actor
from consult.coding.agreeing import agreement_of
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import DomainError, Invalid
from consult.stats.reliance import Reading, reading_of
from consult.summaries.draft import Draft, DraftPosition, draft_of
from consult.summaries.models import Summary
from consult.summaries.queries import codebook_number, list_items
from consult.summaries.release import Released, Told, release
from consult.summaries.rules import RATINGS_NEEDED
from consult.surveys.models import Form

FORMAT = 1
SALT_BYTES = 12
Content = dict[str, Any]


class NotReady(Invalid):
    """A summary lacks something, so none is published; ``number`` is that of its question."""

    def __init__(self, number: int) -> None:
        super().__init__(
            "The summary of question %(number)s is not ready, so nothing is published. See what it lacks.",
            number=number,
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far coders agreed about an item.

    Attributes
    ----------
    alpha : float or None
        About all themes together; none where nobody read the same text as another.
    readings : mapping of theme key to Reading
        What the codes of each theme are good for, where that is known.
    """

    alpha: float | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)

    def reading(self, key: str) -> Reading:
        """What the codes of that theme are good for; where nothing is known, for quotations."""
        return self.readings.get(key, Reading.QUOTATIONS)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A summary whose content is fixed, for the thread that presents it."""

    summary: Summary
    content: Content


def new_salt() -> str:
    """A salt that nobody can guess."""
    return token_hex(SALT_BYTES)


def freeze_all(
    actor: Actor,
    consultation: Consultation,
    agreements: Mapping[int, Agreed] | None = None,
    *,
    salts: Callable[[], str] = new_salt,
) -> list[Frozen]:
    """Every summary that was begun has its content, its hash and who approved it; all of them or none.

    Whoever publishes asks whether they may, and holds the consultation.

    Parameters
    ----------
    agreements : mapping of item id to Agreed, optional
        How far coders agreed about an item, where that is known. Codes on which they did not agree enough
        give quotations and no counts.
    salts : callable, optional
        Where the salts of the quotations' fingerprints come from.

    Raises
    ------
    NotReady
        If one of them lacks something.
    """
    drafts = list_drafts(consultation)
    for draft in drafts:
        if draft.missing:
            raise NotReady(draft.line.number)
    known = agreements or {}
    return [_freeze(actor, draft, known.get(draft.line.item.id, Agreed()), salts) for draft in drafts]


def measure_agreements(actor: Actor, consultation: Consultation) -> dict[int, Agreed]:
    """How far coders agreed, by item, where two of them have read texts of it.

    It takes a process of its own for each item, so it is asked before anything is held for publishing.
    """
    found = {}
    for line in list_items(consultation):
        summary = line.summary
        if summary is None or summary.published_at is not None or line.item.form is not Form.OPEN:
            continue
        try:
            content = agreement_of(actor, consultation, line.item.key, is_for_page=True)
        except DomainError:
            continue
        found[line.item.id] = Agreed(
            content["pooled"]["krippendorff_nominal"],
            {each["theme"]: Reading(each["reading"]) for each in content["themes"] if each["reading"]},
        )
    return found


def list_drafts(consultation: Consultation) -> list[Draft]:
    """List the summaries that were begun and are not published, with what each lacks."""
    return [
        draft_of(line)
        for line in list_items(consultation)
        if line.summary is not None and line.summary.published_at is None
    ]


def digest(content: Mapping[str, Any]) -> str:
    """The hash of a content: of everything in it, and of quotations their fingerprints."""
    positions = [
        {
            **position,
            "quotations": [{"sha256": quotation["sha256"]} for quotation in position["quotations"]],
        }
        for position in content["positions"]
    ]
    plain = json.dumps({**content, "positions": positions}, ensure_ascii=False, sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def fingerprint(words: str, salt: str) -> str:
    """What is left of a quotation when its words are gone."""
    return sha256(f"{salt}{words}".encode()).hexdigest()


def _freeze(actor: Actor, draft: Draft, agreed: Agreed, salts: Callable[[], str]) -> Frozen:
    summary, now = draft.summary, clock.now()
    keys = {part.words.id: part.held.key for part in draft.parts if part.words}
    content: Content = {
        "format": FORMAT,
        "title": summary.title,
        "item": {
            "key": draft.line.item.key,
            "stem": draft.line.item.stem,
            "form": draft.line.item.form.value,
        },
        "completions": _told(release(draft.positions.completed)),
        "positions": [
            _position(part, keys, salts, agreed.reading(part.held.key) if draft.is_open else Reading.COUNTS)
            for part in draft.parts
        ],
        "counts_shown": summary.counts_shown.value,
        "quotations": {"seed": summary.seed, "longest": 40},
        "codebook": codebook_number(draft.line.item.id) if draft.is_open else None,
        "agreement": _agreement(agreed),
        "fairness": {"gap": _gap(draft), "is_fair": draft.is_fair},
        "override": summary.override if not draft.is_fair else None,
        "approved_by": "officer",
        "published_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    summary.content = json.dumps(content, ensure_ascii=False, sort_keys=True)
    summary.sha256 = digest(content)
    summary.published_at, summary.approved_by = now, actor.name
    db.session.flush()
    return Frozen(summary, content)


def _agreement(agreed: Agreed) -> Content | None:
    if agreed.alpha is None:
        return None
    return {"alpha": f"{agreed.alpha:.2f}", "reading": reading_of(agreed.alpha).value}


def _gap(draft: Draft) -> float | None:
    """The gap between the means where all are told: beside the others it would tell one that is not."""
    are_told = all(part.said.figures.ratings >= RATINGS_NEEDED for part in draft.parts)
    return round(float(draft.gap), 2) if draft.gap is not None and are_told else None


def _position(
    part: DraftPosition, keys: Mapping[int, str], salts: Callable[[], str], reading: Reading
) -> Content:
    words = part.words
    assert words is not None
    figures = part.said.figures
    # Of fewer than five ratings not even the mean is told: it would say what each of them said.
    is_told = figures.ratings >= RATINGS_NEEDED
    return {
        "key": part.held.key,
        "completion": words.completion,
        "reasons": words.reasons,
        "worry": words.worry,
        "opposes": keys.get(words.opposes_id) if words.opposes_id is not None else None,
        "reading": reading.value,
        **_told(_surely(part.held.released, reading)),
        "quotations": [_quotation(each.id, each.words, salts()) for each in part.accepted],
        "fairness": {
            "mean": round(float(figures.mean), 1) if is_told else None,
            "is_of_all_holders": figures.needed < RATINGS_NEEDED and figures.is_enough,
        },
    }


def _quotation(quotation_id: int, words: str, salt: str) -> Content:
    return {"id": quotation_id, "words": words, "salt": salt, "sha256": fingerprint(words, salt)}


def _surely(released: Released, reading: Reading) -> Released:
    """The count, unless it is a number and the codes are not good enough for one."""
    is_unsure = released.told is Told.NUMBER and reading is Reading.QUOTATIONS
    return Released(Told.UNSURE) if is_unsure else released


def _told(released: Released) -> Content:
    return {"told": released.told.value, "number": released.number}
