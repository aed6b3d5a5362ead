"""Numbers in addresses: digits from 0 to 9 and nothing else, with none too many in front.

The usual converter takes every digit that Unicode knows and any zeros, so that one page would have many
addresses.
"""

from flask import Flask
from werkzeug.routing import IntegerConverter


class PlainInteger(IntegerConverter):
    """A whole number in its plain digits."""

    regex = r"0|[1-9][0-9]*"


def init_app(app: Flask) -> None:
    """Every address with a number takes plain digits only."""
    app.url_map.converters["int"] = PlainInteger
