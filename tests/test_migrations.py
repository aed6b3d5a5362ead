"""An empty database, upgraded, is what the models say, on both databases; and back again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask, current_app
from sqlalchemy import Engine, MetaData, create_engine, inspect
from sqlalchemy.exc import DatabaseError

from consult.audit.models import APPEND_ONLY
from consult.db import db, driver
from consult.surveys.freezing import REFUSALS, statements


def schema_of(engine: Engine) -> dict[str, Any]:
    """All that a database says of its tables, in words that two databases of one kind share."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
            "references": _by_name(inspector.get_foreign_keys(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
        }
    return found


def _by_name(found: Any) -> dict[str, str]:
    return {entry["name"]: _words(entry) for entry in found}


def _words(value: Any) -> str:
    """A value as text that names no place in memory: the condition of an index is an object."""
    if isinstance(value, dict):
        return str(sorted(f"{key}: {_words(inner)}" for key, inner in value.items()))
    return str(value)


@pytest.fixture
def modelled(in_app: Flask, tmp_path: Path) -> Iterator[Engine]:
    """Another place of the same kind with the tables that the models make by themselves."""
    if db.engine.dialect.name == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'models.sqlite'}", module=driver)
    else:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA modelled")
        engine = create_engine(db.engine.url, connect_args={"options": "-c search_path=modelled"})
    yield engine
    engine.dispose()


def test_the_migrated_database_is_what_the_models_say(modelled: Engine):
    db.metadata.create_all(modelled)
    migrated = schema_of(db.engine)
    assert set(migrated) == set(db.metadata.tables)
    assert migrated == schema_of(modelled)


@pytest.mark.parametrize("fault", ["column", "check", "index", "nullable"])
def test_a_planted_difference_is_found(modelled: Engine, fault: str):
    changed = MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.tables.values():
        table.to_metadata(changed)
    target = changed.tables["target"]
    if fault == "column":
        target.append_column(db.Column("colour", db.String()))
    elif fault == "check":
        [limits] = [c for c in target.constraints if str(c.name).endswith("limits_not_negative")]
        target.constraints.remove(limits)
    elif fault == "index":
        db.Index("ix_target_population", target.c.population)
    else:
        target.c.filled.nullable = True
    changed.create_all(modelled)
    found, migrated = schema_of(modelled), schema_of(db.engine)
    assert [name for name in migrated if found[name] != migrated[name]] == ["target"]


def test_alembic_finds_nothing_to_write(in_app: Flask):
    command.check(current_app.extensions["migrate"].migrate.get_config())


def test_alembic_is_asked_the_right_question(in_app: Flask):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE target ADD COLUMN colour VARCHAR")
    with pytest.raises(Exception, match="colour"):
        command.check(current_app.extensions["migrate"].migrate.get_config())


def test_it_goes_back_to_nothing_and_forward_again(in_app: Flask):
    config = current_app.extensions["migrate"].migrate.get_config()
    before = schema_of(db.engine)
    command.downgrade(config, "base")
    assert schema_of(db.engine) == {}
    with db.engine.connect() as connection:
        left = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
            if connection.dialect.name == "sqlite"
            else "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        assert connection.exec_driver_sql(left).scalar() == 0
    command.upgrade(config, "head")
    assert schema_of(db.engine) == before


def test_foreign_keys_are_on_again_after_a_migration(in_app: Flask):
    command.upgrade(current_app.extensions["migrate"].migrate.get_config(), "head")
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit_entry SET actor = 'somebody else'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_audit_trail(in_app: Flask, deed: str):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (id, at, actor, action, subject)"
            " VALUES (1, '2026-01-05 09:00:00', 'operator', 'op.load', 'x')"
        )
    with pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(deed)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT actor FROM audit_entry").scalars().all() == ["operator"]


def test_the_migration_makes_the_triggers_that_the_model_makes(in_app: Flask):
    kind = db.engine.dialect.name
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if kind == "sqlite"
        else "SELECT DISTINCT trigger_name FROM information_schema.triggers"
    )
    with db.engine.connect() as connection:
        made = set(connection.exec_driver_sql(question).scalars())
    asked_for = [*APPEND_ONLY[kind], *(words for each in REFUSALS for words in statements(each, kind))]
    named = {words.split()[2] for words in asked_for if words.startswith("CREATE TRIGGER")}
    assert made == named
