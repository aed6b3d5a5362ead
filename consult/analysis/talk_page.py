"""How the talk in a forum goes, in sentences for officers.

While the forum is open they are told what they could count themselves by reading: who has written, how
evenly, who is answered. What goes by answers of people (whose view differs, whose sex or age the words are
of) is told when every stage has closed, from the comparison that is frozen then: if figures moved with each
new post, they would tell its writer's answer. It is told of the whole forum only. Groups have 8 to 12
people, too few for any figure about who they are; how many of a group have written is told, as everybody in
it sees that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from consult.analysis.spoken import members_of, posts_of, talks
from consult.analysis.words import SCREEN_MINIMUM
from consult.db import db
from consult.recruitment.models import Demographic, DemographicOption
from consult.recruitment.rules import PREFER_NOT
from consult.stats.talk import Talk
from consult.web.telling import number
from consult.words import N_

TOO_FEW_ACTIVE = 0.6  # METHOD 3.4: below it worry
HALF = 0.5
VOICES = (  # up to which ratio, in words; 0.8 to 1.25 is in proportion, as for who takes part
    (0.5, N_("less than half of their share")),
    (0.8, N_("less than their share")),
    (1.25, N_("about their share")),
    (2.0, N_("more than their share")),
    (float("inf"), N_("more than twice their share")),
)
CROSSING = (
    (0.9, N_("People answered somebody of another view less often than chance alone would have it.")),
    (1.1, N_("People answered somebody of another view about as often as chance would have it.")),
    (float("inf"), N_("People answered somebody of another view more often than chance would have it.")),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, and whether it says something to worry about."""

    text: str
    is_worrying: bool = False


@dataclass(frozen=True, slots=True)
class GroupTalk:
    """One group: how many have written, of how many, and what came of it."""

    name: str
    members: int
    active: int
    posts: int
    answered: str
    is_worrying: bool


@dataclass(frozen=True, slots=True)
class TalkNow:
    """How the talk goes: sentences about everybody, a line for each group; none for fewer than ten people."""

    is_enough: bool
    said: list[Said]
    groups: list[GroupTalk]


def talk_now(consultation_id: int) -> TalkNow:
    """Tell how the talk goes, from the posts that everybody in a topic can read."""
    found = list(talks(posts_of(consultation_id), members_of(consultation_id), {}))
    _, members, whole = found[0]
    is_enough = len(members) >= SCREEN_MINIMUM
    return TalkNow(
        is_enough=is_enough,
        said=sentences(whole) if is_enough else [],
        groups=[_group(name, talk) for name, _, talk in found[1:] if name is not None] if is_enough else [],
    )


def sentences(talk: Talk) -> list[Said]:
    """Tell in words how the members talked."""
    if not talk.posts:
        return [Said(gettext("Nobody has written yet."), is_worrying=True)]
    people = ngettext("%(num)s person can write here.", "%(num)s people can write here.", talk.members)
    return [Said(people), *_who_writes(talk), *_who_is_answered(talk)]


def _who_writes(talk: Talk) -> Iterator[Said]:
    active = talk.active_share or 0.0
    if active < TOO_FEW_ACTIVE:
        yield Said(gettext("Fewer than 6 in 10 have written. Invite those who are silent."), is_worrying=True)
    else:
        yield Said(gettext("%(tens)s in 10 have written.", tens=tens(active)))
    if talk.top_word_share is not None:
        share = tens(talk.top_word_share)
        told = gettext("The fifth of people who wrote most wrote %(tens)s in 10 of the words.", tens=share)
        yield Said(told, talk.top_word_share > HALF)


def _who_is_answered(talk: Talk) -> Iterator[Said]:
    answers, answered = tens(talk.peer_reply_share or 0.0), talk.replied_to_share or 0.0
    yield Said(
        gettext("%(tens)s in 10 contributions answer somebody. The others speak to the topic.", tens=answers)
    )
    if answered < HALF:
        yield Said(gettext("Fewer than half of the contributions got an answer."), is_worrying=True)
    else:
        yield Said(gettext("%(tens)s in 10 contributions got an answer.", tens=tens(answered)))
    if talk.dyad_reciprocity == 0.0:
        yield Said(gettext("Nobody who was answered has answered back."))
    elif talk.dyad_reciprocity is not None:
        cases = tens(talk.dyad_reciprocity)
        yield Said(
            gettext("Of two people who spoke, both answered each other in %(tens)s in 10 cases.", tens=cases)
        )


def views_told(content: dict[str, Any]) -> list[Said]:
    """Tell how people of different views met, from the frozen comparison; nothing of fewer than ten."""
    rows: list[dict[str, Any]] = content.get("forum") or []
    if not rows or rows[0]["members"] < SCREEN_MINIMUM:
        return []
    whole, found = rows[0], []
    if whole.get("cross_ratio") is not None and whole["cross_replies"] >= SCREEN_MINIMUM:
        words = next(words for most, words in CROSSING if whole["cross_ratio"] < most)
        found.append(Said(gettext(words), whole["cross_ratio"] < CROSSING[0][0]))
    if whole.get("exposure_balance") is not None and whole["posts_read"] >= SCREEN_MINIMUM:
        share = tens(whole["exposure_balance"])
        found.append(
            Said(
                gettext(
                    "Of the contributions in topics that people opened, %(tens)s in 10 were by somebody of "
                    "another view.",
                    tens=share,
                )
            )
        )
    return found


def voices_told(consultation_id: int, content: dict[str, Any]) -> list[tuple[str, str, Said]]:
    """Tell whose words the forum holds: question, answer, and how that compares with their number."""
    labels: dict[tuple[str, str], str] = {}
    questions: dict[str, str] = {}
    asked = (
        select(Demographic.key, Demographic.question, DemographicOption.key, DemographicOption.label)
        .join(DemographicOption, DemographicOption.demographic_id == Demographic.id)
        .where(Demographic.consultation_id == consultation_id)
    )
    for variable, question, value, label in db.session.execute(asked):
        questions[variable], labels[variable, value] = question, label
    return [
        (
            questions[row["variable"]],
            labels.get((row["variable"], row["value"]))
            or (gettext("Prefer not to say") if row["value"] == PREFER_NOT else row["value"]),
            _voice(row["ratio"]),
        )
        for row in content.get("voice") or []
        if row["variable"] in questions
    ]


def tens(share: float) -> str:
    """A share as so many in ten."""
    return number(round(share * 10))


def _voice(ratio: float | None) -> Said:
    if ratio is None:
        return Said(gettext("Too few people to say"))
    words = next(words for most, words in VOICES if ratio < most)
    return Said(gettext(words), ratio < VOICES[1][0])


def _group(name: str, talk: Talk) -> GroupTalk:
    return GroupTalk(
        name=name,
        members=talk.members,
        active=round((talk.active_share or 0.0) * talk.members),
        posts=talk.posts,
        answered="" if talk.replied_to_share is None else tens(talk.replied_to_share),
        is_worrying=(talk.active_share or 0.0) < TOO_FEW_ACTIVE,
    )
