"""Whose words the forum holds: for each answer to a question about people their share of the words.

A ratio of 1 is in proportion: a tenth of the members wrote a tenth of the words. It is told of ten members
or more, and only where no two of them wrote nine tenths of their words: who is loud in the forum is known
by name, and must not be known by sex or age from this. Where one answer of a question is not told, the one
with fewest members beside it is not told either, since the shares of all add up. People who did not answer
a question are left out of it; "prefer not to say" is an answer. Groups are too small for any of this.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from consult.analysis.notes import Note
from consult.analysis.words import SCREEN_MINIMUM
from consult.db import db
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.recruitment.rules import PREFER_NOT
from consult.stats.talk import TalkPost, voice_ratios

LOUDEST, MOST_OF_TWO = 2, 0.9
TOO_FEW = "fewer than 10 members, or nearly all their words are by one or two"
BESIDE = "with it what is told of fewer than 10 members would follow"
NO_WORDS = "nobody wrote a word"


def voicing(
    consultation_id: int, posts: Sequence[TalkPost], members: Sequence[int]
) -> tuple[list[dict[str, Any]], list[Note]]:
    """For each question and answer the members, and their share of the words over that of the members.

    Returns
    -------
    rows : list of dict
        ``variable``, ``value``, ``members`` and ``ratio``; both numbers are none where there are too few.
    notes : list of {"path", "reason"}
        One for each ratio that is missing.
    """
    words: Counter[Hashable] = Counter()
    here = set(members)
    for post in posts:
        if post.author in here:
            words[post.author] += post.words
    if not words:
        return [], []
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for variable, said in _said(consultation_id, here).items():
        of: dict[Hashable, Hashable] = {person: value for person, value in said.items()}  # noqa: C416
        ratios = voice_ratios(words, of)
        kept = _told(said, words)
        for value, count in Counter(said.values()).items():
            why = kept.get(value) or (NO_WORDS if ratios[value] is None else None)
            is_few = kept.get(value) == TOO_FEW and count < SCREEN_MINIMUM
            rows.append(
                {
                    "variable": variable,
                    "value": value,
                    "members": None if is_few else count,
                    "ratio": None if why else ratios[value],
                }
            )
            if why:
                notes.append({"path": f"voice[{len(rows) - 1}].ratio", "reason": why})
    return rows, notes


def _told(said: Mapping[int, str], words: Counter[Hashable]) -> dict[str, str]:
    """Why nothing is told of a value, for those of which nothing is."""
    members = Counter(said.values())
    hidden = {}
    of_value: dict[str, list[int]] = {}
    for person, value in said.items():
        of_value.setdefault(value, []).append(words[person])
    for value, count in members.items():
        theirs = sorted(of_value[value], reverse=True)
        is_loud = sum(theirs) > 0 and sum(theirs[:LOUDEST]) >= MOST_OF_TWO * sum(theirs)
        if count < SCREEN_MINIMUM or is_loud:
            hidden[value] = TOO_FEW
    shown = [value for value in members if value not in hidden]
    if len(hidden) == 1 and shown:
        hidden[min(shown, key=lambda value: (members[value], value))] = BESIDE
    return hidden


def _said(consultation_id: int, members: set[int]) -> dict[str, dict[int, str]]:
    """What the members answered to each question about people, in the order of questions and options."""
    rows = db.session.execute(
        select(Demographic.key, ParticipantDemographic.participant_id, DemographicOption.key)
        .join(ParticipantDemographic, ParticipantDemographic.demographic_id == Demographic.id)
        .outerjoin(DemographicOption, DemographicOption.id == ParticipantDemographic.option_id)
        .where(Demographic.consultation_id == consultation_id)
        .order_by(
            Demographic.position,
            DemographicOption.position.is_(None),
            DemographicOption.position,
            ParticipantDemographic.participant_id,
        )
    )
    found: dict[str, dict[int, str]] = {}
    for variable, person, value in rows:
        if person in members:
            found.setdefault(variable, {})[person] = PREFER_NOT if value is None else value
    return found
