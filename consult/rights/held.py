"""Everything that is held about one person, table by table, for the copy that they can take along.

Each table whose rows belong to a participant is read here, or stands in `INSIDE` or `NOT_SHOWN` with
where it is instead or why it is not there; a test goes over the whole schema and fails on any other.
Keys of the record are told by the words that belong to them: a stem and not the number of an item.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sqlalchemy import Row as Read
from sqlalchemy import Select, select

from consult import clock
from consult.accounts import keys
from consult.accounts.models import KeptForm, ResidentSession, ReturnCode
from consult.audit.models import AuditEntry
from consult.coding.models import Code, Judgement, Theme
from consult.consultations.models import (
    Consultation,
    DiscussionGroup,
    Membership,
    Participant,
    Submission,
    Wave,
)
from consult.consultations.queries import Standing
from consult.db import db
from consult.forum import digests, drafts
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.models import Enquiry, Exposure, Post, PostVersion, Suspension, Thread
from consult.forum.writing_models import PostDraft
from consult.home import Config
from consult.incentives import holders
from consult.incentives.queries import find_contact, list_dues_of
from consult.incentives.rules import plain_pounds, uk_day
from consult.moderation.models import Appeal, Decision, Message, Report
from consult.panel.models import CountedUnder, Place
from consult.recruitment.agreement import AGREEMENTS
from consult.recruitment.models import Channel, DemographicOption, Target
from consult.rights.queries import find_withholding, list_about_you
from consult.summaries.models import FairnessRating, Position, Presentation, Quotation, Summary
from consult.surveys.models import Answer, Item, Option, Placing
from consult.weighting.models import Weight, WeightVersion

Told = str | int | bool | None | list["Told"] | dict[str, "Told"]
Row = dict[str, Told]

# Tables whose rows belong to a participant through another row, and in whose part they stand.
INSIDE: Mapping[str, str] = {
    "placing": "answer",
    "code": "answer",
    "judgement": "answer",
    "queued_text": "answer",
    "post_version": "post",
    "panel_place_target": "panel_place",
}
# Columns that are held and not shown, and why.
NOT_SHOWN: Mapping[str, str] = {
    "return_code.code_hash": "a fingerprint: nobody can read a code from it, and it opens nothing",
    "return_code.serial_hash": "a fingerprint: nobody can read a number from it, and it opens nothing",
    "resident_session.id_hash": "a fingerprint: it opens nothing",
    "resident_session.sealed_code": "the code itself, which the page of the code shows",
    "membership.name_key": "the name again, as it counts for being taken",
    "incentive_due.holder": "a fingerprint of the number by which the record knows you",
    "contact.holder": "the same",
    "digest.holder": "the same",
    "digest.stop_hash": "a fingerprint of the number that stops these e-mails",
}


@dataclass(frozen=True, slots=True)
class Held:
    """What is held, by table; ``withheld_until`` when answers of the starting survey are left out."""

    consultation: str
    made_at: datetime
    parts: Mapping[str, list[Row]]
    withheld_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    consultation: Consultation
    participant_id: int
    config: Config
    left_out: frozenset[Wave] = field(default_factory=frozenset)


def held_of(consultation: Consultation, standing: Standing, participant_id: int, *, config: Config) -> Held:
    """Everything that the record holds about this participant, but what would spoil the follow-up."""
    withholding = find_withholding(consultation, standing, participant_id)
    left_out = frozenset({Wave.PRE} if withholding else ())
    asked = _Asked(consultation, participant_id, config, left_out)
    return Held(
        consultation.title,
        clock.now(),
        {table: read(asked) for table, read in PARTS.items()},
        withholding.closes_at if withholding else None,
    )


def _participant(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Participant.key.label("number"),
            Participant.joined_at,
            Participant.origin,
            Participant.quote,
            Participant.language,
            Participant.track,
            Participant.waiting_since,
            Participant.arm,
            Participant.is_rehearsal,
            Channel.label.label("channel"),
            DiscussionGroup.key.label("group"),
        )
        .outerjoin(Channel, Channel.id == Participant.channel_id)
        .outerjoin(DiscussionGroup, DiscussionGroup.id == Participant.group_id)
        .where(Participant.id == asked.participant_id)
    )


def _membership(asked: _Asked) -> list[Row]:
    rows = _rows(
        select(
            Membership.display_name.label("name"),
            Membership.consent_version,
            Membership.consented_at,
            Membership.messages,
            Membership.order_seed,
        ).where(Membership.participant_id == asked.participant_id)
    )
    for row in rows:
        agreed = AGREEMENTS.get(int(str(row["consent_version"])))
        row["agreed_to"] = [*agreed.points] if agreed else []
    return rows


def _about_you(asked: _Asked) -> list[Row]:
    return [
        {"question": question, "said": label, "prefers_not_to_say": label is None}
        for question, label in list_about_you(asked.participant_id)
    ]


def _submissions(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Submission.wave, Submission.status, Submission.submitted_at, Submission.mode, Submission.late
        ).where(Submission.participant_id == asked.participant_id)
    )


def _answers(asked: _Asked) -> list[Row]:
    found = db.session.execute(
        select(
            Answer.id,
            Answer.wave,
            Item.stem,
            Answer.status,
            Answer.number,
            Option.label.label("option"),
            Answer.text,
            Answer.answered_at,
        )
        .join(Item, Item.id == Answer.item_id)
        .outerjoin(Option, Option.id == Answer.option_id)
        .where(Answer.participant_id == asked.participant_id, Answer.wave.not_in(asked.left_out))
        .order_by(Item.position, Answer.wave.desc())
    ).all()
    places = _grouped(
        select(Placing.answer_id, Option.label.label("option"), Placing.place, Placing.answered_at)
        .join(Answer, Answer.id == Placing.answer_id)
        .join(Option, Option.id == Placing.option_id)
        .where(Answer.participant_id == asked.participant_id)
        .order_by(Placing.place)
    )
    themes = _grouped(
        select(Code.answer_id, Theme.label.label("theme"), Code.coder)
        .join(Answer, Answer.id == Code.answer_id)
        .join(Theme, Theme.id == Code.theme_id)
        .where(Answer.participant_id == asked.participant_id)
    )
    judgements = _grouped(
        select(Judgement.answer_id, Judgement.coder, Judgement.outcome, Judgement.note, Judgement.judged_at)
        .join(Answer, Answer.id == Judgement.answer_id)
        .where(Answer.participant_id == asked.participant_id)
        .order_by(Judgement.id)
    )
    return [
        {
            **_told(row, without="id"),
            "ranking": places.get(row.id, []),
            "themes": themes.get(row.id, []),
            "judgements": judgements.get(row.id, []),
        }
        for row in found
    ]


def _posts(asked: _Asked) -> list[Row]:
    found = db.session.execute(
        select(
            Post.id,
            Post.key.label("post"),
            Thread.key.label("thread"),
            Post.state,
            Post.created_at,
            Post.title,
            Post.body.label("text"),
            Post.version,
            Post.edited_at,
            Post.alarmed_at,
            Enquiry.asked_at.label("asked_council_at"),
            Enquiry.due_at,
            Enquiry.told,
            Enquiry.settled_at,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(Enquiry, Enquiry.post_id == Post.id)
        .where(Post.participant_id == asked.participant_id)
        .order_by(Post.created_at, Post.id)
    ).all()
    versions = _grouped(
        select(
            PostVersion.post_id,
            PostVersion.version,
            PostVersion.title,
            PostVersion.body.label("text"),
            PostVersion.replaced_at,
        )
        .join(Post, Post.id == PostVersion.post_id)
        .where(Post.participant_id == asked.participant_id)
        .order_by(PostVersion.version)
    )
    return [{**_told(row, without="id"), "earlier_versions": versions.get(row.id, [])} for row in found]


def _drafts(asked: _Asked) -> list[Row]:
    found = db.session.execute(
        select(Thread.key.label("thread"), Post.key.label("post"), PostDraft.kept_at, PostDraft.sealed_words)
        .join(Thread, Thread.id == PostDraft.thread_id)
        .outerjoin(Post, Post.id == PostDraft.parent_id)
        .where(PostDraft.participant_id == asked.participant_id)
        .order_by(PostDraft.id)
    ).all()
    opened = ((row, drafts.opened(row.sealed_words, row.kept_at, config=asked.config)) for row in found)
    return [
        {**_told(row, without="sealed_words"), "text": draft.words if draft else None}
        for row, draft in opened
    ]


def _digest(asked: _Asked) -> list[Row]:
    here, me, config = asked.consultation.id, asked.participant_id, asked.config
    address = digests.find_address(here, me, config=config)
    return [{"contact": address}] if address else []


def _exposure(asked: _Asked) -> list[Row]:
    return _rows(
        select(Thread.key.label("thread"), Exposure.first_read_at, Exposure.last_read_at, Exposure.reads)
        .join(Thread, Thread.id == Exposure.thread_id)
        .where(Exposure.participant_id == asked.participant_id)
        .order_by(Exposure.first_read_at)
    )


def _reports(asked: _Asked) -> list[Row]:
    return _rows(
        select(Report.concern, Report.words.label("text"), Report.reported_at, Report.due_at)
        .where(Report.participant_id == asked.participant_id)
        .order_by(Report.id)
    )


def _decisions(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Post.key.label("post"),
            Decision.verdict,
            Decision.reason,
            Decision.note.label("told"),
            Decision.decided_at,
        )
        .join(Post, Post.id == Decision.post_id)
        .where(Post.participant_id == asked.participant_id)
        .order_by(Decision.id)
    )


def _appeals(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Post.key.label("post"),
            Appeal.words.label("text"),
            Appeal.appealed_at,
            Appeal.due_at,
            Appeal.answer.label("told"),
            Appeal.decided_at,
        )
        .join(Post, Post.id == Appeal.post_id)
        .where(Appeal.participant_id == asked.participant_id)
        .order_by(Appeal.id)
    )


def _messages(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Message.words.label("text"),
            Message.sent_at,
            Message.due_at,
            Message.answer.label("told"),
            Message.answered_at,
        )
        .where(Message.participant_id == asked.participant_id)
        .order_by(Message.id)
    )


def _drawn(asked: _Asked) -> list[Row]:
    return _rows(
        select(GroupDraw.drawn_at, DrawnPerson.ticket, DrawnPerson.codes, DrawnPerson.is_later)
        .join(GroupDraw, GroupDraw.id == DrawnPerson.draw_id)
        .where(DrawnPerson.participant_id == asked.participant_id)
        .order_by(GroupDraw.number)
    )


def _suspensions(asked: _Asked) -> list[Row]:
    return _rows(
        select(Suspension.told, Suspension.began_at, Suspension.ended_at)
        .where(Suspension.participant_id == asked.participant_id)
        .order_by(Suspension.id)
    )


def _quotations(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Summary.title,
            Position.completion.label("view"),
            Quotation.words.label("text"),
            Quotation.state,
            Quotation.drawn_at,
        )
        .join(Summary, Summary.id == Quotation.summary_id)
        .join(Position, Position.id == Quotation.position_id)
        .where(Quotation.participant_id == asked.participant_id)
        .order_by(Quotation.id)
    )


def _ratings(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            Summary.title,
            Position.completion.label("view"),
            FairnessRating.asked_at,
            FairnessRating.rating,
            FairnessRating.suggestion,
            FairnessRating.rated_at,
        )
        .join(Summary, Summary.id == FairnessRating.summary_id)
        .join(Position, Position.id == FairnessRating.position_id)
        .where(FairnessRating.participant_id == asked.participant_id)
        .order_by(FairnessRating.position_id)
    )


def _presentations(asked: _Asked) -> list[Row]:
    found = db.session.execute(
        select(Summary.title, Presentation.shown_at, Presentation.positions, Presentation.counts_at_once)
        .join(Summary, Summary.id == Presentation.summary_id)
        .where(Presentation.participant_id == asked.participant_id)
        .order_by(Presentation.shown_at)
    )
    return [
        {**_told(row, without="positions"), "views_in_order": [*json.loads(row.positions)]} for row in found
    ]


def _return_code(asked: _Asked) -> list[Row]:
    return _rows(select(ReturnCode.made_at).where(ReturnCode.participant_id == asked.participant_id))


def _sessions(asked: _Asked) -> list[Row]:
    return _rows(
        select(
            ResidentSession.began_at,
            ResidentSession.last_seen_at,
            ResidentSession.ended_at,
            ResidentSession.is_shared,
        )
        .where(ResidentSession.participant_id == asked.participant_id)
        .order_by(ResidentSession.began_at)
    )


def _kept_forms(asked: _Asked) -> list[Row]:
    found = db.session.execute(
        select(KeptForm.path, KeptForm.kept_at, KeptForm.sealed_form).where(
            KeptForm.participant_id == asked.participant_id
        )
    ).all()
    return [
        {
            "page": row.path,
            "kept_at": _plain(row.kept_at),
            "typed": json.loads(
                keys.unseal(row.sealed_form, config=asked.config, purpose=keys.KEPT_FORMS) or "{}"
            ),
        }
        for row in found
        if not _would_spoil(row.path, asked)
    ]


def _would_spoil(path: str, asked: _Asked) -> bool:
    """Whether what was typed there is an answer of the starting survey, while those are left out."""
    return Wave.PRE in asked.left_out and "/survey/" in path


def _place(asked: _Asked) -> list[Row]:
    rows = _rows(
        select(Place.taken_at.label("place_taken_at")).where(Place.participant_id == asked.participant_id)
    )
    under = db.session.scalars(
        select(DemographicOption.label)
        .join(Target, Target.option_id == DemographicOption.id)
        .join(CountedUnder, CountedUnder.target_id == Target.id)
        .where(CountedUnder.participant_id == asked.participant_id)
        .order_by(Target.id)
    ).all()
    return [{**row, "counted_under": [*under]} for row in rows]


def _weights(asked: _Asked) -> list[Row]:
    return [
        {"version": version, "weight": f"{weight:.6g}"}
        for version, weight in db.session.execute(
            select(WeightVersion.number, Weight.weight)
            .join(WeightVersion, WeightVersion.id == Weight.version_id)
            .where(Weight.participant_id == asked.participant_id)
            .order_by(WeightVersion.number)
        )
    ]


def _thanks(asked: _Asked) -> list[Row]:
    holder = holders.holder_of(asked.participant_id, config=asked.config)
    return [
        {
            "number": due.reference,
            "thank_you": due.label,
            "pounds": plain_pounds(due.pence),
            "wave": due.wave.value,
            "state": due.state.value,
            "owed_on": f"{uk_day(due.owed_at)}",
        }
        for due in list_dues_of(asked.consultation.id, holder).values()
    ]


def _contact(asked: _Asked) -> list[Row]:
    held = find_contact(asked.consultation.id, holders.holder_of(asked.participant_id, config=asked.config))
    if held is None:
        return []
    opened = holders.unseal(held.sealed_contact, config=asked.config)
    return [{"contact": opened, "given_on": f"{uk_day(held.given_at)}"}]


def _trail(asked: _Asked) -> list[Row]:
    return _rows(
        select(AuditEntry.at, AuditEntry.action)
        .where(AuditEntry.actor == f"participant/{asked.participant_id}")
        .order_by(AuditEntry.at, AuditEntry.id)
    )


PARTS: Mapping[str, Callable[[_Asked], list[Row]]] = {
    "participant": _participant,
    "membership": _membership,
    "participant_demographic": _about_you,
    "submission": _submissions,
    "answer": _answers,
    "post": _posts,
    "post_draft": _drafts,
    "decision": _decisions,
    "appeal": _appeals,
    "report": _reports,
    "message": _messages,
    "suspension": _suspensions,
    "drawn_person": _drawn,
    "exposure": _exposure,
    "presentation": _presentations,
    "quotation": _quotations,
    "fairness_rating": _ratings,
    "return_code": _return_code,
    "resident_session": _sessions,
    "kept_form": _kept_forms,
    "panel_place": _place,
    "weight": _weights,
    "incentive_due": _thanks,
    "contact": _contact,
    "digest": _digest,
    "audit_entry": _trail,
}


def _rows(asked: Select[*tuple[object, ...]]) -> list[Row]:
    return [_told(row) for row in db.session.execute(asked)]


def _grouped(asked: Select[*tuple[object, ...]]) -> dict[int, list[Told]]:
    """Rows by their first column, which they then lack."""
    found: dict[int, list[Told]] = {}
    for row in db.session.execute(asked):
        name = next(iter(row._mapping))  # noqa: SLF001  (the public way to the columns of a row)
        found.setdefault(int(str(row[0])), []).append(dict(_told(row, without=str(name))))
    return found


def _told(row: Read[*tuple[object, ...]], *, without: str = "") -> Row:
    columns = row._mapping.items()  # noqa: SLF001  (the same)
    return {str(name): _plain(value) for name, value in columns if name != without}


def _plain(value: object) -> Told:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Enum):
        return str(value.value)
    assert value is None or isinstance(value, str | int | bool)
    return value
