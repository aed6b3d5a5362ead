"""A few rows in every table: what a backup must carry, awkward values included."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from consult.accounts.models import (
    FailedTry,
    KeptForm,
    ResidentSession,
    ReturnCode,
    SetUpLink,
    Staff,
    StaffRole,
    StaffSession,
)
from consult.analysis.models import Lookalikes, Plan, PlannedItem, Snapshot, ThemeSnapshot
from consult.audit.models import AuditEntry
from consult.coding.models import (
    Code,
    Codebook,
    CodingEnd,
    CodingQueue,
    Judgement,
    QueuedText,
    Theme,
    ThemeSuggestion,
)
from consult.consultations.models import (
    Consultation,
    DiscussionGroup,
    Membership,
    Participant,
    Rehearsal,
    Stage,
    StageChange,
    Submission,
    Wave,
)
from consult.db import db
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.models import (
    Conclusion,
    DatedPrompt,
    Enquiry,
    Exposure,
    ForumSetting,
    Pin,
    Post,
    PostVersion,
    Suspension,
    Thread,
)
from consult.forum.writing_models import Digest, PostDraft
from consult.incentives.models import Contact, Due, Incentive, IncentivePlan
from consult.moderation.models import Appeal, Decision, Message, Report
from consult.panel.models import CountedUnder, LimitChange, Panel, Place
from consult.recruitment import turnout
from consult.recruitment.models import (
    Channel,
    Demographic,
    DemographicOption,
    ParticipantDemographic,
    Target,
)
from consult.summaries.models import FairnessRating, Position, Presentation, Quotation, Summary
from consult.surveys.models import Answer, Asked, Item, ItemCorrection, Option, Placing, Point
from consult.web.models import SentForm
from consult.weighting.models import Weight, WeightVersion

AT = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)  # the second before the clocks go forward
WORDS = "Ünfinished 'sentence'; -- \"quoted\"\r\n\t日本 🙂 =1+1"


def make_rows() -> None:
    """Every table holds something, committed."""
    scale = {"consultation_id": 1, "form": "scale", "role": "attitude", "scale_min": -2, "scale_max": 2}
    rank = {"consultation_id": 1, "form": "rank", "role": "preference", "scale_min": None, "scale_max": None}
    _add(
        Consultation,
        {"id": 1, "slug": "green", "title": WORDS, "state": "closed", "results_published_at": None},
    )
    _add(
        Stage, {"consultation_id": 1, "kind": "survey", "opens_at": AT, "closes_at": AT + timedelta(hours=1)}
    )
    _add(DiscussionGroup, {"id": 4, "consultation_id": 1, "key": "g"})
    _add(Channel, {"id": 2, "consultation_id": 1, "key": "library", "label": "Library", "cost": "250.00"})
    _add(
        Demographic,
        {"id": 3, "consultation_id": 1, "position": 1, "key": "age", "question": "How old are you?"},
    )
    _add(DemographicOption, {"id": 9, "demographic_id": 3, "position": 1, "key": "old", "label": "Old"})
    for number in (1, 2):
        _add(
            Participant,
            {
                "id": number,
                "consultation_id": 1,
                "position": number,
                "key": f"p{number}",
                "origin": "bundle",
                "joined_at": AT if number == 1 else None,
                "channel_id": 2,
                "group_id": 4,
                "arm": "forum",
                "quote": number == 1,
            },
        )
    _add(
        ParticipantDemographic,
        {"participant_id": 1, "demographic_id": 3, "consultation_id": 1, "option_id": 9},
    )
    _add(Target, {"id": 1, "consultation_id": 1, "demographic_id": 3, "option_id": 9, "population": 1200})
    _add(
        Submission,
        {"participant_id": 1, "wave": "pre", "consultation_id": 1, "status": "submitted", "late": False},
    )
    _add(Item, {"id": 1, "position": 1, "key": "a", "stem": WORDS, "favour_from": 1, **scale})
    _add(Item, {"id": 7, "position": 2, "key": "b", "stem": WORDS, "favour_from": None, **rank})
    _add(Option, {"id": 5, "item_id": 7, "position": 1, "key": "x", "label": "X", "is_correct": False})
    for item, value in ((1, -2), (1, 2), (7, 1)):
        _add(Point, {"item_id": item, "value": value})
    for item, form in ((1, "scale"), (7, "rank")):
        _add(Asked, {"item_id": item, "wave": "pre", "consultation_id": 1, "form": form})
    said = {"consultation_id": 1, "participant_id": 1, "wave": "pre", "status": "answered", "answered_at": AT}
    _add(Answer, {"id": 10, "item_id": 1, "form": "scale", "number": -2, **said})
    _add(Answer, {"id": 11, "item_id": 7, "form": "rank", "number": None, **said})
    _add(Placing, {"answer_id": 11, "option_id": 5, "item_id": 7, "place": 1})
    _add(Theme, {"id": 1, "item_id": 1, "key": "t", "label": WORDS})
    _add(Code, {"id": 1, "answer_id": 10, "item_id": 1, "theme_id": 1, "coder": "ana.lyst"})
    _add(Thread, {"id": 1, "consultation_id": 1, "key": "t"})
    post = {
        "consultation_id": 1,
        "thread_id": 1,
        "kind": "seed",
        "state": "visible",
        "created_at": AT,
        "body": WORDS,
    }
    _add(Post, {"id": 8, "key": "later", **post})
    _add(Post, {"id": 3, "key": "reply-with-a-lower-id", "parent_id": 8, **post})
    _add(Plan, {"consultation_id": 1, "names_primary": True, "names_delta": True})
    _add(PlannedItem, {"item_id": 1, "consultation_id": 1, "primary_position": 1, "delta": 0.1 + 0.2})
    snapshot = {"weights": "none", "split_by": "", "made_at": AT, "method_version": "1", "content": "{}"}
    _add(Snapshot, {"id": 1, "consultation_id": 1, "sha256": "0" * 64, **snapshot})
    _add(Staff, {"id": 1, "email": "ana.lyst@abbeyford.example", "is_administrator": True, "added_at": AT})
    _add(StaffRole, {"id": 1, "staff_id": 1, "consultation_id": 1, "role": "analyst"})
    _add(SetUpLink, {"token_hash": "0" * 64, "staff_id": 1, "sealed_totp": "sealed", "expires_at": AT})
    _add(StaffSession, {"id_hash": "1" * 64, "staff_id": 1, "began_at": AT, "last_seen_at": AT})
    _add(FailedTry, {"id": 1, "who_hash": "2" * 64, "at": AT})
    _of_three_stages_in_the_browser()
    _of_who_is_missing()
    _of_sentences_and_seeds()
    _of_a_fair_forum()
    _of_groups()
    add_line("everything")
    if db.engine.dialect.name == "postgresql":
        for table in db.metadata.sorted_tables:
            if table.autoincrement_column is not None:
                db.session.execute(db.text(f"SELECT setval('{table.name}_id_seq', 100)"))
    db.session.commit()


def _of_three_stages_in_the_browser() -> None:
    me = {"participant_id": 1, "consultation_id": 1}
    moved = {"opened_before": AT, "closed_before": AT, "opens_at": AT, "closes_at": AT}
    _add(StageChange, {"consultation_id": 1, "kind": "forum", "changed_at": AT, "reason": WORDS, **moved})
    _add(Rehearsal, {"consultation_id": 1, "staff_id": 1, "offset_seconds": -86_400, "began_at": AT})
    agreed = {"consent_version": 1, "consented_at": AT, "messages": False, "order_seed": 2**31 - 1}
    _add(Membership, {**me, "display_name": WORDS, "name_key": "quiet heron", **agreed})
    _add(ReturnCode, {**me, "code_hash": "3" * 64, "serial_hash": "4" * 64, "made_at": AT})
    lasting = {"is_shared": True, "began_at": AT, "last_seen_at": AT, "sealed_code": "sealed"}
    _add(ResidentSession, {**me, "id_hash": "5" * 64, **lasting})
    _add(KeptForm, {**me, "path": "/consultations/green/survey/1", "sealed_form": "sealed", "kept_at": AT})
    change = {"part": "stem", "before": "Unfinshed", "after": WORDS, "reason": WORDS}
    _add(ItemCorrection, {"item_id": 1, "corrected_at": AT, **change})
    _add(PostVersion, {"post_id": 8, "version": 1, "body": WORDS, "replaced_at": AT})
    _add(Exposure, {**me, "thread_id": 1, "first_read_at": AT, "last_read_at": AT, "reads": 3})
    _add(SentForm, {"token_hash": "6" * 64, "location": "/consultations/green/", "sent_at": AT})


def _of_who_is_missing() -> None:
    here = {"consultation_id": 1}
    _add(Panel, {**here, "size": 50, "filled": 1, "retention": 70})
    _add(Place, {**here, "participant_id": 1, "taken_at": AT})
    _add(CountedUnder, {"participant_id": 1, "target_id": 1})
    change = {"target_id": None, "before": 40, "after": 50, "reason": WORDS}
    _add(LimitChange, {**here, **change, "asked_by_id": 1, "asked_at": AT})
    _add(IncentivePlan, {**here, "is_for_panel": True})
    thanks = {"position": 1, "key": "choice-1", "kind": "voucher", "label": WORDS}
    _add(Incentive, {"id": 1, **here, **thanks, "pence_survey": 500, "pence_follow_up": 0})
    owed = {"holder": "7" * 64, "wave": "pre", "pence": 500, "reference": "23456789", "owed_at": AT}
    _add(Due, {"id": 1, **here, **owed, "incentive_id": 1})
    _add(Contact, {"id": 1, **here, "holder": "7" * 64, "sealed_contact": "sealed", "given_at": AT})
    _add(Lookalikes, {**here, "wave": Wave.PRE, "looked_at": AT, "people": 1, "alike": 0})
    _add(
        WeightVersion,
        {"id": 1, **here, "number": 1, "digest": "0", "made_at": AT, "settings": "{}", "report": "{}"},
    )
    _add(Weight, {**here, "version_id": 1, "participant_id": 1, "weight": 0.1 + 0.2})
    turnout.recount(1)


def _of_sentences_and_seeds() -> None:
    here, me = {"consultation_id": 1}, {"participant_id": 1, "consultation_id": 1}
    fixed = {"content": "[]", "sha256": "8" * 64}
    _add(Codebook, {"id": 1, "item_id": 1, "number": 1, **fixed, "frozen_at": AT, "frozen_by": "operator"})
    _add(ThemeSuggestion, {"id": 1, "item_id": 1, "made_at": AT, "content": "{}"})
    shares = {"double_percent": 20, "double_minimum": 100, "again_percent": 10}
    _add(CodingQueue, {"item_id": 1, "seed": 2**31 - 1, **shares, "made_at": AT})
    text = {"answer_id": 10, "item_id": 1}
    _add(QueuedText, {"id": 1, **text, "place": 1, "needed": 2, "judged": 1, "agreement": "open"})
    _add(Judgement, {"id": 1, **text, "coder": "ana.lyst", "outcome": "coded", "note": WORDS})
    _add(CodingEnd, {"item_id": 1, "ended_at": AT})
    _add(ThemeSnapshot, {"item_id": 1, "made_at": AT, "method_version": "1", **fixed})
    _add(Summary, {"id": 1, **here, "item_id": 1, "title": WORDS, "counts_shown": "by_lot", "seed": 1})
    words = {"completion": WORDS, "reasons": WORDS, "worry": WORDS}
    _add(Position, {"id": 1, "summary_id": 1, "key": "t", **words})
    of_position = {"summary_id": 1, "position_id": 1, **me}
    _add(
        Quotation,
        {"id": 1, **of_position, "answer_id": 10, "words": WORDS, "state": "drawn", "drawn_at": AT},
    )
    _add(FairnessRating, {**of_position, "asked_at": AT})
    _add(Presentation, {**me, "summary_id": 1, "shown_at": AT, "positions": "[]", "counts_at_once": True})


def _of_a_fair_forum() -> None:
    """A post is hidden, its writer answers and cannot post, somebody else reported it."""
    here, me, staff = {"consultation_id": 1}, {"participant_id": 1}, 1
    _add(ForumSetting, {**here, "checked": "first", "residents_start": True})
    _add(Enquiry, {**here, "post_id": 8, "asked_at": AT, "due_at": AT, "told": WORDS, "settled_at": AT})
    _add(Pin, {"thread_id": 1, "post_id": 8, "pinned_at": AT})
    ended = {"closed_at": AT, "reopened_at": AT, "why": WORDS}
    _add(Conclusion, {"id": 1, "thread_id": 1, "post_id": 8, **ended})
    _add(DatedPrompt, {"id": 1, **here, "appears_on": AT.date(), "body": WORDS})
    draft = {"thread_id": 1, "parent_id": None, "sealed_words": "sealed", "kept_at": AT}
    _add(PostDraft, {"id": 1, **here, **me, **draft})
    mail = {"sealed_address": "sealed", "stop_hash": "cd" * 32, "told_until": AT}
    _add(Digest, {"id": 1, **here, "holder": "ab" * 32, **mail, "sent_on": AT.date()})
    _add(Suspension, {"id": 1, **here, **me, "told": WORDS, "began_at": AT, "began_by": staff})
    verdict = {"verdict": "hide", "reason": "attack", "note": WORDS, "post_version": 1}
    _add(Decision, {"id": 1, **here, "post_id": 8, **verdict, "staff_id": staff, "decided_at": AT})
    promised = {"due_at": AT, "words": WORDS, "decision_id": 1}
    reported = {"concern": "other", "post_version": 1, "reported_at": AT}
    _add(Report, {"id": 1, **here, "post_id": 8, **promised, **reported})
    appealed = {"against_id": staff, "appealed_at": AT}
    _add(Appeal, {"id": 1, **here, "post_id": 8, **me, **promised, **appealed})
    _add(Message, {"id": 1, **here, **me, "due_at": AT, "words": WORDS, "sent_at": AT})


def _of_groups() -> None:
    """One is drawn into a group, and a draw before was taken back."""
    here, draw = {"consultation_id": 1}, {"size": 10, "people": 1, "group_count": 1, "factors": "[]"}
    _add(GroupDraw, {"id": 1, **here, "number": 1, "seed": 10**9 - 1, **draw, "drawn_at": AT})
    ended = {"ended_at": AT, "end_reason": WORDS}
    _add(GroupDraw, {"id": 2, **here, "number": 2, "seed": 0, **draw, "drawn_at": AT, **ended})
    _add(DrawnPerson, {"draw_id": 1, "ticket": "9" * 16, **here, "participant_id": 1, "codes": "1 0 3"})


def add_line(subject: str) -> None:
    """The audit trail has one more line, not yet committed."""
    _add(AuditEntry, {"at": AT, "actor": "operator", "action": "op.load", "subject": subject})


def rows_of_every_table() -> dict[str, list[Any]]:
    """All that the database holds, in a form that is the same for both kinds."""
    found = {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return found


def _add(model: Any, row: dict[str, Any]) -> None:
    db.session.execute(insert(model), [row])
