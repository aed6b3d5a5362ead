"""A crowd that arrives over the wire: requests to a real server, each person in a browser of their own."""

import re
from html import unescape

from playwright.sync_api import APIRequestContext, APIResponse, Browser
from sqlalchemy import select

from consult.consultations.models import Consultation, Participant, Submission
from consult.db import db
from tests.making.joining import CHOICES
from tests.making.panels import make_ready

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SUGGESTED = re.compile(r'name="choice"[^>]* value="([^"]+)"')
MOST_QUESTIONS = 6


def arrive(browser: Browser, base: str, path: str, said: list[str]) -> APIRequestContext:
    """Somebody who followed that link has joined, and answered the questions about themselves in turn."""
    asking = browser.new_context(base_url=base).request
    page = asking.get(path)
    page = _sent(asking, page, CHOICES)
    page = _sent(asking, page, {"choice": unescape(SUGGESTED.findall(page.text())[0]), "own": ""})
    for answer in said:
        assert "/join/about-you/" in page.url, page.url
        page = _sent(asking, page, {"said": answer})
    assert page.url.endswith("/join/code"), page.url
    page = _sent(asking, page, {"written": "y"})
    assert "/survey/" in page.url, page.url
    return asking


def everybody_is_ready(slug: str) -> None:
    """Whoever has joined has come to the last item, with nothing answered, and has only to send."""
    place = db.session.scalars(select(Consultation).filter_by(slug=slug)).one()
    waiting = select(Participant.id).where(
        Participant.consultation_id == place.id,
        Participant.id.not_in(select(Submission.participant_id)),
    )
    for participant_id in db.session.scalars(waiting).all():
        make_ready(place, participant_id)


def send(asking: APIRequestContext, slug: str) -> None:
    """They send the starting survey."""
    page = asking.get(f"/consultations/{slug}/survey/check")
    page = _sent(asking, page, {})
    assert page.url.endswith("/survey/sent"), page.url


def _sent(asking: APIRequestContext, page: APIResponse, typed: dict[str, str]) -> APIResponse:
    """The page after sending the form of this one, with everything hidden that it printed."""
    text = page.text()
    main = text[text.index("<main") :]
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(main)}
    return asking.post(page.url, form={**hidden, **typed})
