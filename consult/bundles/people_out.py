"""Writing `participants.csv`, `submissions.csv`, `targets.csv` and `channels.csv`."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from consult.bundles.channels import NAME as CHANNELS
from consult.bundles.participants import NAME as PARTICIPANTS
from consult.bundles.submissions import NAME as SUBMISSIONS
from consult.bundles.tables import (
    Table,
    instant_cell,
    not_rehearsed,
    people_in_order,
    text_cell,
    used,
    yes_no_cell,
)
from consult.bundles.targets import NAME as TARGETS
from consult.consultations.models import DiscussionGroup, Participant, Progress, Submission, Wave
from consult.recruitment.models import (
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
    Target,
)
from consult.recruitment.rules import PREFER_NOT, USUAL_KIND, NewChannel
from consult.surveys.models import Answer

_OF_A_PERSON = {
    "joined_at": Participant.joined_at,
    "channel": Participant.channel_id,
    "group": Participant.group_id,
    "arm": Participant.arm,
    "track": Participant.track,
    "language": Participant.language,
    "quote": Participant.quote,
}


def _real(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    """Mark the people of the consultation, without those of a rehearsal."""
    return Participant.consultation_id == consultation_id, Participant.is_rehearsal.is_(False)


def _submitted(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    """Mark their submissions."""
    return Submission.consultation_id == consultation_id, not_rehearsed(Submission.participant_id)


def participants(session: Session, consultation_id: int) -> Table:
    """Make the file of participants, in the order in which they came."""
    optional = used(session, _OF_A_PERSON, *_real(consultation_id))
    demographics = session.execute(
        select(Demographic.id, Demographic.key)
        .where(Demographic.consultation_id == consultation_id)
        .order_by(Demographic.position)
    ).all()
    rows = _people(session, consultation_id, optional, [row.id for row in demographics])
    return Table(PARTICIPANTS, ("participant", *optional, *(row.key for row in demographics)), rows)


def _people(
    session: Session, consultation_id: int, optional: list[str], demographics: list[int]
) -> Iterator[list[str]]:
    for people in people_in_order(session, consultation_id):
        said: dict[int, dict[int, str]] = defaultdict(dict)
        for person, demographic, option in session.execute(
            select(
                ParticipantDemographic.participant_id,
                ParticipantDemographic.demographic_id,
                DemographicOption.key,
            )
            .outerjoin(DemographicOption, DemographicOption.id == ParticipantDemographic.option_id)
            .where(ParticipantDemographic.participant_id.in_(people))
        ):
            said[person][demographic] = PREFER_NOT if option is None else option
        for row in session.execute(
            select(
                Participant.id,
                Participant.key,
                Participant.joined_at,
                Channel.key.label("channel"),
                DiscussionGroup.key.label("group"),
                Participant.arm,
                Participant.track,
                Participant.language,
                Participant.quote,
            )
            .outerjoin(Channel, Channel.id == Participant.channel_id)
            .outerjoin(DiscussionGroup, DiscussionGroup.id == Participant.group_id)
            .where(Participant.id.in_(people))
            .order_by(Participant.position)
        ):
            cells = {
                "joined_at": instant_cell(row.joined_at),
                "channel": text_cell(row.channel),
                "group": text_cell(row.group),
                "arm": text_cell(row.arm),
                "track": text_cell(row.track),
                "language": text_cell(row.language),
                "quote": yes_no_cell(row.quote),
            }
            answers = (said[row.id].get(demographic, "") for demographic in demographics)
            yield [row.key, *(cells[name] for name in optional), *answers]


def submissions(session: Session, consultation_id: int) -> Table:
    """Make the file of submissions; wanted only if its absence would say something else."""
    mine = _submitted(consultation_id)
    columns = {
        "submitted_at": Submission.submitted_at,
        "mode": Submission.mode,
        "late": Submission.late,
    }
    optional = used(session, columns, *mine)
    wanted = bool(optional) or not _all_submitted(session, consultation_id)
    rows = _submissions(session, consultation_id, optional)
    return Table(SUBMISSIONS, ("participant", "wave", "status", *optional), rows, wanted)


def _submissions(session: Session, consultation_id: int, optional: list[str]) -> Iterator[list[str]]:
    found = session.execute(
        select(
            Participant.key,
            Submission.wave,
            Submission.status,
            Submission.submitted_at,
            Submission.mode,
            Submission.late,
        )
        .join(Participant, Participant.id == Submission.participant_id)
        .where(*_submitted(consultation_id))
        .order_by(Participant.position, case((Submission.wave == Wave.PRE, 0), else_=1))
        .execution_options(yield_per=5000)
    )
    for row in found:
        cells = {
            "submitted_at": instant_cell(row.submitted_at),
            "mode": text_cell(row.mode),
            "late": yes_no_cell(row.late),
        }
        yield [row.key, row.wave.value, row.status.value, *(cells[name] for name in optional)]


def _all_submitted(session: Session, consultation_id: int) -> bool:
    """Whether exactly those who answered in a wave have submitted it."""
    mine = _submitted(consultation_id)
    answered = (
        select(Answer.participant_id, Answer.wave)
        .where(Answer.consultation_id == consultation_id, not_rehearsed(Answer.participant_id))
        .distinct()
        .subquery()
    )
    responses = session.scalar(select(func.count()).select_from(answered))
    submitted = session.scalar(
        select(func.count()).where(
            *mine,
            Submission.status == Progress.SUBMITTED,
            select(Answer.id)
            .where(Answer.participant_id == Submission.participant_id, Answer.wave == Submission.wave)
            .exists(),
        )
    )
    listed = session.scalar(select(func.count()).where(*mine))
    return responses == submitted == listed


_OF_A_TARGET = {
    "min": Target.minimum,
    "max": Target.maximum,
    "aim": Target.aim,
    "min_flex": Target.minimum_flex,
    "max_flex": Target.maximum_flex,
    "with_variable": Target.crossed_demographic_id,
    "with_category": Target.crossed_option_id,
}


def targets(session: Session, consultation_id: int) -> Table:
    """Make the file of targets, as they came."""
    mine = Target.consultation_id == consultation_id
    optional = used(session, _OF_A_TARGET, mine)
    crossed, crossed_option = aliased(Demographic), aliased(DemographicOption)
    found = session.execute(
        select(
            Demographic.key.label("variable"),
            DemographicOption.key.label("category"),
            Target.population,
            Target.minimum.label("min"),
            Target.maximum.label("max"),
            Target.aim,
            Target.minimum_flex.label("min_flex"),
            Target.maximum_flex.label("max_flex"),
            crossed.key.label("with_variable"),
            crossed_option.key.label("with_category"),
        )
        .select_from(Target)
        .join(Demographic, Demographic.id == Target.demographic_id)
        .join(DemographicOption, DemographicOption.id == Target.option_id)
        .outerjoin(crossed, crossed.id == Target.crossed_demographic_id)
        .outerjoin(crossed_option, crossed_option.id == Target.crossed_option_id)
        .where(mine)
        .order_by(Target.id)
    ).all()
    columns = ("variable", "category", "population", *optional)
    rows = [[getattr(row, name) for name in columns] for row in found]
    return Table(TARGETS, columns, rows, bool(rows))


def channels(session: Session, consultation_id: int) -> Table:
    """Make the file of channels; wanted only if the participants alone would not bring the same ones."""
    found = session.execute(
        select(Channel.id, Channel.key, Channel.label, Channel.aim, Channel.cost, Channel.kind)
        .where(Channel.consultation_id == consultation_id)
        .order_by(Channel.id)
    ).all()
    first_come = session.scalars(
        select(Participant.channel_id)
        .where(*_real(consultation_id), Participant.channel_id.is_not(None))
        .group_by(Participant.channel_id)
        .order_by(func.min(Participant.position))
    ).all()
    listed = {row.id: NewChannel(row.key, row.label, row.aim, row.cost, row.kind.value) for row in found}
    is_wanted = list(listed) != list(first_come) or not all(c.is_unlisted for c in listed.values())
    optional = [name for name in ("aim", "cost") if any(getattr(c, name) for c in listed.values())]
    if any(channel.kind != USUAL_KIND for channel in listed.values()):
        optional.append("kind")
    rows = [
        [channel.key, channel.label, *(text_cell(getattr(channel, name)) for name in optional)]
        for channel in listed.values()
    ]
    return Table(CHANNELS, ("channel", "label", *optional), rows, is_wanted)
