"""How many people have come how far, by channel and by what they say they are: kept while they come.

Situation: an officer watches who is missing while 100,000 people join, and counting them anew for each
page takes seconds. Choice: a few hundred numbers that every deed on a person brings up to date in its own
transaction. A deed does not say what it adds. `counted` reads before and after it what the person counts
as, by the record itself, and the difference goes into the numbers: so nobody is counted twice, whatever is
sent twice, and whoever leaves takes with them just what they were counted under.

Two rules hold it together. Whoever uses `counted` holds the row of the person's membership, so that nothing
else of them changes meanwhile. And it ends last in its deed: its rows are locked from then to the end of the
transaction, always in one order and after those of the panel, so that no two wait for each other.

Numbers that are wrong, because somebody wrote into the tables by hand, stop nobody from sending their
answers: `consult check` says so, and `consult init` counts anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Executable, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from consult.batches import table_of
from consult.consultations.models import Consultation
from consult.db import db
from consult.recruitment.models import Turnout
from consult.recruitment.turnout_record import NONE, Come, Kind, Numbers, fresh, of_person

KEYS = ("channel_id", "demographic_id", "option_id")
_KEY = ("consultation_id", *KEYS)


def read(consultation_id: int) -> Numbers:
    """The kept numbers of a consultation; a kind of which nobody ever came has none."""
    rows = db.session.execute(
        select(*(getattr(Turnout, name) for name in (*KEYS, *Come._fields))).where(
            Turnout.consultation_id == consultation_id
        )
    )
    return {Kind(*row[:3]): Come(*row[3:]) for row in rows}


def everybody(numbers: Numbers) -> Come:
    """All people of every channel together."""
    found = Come()
    for kind, come in numbers.items():
        if kind.demographic == NONE:
            found = found.plus(come)
    return found


@contextmanager
def counted(consultation_id: int, participant_id: int) -> Iterator[None]:
    """What is done inside to this person is in the numbers afterwards. Their membership is locked."""
    before = of_person(participant_id)
    yield
    db.session.flush()
    _add(consultation_id, before, of_person(participant_id))


def count_newcomer(consultation_id: int, participant_id: int) -> None:
    """Somebody who has joined in this transaction is in the numbers."""
    db.session.flush()
    _add(consultation_id, {}, of_person(participant_id))


def recount(consultation_id: int) -> None:
    """The numbers are those of the record, whatever they were: after a bundle, and to mend them."""
    db.session.flush()
    db.session.execute(delete(Turnout).where(Turnout.consultation_id == consultation_id))
    rows = fresh(consultation_id).subquery()
    db.session.execute(insert(Turnout).from_select([column.name for column in rows.c], select(rows)))


def is_true(consultation_id: int) -> bool:
    """Whether the kept numbers are those of the record. It counts everybody: for commands, not for pages."""
    rows = db.session.execute(fresh(consultation_id))
    counted_anew = {Kind(*row[1:4]): Come(*row[4:]) for row in rows}
    return counted_anew == {kind: come for kind, come in read(consultation_id).items() if any(come)}


def list_untrue() -> list[tuple[int, str]]:
    """List the consultations, by id and slug, whose kept numbers are not those of the record."""
    places = db.session.execute(select(Consultation.id, Consultation.slug).order_by(Consultation.id))
    return [(number, slug) for number, slug in places.all() if not is_true(number)]


def _add(consultation_id: int, before: Numbers, after: Numbers) -> None:
    """The difference is in the numbers. One row after the other, in one order."""
    rows = []
    for kind in sorted(before.keys() | after.keys()):
        more = after.get(kind, Come()).plus(before.get(kind, Come()), -1)
        if any(more):
            rows.append(dict(zip(_KEY, (consultation_id, *kind), strict=True)) | more._asdict())
    if rows:
        connection = db.session.connection()
        connection.execute(_ADD[connection.dialect.name], rows)


def _adding() -> dict[str, Executable]:
    """One statement for each kind of database: a row is made, or the one that is there is added to."""
    table, found = table_of(Turnout), dict[str, Executable]()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        made = dialect.insert(table)
        more = {column: table.c[column] + made.excluded[column] for column in Come._fields}
        found[name] = made.on_conflict_do_update(index_elements=_KEY, set_=more)
    return found


_ADD = _adding()
