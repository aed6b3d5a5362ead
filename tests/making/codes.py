"""Return codes in people's hands."""

from flask import current_app
from werkzeug.test import TestResponse

from consult.accounts import codes
from consult.accounts.codes import Pair
from consult.db import db
from tests.making.places import MadeResident
from tests.page_client import PageClient

SHARED, OWN = {"shared": "yes"}, {"shared": "no"}


def make_pair(resident: MadeResident, *, is_held: bool = False) -> Pair:
    """The code and serial of somebody who takes part, written down unless they are held. Committed."""
    config = current_app.config["CONSULT"]
    pair = codes.new_pair()
    codes.give_code(
        resident.participant_id, resident.consultation_id, code=pair.code, serial=pair.serial, config=config
    )
    if is_held:
        codes.hold(resident.session_id, pair, config)
    db.session.commit()
    return pair


def enter(client: PageClient, code: str, **more: str) -> TestResponse:
    """That code is typed and sent."""
    return client.send("/return", {"code": code, **SHARED, **more})


def is_signed_in(client: PageClient, slug: str) -> bool:
    """Whether the browser is let in as somebody who takes part."""
    answer = client.get(f"/consultations/{slug}/about-me")
    assert answer.status_code in {200, 302, 404}, answer.status_code
    return answer.status_code == 200
