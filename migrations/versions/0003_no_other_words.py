"""No other words under old answers: what the database refuses once a consultation is no draft any more.

A later migration that makes one of these tables anew on SQLite must make its triggers again.
"""

from typing import NamedTuple

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FIXED = "(SELECT c.state FROM consultation c WHERE c.id = OLD.consultation_id) <> 'draft'"
_PART_FIXED = (
    "(SELECT c.state FROM consultation c JOIN item i ON i.consultation_id = c.id"
    " WHERE i.id = OLD.item_id) <> 'draft'"
)
_ANSWERED = "EXISTS (SELECT 1 FROM answer a WHERE a.item_id = NEW.item_id)"
_WORDS = "the wording is fixed"
_PARTS = "the item has answers"
_TRAIL = "corrections stay as they were written"


class Refusal(NamedTuple):
    """One thing that is refused: when ``condition`` holds before ``event`` on a row of ``table``."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def _changed(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def _unlogged(column: str, part: str, item: str = "OLD.item_id") -> str:
    """The words in the column change, and no correction says so."""
    line = f"k.item_id = {item} AND k.part = {part} AND k.before = OLD.{column} AND k.after = NEW.{column}"
    return f"({_changed(column)}) AND NOT EXISTS (SELECT 1 FROM item_correction k WHERE {line})"  # noqa: S608  (our own names)


def _any(*conditions: str) -> str:
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"


_ITEM_CHANGES = _any(
    _changed("consultation_id", "key", "form", "role", "scale_min", "scale_max"),
    _changed("favour_from", "reversed", "ordered", "other"),
    *(_unlogged(column, f"'{column}'", "OLD.id") for column in ("stem", "low_label", "high_label")),
)
_OPTION_CHANGES = _any(
    _changed("id", "item_id", "position", "key", "is_correct"), _unlogged("label", "'option ' || OLD.key")
)
_POINT_CHANGES = _any(_changed("item_id", "value"), _unlogged("label", "'point ' || OLD.value"))

REFUSALS = (
    Refusal("item_keeps_its_words", "item", "UPDATE", f"{_FIXED} AND {_ITEM_CHANGES}", _WORDS),
    Refusal("item_stays", "item", "DELETE", _FIXED, _WORDS),
    Refusal("option_keeps_its_words", "option", "UPDATE", f"{_PART_FIXED} AND {_OPTION_CHANGES}", _WORDS),
    Refusal("point_keeps_its_words", "point", "UPDATE", f"{_PART_FIXED} AND {_POINT_CHANGES}", _WORDS),
    Refusal("asked_keeps_its_wave", "asked", "UPDATE", _PART_FIXED, _WORDS),
    *(
        Refusal(f"{table}_stays", table, "DELETE", _PART_FIXED, _WORDS)
        for table in ("option", "point", "asked")
    ),
    *(
        Refusal(f"{table}_comes_before_answers", table, "INSERT", _ANSWERED, _PARTS)
        for table in ("option", "point", "asked")
    ),
    Refusal("item_correction_keeps_its_words", "item_correction", "UPDATE", "1 = 1", _TRAIL),
    Refusal(
        "item_correction_stays",
        "item_correction",
        "DELETE",
        "EXISTS (SELECT 1 FROM item i WHERE i.id = OLD.item_id)",
        _TRAIL,
    ),
)


def statements(refusal: Refusal, dialect: str) -> tuple[str, ...]:
    """The SQL that makes the database refuse this."""
    name, table, event, condition, message = refusal
    if dialect == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        body = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        return (f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} {body}",)
    row = "OLD" if event == "DELETE" else "NEW"
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"BEGIN IF {condition} THEN {refuse}; END IF; RETURN {row}; END"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def upgrade() -> None:
    for refusal in REFUSALS:
        for statement in statements(refusal, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for refusal in reversed(REFUSALS):
        if is_sqlite:
            op.execute(f"DROP TRIGGER {refusal.name}")
        else:
            op.execute(f"DROP TRIGGER {refusal.name} ON {refusal.table}")
            op.execute(f"DROP FUNCTION {refusal.name}()")
