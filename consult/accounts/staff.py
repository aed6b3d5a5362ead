"""Pages on which staff sign in."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
