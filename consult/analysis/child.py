"""What is computed for a page, in a process of its own: a web worker never loads the arithmetic."""

import json
import os
import subprocess
import sys

from flask import current_app

from consult.db import db
from consult.weighting.refused import reasons_from
from consult.weighting.rules import RAKED, Settings
from consult.words import Sentence

MINUTES_TO_COMPARE = 10
REFUSED = 2  # how the command ends when it refuses


def compare_in_child(slug: str) -> None:
    """The comparison of the consultation is stored. Nothing that this process has read is known any more."""
    _run(slug).check_returncode()


def make_in_child(slug: str, settings: Settings) -> int | list[Sentence]:
    """The weights of the consultation are stored, made in this way, with their comparison.

    Returns
    -------
    int or list of Sentence
        The number of the version; or why there are no such weights.
    """
    ended = _run(slug, "--weights", RAKED, "--settings", json.dumps(settings.as_json()))
    reasons = reasons_from(ended.stderr) if ended.returncode == REFUSED else None
    if reasons is not None:
        return reasons
    ended.check_returncode()
    number: int = json.loads(ended.stdout)["weighting"]["version"]
    return number


def _run(slug: str, *more: str) -> "subprocess.CompletedProcess[str]":
    config = current_app.config["CONSULT"]
    db.session.rollback()  # the child writes; this process must hold no lock, so nothing is read again
    return subprocess.run(  # noqa: S603  (our own program, with a slug that exists)
        [sys.executable, "-m", "consult", "compare", slug, "--json", *more],
        env={**os.environ, "CONSULT_DATABASE_URL": config.database_url},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=MINUTES_TO_COMPARE * 60,
    )
