"""The right role is not enough: it must be held here, and now, and the thing must be one's own.

Everything that one may do with a consultation or with one's own things is tried again by somebody with the
same role elsewhere, by another participant, and by the right person a second after they had been allowed
to: their role taken, their session ended, themselves withdrawn.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_hex
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from consult import clock
from consult.access import Actor, Moment, Role
from consult.accounts import current, kept_forms, resident_sessions, sessions
from consult.accounts.administration import take_role
from consult.accounts.models import StaffRole
from consult.consultations.models import Rehearsal
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.rights.service import withdraw
from consult.tables import METADATA
from tests.making.accounts import make_staff, sign_in
from tests.making.keeping import rows_of
from tests.making.sendings import SENDINGS, address_of, form_of, rules_of, send
from tests.making.world import (
    ANSWERED,
    NEWCOMER,
    OTHER,
    OUTSIDER,
    RESIDENTS,
    SENT,
    Browser,
    World,
    browser_of,
    made_world,
)
from tests.page_client import PageClient

Noting = Callable[[str, int], None]
D, S, A, F, U, C = (
    Moment.DRAFT,
    Moment.SURVEY,
    Moment.SUMMARISING,
    Moment.FORUM,
    Moment.FOLLOW_UP,
    Moment.CLOSED,
)
REFUSED = {302, 403, 404}
STAFFS = ("officer", "moderator", "analyst")
# Who opens the pages that have no form, and when; the others are opened by who may send their form.
PAGES: dict[str, tuple[str, Moment]] = {
    "resident.recruitment.slip": (NEWCOMER, S),
    "resident.surveys.carry_on": (ANSWERED, S),
    "resident.surveys.waiting": (ANSWERED, S),
    "resident.surveys.support": (ANSWERED, S),
    "resident.surveys.survey_sent": (SENT, S),
    "resident.surveys.follow_up_sent": (SENT, U),
    "resident.forum.mine": (ANSWERED, F),
    "resident.forum.unlike": (ANSWERED, F),
    "resident.rights.about_me": (ANSWERED, F),
    "resident.incentives.thank_you": (SENT, F),
    "officer.desk.overview": ("officer", D),
    "officer.talk.page": ("officer", F),
    "officer.incentives.offer": ("officer", D),
    "officer.representation.page": ("officer", S),
    "officer.two_questions.choose": ("officer", D),
    "officer.publicity.page": ("officer", S),
    "officer.publicity.channel": ("officer", S),
    "officer.publicity.poster": ("officer", S),
    "officer.publicity.letter": ("officer", S),
    "officer.publicity.poster_pdf": ("officer", S),
    "officer.publicity.letter_pdf": ("officer", S),
    "officer.surveys.items": ("officer", D),
    "officer.surveys.preview": ("officer", D),
    "moderator.forum.seeds": ("moderator", A),
    "moderator.moderation.queue": ("moderator", F),
    "moderator.facilitation.asked": ("moderator", F),
    "moderator.facilitation.all_prompts": ("officer", A),
    "moderator.moderation.decisions": ("officer", F),
    "moderator.summaries.items": ("moderator", A),
    "moderator.summaries.quoted": ("moderator", A),
    "moderator.summaries.texts": ("moderator", A),
    "moderator.surveys.preview": ("moderator", D),
    "analyst.representation.page": ("analyst", S),
    "analyst.analysis.overview": ("analyst", Moment.PUBLISHED),
    "analyst.analysis.reasoning": ("analyst", Moment.PUBLISHED),
    "analyst.analysis.item": ("analyst", Moment.PUBLISHED),
    "analyst.exports.downloads": ("analyst", Moment.PUBLISHED),
    "analyst.coding.home": ("officer", A),
    "analyst.coding.codebook": ("analyst", A),
    "analyst.coding.version": ("analyst", A),
    "analyst.coding.agreement": ("officer", A),
}
# Lead on by themselves; and a page that has no address of a consultation leads nobody anywhere.
LEAD_ON = {"resident.surveys.carry_on"}


@dataclass(frozen=True)
class Thing:
    """A page or a form of one consultation, with who may open or send it, and when."""

    endpoint: str
    is_sent: bool
    who: str
    moment: Moment

    def address(self, world: World, **more: str) -> str:
        args = dict(SENDINGS[self.endpoint].args) if self.endpoint in SENDINGS else {}
        return address_of(world, self.endpoint, world.scenes[self.moment], self.who, **args, **more)

    def ask(self, world: World, browser: Browser, **more: str) -> TestResponse:
        address = self.address(world, **more)
        if not self.is_sent:
            return browser.client().get(address)
        typed = form_of(world, self.endpoint, world.scenes[self.moment], self.who)
        return send(browser, address, typed)[0]


def things(app: Flask, *people: str) -> Iterator[Thing]:
    """Everything behind a door that is about one consultation, of these people."""
    for method in ("GET", "POST"):
        for rule in rules_of(app, method):
            is_public = rule.endpoint.startswith("public.")
            if is_public or "slug" not in rule.arguments:
                continue
            if rule.endpoint in SENDINGS:
                who, moment = SENDINGS[rule.endpoint].who, SENDINGS[rule.endpoint].moment
            else:
                who, moment = PAGES[rule.endpoint]
            if who in people and rule.endpoint != "analyst.analysis.make_comparison":
                yield Thing(rule.endpoint, method == "POST", who, moment)


def refused(
    world: World, tried: Iterable[Thing], browser_for: Callable[[Thing], Browser], allowed: set[int] = REFUSED
) -> tuple[list[str], int]:
    """What was not refused, or wrote something, and how many things were tried."""
    before, wrong, count = rows_of(world.app), [], 0
    for thing in tried:
        answer = thing.ask(world, browser_for(thing))
        count += 1
        if answer.status_code not in allowed:
            wrong.append(f"{thing}: {answer.status_code} {answer.location}")
    after = rows_of(world.app)
    wrong += [f"wrote to {table}" for table in before if before[table] != after[table]]
    return wrong, count


def right_browser(world: World) -> Callable[[Thing], Browser]:
    return lambda thing: world.browser(thing.who, thing.moment)


def test_every_page_of_a_consultation_is_tried(sqlite_app: Flask) -> None:
    both = {
        rule.endpoint
        for rule in rules_of(sqlite_app, "GET")
        if "slug" in rule.arguments and not rule.endpoint.startswith("public.")
    }
    assert set(PAGES) == both - set(SENDINGS)


def test_who_may_gets_in(sqlite_app: Flask, record_property: Noting) -> None:
    """All that is refused below is given to the right person: else nothing would be proved."""
    wrong, count = [], 0
    with made_world(sqlite_app) as world:
        for thing in things(sqlite_app, *RESIDENTS, *STAFFS):
            answer = thing.ask(world, right_browser(world)(thing))
            world.restore()
            count += 1
            expected = SENDINGS[thing.endpoint].status if thing.is_sent else 200
            if answer.status_code != expected and thing.endpoint not in LEAD_ON:
                wrong.append(f"{thing}: {answer.status_code} {answer.location}")
    record_property("pages and forms of one consultation, by the right person", count)
    assert wrong == []


def test_the_same_role_elsewhere_is_refused(sqlite_app: Flask, record_property: Noting) -> None:
    with made_world(sqlite_app) as world:
        wrong, of_staff = refused(
            world, things(sqlite_app, *STAFFS), lambda thing: world.browsers[f"{thing.who} elsewhere"], {404}
        )
        more, of_residents = refused(
            world, things(sqlite_app, *RESIDENTS), lambda _: world.browsers[OUTSIDER], {302, 403}
        )
    record_property("scope: tried with the same role in another consultation", of_staff + of_residents)
    assert wrong + more == []


CHANGES = re.compile(rb'(?<=name="csrf_token" value=")[^"]+|(?<=class="app-code">)[0-9a-f]{12}(?=<)')


def said(answer: TestResponse, address: str) -> tuple[int, bytes]:
    """The status and every byte, but for the address asked for, the form's token and the request's number."""
    content = answer.data
    for written in (address, quote(address), quote(address, safe="")):
        content = content.replace(written.encode(), b"here")
    return answer.status_code, CHANGES.sub(b"", content)


def asked(thing: Thing, world: World, browser: Browser, **more: str) -> tuple[int, bytes]:
    return said(thing.ask(world, browser, **more), thing.address(world, **more))


def test_a_draft_of_others_answers_staff_like_an_address_of_nothing(
    sqlite_app: Flask, record_property: Noting
) -> None:
    count = 0
    with made_world(sqlite_app) as world:
        for thing in things(sqlite_app, "officer"):
            if thing.moment is not D:
                continue
            browser = world.browsers["officer elsewhere"]
            assert asked(thing, world, browser) == asked(thing, world, browser, slug="no-such-place"), thing
            count += 1
    record_property("scope: pages and forms of a draft compared with an address of nothing", count)


def test_a_post_of_somebody_else_answers_like_one_that_is_not_there(
    sqlite_app: Flask, record_property: Noting
) -> None:
    count = 0
    with made_world(sqlite_app) as world:
        before, browser = rows_of(sqlite_app), world.browser(ANSWERED, F)
        for endpoint in ("resident.forum.edit", "resident.forum.withdraw"):
            for is_sent in (False, True):
                thing = Thing(endpoint, is_sent, OTHER, F)
                theirs = asked(thing, world, browser)
                assert theirs[0] == 404
                for nobodys in ("by-nobody", token_hex(6), "t1-seed", "by-sent"):
                    assert asked(thing, world, browser, post=nobodys) == theirs, (thing, nobodys)
                    count += 1
        assert rows_of(sqlite_app) == before
    record_property("scope: posts of others compared with posts that are not there", count)


def rows_about(app: Flask, participant_id: int) -> dict[str, list[str]]:
    """Every row that names this participant."""
    with app.app_context():
        found = {
            table.name: sorted(
                repr(row)
                for row in db.session.execute(select(table).where(table.c.participant_id == participant_id))
            )
            for table in METADATA.sorted_tables
            if "participant_id" in table.c
        }
        db.session.remove()
    return found


def test_what_one_participant_sends_changes_nothing_of_another(
    sqlite_app: Flask, record_property: Noting
) -> None:
    count = 0
    with made_world(sqlite_app) as world:
        for thing in things(sqlite_app, *RESIDENTS):
            if not thing.is_sent:
                continue
            others = [who for who in RESIDENTS if who != thing.who]
            ids = [world.scenes[thing.moment].people[who].participant_id for who in others]
            before = [rows_about(sqlite_app, each) for each in ids]
            thing.ask(world, right_browser(world)(thing))
            assert [rows_about(sqlite_app, each) for each in ids] == before, thing
            world.restore()
            count += len(ids)
    record_property("scope: other participants looked at after a form", count)


def test_what_somebody_typed_waits_for_them_alone(sqlite_app: Flask) -> None:
    path = "/consultations/place-forum/forum/t1/reply"
    words = "The owls are loud at noon"
    with made_world(sqlite_app) as world:
        me = world.scenes[F].people[ANSWERED]
        with sqlite_app.app_context():
            typed = MultiDict({"text": words})
            config = sqlite_app.config["CONSULT"]
            kept_forms.keep(me.participant_id, me.consultation_id, path, typed, config=config)
            db.session.commit()
        assert words in world.browser(ANSWERED, F).client().get(path).text
        for who in (OTHER, SENT):
            assert words not in world.browser(who, F).client().get(path).text


def test_a_rehearsal_is_walked_by_its_officer_alone(sqlite_app: Flask) -> None:
    with made_world(sqlite_app) as world:
        with sqlite_app.app_context():
            slug = world.scenes[D].slug
            second = make_staff("second@abbeyford.example", Role.OFFICER, get_consultation(slug))
            number = db.session.scalars(select(Rehearsal.id)).one()
        browser = browser_of(sign_in(PageClient(sqlite_app), second))
        before = rows_of(sqlite_app)
        answer = Thing("officer.desk.carry_on_rehearsing", is_sent=True, who="officer", moment=D).ask(
            world, browser
        )
        assert answer.status_code == 409
        join = f"/consultations/{slug}/join"
        is_walked = "You are rehearsing"
        assert is_walked in walking(world.browsers["officer"], number).get(join).text
        for other in (browser, world.browsers["officer elsewhere"], world.browsers["moderator"]):
            assert is_walked not in walking(other, number).get(join).text
        assert rows_of(sqlite_app) == before


def walking(browser: Browser, rehearsal: int) -> PageClient:
    """A browser whose cookie names that rehearsal."""
    client = browser.client()
    with client.session_transaction() as session:
        session[current.REHEARSAL] = rehearsal
    return client


def lose_roles(world: World) -> None:
    """Staff keep every role but those in the places of the world; they stay signed in."""
    ids = [world.staff[role].id for role in STAFFS]
    places = [scene.id for scene in world.scenes.values()]
    db.session.execute(
        delete(StaffRole).where(StaffRole.staff_id.in_(ids), StaffRole.consultation_id.in_(places))
    )


def take_roles(world: World) -> None:
    """An administrator takes one role of each, which signs them out everywhere."""
    administrator = Actor("staff/0", frozenset({Role.ADMINISTRATOR}))
    place = standing_of(get_consultation(world.scenes[S].slug))
    for role in STAFFS:
        take_role(administrator, world.staff[role].id, role=Role(role), place=place)


def end_staff_sessions(world: World) -> None:
    for role in STAFFS:
        sessions.end_all(world.staff[role].id)


@pytest.mark.parametrize("lose", [lose_roles, take_roles, end_staff_sessions])
def test_staff_are_refused_a_second_later(
    sqlite_app: Flask, lose: Callable[[World], None], record_property: Noting
) -> None:
    with made_world(sqlite_app) as world:
        with sqlite_app.app_context():
            lose(world)
            db.session.commit()
            db.session.remove()
        with clock.frozen(clock.now() + timedelta(seconds=1)):
            wrong, count = refused(world, things(sqlite_app, *STAFFS), right_browser(world))
    record_property("scope: tried by staff a second after they had been allowed to", count)
    assert wrong == []


def end_resident_sessions(world: World) -> None:
    for scene in world.scenes.values():
        for made in scene.people.values():
            resident_sessions.end(made.session_id)


def withdraw_all(world: World) -> None:
    """Everybody leaves for good, in another browser; what they wrote stays."""
    for moment in (S, A, F, U):
        scene = world.scenes[moment]
        place = get_consultation(scene.slug)
        for made in scene.people.values():
            roles = {scene.id: frozenset({Role.RESIDENT})}
            me = Actor(
                f"participant/{made.participant_id}", frozenset(), roles, participant_id=made.participant_id
            )
            config = world.app.config["CONSULT"]
            withdraw(me, place, made.participant_id, keeps_answers=True, config=config)


@pytest.mark.parametrize("lose", [end_resident_sessions, withdraw_all])
def test_participants_are_refused_a_second_later(
    sqlite_app: Flask, lose: Callable[[World], None], record_property: Noting
) -> None:
    with made_world(sqlite_app) as world:
        with sqlite_app.app_context():
            lose(world)
            db.session.commit()
            db.session.remove()
        with clock.frozen(clock.now() + timedelta(seconds=1)):
            wrong, count = refused(world, things(sqlite_app, *RESIDENTS), right_browser(world), {302, 403})
    record_property("scope: tried by participants a second after they had been allowed to", count)
    assert wrong == []


def test_after_a_quarter_of_an_hour_a_form_is_kept_and_has_no_effect(
    sqlite_app: Flask, record_property: Noting
) -> None:
    with made_world(sqlite_app) as world:
        before, count = rows_of(sqlite_app), 0
        with clock.frozen(clock.now() + timedelta(minutes=15, seconds=1)):
            for thing in things(sqlite_app, *RESIDENTS):
                answer = thing.ask(world, right_browser(world)(thing))
                assert answer.status_code in {302, 303}, thing
                assert answer.location == "/return?closed=1", thing
                count += 1
        after = rows_of(sqlite_app)
        assert {table for table in before if before[table] != after[table]} <= {"kept_form"}
    record_property("scope: tried after 15 minutes without use", count)


def test_what_is_not_refused_would_be_found(sqlite_app: Flask) -> None:
    with made_world(sqlite_app) as world:
        reply = Thing("resident.forum.reply", is_sent=True, who=ANSWERED, moment=F)
        wrong, _count = refused(world, [reply], lambda _: world.browser(OTHER, F))
    assert wrong[0].startswith(f"{replace(reply)}: 303")
    assert "wrote to post" in wrong
