"""Templates that are compiled once for each process: every test has an application of its own."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from consult import create_app
from consult.home import Config


class KeptInMemory(BytecodeCache):
    """What Jinja has compiled, for as long as its sources stay the same."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of this template; Jinja compares its source."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = KeptInMemory()


def app_for(config: Config) -> Flask:
    """The real application, which compiles no template that another one of this process has compiled."""
    app = create_app(config)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app
