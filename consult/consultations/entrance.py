"""The door of residents' pages: somebody who takes part in the consultation of the address.

Nobody else gets further. A visitor is led to the consultation's first page; whoever's session ended by
itself is led to where they enter their code, and what they had typed is kept for them.
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from consult.access import VISITOR, Actor, Moment
from consult.accounts import current, kept_forms
from consult.accounts.resident_sessions import SignedInResident
from consult.consultations.models import Consultation
from consult.consultations.queries import Standing, get_consultation, standing_of
from consult.db import db
from consult.errors import NotFound, NotPermitted
from consult.web import once


@dataclass(frozen=True, slots=True)
class Here:
    """The consultation of the address, where it is in its life, and who asks."""

    consultation: Consultation
    standing: Standing
    actor: Actor

    @property
    def participant_id(self) -> int:
        """The participant who asks; there is one on every page behind the residents' door."""
        if self.actor.participant_id is None:
            raise NotPermitted
        return self.actor.participant_id


def here() -> Here:
    """The consultation of this request's address and who asks, as participant, staff or visitor.

    Raises
    ------
    NotFound
        If there is none of that slug.
    """
    if "here" not in g:
        consultation = get_consultation((request.view_args or {}).get("slug", ""))
        g.here = Here(consultation, standing_of(consultation), current.reader(consultation.id))
    found: Here = g.here
    return found


def door() -> Any:
    """Let in who takes part here; lead the others to where they can go on."""
    place = here()
    if place.actor.participant_id is not None:
        return None
    if place.standing.moment is Moment.DRAFT:
        raise NotFound
    lost = current.resident_of_lost_session()
    if lost is not None and lost.consultation_id == place.consultation.id:
        return _closed(lost)
    if again := once.led_to():
        return again
    if request.method not in {"GET", "HEAD"} or place.actor is not VISITOR:
        raise NotPermitted
    return _lead(url_for("public.consultations.page", slug=place.consultation.slug))


def _closed(lost: SignedInResident) -> Response:
    """Say that the time was over; what was typed on this page waits until its owner is back."""
    if request.method == "POST":
        kept_forms.keep(
            lost.participant_id,
            lost.consultation_id,
            request.path,
            request.form,
            config=current_app.config["CONSULT"],
        )
        db.session.commit()
    return _lead(url_for("public.returning.enter_code", closed="1"))


def _lead(address: str) -> Response:
    """Open another page in place of this one, also where only a part of it was asked for."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, code=302 if request.method in {"GET", "HEAD"} else 303)
