"""Reading items and submitted answers for an export: column by column, and never the free text."""

from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import selectinload

from consult.analysis.models import Plan, PlannedItem
from consult.consultations.models import WAVES, DiscussionGroup, Participant, Progress, Submission, Wave
from consult.db import db
from consult.exports.disclosure import row_keys, shuffled
from consult.exports.record import NOTHING, STATUSES, ExportedItem, Given, People, Rows
from consult.surveys.models import Answer, AnswerStatus, Form, Item, Placing

_STATUS_CODES = {status: STATUSES.index(status.value) for status in AnswerStatus}


def list_exported_items(consultation_id: int) -> list[ExportedItem]:
    """List the items of a consultation in their order, with their place in the plan."""
    plan = db.session.get(Plan, consultation_id)
    planned = {
        row.item_id: row
        for row in db.session.scalars(
            select(PlannedItem).where(PlannedItem.consultation_id == consultation_id)
        )
    }
    return [_exported(item, plan, planned.get(item.id)) for item in _items(consultation_id)]


def _items(consultation_id: int) -> list[Item]:
    return list(
        db.session.scalars(
            select(Item)
            .where(Item.consultation_id == consultation_id)
            .options(selectinload(Item.options), selectinload(Item.points), selectinload(Item.asked))
            .order_by(Item.position)
        )
    )


def _exported(item: Item, plan: Plan | None, planned: PlannedItem | None) -> ExportedItem:
    asked = {a.wave for a in item.asked}
    if plan is None or not plan.names_primary:
        standing = "no primary items were named"
    elif planned is None or planned.primary_position is None:
        standing = "not primary"
    else:
        standing = "primary"
    ends = {item.scale_min: item.low_label, item.scale_max: item.high_label}
    return ExportedItem(
        key=item.key,
        form=item.form.value,
        role=item.role.value,
        stem=item.stem,
        waves=tuple(wave for wave in WAVES if wave in asked),
        options=tuple((option.key, option.label) for option in item.options),
        correct=next((option.key for option in item.options if option.is_correct), None),
        other=item.other,
        ordered=item.ordered,
        points=tuple((p.value, p.label or ends.get(p.value) or "") for p in item.points)
        if item.scale_min is not None
        else (),
        favour_from=item.favour_from,
        reversed=item.reversed,
        plan=standing,
        delta=planned.delta if planned else None,
    )


def read_people(consultation_id: int) -> tuple[list[int], People]:
    """Read everybody who submitted a wave, in a new random order and with new keys; their ids apart."""
    submissions: dict[Wave, dict[int, str | None]] = {wave: {} for wave in WAVES}
    for participant_id, wave, mode in db.session.execute(
        select(Submission.participant_id, Submission.wave, Submission.mode).where(
            Submission.consultation_id == consultation_id, Submission.status == Progress.SUBMITTED
        )
    ):
        submissions[wave][participant_id] = mode.value if mode else None
    design = {
        participant_id: (group, arm.value if arm else None)
        for participant_id, group, arm in db.session.execute(
            select(Participant.id, DiscussionGroup.key, Participant.arm)
            .outerjoin(DiscussionGroup, DiscussionGroup.id == Participant.group_id)
            .where(Participant.consultation_id == consultation_id)
        )
    }
    took_part = sorted(submissions[Wave.PRE].keys() | submissions[Wave.POST].keys())
    ids = [took_part[n] for n in shuffled(len(took_part))]
    return ids, People(
        keys=row_keys(len(ids)),
        submitted={wave: bytearray(i in submissions[wave] for i in ids) for wave in WAVES},
        group=[design[i][0] for i in ids],
        arm=[design[i][1] for i in ids],
        mode={wave: [submissions[wave].get(i) for i in ids] for wave in WAVES},
    )


def read_rows(consultation_id: int, ids: list[int], people: People) -> Rows:
    """Read the submitted answers of these people, in their order.

    A statement for each item and wave, two for a ranking; an answer is a few bytes, so that a
    hundred thousand people with twenty items each need some tens of megabytes.
    """
    places = {participant_id: place for place, participant_id in enumerate(ids)}
    exported = list_exported_items(consultation_id)
    given = {
        (item.key, wave): _read_given(item, shape, wave, places, people.submitted[wave])
        for item, shape in zip(_items(consultation_id), exported, strict=True)
        for wave in shape.waves
    }
    return Rows(tuple(exported), people, given)


def _read_given(
    item: Item, shape: ExportedItem, wave: Wave, places: dict[int, int], submitted: bytearray
) -> Given:
    given = Given.nothing(shape, len(places))
    value: Any = NOTHING
    if shape.has_numbers:
        value = case((Answer.number.is_not(None), Answer.number), else_=NOTHING)
    elif shape.has_options:
        chosen = {option.id: n for n, option in enumerate(item.options)}
        is_answered = Answer.status == AnswerStatus.ANSWERED
        value = case(
            *((Answer.option_id == option_id, n) for option_id, n in chosen.items()),
            (is_answered, len(chosen)),
            else_=NOTHING,
        )
    status, values = given.status, given.values.get("")
    for participant_id, code, number in db.session.execute(
        select(Answer.participant_id, case(_STATUS_CODES, value=Answer.status), value).where(
            Answer.item_id == item.id, Answer.wave == wave
        )
    ):
        place = places.get(participant_id)
        # What was begun and not sent in counts nowhere, here as in the comparison.
        if place is not None and submitted[place]:
            status[place] = code
            if values is not None:
                values[place] = number
    if item.form is Form.RANK:
        _read_places(item, wave, places, submitted, given)
    return given


def _read_places(item: Item, wave: Wave, places: dict[int, int], submitted: bytearray, given: Given) -> None:
    values = {option.id: given.values[option.key] for option in item.options}
    for participant_id, option_id, ranked in db.session.execute(
        select(Answer.participant_id, Placing.option_id, Placing.place)
        .join(Answer, Answer.id == Placing.answer_id)
        .where(Answer.item_id == item.id, Answer.wave == wave)
    ):
        place = places.get(participant_id)
        if place is not None and submitted[place]:
            values[option_id][place] = ranked
