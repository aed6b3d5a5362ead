import pytest
from flask import Flask

from consult.access import Role
from consult.consultations.models import Consultation
from tests.making.accounts import make_staff, sign_in
from tests.making.places import make_place
from tests.page_client import PageClient


@pytest.fixture
def sqlite_place(sqlite_app: Flask) -> Consultation:
    """A consultation while people join, on SQLite alone."""
    with sqlite_app.app_context():
        return make_place("survey")


@pytest.fixture
def officer(sqlite_app: Flask, sqlite_place: Consultation) -> PageClient:
    """The browser of its officer."""
    with sqlite_app.app_context():
        made = make_staff("officer@abbeyford.example", Role.OFFICER, sqlite_place)
    return sign_in(PageClient(sqlite_app), made)
