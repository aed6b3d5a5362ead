"""Reading weights that have been made, and who stayed while it goes on; no NumPy here."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Participant, Progress, Submission, Wave
from consult.db import db
from consult.errors import NotFound
from consult.forum.models import Exposure, Post, PostKind
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.weighting.models import Weight, WeightVersion
from consult.weighting.rules import RAKED, Settings, settings_from


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the weights: how it was made and what came of it."""

    id: int
    number: int
    made_at: datetime
    settings: Settings
    report: dict[str, Any]

    @property
    def stored_as(self) -> str:
        """The name under which comparisons with these weights are stored."""
        return f"{RAKED}-{self.number}"


def list_versions(consultation_id: int) -> list[Version]:
    """List the versions of a consultation's weights, the first one first."""
    found = db.session.scalars(
        select(WeightVersion)
        .where(WeightVersion.consultation_id == consultation_id)
        .order_by(WeightVersion.number)
    )
    return [
        Version(
            row.id, row.number, row.made_at, settings_from(json.loads(row.settings)), json.loads(row.report)
        )
        for row in found
    ]


def find_by_settings(consultation_id: int, settings: Settings) -> Version | None:
    """Find the first version that was made with these settings."""
    return next((each for each in list_versions(consultation_id) if each.settings == settings), None)


def find_by_digest(consultation_id: int, digest: str) -> Version | None:
    """Find the version that was made with these settings from this very data."""
    found = (each for each in list_versions(consultation_id) if each.report["digest"] == digest)
    return next(found, None)


def get_version(consultation_id: int, number: int) -> Version:
    """Get one version of a consultation's weights.

    Raises
    ------
    NotFound
        If there is none of that number.
    """
    found = (each for each in list_versions(consultation_id) if each.number == number)
    version = next(found, None)
    if version is None:
        raise NotFound
    return version


def weights_of(version: Version) -> dict[int, float]:
    """Everybody's weight in a version, by the id of the participant."""
    rows = db.session.execute(
        select(Weight.participant_id, Weight.weight)
        .where(Weight.version_id == version.id)
        .order_by(Weight.participant_id)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Flow:
    """How many people came how far: each number but the first is of those who sent the starting survey."""

    joined: int
    sent: int
    came_to_forum: int
    wrote_in_forum: int
    stayed: int


def count_flow(consultation_id: int) -> Flow:
    """Count how far people came, in one statement; nobody who was only rehearsed."""
    before, after = aliased(Submission), aliased(Submission)
    sent = before.participant_id.is_not(None)
    has_written = exists().where(Post.participant_id == Participant.id, Post.kind == PostKind.POST)
    has_read = exists().where(Exposure.participant_id == Participant.id)
    row = db.session.execute(
        select(
            func.count(),
            func.count(before.participant_id),
            _how_many(and_(sent, or_(has_read, has_written))),
            _how_many(and_(sent, has_written)),
            func.count(after.participant_id),
        )
        .select_from(Participant)
        .outerjoin(before, _is_sent(before, Participant.id, Wave.PRE))
        .outerjoin(after, _is_sent(after, before.participant_id, Wave.POST))
        .where(Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
    ).one()
    return Flow(*row)


@dataclass(frozen=True, slots=True)
class GroupFlow:
    """How many people of one group of a question sent the starting survey, and how many the follow-up too."""

    question: str
    label: str
    sent: int
    stayed: int


def count_group_flow(consultation_id: int) -> list[GroupFlow]:
    """Count by group how many sent the starting survey, and how many of them stayed; in two statements."""
    before, after = aliased(Submission), aliased(Submission)
    said = ParticipantDemographic
    counted = db.session.execute(
        select(said.option_id, func.count(), func.count(after.participant_id))
        .select_from(before)
        .join(Participant, Participant.id == before.participant_id)
        .outerjoin(after, _is_sent(after, before.participant_id, Wave.POST))
        .join(said, said.participant_id == before.participant_id)
        .where(
            before.consultation_id == consultation_id,
            before.wave == Wave.PRE,
            before.status == Progress.SUBMITTED,
            Participant.is_rehearsal.is_(False),
            said.option_id.is_not(None),
        )
        .group_by(said.option_id)
    )
    counts = {option_id: (sent, stayed) for option_id, sent, stayed in counted}
    groups = db.session.execute(
        select(Demographic.question, DemographicOption.id, DemographicOption.label)
        .join(DemographicOption, DemographicOption.demographic_id == Demographic.id)
        .where(Demographic.consultation_id == consultation_id)
        .order_by(Demographic.position, DemographicOption.position)
    )
    return [
        GroupFlow(question, label, *counts.get(option_id, (0, 0))) for question, option_id, label in groups
    ]


def _is_sent(submission: type[Submission], participant_id: Any, wave: Wave) -> ColumnElement[bool]:
    return and_(
        submission.participant_id == participant_id,
        submission.wave == wave,
        submission.status == Progress.SUBMITTED,
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
