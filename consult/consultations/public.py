"""Pages for everybody: what the council asks, each consultation, and what is done with what people say."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import text

from consult import clock
from consult.access import Action, Moment, Role, require
from consult.consultations import notices
from consult.consultations.entrance import here
from consult.consultations.models import Consultation, State
from consult.consultations.queries import list_public, list_stage_changes
from consult.consultations.timeline import StageLine, When, current_line, timeline
from consult.db import db

blueprint = Blueprint("consultations", __name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A consultation in the list, with the stage that is open or comes next."""

    consultation: Consultation
    current: StageLine | None


@blueprint.get("/")
def home() -> str:
    """What the council asks now, what comes, and what it asked before."""
    open_now, coming, finished = [], [], []
    for consultation in list_public():
        lines = timeline(consultation.stages, clock.now())
        line = current_line(lines) if consultation.state is State.PUBLISHED else None
        listed = Listed(consultation, line)
        if line is None:
            finished.append(listed)
        elif line.when is When.NOW or line.number > 1:
            open_now.append(listed)
        else:
            coming.append(listed)
    return render_template(
        "public/consultations/home.html", open_now=open_now, coming=coming, finished=finished
    )


@blueprint.get("/consultations/<slug>/")
def page(slug: str) -> str:
    """What a consultation is about, its timetable, and the way in."""
    place = here()
    require(place.actor, Action.READ_CONSULTATION, place.standing)
    lines = timeline(place.consultation.stages, clock.now())
    moment = place.standing.moment
    roles = place.actor.roles_for(place.standing)
    return render_template(
        "public/consultations/page.html",
        consultation=place.consultation,
        lines=lines,
        current=current_line(lines)
        if moment not in {Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED}
        else None,
        changes=list_stage_changes(place.consultation),
        moment=moment.name.lower(),
        takes_part=Role.RESIDENT in roles,
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, why, for how long, and what one can do about it."""
    return render_template("public/consultations/privacy.html", lasts=notices.how_long_things_last())


@blueprint.get("/accessibility")
def accessibility() -> str:
    """How accessible the service is, how that was tried, and what is known to fail."""
    return render_template("public/consultations/accessibility.html")


@blueprint.get("/cookies")
def cookies() -> str:
    """The one cookie."""
    return render_template(
        "public/consultations/cookies.html",
        cookie=Markup("<code>{}</code>").format(notices.cookie_name()),
    )


@blueprint.get("/methods")
def methods() -> str:
    """How before and after are compared, in plain words."""
    return render_template("public/consultations/methods.html")


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the application and its database answer; no detail."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.app_context_processor
def _footer() -> dict[str, Any]:
    """What the foot of every page leads to."""
    pages = {
        "privacy": _("Privacy"),
        "accessibility": _("Accessibility"),
        "cookies": _("Cookies"),
        "methods": _("Methods"),
    }
    # Not `url_for`: the page that refuses a request for another host has a foot as well.
    addresses = current_app.url_map.bind("")
    links = [(text, addresses.build(f"public.consultations.{name}")) for name, text in pages.items()]
    return {"footer_links": [*links, (_("Staff"), addresses.build("staff.accounts.sign_in"))]}
