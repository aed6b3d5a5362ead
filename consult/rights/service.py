"""Deeds on what is held about oneself: change what one agreed to, take it along, leave.

What a person takes out of the record is gone in the same transaction. What stays when they have left
is the row that they were here, so that everybody who joined is accounted for, and the places of their
posts, so that replies to them can still be understood.
"""

from sqlalchemy import delete, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.accounts.codes import forget_code
from consult.accounts.models import ResidentSession
from consult.audit.service import record
from consult.consultations.models import Consultation, Membership, Participant, Submission
from consult.consultations.queries import standing_of
from consult.db import Base, db
from consult.forum import digests, seeding
from consult.forum.grouping.models import DrawnPerson
from consult.forum.models import Enquiry, Exposure, Post, PostState, PostVersion, Suspension
from consult.forum.writing_models import PostDraft
from consult.home import Config
from consult.incentives import service as thanks
from consult.moderation.models import Appeal, Decision, Message, Report
from consult.panel.places import give_place_back
from consult.recruitment import turnout
from consult.recruitment.models import ParticipantDemographic
from consult.recruitment.queries import lock_membership
from consult.rights.held import Held, held_of
from consult.summaries.holding import held_standing
from consult.summaries.models import FairnessRating, Presentation
from consult.surveys.models import Answer
from consult.weighting.models import Weight

# Gone with whoever wants their answers deleted. Places of rankings and codes of coders go with their answers.
SAID: tuple[type[Base], ...] = (
    Answer,
    Submission,
    ParticipantDemographic,
    Exposure,
    Presentation,
    FairnessRating,
    Weight,
    Appeal,
    Suspension,
)


def change_consent(
    actor: Actor,
    consultation: Consultation,
    participant_id: int,
    *,
    quote: bool,
    messages: bool,
    config: Config,
) -> None:
    """From now on the participant may or may not be quoted, and be sent messages.

    Who wants none is not told of replies by e-mail either, and that address is deleted.
    Who may not be quoted any more is gone from every summary, also from those that are published.
    """
    require(actor, Action.CHANGE_CONSENT, held_standing(consultation))
    member = lock_membership(consultation.id, participant_id)
    member.messages = messages
    _participant(consultation, participant_id).quote = quote
    if not messages:
        digests.forget_address(consultation.id, participant_id, config=config)
    if not quote:
        seeding.forget_quotations(consultation, participant_id)
    db.session.flush()
    record(actor, Action.CHANGE_CONSENT, consultation.slug)


def take_along(actor: Actor, consultation: Consultation, participant_id: int, *, config: Config) -> Held:
    """Everything that is held about the participant, and the trail says that they asked for it.

    Raises
    ------
    NotFound
        If there is nothing of theirs to ask for any more.
    """
    standing = standing_of(consultation)
    require(actor, Action.DOWNLOAD_OWN, standing)
    held = held_of(consultation, standing, participant_id, config=config)
    record(actor, Action.DOWNLOAD_OWN, consultation.slug)
    return held


def withdraw(
    actor: Actor, consultation: Consultation, participant_id: int, *, keeps_answers: bool, config: Config
) -> None:
    """The participant has left for good: no code, no session, no name, no posts on any page.

    What they are owed as thanks stays, under its number alone; how to reach them for it is deleted.

    Parameters
    ----------
    keeps_answers : bool
        Whether what they said stays in the record, under the number that nobody can lead back to them.
        Otherwise it is gone: answers, what they said of themselves, what they wrote and what they read.

    Raises
    ------
    NotPermitted
        If they have left already, or the consultation has been archived.
    """
    require(actor, Action.WITHDRAW, held_standing(consultation))
    member = lock_membership(consultation.id, participant_id)
    with turnout.counted(consultation.id, participant_id):
        _leave(member, keeps_answers=keeps_answers)
        _take_out(consultation, participant_id, keeps_answers=keeps_answers, config=config)
    record(actor, Action.WITHDRAW, consultation.slug, answers="kept" if keeps_answers else "deleted")


def _take_out(
    consultation: Consultation, participant_id: int, *, keeps_answers: bool, config: Config
) -> None:
    """Nothing leads to the participant any more, and nothing of theirs is left that they want deleted."""
    participant = _participant(consultation, participant_id)
    participant.quote = False
    seeding.forget_quotations(consultation, participant_id)
    give_place_back(consultation.id, participant_id)
    thanks.leave(consultation.id, participant_id, config=config)
    digests.forget_address(consultation.id, participant_id, config=config)
    forget_code(participant_id)
    _delete_all(PostDraft, participant_id)  # never said to anybody
    _delete_all(ResidentSession, participant_id)  # ended, and when they were here is nobody's business now
    db.session.execute(
        update(Post)
        .where(Post.participant_id == participant_id, Post.state != PostState.HIDDEN)
        .values(state=PostState.WITHDRAWN)
    )
    # Nobody is there any more who could read an answer.
    db.session.execute(
        delete(Appeal).where(Appeal.participant_id == participant_id, Appeal.decided_at.is_(None))
    )
    _delete_all(Message, participant_id)
    if not keeps_answers:
        _erase(participant)
    db.session.flush()


def _participant(consultation: Consultation, participant_id: int) -> Participant:
    """The participant's row, for this request alone: what is being written about them is waited for."""
    return db.session.scalars(
        select(Participant)
        .filter_by(id=participant_id, consultation_id=consultation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _leave(member: Membership, *, keeps_answers: bool) -> None:
    member.withdrawn_at, member.keeps_answers = clock.now(), keeps_answers
    member.display_name = member.name_key = None
    member.messages = False


def _erase(participant: Participant) -> None:
    """Nothing is left of what this participant said, and only the places of their posts."""
    for table in SAID:
        _delete_all(table, participant.id)
    mine = select(Post.id).where(Post.participant_id == participant.id)
    db.session.execute(delete(PostVersion).where(PostVersion.post_id.in_(mine)))
    db.session.execute(update(Post).where(Post.participant_id == participant.id).values(title=None, body=""))
    # That there was a decision or a report stays, with its reason; what was written to or by them goes.
    db.session.execute(update(Decision).where(Decision.post_id.in_(mine)).values(note=None))
    told = update(Enquiry).where(Enquiry.post_id.in_(mine), Enquiry.told.is_not(None))
    db.session.execute(told.values(told=""))
    reported = update(Report).where(Report.participant_id == participant.id)
    db.session.execute(reported.values(participant_id=None, words=None))
    # The ticket of a draw stays, so that it can be done again, and is nobody's.
    drawn = update(DrawnPerson).where(DrawnPerson.participant_id == participant.id)
    db.session.execute(drawn.values(participant_id=None))
    participant.channel_id = participant.group_id = participant.arm = participant.language = None


def _delete_all(table: type[Base], participant_id: int) -> None:
    db.session.execute(delete(table).filter_by(participant_id=participant_id))
