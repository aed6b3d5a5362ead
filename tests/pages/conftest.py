"""A real server with a made-up consultation, and a real browser in front of it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update

from consult import clock
from consult.access import CONSULTATION_ROLES, OPERATOR, Role
from consult.accounts import current, sessions
from consult.accounts.models import ResidentSession, StaffRole, StaffSession
from consult.accounts.queries import find_staff
from consult.accounts.service import add_staff
from consult.consultations.queries import find_consultation
from consult.db import db
from consult.weighting.rules import Settings
from tests.compiled import app_for
from tests.conftest import SECRET, config_for, run_consult
from tests.making.accounts import make_staff
from tests.making.bundles import csv_text
from tests.making.coding import make_coded, theme_id_of
from tests.making.facilitation import make_facilitated, make_pin, make_prompt, prompt_of
from tests.making.forum import find_post, get_thread, make_draft
from tests.making.forums import random_forum
from tests.making.incentives import OWED, make_due, make_offer
from tests.making.moderation import make_alarming, make_appeal, make_hidden, make_message, make_report
from tests.making.panels import ask, make_wanted
from tests.making.places import make_place, make_resident
from tests.making.publicity import make_channel
from tests.making.surveys import make_sent

PASSWORD = "four plain words together"
STAFF_EMAIL = "every.role@abbeyford.example"


@dataclass(frozen=True)
class Site:
    """Where the service is, how to become a member of its staff with every role, and who takes part.

    ``slugs`` name the consultation of each moment, ``residents`` the id of a participant's session there.
    """

    base: str
    set_up_link: str
    slugs: dict[str, str]
    residents: dict[str, str]
    database_url: str

    def path(self, pattern: str) -> str:
        """The address, with the consultations that it names."""
        return pattern.format(**self.slugs)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder}/consult.sqlite"
    base = f"http://127.0.0.1:{free_port()}"
    random_forum(
        folder / "second",
        people=40,
        scales=[(1, 5), (1, 7), (0, 10), (-3, 3)],
        seed=7,
        with_submissions=False,
    )
    people = folder / "second" / "participants.csv"
    said = people.read_bytes().replace(b"prefer_not", b"M").replace(b",\r\n", b",F\r\n")
    people.write_bytes(said)  # all have said it, so that they can be weighted by it
    targets = csv_text(("variable", "category", "population"), [["sex", "F", 510], ["sex", "M", 490]])
    (folder / "second" / "targets.csv").write_text(targets, encoding="utf-8")
    weighed = ("--weights", "raked", "--settings", json.dumps(Settings(collapse=None).as_json()))
    os.environ["CONSULT_BASE_URL"] = base
    os.environ["CONSULT_COUNCIL_NAME"] = "Abbeyford Council"
    try:
        for args in (("init",), ("load", folder / "second"), ("compare", "second", *weighed)):
            done = run_consult(url, *args)
            assert done.returncode == 0, done.stderr
        link, slugs, residents = _furnish(url, base)
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "consult",
                "serve",
                "--bind",
                base.removeprefix("http://"),
                "--workers",
                "1",
            ],
            env={**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    finally:
        del os.environ["CONSULT_BASE_URL"], os.environ["CONSULT_COUNCIL_NAME"]
    try:
        _wait_for(base, server)
        yield Site(base, link, slugs, residents, url)
    finally:
        server.terminate()
        server.wait(timeout=20)


MOMENTS = ("draft", "survey", "summarising", "forum", "follow_up")


def _furnish(url: str, base: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """A consultation at each moment, somebody who takes part in each, and one person of all roles."""
    app = app_for(replace(config_for(url), base_url=base))
    with app.app_context():
        known = {moment: make_place(moment) for moment in MOMENTS}
        people = {moment: make_resident(place) for moment, place in known.items()}
        residents = {moment: made.session_id for moment, made in people.items()}
        _stay(ResidentSession)
        for place in known.values():
            make_offer(place)
            make_channel(place)
            make_wanted(place)
            make_due(place, OWED)
        ask(known["draft"], "sex", "Female", "Male")  # so that two questions can be crossed
        make_coded(known["summarising"])
        make_sent(people["forum"].participant_id, known["forum"])  # may choose a thank-you
        decider = make_staff("decider@abbeyford.example", Role.MODERATOR, known["forum"])
        for key in ("hidden-1", "hidden-2"):
            me = people["forum"].participant_id
            decision = make_hidden(known["forum"], key, by=me, staff_id=decider.id)
        make_appeal(decision, by=me)
        make_report(known["forum"], "t1-1")
        make_alarming(known["forum"], "hidden-1")
        make_message(known["forum"], by=me)
        make_facilitated(known["forum"], find_post(get_thread(known["forum"]), "t1-2"))
        make_pin(find_post(get_thread(known["forum"]), "t1-1"))
        for days in (-1, 0, 60):
            make_prompt(known["forum"], days=days)
        topic = get_thread(known["forum"])
        make_draft(topic, "I wanted to say", by=me, parent=find_post(topic, "t1-1"))
        second = find_consultation("second")
        assert second is not None
        config = app.config["CONSULT"]
        link = add_staff(OPERATOR, STAFF_EMAIL, role=Role.ADMINISTRATOR, consultation=None, config=config)
        staff = find_staff(STAFF_EMAIL)
        assert staff is not None
        for place in (*known.values(), second):
            for role in CONSULTATION_ROLES:
                db.session.add(StaffRole(staff_id=staff.id, consultation_id=place.id, role=role))
        db.session.commit()
        slugs = {**{moment: place.slug for moment, place in known.items()}, "closed": "second"}
        slugs["theme"] = str(theme_id_of(slugs["summarising"]))
        slugs["prompt"] = str(prompt_of(slugs["forum"]))
        db.session.remove()
        db.engine.dispose()
    return link, slugs, residents


def _stay(sessions: type[ResidentSession | StaffSession]) -> None:
    """Nobody who is there now is signed out for sitting still: a slow machine needs hours for all pages."""
    db.session.execute(update(sessions).values(last_seen_at=clock.wall() + timedelta(hours=6)))
    db.session.commit()


@contextmanager
def in_record(site: Site) -> Iterator[None]:
    """Inside, the record of the running site can be read and changed."""
    with _app_of(site.database_url).app_context():
        yield
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@cache
def _app_of(database_url: str) -> Flask:
    """An application beside the one that serves; its connections end with each use."""
    return app_for(config_for(database_url))


def new_staff_session(site: Site) -> str:
    """Another session of the member of staff with every role: who signs out ends that one only."""
    with in_record(site):
        staff = find_staff(STAFF_EMAIL)
        assert staff is not None
        return sessions.begin(staff.id)


def session_cookie(values: dict[str, str]) -> str:
    """The cookie of a browser that carries these values, as the application signs them."""
    app = _app_of("sqlite://")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(values))


def resident_context(browser: Browser, site: Site, place: str, **options: Any) -> BrowserContext:
    """A browser of somebody who takes part in the consultation at that moment."""
    context = browser.new_context(base_url=site.base, **options)
    value = session_cookie({current.RESIDENT: site.residents[place]})
    context.add_cookies([{"name": "session", "value": value, "url": site.base}])
    return context


def _wait_for(base: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(900):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer within 90 seconds")


def set_up_and_sign_in(page: Page, link: str) -> None:
    """Go the way of a new member of staff: the link, a password, the code of the app."""
    page.goto(link)
    secret = re.sub(r"\s", "", page.locator(".app-code").first.text_content() or "")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Finish and sign in").click()


@pytest.fixture(scope="session")
def signed_in(site: Site, browser: Browser) -> BrowserContext:
    """The browser of a member of staff with every role, with JavaScript."""
    context = browser.new_context(base_url=site.base)
    page = context.new_page()
    set_up_and_sign_in(page, site.set_up_link)
    page.goto("/analyst/")
    assert page.locator("h1").inner_text() == "Your consultations"
    page.close()
    with in_record(site):
        _stay(StaffSession)
    return context
