"""Panels with limits, and people who send stage one to be counted."""

from sqlalchemy import func, insert, select

from consult import clock
from consult.access import OPERATOR
from consult.accounts.models import Staff
from consult.consultations.models import Consultation, Participant, Progress, Submission, Wave
from consult.db import db
from consult.panel.models import LimitChange, Panel
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic, Target
from consult.surveys.models import Item
from consult.surveys.service import NewAnswer, record_answers

ASKER = "other.officer@abbeyford.example"


def make_panel(consultation_id: int, *, size: int | None = None, **more: int) -> Panel:
    panel = Panel(consultation_id=consultation_id, size=size, **more)
    db.session.add(panel)
    db.session.commit()
    return panel


def limit(consultation_id: int, variable: str, category: str, **limits: int) -> int:
    """The category has these limits; the id of its target."""
    demographic, option_id = _category(consultation_id, variable, category)
    target = db.session.scalar(select(Target).filter_by(option_id=option_id, crossed_option_id=None))
    if target is None:
        target = Target(
            consultation_id=consultation_id, demographic_id=demographic.id, option_id=option_id, filled=0
        )
        db.session.add(target)
    for name, value in limits.items():
        setattr(target, name, value)
    db.session.commit()
    return target.id


def cross(consultation_id: int, one: tuple[str, str], other: tuple[str, str], **limits: int) -> int:
    """People who are in both categories have these limits; the id of the target."""
    demographic, option_id = _category(consultation_id, *one)
    crossed, crossed_option_id = _category(consultation_id, *other)
    target = Target(
        consultation_id=consultation_id,
        demographic_id=demographic.id,
        option_id=option_id,
        crossed_demographic_id=crossed.id,
        crossed_option_id=crossed_option_id,
        **limits,
    )
    db.session.add(target)
    db.session.commit()
    return target.id


def ask(consultation: Consultation, key: str, *categories: str) -> None:
    """The consultation asks this of people too, when they join. Committed."""
    last = db.session.scalar(
        select(func.max(Demographic.position)).where(Demographic.consultation_id == consultation.id)
    )
    db.session.add(
        Demographic(
            consultation_id=consultation.id,
            position=0 if last is None else last + 1,
            key=key,
            question=f"Which {key}?",
            options=[
                DemographicOption(position=n, key=each, label=each) for n, each in enumerate(categories)
            ],
        )
    )
    db.session.commit()


def say(participant_id: int, **said: str | None) -> None:
    """What this person says of themselves; None is "prefer not to say"."""
    participant = db.session.get_one(Participant, participant_id)
    for variable, category in said.items():
        demographic, option_id = _category(participant.consultation_id, variable, category)
        db.session.add(
            ParticipantDemographic(
                participant_id=participant_id,
                demographic_id=demographic.id,
                consultation_id=participant.consultation_id,
                option_id=option_id,
            )
        )
    turnout.recount(participant.consultation_id)
    db.session.commit()


def filled(target_id: int) -> int:
    return db.session.scalars(
        select(Target.filled).filter_by(id=target_id).execution_options(populate_existing=True)
    ).one()


def counts(consultation: Consultation) -> dict[str | None, int]:
    """How many people are in which track."""
    found: dict[str | None, int] = {}
    for track in db.session.scalars(
        select(Participant.track).where(Participant.consultation_id == consultation.id)
    ):
        found[track] = found.get(track, 0) + 1
    return found


def _category(consultation_id: int, variable: str, category: str | None) -> tuple[Demographic, int | None]:
    demographic = db.session.scalars(
        select(Demographic).filter_by(consultation_id=consultation_id, key=variable)
    ).one()
    if category is None:
        return demographic, None
    [option_id] = [option.id for option in demographic.options if option.key == category]
    return demographic, option_id


def make_ready(consultation: Consultation, participant_id: int) -> None:
    """This person has come to the end of stage one, and has only to send it. Committed."""
    items = db.session.scalars(select(Item).filter_by(consultation_id=consultation.id)).all()
    asked = [item for item in items if any(each.wave is Wave.PRE for each in item.asked)]
    answers = [NewAnswer(participant_id, item.id, "pre", item.form.value, "skipped") for item in asked]
    record_answers(OPERATOR, consultation, answers)
    db.session.add(
        Submission(
            participant_id=participant_id,
            consultation_id=consultation.id,
            wave=Wave.PRE,
            status=Progress.STARTED,
        )
    )
    turnout.recount(consultation.id)
    db.session.commit()


def make_wanted(consultation: Consultation) -> None:
    """A panel of fifty with room for twenty young people, and an officer who wants more. Committed."""
    make_panel(consultation.id, size=50)
    target_id = limit(consultation.id, "age_band", "16-24", population=30_000, aim=15, maximum=20)
    limit(consultation.id, "age_band", "25-64", population=120_000, aim=35)
    asker = db.session.scalar(select(Staff.id).filter_by(email=ASKER))
    if asker is None:
        asker = db.session.execute(
            insert(Staff).values(email=ASKER, added_at=clock.now()).returning(Staff.id)
        ).scalar_one()
    db.session.add(
        LimitChange(
            consultation_id=consultation.id,
            target_id=target_id,
            before=20,
            after=25,
            reason="Many young people came from the college.",
            asked_by_id=asker,
            asked_at=clock.now(),
        )
    )
    db.session.commit()


def change_of(slug: str) -> int:
    """The number of the change that somebody asked for."""
    mine = select(LimitChange.id).join(Consultation).where(Consultation.slug == slug)
    return db.session.scalars(mine.order_by(LimitChange.id).limit(1)).one()
