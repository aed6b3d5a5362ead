"""Fingerprinted static files: their addresses, and how they are served."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from consult.home import HOME

FOLDER = HOME / "static" / "dist"
PREFIX = "/static/"


@cache
def names() -> dict[str, str]:
    """Fingerprinted file name by plain name, from the manifest."""
    manifest: dict[str, Any] = json.loads((HOME / "static" / "manifest.json").read_text(encoding="utf-8"))
    return {plain: entry["file"] for plain, entry in manifest["dist"].items()}


def asset(name: str) -> str:
    """Address of a static file, for templates; an unknown name is an error, not a dead link."""
    return PREFIX + names()[name]


def _for_ever(path: str, _url: str) -> bool:
    return Path(path).name.removesuffix(".br").removesuffix(".gz") in names().values()


def init_app(app: Flask) -> None:
    """Serve the folder of built files and nothing else, compressed, cached for a year."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(FOLDER), prefix=PREFIX, immutable_file_test=_for_ever, max_age=3600
    )
    app.jinja_env.globals["asset"] = asset
