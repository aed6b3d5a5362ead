"""The doors: one parent blueprint for each audience, and its guard.

A feature makes its routes on a child blueprint and registers it with an audience. The guard stands
on the parent, so that a new route cannot forget it. A test goes over the URL map and fails on any
route that is under no audience.
"""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from consult.access import Role
from consult.errors import NotPermitted

Guard = Callable[[], Any]
# One slash and then anything but a second one: `//host`, and `/\host` which browsers read as that.
LOCAL_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class Audience(Blueprint):
    """A blueprint whose every page first passes ``guard``, which returns None or a response."""

    def __init__(self, name: str, *, url_prefix: str | None, guard: Guard) -> None:
        super().__init__(name, __name__, url_prefix=url_prefix)
        self.before_request(guard)


def open_door() -> None:
    """Let everybody in."""


def staff_door(current_roles: Callable[[], frozenset[Role]], *admitted: Role) -> Guard:
    """Make a guard that admits signed-in staff who hold one of ``admitted`` anywhere.

    Visitors are sent to sign in (GET) or refused (anything else); staff without the role are
    refused. Which consultation they may see is the service's question, not the door's.
    """

    def guard() -> Any:
        roles = current_roles()
        if roles & set(admitted):
            return None
        if Role.VISITOR not in roles or request.method not in {"GET", "HEAD"}:
            raise NotPermitted
        if request.headers.get("HX-Request"):
            # A redirect would put the sign-in page into the middle of the page that asked.
            return Response(status=204, headers={"HX-Redirect": url_for("staff.accounts.sign_in")})
        back = local_path(request.full_path.removesuffix("?"))
        return redirect(url_for("staff.accounts.sign_in", next=back), code=302)

    return guard


def local_path(address: str | None) -> str | None:
    """The address if it is a plain path of this site; None for anything that could lead elsewhere."""
    return address if address is not None and LOCAL_PATH.fullmatch(address) else None
