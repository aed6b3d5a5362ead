"""A consultation at each of the nine moments, people of every role, and the way back to how it all was.

A deed that is allowed changes the world. Whoever tries many of them therefore brings the database back
after each, as a whole, by `World.restore`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
from flask import Flask
from sqlalchemy import select, update

from consult import clock
from consult.access import CONSULTATION_ROLES, OPERATOR, Moment, Role
from consult.accounts.codes import Pair
from consult.accounts.models import StaffRole
from consult.analysis.service import freeze_if_closed
from consult.consultations.models import (
    Consultation,
    Participant,
    Progress,
    Rehearsal,
    State,
    Submission,
    Wave,
)
from consult.db import db
from consult.forum.models import PostState
from consult.recruitment import turnout
from consult.recruitment.models import AskedAt
from consult.surveys.models import Asked, Item
from consult.surveys.service import NewAnswer, record_answers
from tests.making.accounts import MadeStaff, cookie_of, make_link, make_staff, secret_of, sign_in
from tests.making.codes import make_pair
from tests.making.coding import ELSEWHERE as OTHER_WORDS
from tests.making.coding import make_coded
from tests.making.facilitation import make_facilitated, make_prompt
from tests.making.forum import find_post, get_thread, make_draft, make_post, make_thread
from tests.making.incentives import ISSUED, OWED, make_due, make_offer, today
from tests.making.joining import make_demographic
from tests.making.keeping import Saved, rows_of
from tests.making.moderation import make_alarming, make_appeal, make_hidden, make_message
from tests.making.panels import make_wanted
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.making.publicity import make_channel
from tests.making.summaries import make_asked
from tests.page_client import PageClient

PLACES = {
    Moment.DRAFT: "draft",
    Moment.SURVEY: "survey",
    Moment.SUMMARISING: "summarising",
    Moment.FORUM: "forum",
    Moment.BETWEEN: "between",
    Moment.FOLLOW_UP: "follow_up",
    Moment.CLOSED: "closed",
    Moment.PUBLISHED: "closed",
    Moment.ARCHIVED: "closed",
}
# Who takes part, by how far they have come. Each of them is there at every moment.
NEWCOMER, ANSWERED, SENT, OTHER = "newcomer", "answered", "sent", "other"
RESIDENTS = (NEWCOMER, ANSWERED, SENT, OTHER)
VISITOR, OUTSIDER = "visitor", "resident elsewhere"
OVER = frozenset({Moment.CLOSED, Moment.PUBLISHED, Moment.ARCHIVED})
AFTER_FORUM = OVER | {Moment.FOLLOW_UP}
WITH_FORUM = AFTER_FORUM | {Moment.FORUM, Moment.BETWEEN}
WORDS = "I sleep badly on Fridays."
ELSEWHERE = "bins-2026"


@dataclass(frozen=True)
class Scene:
    """One consultation at one moment, and what in it a form or an address may name."""

    moment: Moment
    id: int
    slug: str
    title: str
    version: int
    people: dict[str, MadeResident]
    pairs: dict[str, Pair]

    @property
    def seed(self) -> str:
        """The topic that is there at this moment: a draft of a summary, or the open forum's first."""
        return "seed-1" if self.moment is Moment.SUMMARISING else "t1"

    def post_of(self, who: str) -> str:
        """The key of what that resident wrote in the forum."""
        return f"by-{who}"


@dataclass
class Browser:
    """What a browser carries: a cookie, and the token that belongs to it. Each request starts from these."""

    app: Flask
    cookie: str
    token: str

    def client(self) -> PageClient:
        """A browser in the state that is kept here."""
        client = PageClient(self.app)
        client.set_cookie("session", self.cookie)
        return client


def browser_of(client: PageClient) -> Browser:
    """The state of that browser, for any number of requests that know nothing of each other."""
    token = client.any_token()
    return Browser(client.application, cookie_of(client), token)


@dataclass
class World:
    """Everything there is, as it was made."""

    app: Flask
    scenes: dict[Moment, Scene]
    browsers: dict[str, Browser]
    residents: dict[tuple[Moment, str], Browser]
    staff: dict[str, MadeStaff]
    link: str
    link_secret: str
    saved: Saved

    def new_code(self) -> str:
        """The code that the app of the new member of staff shows now."""
        return pyotp.TOTP(self.link_secret).at(clock.now())

    def browser(self, who: str, moment: Moment) -> Browser:
        """The browser of a resident of that consultation, or of anybody else."""
        return self.residents[moment, who] if who in RESIDENTS else self.browsers[who]

    def restore(self) -> None:
        """Every row is as it was when the world had been made."""
        self.saved.restore(self.app)

    def has_changed(self) -> set[str]:
        """The tables that do not hold what they held, but for those that a request changes by itself."""
        now = rows_of(self.app)
        return {table for table in now if now[table] != self.saved.rows[table]}


@contextmanager
def made_world(app: Flask) -> Iterator[World]:
    """The world, and inside the `with` a clock that stands still.

    On SQLite it is made once in a process: every later one begins with the same file at the same time.
    """
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        at = clock.now().replace(microsecond=0)
        with clock.frozen(at):
            world = _new_world(app)
            try:
                yield world
            finally:
                world.saved.forget()
        return
    if not _made:
        with clock.frozen(clock.now().replace(microsecond=0)):
            world = _new_world(app)
            _made.append((clock.now(), world, Path(world.saved.name).read_bytes()))
    [(at, first, content)] = _made
    with clock.frozen(at):
        world = replace(first, app=app, saved=first.saved.beside(app, content))
        for browser in (*world.browsers.values(), *world.residents.values()):
            browser.app = app
        world.restore()
        yield world


_made: list[tuple[datetime, World, bytes]] = []


def _new_world(app: Flask) -> World:
    with app.app_context():
        places = {moment: _make_place(moment) for moment in Moment}
        elsewhere = make_place("survey", slug=ELSEWHERE)
        staff = {role.value: _make_staff(role, [*places.values()]) for role in CONSULTATION_ROLES}
        staff |= {
            f"{role.value} elsewhere": _make_staff(role, [elsewhere], "bins") for role in CONSULTATION_ROLES
        }
        staff["administrator"] = make_staff("admin@abbeyford.example", Role.ADMINISTRATOR)
        staff["member"] = make_staff("member@abbeyford.example", Role.MODERATOR, places[Moment.DRAFT])
        people = {moment: _make_people(place) for moment, place in places.items()}
        scenes = {moment: _scene(moment, places[moment], people[moment]) for moment in Moment}
        outsider = make_resident(elsewhere)
        for moment in Moment:
            if moment is not Moment.DRAFT:
                # Not the item that is summarised: a summary waits until every difference is decided.
                make_coded(places[moment], key=OTHER_WORDS, with_queue=moment is not Moment.SURVEY)
            _furnish(places[moment], scenes[moment], staff)
        link = make_link("new@abbeyford.example", Role.ANALYST, elsewhere)
        link_secret = secret_of(link)
        db.session.commit()
        db.session.remove()
    browsers = {name: browser_of(sign_in(PageClient(app), made)) for name, made in staff.items()}
    browsers |= {VISITOR: browser_of(PageClient(app)), OUTSIDER: browser_of(as_resident(app, outsider))}
    residents = {
        (moment, who): browser_of(as_resident(app, made))
        for moment, scene in scenes.items()
        for who, made in scene.people.items()
    }
    return World(app, scenes, browsers, residents, staff, link, link_secret, Saved(app))


def _make_place(moment: Moment) -> Consultation:
    place = make_place(PLACES[moment], slug=f"place-{moment.name.lower().replace('_', '-')}")
    place.title = f"Late hours, {moment.name.lower().replace('_', ' ')}"
    place.summary, place.decision = "Shops want to open later.", "Whether they may."
    place.decided_by, place.use = "The made-up cabinet", "The cabinet reads the results."
    if moment is Moment.DRAFT:
        mine = update(Item).where(Item.consultation_id == place.id)
        db.session.execute(mine.values(approved_version=Item.version))
    make_demographic(place, asked=AskedAt.AFTER)
    make_channel(place)
    make_wanted(place)
    make_offer(place)
    make_due(place, OWED)
    make_due(place, ISSUED, issued_at=today())
    return place


def _make_staff(role: Role, places: list[Consultation], where: str = "here") -> MadeStaff:
    made = make_staff(f"{role.value}.{where}@abbeyford.example", role, places[0])
    for place in places[1:]:
        db.session.add(StaffRole(staff_id=made.id, consultation_id=place.id, role=role))
    db.session.commit()
    return made


def _make_people(place: Consultation) -> dict[str, tuple[MadeResident, Pair]]:
    """Everybody with a code; the newcomer has yet to write it down."""
    made = {who: make_resident(place, name=f"{who.capitalize()} Heron") for who in RESIDENTS}
    if place.state is State.DRAFT:  # nobody takes part in a draft but who rehearses it
        ids = [resident.participant_id for resident in made.values()]
        db.session.execute(update(Participant).where(Participant.id.in_(ids)).values(is_rehearsal=True))
    return {who: (resident, make_pair(resident, is_held=who == NEWCOMER)) for who, resident in made.items()}


def _scene(moment: Moment, place: Consultation, people: dict[str, tuple[MadeResident, Pair]]) -> Scene:
    return Scene(
        moment=moment,
        id=place.id,
        slug=place.slug,
        title=place.title,
        version=place.version,
        people={who: made for who, (made, _pair) in people.items()},
        pairs={who: pair for who, (_made, pair) in people.items()},
    )


def _furnish(place: Consultation, scene: Scene, staff: dict[str, MadeStaff]) -> None:
    """What people have done by this moment: answers, posts, drafts of summaries, a rehearsal, results."""
    _answer(place, scene, Wave.PRE)
    if scene.moment in AFTER_FORUM:
        _answer(place, scene, Wave.POST)
    if scene.moment is Moment.SUMMARISING:
        for n in (1, 2):
            make_thread(place, f"seed-{n}", state=PostState.AWAITING, position=n)
        make_asked(place, scene.people[ANSWERED].participant_id)
    if scene.moment in WITH_FORUM:
        _talk(place, scene)
        _moderate(place, scene.people[ANSWERED].participant_id, staff)
        make_facilitated(place, find_post(get_thread(place), scene.post_of(OTHER)))
    make_prompt(place, days=30)
    if scene.moment is Moment.DRAFT:
        columns = {"consultation_id": place.id, "staff_id": staff["officer"].id, "offset_seconds": 0}
        db.session.add(Rehearsal(began_at=clock.wall(), **columns))
    if scene.moment in OVER - {Moment.CLOSED}:  # from then on no stage can be opened again
        freeze_if_closed(OPERATOR, place)
    if scene.moment in {Moment.PUBLISHED, Moment.ARCHIVED}:
        place.results_published_at = clock.now()
    if scene.moment is Moment.ARCHIVED:
        place.state = State.ARCHIVED
    db.session.commit()


def _talk(place: Consultation, scene: Scene) -> None:
    """Two have posted; while the forum is open one of them has typed something more."""
    for who in (ANSWERED, OTHER):
        by = scene.people[who].participant_id
        make_post(get_thread(place), scene.post_of(who), WORDS, by=by, ago=timedelta(minutes=1))
    if scene.moment is Moment.FORUM:
        make_draft(get_thread(place), WORDS, by=scene.people[ANSWERED].participant_id)


def _moderate(place: Consultation, me: int, staff: dict[str, MadeStaff]) -> None:
    """Three posts are hidden; their writer has answered two decisions, and written to the moderators."""
    make_hidden(place, f"hidden-{ANSWERED}", by=me, staff_id=staff["moderator"].id)
    for key, decider in (("appealed", "moderator"), ("own", "officer")):
        decision = make_hidden(place, f"{key}-{ANSWERED}", by=me, staff_id=staff[decider].id)
        make_appeal(decision, by=me)
    make_alarming(place, f"hidden-{ANSWERED}")
    make_message(place, by=me)


def _answer(place: Consultation, scene: Scene, wave: Wave) -> None:
    """Two have come past every item. One has sent; both have, in the first survey once it is over."""
    items = db.session.execute(
        select(Item.id, Item.form, Item.role)
        .join(Asked, Asked.item_id == Item.id)
        .where(Item.consultation_id == place.id, Asked.wave == wave)
    ).all()
    is_first_over = wave is Wave.PRE and scene.moment not in {Moment.DRAFT, Moment.SURVEY}
    for who in (ANSWERED, SENT):
        me = scene.people[who].participant_id
        record_answers(
            OPERATOR,
            place,
            [
                NewAnswer(me, item.id, wave.value, item.form.value, "skipped", answered_at=clock.now())
                for item in items
                if item.role.value != "perceived"
            ],
        )
        is_sent = who == SENT or is_first_over
        status = Progress.SUBMITTED if is_sent else Progress.STARTED
        db.session.add(Submission(participant_id=me, consultation_id=place.id, wave=wave, status=status))
    turnout.recount(place.id)
    db.session.commit()
