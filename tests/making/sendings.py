"""Every form of the product, as somebody who may send it fills it in: who, at which moment, and with what.

A new POST route needs an entry, else a test fails. What many tests then do with it: send it as everybody at
every moment, twenty times at once, with fields that it does not have, or a second after the role is gone.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.access import Moment
from consult.coding.rules import fingerprint
from consult.db import db
from consult.web.once import new_token
from tests.making.accounts import enter_password
from tests.making.coding import ELSEWHERE as OTHER_WORDS
from tests.making.coding import theme_id_of
from tests.making.desk import all_dates, dates, in_days
from tests.making.facilitation import CLOSED, prompt_of
from tests.making.incentives import ISSUED, OWED
from tests.making.joining import CHOICES
from tests.making.moderation import numbers_of
from tests.making.panels import change_of
from tests.making.publicity import CHANNEL, VERSION
from tests.making.summaries import asked_position_of, names_of
from tests.making.target_files import AGES, tidy
from tests.making.world import ANSWERED, NEWCOMER, OTHER, SENT, VISITOR, Browser, Scene, World, browser_of
from tests.page_client import PageClient

Typed = dict[str, str | bytes]  # bytes are a file
D, S, A, F, B, U, C = (
    Moment.DRAFT,
    Moment.SURVEY,
    Moment.SUMMARISING,
    Moment.FORUM,
    Moment.BETWEEN,
    Moment.FOLLOW_UP,
    Moment.CLOSED,
)
OFFICER, MODERATOR, ANALYST, ADMINISTRATOR = "officer", "moderator", "analyst", "administrator"
STAGES = {D: "survey", S: "survey", A: "forum", F: "forum"}  # the stage that is moved at each moment
CODING = ("analyst.coding.", "analyst.texts.")  # about the items that people answer in words
# The one whose texts are being read; of the other there are themes only.
READING = (
    "analyst.texts.",
    "analyst.coding.bring_in",
    "analyst.coding.agreement",
    "analyst.analysis.end_coding",
)
HOURS = (
    "The number of places in Abbeyford selling alcohol late at night should be …",
    "cut a lot",
    "increased a lot",
)


def nothing(_world: World, _scene: Scene, _who: str) -> Typed:
    """A form that is a button."""
    return {}


def always(**typed: str) -> "Callable[[World, Scene, str], Typed]":
    """The same for everybody everywhere."""
    return lambda _world, _scene, _who: {name.replace("_x_", "-"): value for name, value in typed.items()}


def versioned(**typed: str | bytes) -> "Callable[[World, Scene, str], Typed]":
    """The same, for the consultation as it is."""
    return lambda _world, scene, _who: {"version": str(scene.version), **typed}


@dataclass(frozen=True)
class Sending:
    """One form. ``writes`` is a table that it changes, if it changes the record at all."""

    who: str
    moment: Moment
    writes: str | None
    typed: Callable[[World, Scene, str], Typed] = nothing
    args: tuple[tuple[str, str], ...] = ()  # of the address, beside what the scene says
    before: Callable[[PageClient, World], Any] | None = None  # how the browser gets to the form
    status: int = 303


def _password(client: PageClient, world: World) -> None:
    enter_password(client, world.staff["member"])


def _code_of_app(world: World, _scene: Scene, _who: str) -> Typed:
    return {"code": replace(world.staff["member"]).code()}  # of a copy: the next one may have it too


def _set_up(world: World, _scene: Scene, _who: str) -> Typed:
    return {"password": "violet teapot marching", "code": world.new_code()}


def _publishing(_world: World, scene: Scene, _who: str) -> Typed:
    return {"version": str(scene.version), "title": scene.title}


def _timetable(_world: World, scene: Scene, _who: str) -> Typed:
    return {"version": str(scene.version), **all_dates(20)}


def _later(_world: World, scene: Scene, _who: str) -> Typed:
    """A few days longer, or open again; the next stage does not begin before that."""
    closes = {S: 16, A: 23, F: 18, B: 21, U: 14}.get(scene.moment, 5)
    reason = "The library was shut."
    return {"version": str(scene.version), "reason": reason, **dates("", in_days(6), in_days(closes))}


def _role(world: World, scene: Scene, _who: str) -> Typed:
    del world
    return {"role": "assistant", "consultation": scene.slug}


def _prompt(_world: World, _scene: Scene, _who: str) -> Typed:
    """What people are asked to think about in 40 days."""
    at = in_days(40)
    day = {f"appears_on-{part}": str(getattr(at, part)) for part in ("day", "month", "year")}
    return {"version": "1", "text": "What did you not know?", "lead": "", **day}


def _rating(world: World, scene: Scene, _who: str) -> Typed:
    """How fair the account is that stands on the page."""
    with world.app.app_context():
        position = asked_position_of(scene.slug)
        db.session.remove()
    return {"rating": "5", "version": "2", "position": str(position or 0), "suggestion": ""}


ABOUT = {
    "title": "Later hours",
    "summary": "Shops want to open later.",
    "decision": "Whether they may.",
    "decided_by": "The made-up cabinet",
    "area": "Abbeyford",
    "minimum_age": "16",
    "use": "The cabinet reads the results.",
}
CORRECTED = {
    "reason": "A slip.",
    "same_meaning": "y",
    "text_0": HOURS[0].replace("alcohol", "drink"),
    "text_1": HOURS[1],
    "text_2": HOURS[2],
}
THANKS = {"kind": "time_credits", "label": "Time credits", "survey": "5", "follow_up": "2.50"}
SEED = {"title": "Hours", "body": "Some want more, some fewer.", "item": "hours"}

SENDINGS: dict[str, Sending] = {
    "public.languages.choose": Sending(VISITOR, S, None, always(language="cy")),
    "public.recruitment.join": Sending(VISITOR, S, "participant", always(**CHOICES)),
    "public.returning.enter_code": Sending(
        VISITOR, F, None, lambda _w, scene, _who: {"code": scene.pairs[ANSWERED].code, "shared": "yes"}
    ),
    "public.returning.lost": Sending(
        VISITOR,
        F,
        "return_code",
        lambda _w, scene, _who: {"serial": scene.pairs[ANSWERED].serial, "shared": "yes"},
    ),
    "public.returning.finish": Sending(ANSWERED, F, None),
    "public.returning.hide": Sending(ANSWERED, F, None),
    "public.returning.stay": Sending(ANSWERED, F, None, status=204),
    "resident.recruitment.name": Sending(NEWCOMER, S, "membership", always(choice="own", own="Brave Wren")),
    "resident.recruitment.about_you": Sending(NEWCOMER, S, "participant_demographic", always(said="16-24")),
    "resident.recruitment.code": Sending(NEWCOMER, S, None, always(written="y")),
    "resident.surveys.survey": Sending(ANSWERED, S, "answer", always(answer="2")),
    "resident.surveys.survey_about_you": Sending(ANSWERED, S, "participant_demographic", always(said="rent")),
    "resident.surveys.check_survey": Sending(ANSWERED, S, "submission"),
    "resident.surveys.follow_up": Sending(ANSWERED, U, "answer", always(answer="2")),
    "resident.surveys.check_follow_up": Sending(ANSWERED, U, "submission"),
    "resident.surveys.your_views": Sending(SENT, U, "answer", lambda *_: {"about-10-answer": "Bo did."}),
    "resident.forum.reply": Sending(ANSWERED, F, "post", always(text="I see it otherwise.", to="")),
    "resident.forum.mail": Sending(ANSWERED, F, "digest", always(address="quiet.heron@mail.example")),
    "public.forum.stop_mail": Sending(VISITOR, F, None, args=(("token", "0" * 64),), status=200),
    "resident.forum.throw_away": Sending(ANSWERED, F, "post_draft"),
    "resident.forum.edit": Sending(ANSWERED, F, "post", always(text="On Saturdays too.", version="1")),
    "resident.forum.withdraw": Sending(ANSWERED, F, "post"),
    "resident.rights.consent": Sending(ANSWERED, F, "membership", always(quote="no", messages="yes")),
    "resident.rights.new_code": Sending(ANSWERED, F, "return_code"),
    "resident.rights.download": Sending(
        ANSWERED,
        F,
        "audit_entry",
        lambda _w, scene, who: {"code": scene.pairs[who].code if who in scene.pairs else "", "kind": "data"},
        status=200,
    ),
    "resident.incentives.choose": Sending(SENT, F, "incentive_due", always(choice="choice-1")),
    "resident.incentives.contact": Sending(SENT, F, "contact", always(contact="sent.heron@post.example")),
    "resident.incentives.forget_contact": Sending(SENT, F, None),
    "resident.rights.withdraw": Sending(ANSWERED, F, "membership", always(answers="delete", confirmed="yes")),
    "officer.desk.create": Sending(
        OFFICER, D, "consultation", always(start="template", title="Night buses", slug="night-buses")
    ),
    "officer.desk.people": Sending(
        OFFICER, D, "demographic", versioned(question_age_band="no", question_tenure="joining")
    ),
    "officer.desk.rehearse": Sending(OFFICER, D, "rehearsal", always(step="survey")),
    "officer.desk.carry_on_rehearsing": Sending(OFFICER, D, None),
    "officer.desk.rehearse_again": Sending(OFFICER, D, None),
    "officer.desk.end_rehearsal": Sending(OFFICER, D, "rehearsal"),
    "officer.desk.publish": Sending(OFFICER, D, "consultation", _publishing),
    "officer.consultations.about": Sending(OFFICER, D, "consultation", versioned(**ABOUT)),
    "officer.consultations.timetable": Sending(OFFICER, D, "stage", _timetable),
    "officer.consultations.extend": Sending(OFFICER, S, "stage", _later),
    "officer.consultations.close": Sending(OFFICER, S, "stage", versioned(reason="A fault.")),
    "officer.surveys.add": Sending(
        OFFICER,
        D,
        "item",
        always(action="save", stem="At night I mostly hear …", role="attitude", waves="both"),
        args=(("form", "open"),),
    ),
    "officer.surveys.edit": Sending(
        OFFICER,
        D,
        "item",
        always(
            action="save",
            version="1",
            stem="The number of late shops near me should be …",
            key="hours",
            role="attitude",
            waves="both",
            points="5",
            first="1",
            low="cut a lot",
            high="increased a lot",
            between_0="",
            between_1="",
            between_2="",
            favour_from="4",
        ),
    ),
    "officer.surveys.sentences": Sending(OFFICER, D, None, always(version="1", reads_well="y")),
    "officer.surveys.move": Sending(OFFICER, D, "item", always(move="down depth")),
    "officer.surveys.remove": Sending(OFFICER, D, "item", always(version="1")),
    "officer.surveys.correct": Sending(OFFICER, S, "item_correction", always(version="1", **CORRECTED)),
    "officer.representation.panel": Sending(OFFICER, D, "panel", versioned(size="80", retention="60")),
    "officer.representation.groups": Sending(
        OFFICER, D, "target", versioned(population_0="40000", aim_1="30"), args=(("key", "age_band"),)
    ),
    "officer.representation.bring_in": Sending(OFFICER, D, "target", versioned(file=tidy(*AGES))),
    "analyst.representation.bring_in": Sending(ANALYST, D, "target", versioned(file=tidy(*AGES))),
    "officer.two_questions.numbers": Sending(
        OFFICER,
        D,
        "target",
        versioned(aim_0_0="20", maximum_1_1="30"),
        args=(("one", "age_band"), ("other", "tenure")),
    ),
    "officer.representation.raise_limit": Sending(
        OFFICER, S, "limit_change", always(to="70", reason="More people came than we hoped for.")
    ),
    "officer.representation.change": Sending(OFFICER, S, "limit_change"),
    "officer.incentives.plan": Sending(OFFICER, D, "incentive_plan", versioned(for_whom="panel")),
    "officer.incentives.add": Sending(OFFICER, D, "incentive", versioned(**THANKS)),
    "officer.incentives.change": Sending(
        OFFICER, D, "incentive", versioned(**THANKS), args=(("key", "choice-1"),)
    ),
    "officer.incentives.remove": Sending(OFFICER, D, "incentive", versioned(), args=(("key", "choice-1"),)),
    "officer.incentives.ledger": Sending(OFFICER, F, "incentive_due", always(number=OWED)),
    "officer.incentives.find": Sending(OFFICER, F, None, always(number=OWED), status=200),
    "officer.incentives.collect": Sending(OFFICER, F, "incentive_due", always(number=OWED)),
    "officer.incentives.undo": Sending(OFFICER, F, "incentive_due", always(number=ISSUED, why="not_given")),
    "officer.incentives.file": Sending(OFFICER, F, "audit_entry", status=200),
    "officer.publicity.add": Sending(OFFICER, S, "channel", always(label="The fair", kind="other")),
    "officer.publicity.change": Sending(
        OFFICER, S, "channel", always(version=VERSION, label="Mill Road", kind="library", cost="99")
    ),
    "officer.publicity.remove": Sending(OFFICER, S, "channel", always(version=VERSION)),
    "moderator.forum.add_seed": Sending(MODERATOR, A, "thread", always(version="0", **SEED)),
    "moderator.forum.edit_seed": Sending(MODERATOR, A, "post", always(version="1", **SEED)),
    "moderator.forum.move_seed": Sending(MODERATOR, A, "thread", always(move="down")),
    "moderator.forum.remove_seed": Sending(MODERATOR, A, "thread"),
    "moderator.forum.publish": Sending(OFFICER, A, "post"),
    "moderator.summaries.begin": Sending(MODERATOR, A, "summary"),
    "moderator.summaries.summary": Sending(
        MODERATOR, A, "summary", always(version="2", title="Noise", counts_shown="at_once", override="")
    ),
    "moderator.summaries.remove": Sending(MODERATOR, A, "summary"),
    "moderator.summaries.draw": Sending(MODERATOR, A, "quotation", always(position="the-shops")),
    "moderator.summaries.review": Sending(MODERATOR, A, "quotation", always(verdict="refuse")),
    "moderator.summaries.invite": Sending(MODERATOR, A, "fairness_rating"),
    "resident.summaries.account": Sending(ANSWERED, A, "fairness_rating", _rating),
    "moderator.forum.speak": Sending(
        MODERATOR, F, "post", always(title="What is new?", text="Tell us about your street.")
    ),
    "resident.forum.start": Sending(
        ANSWERED, F, "thread", always(title="Taxis", text="Where do they stop?", to="", asks="y")
    ),
    "moderator.facilitation.answer": Sending(MODERATOR, F, "enquiry", always(text="Yes, from May.")),
    "moderator.facilitation.decline": Sending(MODERATOR, F, "enquiry", always(told="Ask the bus company.")),
    "moderator.facilitation.pin": Sending(OFFICER, F, "pin", always(do="pin")),
    "moderator.facilitation.conclude": Sending(OFFICER, F, "conclusion", always(text="You want a trial.")),
    "moderator.facilitation.reopen": Sending(OFFICER, F, "conclusion", always(why="There is news.")),
    "moderator.facilitation.add_prompt": Sending(OFFICER, A, "dated_prompt", _prompt),
    "moderator.facilitation.change_prompt": Sending(OFFICER, A, "dated_prompt", _prompt),
    "moderator.facilitation.remove_prompt": Sending(OFFICER, A, "dated_prompt"),
    "public.moderation.report": Sending(VISITOR, F, "report", always(concern="attack", words="")),
    "resident.moderation.hidden": Sending(ANSWERED, F, "appeal", always(words="It was in the paper.")),
    "resident.moderation.message": Sending(ANSWERED, F, "message", always(words="It is too loud in here.")),
    "moderator.moderation.reply": Sending(
        MODERATOR, F, "message", always(answer="We shall be quieter."), args=(("of", "message"),)
    ),
    "moderator.moderation.seen_to": Sending(MODERATOR, F, "post"),
    "moderator.moderation.decide": Sending(
        MODERATOR, F, "decision", always(verdict="hide", reason="attack", note="", version="1")
    ),
    "moderator.moderation.answer": Sending(
        OFFICER, F, "appeal", always(outcome="upheld", answer="It stands.")
    ),
    "moderator.moderation.stop": Sending(MODERATOR, F, "suspension", always(told="You threatened people.")),
    "moderator.moderation.let_post": Sending(MODERATOR, F, None),
    "moderator.moderation.read_first": Sending(OFFICER, F, "forum_setting", always(checked="all")),
    # Too few people, and nothing to take back: tests/forum/grouping makes groups.
    "officer.groups.page": Sending(OFFICER, A, None, always(size="10"), status=422),
    "officer.groups.again": Sending(
        OFFICER, A, None, always(version="1", size="10", instead="again", reason="Ana was ill."), status=409
    ),
    "analyst.analysis.make_comparison": Sending(ANALYST, C, None),
    "analyst.analysis.end_coding": Sending(ANALYST, C, None, status=409),  # unread
    "analyst.analysis.weights": Sending(ANALYST, C, None, status=422),  # nothing is chosen
    "analyst.coding.add_theme": Sending(OFFICER, A, "theme", always(label="Parking")),
    "analyst.coding.change_theme": Sending(
        ANALYST,
        A,
        "theme",
        always(label="Shops", seen=fingerprint("The shops", None, None, None, None)),
    ),
    "analyst.coding.move_theme": Sending(OFFICER, A, "theme", always(move="down the-people")),
    "analyst.coding.retire_theme": Sending(OFFICER, A, "theme", always(to="out")),
    "analyst.coding.freeze": Sending(OFFICER, A, "codebook"),
    "analyst.coding.suggest": Sending(ANALYST, A, None, always(k="1"), status=422),  # too few
    "analyst.coding.start": Sending(
        ANALYST,
        A,
        "coding_queue",
        always(double_percent="20", again_percent="10"),
    ),
    "analyst.coding.bring_in": Sending(OFFICER, A, "queued_text"),
    "analyst.texts.read": Sending(
        ANALYST, A, "judgement", always(place="2", codebook="1", held="theme the-shops")
    ),
    "analyst.texts.decide": Sending(OFFICER, A, "judgement", always(place="1", codebook="1", held="none")),
    "analyst.texts.columns": Sending(
        ANALYST, A, "judgement", always(codebook="1", file=b"id,codes\r\n2,the-shops\r\n")
    ),
    "analyst.texts.download": Sending(ANALYST, A, "audit_entry", status=200),
    "analyst.exports.download": Sending(
        ANALYST, Moment.PUBLISHED, "audit_entry", always(kind="csv", weights="none"), status=200
    ),
    "admin.accounts.add": Sending(
        ADMINISTRATOR,
        S,
        "staff",
        lambda _w, scene, _who: {
            "email": "newer@abbeyford.example",
            "role": "analyst",
            "consultation": scene.slug,
        },
        status=200,
    ),
    "admin.accounts.give_role": Sending(ADMINISTRATOR, S, "staff_role", _role),
    "admin.accounts.take_role": Sending(
        ADMINISTRATOR,
        D,
        "staff_role",
        lambda _w, scene, _who: {"role": "moderator", "consultation": scene.slug},
    ),
    "admin.accounts.reset": Sending(ADMINISTRATOR, S, "set_up_link", status=200),
    "admin.accounts.end_sessions": Sending(ADMINISTRATOR, S, "audit_entry"),
    "admin.accounts.switch": Sending(ADMINISTRATOR, S, "staff", always(to="off")),
    "staff.accounts.set_up": Sending(VISITOR, S, "staff", _set_up),
    "staff.accounts.sign_in": Sending(
        VISITOR,
        S,
        None,
        lambda world, _scene, _who: {
            "email": world.staff["member"].email,
            "password": world.staff["member"].password,
        },
    ),
    "staff.accounts.code": Sending(VISITOR, S, "audit_entry", _code_of_app, before=_password),
    "staff.accounts.sign_out": Sending(OFFICER, S, "audit_entry"),
}


def rules_of(app: Flask, method: str) -> Iterable[Rule]:
    """Every route that takes this method."""
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def address_of(world: World, endpoint: str, scene: Scene, who: str, **more: Any) -> str:
    """The address of that page of the scene; what it names stands in the scene, or is ``who``'s own."""
    known = {
        "slug": scene.slug,
        "n": 1,
        "kind": STAGES.get(scene.moment, "follow_up"),
        "key": _item_of(endpoint),
        "channel": CHANNEL,
        "thread": scene.seed,
        "post": scene.post_of(who),
        "token": world.link.rpartition("/")[2],
        "staff_id": world.staff["member"].id,
        "number": 1,
        "target_id": None,
    }
    arguments = next(world.app.url_map.iter_rules(endpoint)).arguments
    if "change_id" in arguments:
        known["change_id"] = _change_of(world, scene)
    if "theme_id" in arguments:
        with world.app.app_context():
            known["theme_id"] = theme_id_of(scene.slug)
    if ".moderation." in endpoint:
        of_hidden = {"resident.moderation.hidden": who, "moderator.moderation.seen_to": ANSWERED}
        known["post"] = f"hidden-{of_hidden[endpoint]}" if endpoint in of_hidden else scene.post_of(OTHER)
        with world.app.app_context():
            numbers = numbers_of(scene.slug)
        known["number"] = numbers[more.pop("of", "number")]
    if ".facilitation." in endpoint:
        known["post"] = scene.post_of(OTHER)
        known["thread"] = CLOSED if endpoint.endswith(".reopen") else scene.seed
        with world.app.app_context():
            known["number"] = prompt_of(scene.slug)
    if ".summaries." in endpoint:
        with world.app.app_context():
            theirs = names_of(scene.slug)
        known |= {**theirs, "item": theirs["other" if endpoint.endswith(".begin") else "item"]}
    with world.app.test_request_context():
        return url_for(endpoint, **{**{name: known[name] for name in arguments}, **more})


def _item_of(endpoint: str) -> str:
    if endpoint.startswith(READING):
        return OTHER_WORDS
    return "words" if endpoint.startswith(CODING) else "hours"


def _change_of(world: World, scene: Scene) -> int:
    with world.app.app_context():
        return change_of(scene.slug)


def form_of(world: World, endpoint: str, scene: Scene, who: str, **more: str | bytes) -> Typed:
    """What ``who`` sends; fields by another name or with another value in ``more``."""
    return {"once": new_token(), **SENDINGS[endpoint].typed(world, scene, who), **more}


def send(browser: Browser, address: str, typed: Typed) -> tuple[TestResponse, PageClient]:
    """The form is sent from that browser."""
    client = browser.client()
    fields = {
        name: (io.BytesIO(said), "file") if isinstance(said, bytes) else said for name, said in typed.items()
    }
    return client.post(address, data={"csrf_token": browser.token, **fields}), client


def ready(world: World, endpoint: str) -> tuple[Browser, str, Typed]:
    """The browser of who may send this form, where it goes and what it holds."""
    sending = SENDINGS[endpoint]
    scene = world.scenes[sending.moment]
    browser = world.browser(sending.who, sending.moment)
    if sending.before:
        client = browser.client()
        sending.before(client, world)
        browser = browser_of(client)
    address = address_of(world, endpoint, scene, sending.who, **dict(sending.args))
    return browser, address, form_of(world, endpoint, scene, sending.who)
