"""Templates that are compiled once: every test has an application of its own.

What Jinja has compiled stays in memory for the process, and beside Python's own for the next one. It counts
only as long as the template and everything that says how templates are read are the same.
"""

import sys
from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from consult import create_app
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


def app_for(config: Config) -> Flask:
    """The real application, which compiles no template that was compiled before."""
    app = create_app(config)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app
