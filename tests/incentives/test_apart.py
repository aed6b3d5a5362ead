"""Thanks are kept apart from answers: nothing that officers or finance get can be joined with them."""

import ast
import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import consult
from consult.access import OPERATOR, Actor, Moment, Role
from consult.analysis.service import freeze_if_closed
from consult.consultations.models import Membership, Participant, Wave
from consult.db import db
from consult.exports.service import export_archive
from consult.incentives import finance, queries, service, shown
from consult.incentives.models import Contact, Due
from consult.incentives.rules import DueState
from consult.tables import METADATA
from tests.making.incentives import as_actor, holder_of, make_offer
from tests.making.joining import make_record
from tests.making.places import make_place, make_resident
from tests.making.surveys import make_sent
from tests.page_client import watching

PACKAGE = Path(consult.__file__).parent / "incentives"
# What people said and wrote: of none of it the package knows.
SAID = frozenset(
    {
        "answer",
        "placing",
        "participant_demographic",
        "demographic",
        "target",
        "post",
        "post_version",
        "exposure",
        "code",
        "item",
        "option",
    }
)
PEOPLE = 12


def imported_by(source: str) -> set[str]:
    """The modules that this source names in its imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def models_of_what_was_said() -> set[str]:
    return {
        f"{mapper.class_.__module__}.{mapper.class_.__name__}"
        for mapper in db.Model.registry.mappers
        if mapper.local_table.name in SAID
    }


def test_the_package_cannot_name_a_table_of_what_was_said():
    names = {name for path in PACKAGE.glob("*.py") for name in imported_by(path.read_text(encoding="utf-8"))}
    assert names & models_of_what_was_said() == set()
    assert not {
        name for name in names if name.startswith(("consult.surveys", "consult.forum", "consult.coding"))
    }
    assert set(METADATA.tables) >= SAID
    assert len(models_of_what_was_said()) == len(SAID)


def test_an_import_of_an_answer_would_be_found():
    named = imported_by("from consult.surveys.models import Answer\n")
    assert named & models_of_what_was_said() == {"consult.surveys.models.Answer"}


def test_no_row_of_thanks_names_a_participant():
    for name in ("incentive_due", "contact"):
        columns = METADATA.tables[name].columns
        assert "participant_id" not in columns
        leads_to = {key.column.table.name for column in columns for key in column.foreign_keys}
        assert leads_to <= {"consultation", "incentive"}


@pytest.fixture
def closed(in_sqlite):
    """A consultation in which twelve people answered and have chosen; all has closed. Its officer too."""
    place = make_place("follow_up")
    make_offer(place)
    config = in_sqlite.config["CONSULT"]
    people = [make_resident(place, name=f"Heron {n}") for n in range(PEOPLE)]
    make_record(place, people[0], config=config)
    for resident in people[1:]:
        make_sent(resident.participant_id, place)
    for resident in people:
        make_sent(resident.participant_id, place, Wave.POST)
    with watching() as watch:
        for n, resident in enumerate(people):
            me, actor = resident.participant_id, as_actor(resident)
            for wave in (Wave.PRE, Wave.POST):
                service.choose(actor, place, me, wave, "choice-1", config=config)
            service.give_contact(actor, place, me, f"heron{n}@post.example", config=config)
            db.session.commit()
        officer = Actor("staff/1", frozenset(), {place.id: frozenset({Role.OFFICER, Role.ANALYST})})
        _name, content = finance.finance_file(officer, place, config=config)
        shown.counts_told(place, Moment.FOLLOW_UP)
        for state in (None, *DueState):
            queries.list_page(place.id, state, after=0, most=50)
        db.session.commit()
    return place, people, content.decode("utf-8-sig"), watch


def test_no_statement_of_the_package_reads_what_was_said(closed):
    _place, _people, _file, watch = closed
    assert len(watch.statements) > PEOPLE
    names = {word.strip('"`(),') for statement in watch.statements for word in statement.split()}
    tables = {name.partition(".")[0] for name in names}
    assert tables & SAID == set()


def values_of(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    columns = rows[0].keys()
    return {column: {row[column] for row in rows} - {""} for column in columns}


def tables_of_export(place) -> dict[str, list[dict[str, str]]]:
    """Every table of the analyst's package, with the rows of people."""
    analyst = Actor("staff/1", frozenset(), {place.id: frozenset({Role.ANALYST, Role.OFFICER})})
    _name, content = export_archive(analyst, place, kind="csv", after_reading=db.session.commit)
    with zipfile.ZipFile(content if hasattr(content, "read") else io.BytesIO(content)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_no_column_of_the_file_for_finance_can_be_joined_with_the_analysts_export(closed):
    place, people, text, _watch = closed
    close(place)
    exported = tables_of_export(place)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 2 * PEOPLE
    assert any(len(table) >= PEOPLE for table in exported.values()), "there are rows of people to join with"
    ours = values_of(rows)
    for name, table in exported.items():
        if not table:
            continue
        for column, theirs in values_of(table).items():
            for mine, values in ours.items():
                shared = values & theirs
                assert not shared, f"{mine} and {column} of {name} share {sorted(shared)[:3]}"
    keys = set(db.session.scalars(select(Participant.key)))
    keys |= {name for name in db.session.scalars(select(Membership.display_name)) if name}
    assert not [key for key in keys if key in text]
    assert not [holder_of(each) for each in people if holder_of(each) in text]


def close(place) -> None:
    """Every stage is over, and the comparison made."""
    for stage in place.stages:
        stage.opens_at -= timedelta(days=40)
        stage.closes_at -= timedelta(days=40)
    db.session.commit()
    freeze_if_closed(OPERATOR, place)
    db.session.commit()


def test_neither_rows_nor_numbers_nor_times_tell_who_came_when(closed):
    place, people, text, _watch = closed
    order = [holder_of(each) for each in people]
    dues = db.session.scalars(select(Due).filter_by(wave=Wave.PRE)).all()
    by_id = [due.holder for due in sorted(dues, key=lambda due: due.id)]
    by_reference = [due.holder for due in sorted(dues, key=lambda due: due.reference)]
    assert set(by_id) == set(order)
    assert order not in (by_id, by_reference)  # once in 479 million it happens by chance
    assert len({due.owed_at for due in dues}) == 1
    contacts = db.session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [contact.holder for contact in contacts] != order
    references = [row["reference"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert references == sorted(references)
    assert place.id == dues[0].consultation_id
