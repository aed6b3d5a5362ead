"""Who is asking."""

from flask import Flask

from consult.access import VISITOR, Actor, Role
from consult.extensions import login_manager


def actor() -> Actor:
    """The person behind this request."""
    return VISITOR


def roles_anywhere() -> frozenset[Role]:
    """Every role that the person behind this request holds, in any consultation."""
    return actor().site_roles


def init_app(app: Flask) -> None:
    """Sign-in is wired."""
    login_manager.init_app(app)
    app.context_processor(lambda: {"current_staff": None})
