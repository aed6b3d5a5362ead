"""The database is there and up to date: what `consult init` does and every other command asks."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DatabaseError, OperationalError

from consult.db import db, reading
from consult.home import INSTANCE
from consult.operations.errors import InstallationError
from consult.recruitment import turnout

RUN_INIT = "Run: consult init"


def upgrade() -> str:
    """The database exists with every table of this version; nothing in it is lost.

    Safe to repeat, and safe when two run at once.

    Returns
    -------
    str
        What was done, for the person who asked.

    Raises
    ------
    InstallationError
        If the database cannot be reached, is not ours, or comes from a newer version.
    """
    path = sqlite_path()
    if path and path.parent == INSTANCE:
        INSTANCE.mkdir(parents=True, exist_ok=True)
    elif path and not path.parent.is_dir():
        raise InstallationError(
            f"The folder {path.parent} does not exist. Make it, or mend CONSULT_DATABASE_URL."
        )
    if path:
        path.touch(mode=0o600)  # what residents write is for nobody else on this machine
    try:
        before = _revision()
    except DatabaseError as error:
        raise InstallationError(_not_read(error)) from error
    if before is not None and not is_known(before):
        raise InstallationError(_newer(before))
    try:
        command.upgrade(_alembic(), "head")
    except DatabaseError as error:
        raise InstallationError(f"The database is as it was. {_refused(error)}") from error
    if before is None:
        return f"Created the database (schema {head()})."
    mended = _count_anew()
    if before == head():
        return f"The database is up to date (schema {before}).{mended}"
    return f"Brought the database from schema {before} to {head()}.{mended}"


def _count_anew() -> str:
    """Who takes part is counted as the record says; a sentence about where it was not, after a space."""
    untrue = turnout.list_untrue()
    for number, _slug in untrue:
        turnout.recount(number)
    db.session.commit()
    if not untrue:
        return ""
    return f" Counted anew who takes part in: {', '.join(slug for _number, slug in untrue)}."


def problem() -> str | None:
    """What keeps this version from using the database, in a sentence; None if nothing does.

    Only looks: in particular it makes no SQLite file.
    """
    path = sqlite_path()
    if path and not (path.is_file() and path.stat().st_size):
        return f"There is no database yet. {RUN_INIT}"
    try:
        found = _revision()
    except DatabaseError as error:
        return _not_read(error)
    if found is None:
        return f"The database is empty. {RUN_INIT}"
    if not is_known(found):
        return _newer(found)
    if found != head():
        return f"The database is older than this version: schema {found}, not {head()}. {RUN_INIT}"
    return None


def head() -> str:
    """The schema of this version of the program."""
    revision = _scripts().get_current_head()
    assert revision is not None
    return revision


def is_known(revision: str) -> bool:
    """Whether this version of the program knows that schema."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def sqlite_path() -> Path | None:
    """The SQLite file in use; None where the record is elsewhere."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def _alembic() -> AlembicConfig:
    config: AlembicConfig = current_app.extensions["migrate"].migrate.get_config()
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic())


def _revision() -> str | None:
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _newer(revision: str) -> str:
    return f"The database was made by a newer version of Consult (schema {revision}). Use that version."


def _not_read(error: DatabaseError) -> str:
    """Why the database cannot be read; never the user, the password or the address as it was given."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database} cannot be read. {_refused(error)}"
    if not isinstance(error, OperationalError):
        return _refused(error)
    where = f"{url.host or 'this machine'}{f':{url.port}' if url.port else ''}"
    return (
        f"The database {url.database!r} on {where} does not answer. Look at it and at CONSULT_DATABASE_URL."
    )


def _refused(error: DatabaseError) -> str:
    return f"It said: {str(error.orig).strip().splitlines()[0]}"
