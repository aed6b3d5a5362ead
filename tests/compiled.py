"""What is made once for each process of tests: compiled templates, and applications to use again.

To register 130 routes takes a third of a second, which thousands of tests would each wait for. An
application that a test has done with is therefore given to the next one, on a database of its own.
What Jinja has compiled stays in memory for the process, and beside Python's own for the next one. It counts
only as long as the template and everything that says how templates are read are the same.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine

from consult import create_app
from consult.db import db, engine_options, watch
from consult.home import HOME, Config

HOW = (HOME / "consult" / "core.py", *sorted((HOME / "consult" / "web").glob("*.py")))
READ_WITH = sha256(b"".join(path.read_bytes() for path in HOW)).hexdigest()


class Kept(FileSystemBytecodeCache):
    """What Jinja has compiled, for as long as its sources stay the same."""

    def __init__(self) -> None:
        folder = Path(__file__).parent / "__pycache__" / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder))
        self.compiled: dict[str, bytes] = {}

    def get_source_checksum(self, source: str) -> str:
        """What the template was compiled of: its source, and how it was read."""
        return super().get_source_checksum(source + READ_WITH)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of this template; Jinja compares its source."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])
            return
        super().load_bytecode(bucket)
        if bucket.code is not None:
            self.compiled[bucket.key] = bucket.bytecode_to_string()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()
        if not sys.dont_write_bytecode:
            super().dump_bytecode(bucket)


TEMPLATES = Kept()
_free: dict[Config, list[Flask]] = {}


def app_for(config: Config) -> Flask:
    """The real application, which compiles no template that was compiled before."""
    app = create_app(config)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@contextmanager
def lent_app(config: Config, *, is_new: bool = False) -> Iterator[Flask]:
    """The real application on this database: one that an earlier test has done with, or a new one.

    Who changes more of it than its settings keeps it: the next test gets another. An application that has
    answered a request takes no more routes, so who adds one asks for a new one.
    """
    free = _free.setdefault(replace(config, database_url=""), [])
    app = free.pop() if free and not is_new else app_for(config)
    settings, made_of = dict(app.config), _made_of(app)
    app.config.update(CONSULT=config, SQLALCHEMY_DATABASE_URI=config.database_url)
    app.config.update(SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url))
    with app.app_context():
        db.engine.dispose()
        db.engines[None] = create_engine(config.database_url, **engine_options(config.database_url))
        watch(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(settings)
    if _made_of(app) == made_of:
        free.append(app)


def _made_of(app: Flask) -> object:
    """How many routes, steps of a request and names of templates it has; its own gate."""
    steps = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    return (
        len(app.view_functions),
        [{name: len(functions) for name, functions in kind.items()} for kind in steps],
        set(app.jinja_env.globals),
        app.wsgi_app,
    )
