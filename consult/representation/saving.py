"""How the forms about who is needed are answered: saved, shown again, or saved by somebody before."""

from typing import Any

from flask import flash, redirect
from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.db import db
from consult.web.rendering import respond

MEANWHILE = 409


def saved(there: str, *said: str) -> Any:
    """What was typed is in the record, and the page at that address says so, in these words or plainly."""
    db.session.commit()
    flash(said[0] if said else _("Saved."), "success")
    for notice in said[1:]:
        flash(notice, "notice")
    return redirect(there, code=303)


def saved_before(form: Any, consultation: Consultation) -> bool:
    """Somebody saved before: what was typed stands, and saving it again is meant."""
    db.session.rollback()
    form["version"].data = consultation.version
    return True


def shown(name: str, consultation: Consultation, form: Any, *, meanwhile: bool, **more: Any) -> Any:
    """The page with the form; 409 if somebody saved before."""
    answer = respond(
        f"officer/representation/{name}.html",
        consultation=consultation,
        form=form,
        meanwhile=meanwhile,
        **more,
    )
    if meanwhile:
        answer.status_code = MEANWHILE
    return answer
