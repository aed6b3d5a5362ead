"""What somebody had typed when their session ended: kept sealed, and given back after the code.

One form for each page. It is removed when that page is next sent, and with everything else of the
person when they withdraw. Coming back leads to the page that was cut off last, for a day: after that the
consultation has moved on, and the person starts where they are; the text still waits on its page.
"""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app, request
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from consult import clock
from consult.accounts import current, keys
from consult.accounts.models import KeptForm
from consult.db import db
from consult.home import Config

NOT_KEPT = frozenset({"csrf_token", "once", "code"})
LONGEST = 100_000  # characters of one form; more is nobody's typing
LEADS_BACK = timedelta(days=1)
AUDIENCE = "resident"


class Kept(NamedTuple):
    """The page on which somebody was cut off, and when."""

    path: str
    kept_at: datetime


def keep(
    participant_id: int, consultation_id: int, path: str, form: MultiDict[str, str], *, config: Config
) -> None:
    """What was typed on that page waits for this participant; of another address nothing is kept."""
    typed = json.dumps({name: form.getlist(name) for name in form if name not in NOT_KEPT})
    if len(typed) > LONGEST or len(path) > KeptForm.path.type.length or not _is_page_of_residents(path):
        return
    values = {
        "sealed_form": keys.seal(typed, config=config, purpose=keys.KEPT_FORMS),
        "kept_at": clock.wall(),
    }
    this_page = (KeptForm.participant_id == participant_id, KeptForm.path == path)
    row = KeptForm(participant_id=participant_id, consultation_id=consultation_id, path=path, **values)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # something waits there already, perhaps since a moment ago: a double click
        db.session.execute(update(KeptForm).where(*this_page).values(**values))


def find_last(participant_id: int) -> Kept | None:
    """Find where and when this participant was last cut off, if that was not long ago."""
    row = db.session.execute(
        select(KeptForm.path, KeptForm.kept_at)
        .where(KeptForm.participant_id == participant_id, KeptForm.kept_at > clock.wall() - LEADS_BACK)
        .order_by(KeptForm.kept_at.desc(), KeptForm.path)
        .limit(1)
    ).one_or_none()
    return Kept(*row) if row else None


def restored() -> MultiDict[str, str] | None:
    """What the participant behind this request had typed on this page, if it was kept; for `formdata`."""
    found = current.resident()
    if found is None or request.method != "GET":
        return None
    return find(found.participant_id, request.path, config=current_app.config["CONSULT"])


def find(participant_id: int, path: str, *, config: Config) -> MultiDict[str, str] | None:
    """Find what this participant had typed on that page, if it was kept."""
    sealed = db.session.scalar(
        select(KeptForm.sealed_form).where(KeptForm.participant_id == participant_id, KeptForm.path == path)
    )
    typed = keys.unseal(sealed, config=config, purpose=keys.KEPT_FORMS) if sealed else None
    return MultiDict(json.loads(typed)) if typed else None


def drop(participant_id: int, path: str) -> None:
    """Nothing waits for this participant on that page any more."""
    db.session.execute(
        delete(KeptForm).where(KeptForm.participant_id == participant_id, KeptForm.path == path)
    )


def _is_page_of_residents(path: str) -> bool:
    """Whether a form is sent to this address by somebody who takes part."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return False
    return str(endpoint).startswith(f"{AUDIENCE}.")
