"""How far coders agree, worked out in a process of its own: a web worker never loads the arithmetic."""

import json
import os
import subprocess
import sys
from typing import Any

from flask import current_app

from consult.db import db

MINUTES_TO_AGREE = 5

Content = dict[str, Any]


def agreement_in_child(slug: str, item_key: str) -> Content:
    """Give what `consult agreement SLUG ITEM --json` prints.

    Nothing that this process has read is known any more: the other one may take long.
    """
    config = current_app.config["CONSULT"]
    db.session.rollback()
    ended = subprocess.run(  # noqa: S603  (our own program, with a slug and an item that exist)
        [sys.executable, "-m", "consult", "agreement", "--json", "--", slug, item_key],
        env={**os.environ, "CONSULT_DATABASE_URL": config.database_url},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=MINUTES_TO_AGREE * 60,
    )
    content: Content = json.loads(ended.stdout)
    return content
