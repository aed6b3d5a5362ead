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
    sent, stayed = _sent(Wave.PRE), _sent(Wave.POST)
    has_written = exists().where(Post.participant_id == Participant.id, Post.kind == PostKind.POST)
    has_read = exists().where(Exposure.participant_id == Participant.id)
    row = db.session.execute(
        select(
            func.count(),
            _how_many(sent),
            _how_many(and_(sent, or_(has_read, has_written))),
            _how_many(and_(sent, has_written)),
            _how_many(and_(sent, stayed)),
        ).where(Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False))
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
    """Count by group how many sent the starting survey, and how many of them stayed; in one statement."""
    before, after = aliased(Submission), aliased(Submission)
    said = ParticipantDemographic
    rows = db.session.execute(
        select(
            Demographic.question,
            DemographicOption.label,
            func.count(before.participant_id),
            func.count(after.participant_id),
        )
        .select_from(Demographic)
        .join(DemographicOption, DemographicOption.demographic_id == Demographic.id)
        .outerjoin(
            said,
            and_(said.demographic_id == Demographic.id, said.option_id == DemographicOption.id),
        )
        .outerjoin(
            Participant,
            and_(Participant.id == said.participant_id, Participant.is_rehearsal.is_(False)),
        )
        .outerjoin(before, _is_sent(before, Participant.id, Wave.PRE))
        .outerjoin(after, _is_sent(after, before.participant_id, Wave.POST))
        .where(Demographic.consultation_id == consultation_id)
        .group_by(
            Demographic.position, Demographic.question, DemographicOption.position, DemographicOption.label
        )
        .order_by(Demographic.position, DemographicOption.position)
    )
    return [GroupFlow(*row) for row in rows]


def _sent(wave: Wave) -> ColumnElement[bool]:
    return exists().where(
        Submission.participant_id == Participant.id,
        Submission.wave == wave,
        Submission.status == Progress.SUBMITTED,
    )


def _is_sent(submission: type[Submission], participant_id: Any, wave: Wave) -> ColumnElement[bool]:
    return and_(
        submission.participant_id == participant_id,
        submission.wave == wave,
        submission.status == Progress.SUBMITTED,
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
