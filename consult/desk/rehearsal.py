"""Which requests walk a draft as if it were published: those of an officer who rehearses it.

The browser of the officer carries the number of the rehearsal in its signed cookie. A request takes part
if all of this holds: the rehearsal is that of the member of staff who is signed in; it has not ended; they
may still rehearse the draft; and the address is one of the draft's own pages for residents, or one of
those by which residents come and go. Every other page, the officer's own and those of other consultations
above all, is as it is today. For the whole of such a request the draft counts as published and the
consultation's clock is moved (`consultations.rehearsing`).

Nothing of a rehearsal outlives publishing: each transaction of a request that could write holds the row of
the rehearsal first. Publishing ends that row, so it waits for whoever is writing and deletes that too; and
whoever comes after it finds that the rehearsal is over.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, has_request_context, request, session, url_for
from flask_babel import gettext
from sqlalchemy import Connection, event, select

from consult import clock
from consult.access import Action, allows
from consult.accounts import current
from consult.accounts.queries import briefly
from consult.consultations.models import Consultation, Rehearsal, State
from consult.consultations.queries import standing_of
from consult.consultations.rehearsing import is_rehearsed, rehearsing
from consult.db import db
from consult.errors import Conflict
from consult.web import telling

# Pages without a consultation in their address that belong to a resident's way.
COMING_AND_GOING = "public.returning."
WITH_BANNER = ("public", "resident")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The rehearsal that this browser is in."""

    id: int
    consultation_id: int
    slug: str
    moved_by: timedelta


def of_this_browser() -> Rehearsed | None:
    """The rehearsal that this browser is in, if it still holds."""
    if "rehearsed" not in g:
        g.rehearsed = _found()
    found: Rehearsed | None = g.rehearsed
    return found


def _found() -> Rehearsed | None:
    number, member = session.get(current.REHEARSAL), current.staff()
    if not isinstance(number, int) or member is None:
        return None
    # In a short transaction of its own: one of SQLite that may write would keep everybody else waiting.
    with briefly() as reading:
        row = reading.execute(
            select(Rehearsal, Consultation)
            .join(Consultation, Consultation.id == Rehearsal.consultation_id)
            .where(
                Rehearsal.id == number,
                Rehearsal.staff_id == member.staff_id,
                Rehearsal.ended_at.is_(None),
                Consultation.state == State.DRAFT,
            )
        ).one_or_none()
        if row is None:
            return None
        standing = standing_of(row.Consultation)
        moved_by = timedelta(seconds=row.Rehearsal.offset_seconds)
    if not allows(current.actor(), Action.REHEARSE, standing):
        return None
    return Rehearsed(number, standing.id, standing.slug, moved_by)


def _takes_part(found: Rehearsed) -> bool:
    """Whether this request's address is one of the rehearsal's."""
    audience = (request.endpoint or "").partition(".")[0]
    slug = (request.view_args or {}).get("slug")
    if audience not in WITH_BANNER:
        return False
    return slug == found.slug if slug is not None else (request.endpoint or "").startswith(COMING_AND_GOING)


def _enter() -> None:
    for kept in ("rehearsed", "rehearsal_held"):
        g.pop(kept, None)
    if current.REHEARSAL not in session:
        return
    found = of_this_browser()
    if found is None:
        session.pop(current.REHEARSAL, None)
    elif _takes_part(found):
        stack = ExitStack()
        stack.enter_context(rehearsing(found.consultation_id, found.moved_by))
        g.rehearsing = stack
        if not g.get("is_reading"):
            db.session.rollback()  # asking who this is has begun a transaction, before it could hold anything
            g.rehearsal_held = found.id


def _leave(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("rehearsing", None)
    g.pop("rehearsal_held", None)
    if stack is not None:
        stack.close()


@event.listens_for(db.session, "after_begin")
def _hold(_session: Any, _transaction: Any, connection: Connection) -> None:
    """Every transaction of a rehearsed request that may write keeps the rehearsal from ending meanwhile."""
    held: int | None = g.get("rehearsal_held") if has_request_context() else None
    if held is None:
        return
    asked = select(Rehearsal.id).where(Rehearsal.id == held, Rehearsal.ended_at.is_(None))
    if connection.execute(asked.with_for_update(read=True)).scalar() is None:
        g.rehearsal_held = None  # the page that says so may read
        raise Conflict("This rehearsal is over.")


def _banner() -> dict[str, Any]:
    """What stands on top of every page that the officer walks."""
    if not has_request_context() or current.REHEARSAL not in session:
        return {}
    if (request.endpoint or "").partition(".")[0] not in WITH_BANNER:
        return {}
    found = of_this_browser()
    if found is None:
        return {}
    if is_rehearsed(found.consultation_id):
        text = gettext(
            "You are rehearsing. It is %(time)s here. Nothing you do is counted.",
            time=telling.uk_date_time(_to_the_minute(clock.now())),
        )
    else:
        text = gettext("You are rehearsing, but this page is no part of it. It is as it is today.")
    links = [
        (
            gettext("Change the moment or end the rehearsal"),
            url_for("officer.desk.rehearse", slug=found.slug),
        )
    ]
    return {"banners": [{"text": text, "links": links}]}


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def init_app(app: Flask) -> None:
    """A request of a browser that rehearses sees that draft at the chosen time."""
    app.before_request(_enter)
    app.teardown_request(_leave)
    app.context_processor(_banner)
