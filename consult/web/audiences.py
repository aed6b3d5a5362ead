"""The doors: one parent blueprint for each audience, and its guard.

A feature makes its routes on a child blueprint and registers it with an audience. The guard stands
on the parent, so that a new route cannot forget it. A test goes over the URL map and fails on any
route that is under no audience.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for

from consult.access import Role

Guard = Callable[[], Any]


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
    from consult.errors import NotPermitted  # noqa: PLC0415

    def guard() -> Any:
        roles = current_roles()
        if roles & set(admitted):
            return None
        if Role.VISITOR in roles and request.method in {"GET", "HEAD"}:
            return redirect(url_for("staff.accounts.sign_in"), code=302)
        raise NotPermitted

    return guard
