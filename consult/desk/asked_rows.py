"""The rows of what a draft asks about people, for the deeds of `people`: they have been allowed."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, func, select, update

from consult.consultations.models import Consultation
from consult.db import db
from consult.desk.ready import option_keys
from consult.recruitment import turnout
from consult.recruitment.models import Demographic, DemographicOption, ParticipantDemographic
from consult.recruitment.rules import NewCategory, NewDemographic
from consult.recruitment.service import add_rows

APART = 1000  # further than any position, so that rows can change places


def rows_of(consultation: Consultation) -> Sequence[Demographic]:
    """The questions about people that are asked, in their order."""
    return db.session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation.id)
        .order_by(Demographic.position)
    ).all()


def as_new(rows: Sequence[Demographic]) -> list[NewDemographic]:
    """The same questions as plain values."""
    keys = {row.id: row.key for row in rows}
    return [
        NewDemographic(
            row.key,
            row.question,
            tuple(
                NewCategory(option.key, option.label, keys.get(option.leads_to_id or 0), option.is_implied)
                for option in row.options
            ),
            row.why,
            row.asked.value,
            row.standard,
            row.base,
            row.source,
        )
        for row in rows
    ]


def further_to(first: NewDemographic, found: Sequence[NewDemographic]) -> Iterator[NewDemographic]:
    """The further questions to which this one leads, at once or by way of others."""
    by_key = {question.key: question for question in found}
    for key in dict.fromkeys(option.leads_to for option in first.options if option.leads_to):
        yield by_key[key]
        yield from further_to(by_key[key], found)


def append_rows(consultation: Consultation, questions: Sequence[NewDemographic]) -> list[Demographic]:
    """The consultation asks these too, after those that it asked before."""
    last = db.session.scalar(
        select(func.max(Demographic.position)).where(Demographic.consultation_id == consultation.id)
    )
    return add_rows(consultation, questions, position=0 if last is None else last + 1)


def remove_row(row: Demographic) -> None:
    """Nobody is asked this, nothing leads to it, and what was said in a rehearsal is gone."""
    db.session.execute(delete(ParticipantDemographic).where(ParticipantDemographic.demographic_id == row.id))
    leading = update(DemographicOption).where(DemographicOption.leads_to_id == row.id)
    db.session.execute(leading.values(leads_to_id=None))
    db.session.execute(delete(Demographic).where(Demographic.id == row.id))
    turnout.recount(row.consultation_id)


def lead_on(row: Demographic, question: NewDemographic, ids: Mapping[str, int]) -> None:
    """The options of the row lead where those of the question do."""
    to = {option.key: option.leads_to for option in question.options}
    for option in row.options:
        key = to.get(option.key)
        option.leads_to_id = ids[key] if key is not None else None


def set_options(row: Demographic, lines: Sequence[str]) -> None:
    """The question has these options, in this order; one whose label stays keeps its answers and targets."""
    known = {option.label: option for option in row.options}
    for label in known.keys() - set(lines):
        gone = known.pop(label)
        db.session.execute(delete(ParticipantDemographic).where(ParticipantDemographic.option_id == gone.id))
        db.session.execute(delete(DemographicOption).where(DemographicOption.id == gone.id))
    turnout.recount(row.consultation_id)
    for option in known.values():
        option.position += APART
    db.session.flush()
    new = [label for label in lines if label not in known]
    keys = dict(zip(new, option_keys(new, taken=[each.key for each in known.values()]), strict=True))
    for n, label in enumerate(lines):
        if label in known:
            known[label].position = n
        else:
            db.session.add(DemographicOption(demographic_id=row.id, position=n, key=keys[label], label=label))
    db.session.flush()
    db.session.expire(row, ["options"])


def put_in_order(consultation: Consultation) -> None:
    """Every further question comes right after those that lead to it."""
    rows = {row.key: row for row in rows_of(consultation)}
    found = as_new([*rows.values()])
    led_to = {option.leads_to for question in found for option in question.options}
    order = [
        each.key for first in found if first.key not in led_to for each in (first, *further_to(first, found))
    ]
    if order == [*rows]:
        return
    for row in rows.values():
        row.position += APART
    db.session.flush()
    for n, key in enumerate(order):
        rows[key].position = n
    db.session.flush()
