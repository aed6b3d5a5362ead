"""The templates that the tests of this folder share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)

PROJECT: Final = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The templates under the strict rules of the application, with the context that it promises them."""
    environment = Environment(
        loader=FileSystemLoader(PROJECT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    served = json.loads((PROJECT / "static" / "manifest.json").read_text(encoding="utf-8"))["dist"]
    environment.globals |= {
        "asset": lambda name: f"/static/{served[name]['file']}",
        "csrf_token": lambda: "token",
        "get_flashed_messages": lambda with_categories: [],  # noqa: ARG005 - called by this name
        "service_name": "Have your say",
        "council_name": "Riverside Borough Council",
        "current_staff": None,
        "script_words": lambda _what: {},
        "errors": [],
        "footer_links": [("Privacy", "/privacy")],
    }
    return environment


@pytest.fixture(scope="session")
def reference() -> Environment:
    """The macros of govuk-frontend-jinja, which equal those of GOV.UK Frontend and need lenient rules."""
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, autoescape=True, undefined=ChainableUndefined)
