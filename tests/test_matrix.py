"""The permission matrix by real requests: each deed, by each role, at each moment.

`test_access` compares the matrix with the table of the code, and tries every route at one moment. Here
every cell is a request. What is allowed must happen; what is refused must be refused with the status of the
cell and change nothing. Where the product refuses with another status, one of two things must hold: the
person gets the same answer from an address of nothing, so that it tells nothing; or the case stands in
`ANOTHER_WORD` with its reason. Deeds that the matrix has no word for are tried as the table of the code has
them, where any refusal will do.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consult.access import OPERATOR, TABLE, Action, Moment, Role
from consult.analysis.service import freeze_if_closed
from consult.consultations.queries import get_consultation
from consult.db import db
from tests.making.keeping import written_by
from tests.making.sendings import SENDINGS, address_of, form_of, send
from tests.making.world import (
    ANSWERED,
    NEWCOMER,
    OTHER,
    OUTSIDER,
    RESIDENTS,
    SENT,
    VISITOR,
    Scene,
    World,
    made_world,
)
from tests.test_access import NOT_IN_MATRIX, NOT_YET

D, C = Moment.DRAFT, Moment.CLOSED
EVERY = frozenset(Moment)
KNOWN_OF = EVERY - {D}  # moments at which everybody may know that there is a consultation
MADE, LED_ON = {200, 204, 303}, {302, 303}
NOWHERE = "no-such-place"
AS_IT_SAYS = "denied as the cell says"
ANY_REFUSAL = frozenset({"302", "403", "404", "409"})
STAFF = frozenset({"moderator", "officer", "analyst", "administrator", "assistant"})

Shows = Callable[[Scene, TestResponse], bool]


def title_is_shown(scene: Scene, answer: TestResponse) -> bool:
    return scene.title in answer.text


def rows_are_in(_scene: Scene, answer: TestResponse) -> bool:
    """Whether a download holds what single people answered."""
    if answer.mimetype != "application/zip":
        return False
    return any(name.endswith("people.csv") for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist())


def says_why_there_are_no_weights(_scene: Scene, answer: TestResponse) -> bool:
    """Whether weights were begun: who sent both surveys has not said how old they are."""
    return "of 100 people who sent in both surveys did not answer it" in answer.text


@dataclass(frozen=True)
class Deed:
    """How an action is done: a page that is opened, or a form of `SENDINGS` that is sent."""

    endpoint: str
    is_sent: bool = True
    who: str = ANSWERED  # which of those who take part does it
    whose: str | None = None  # whose things the address names, if not one's own
    args: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    status: int | None = None  # of what is done, if it comes to nothing for another reason
    writes: str | None = None  # if something else than the form usually does
    shows: Shows | None = None  # what the answer shows if the deed was done, and only then
    before: Callable[[World, Scene], None] | None = None

    def __post_init__(self) -> None:
        assert not self.is_sent or self.endpoint in SENDINGS


def opened(endpoint: str, shows: Shows | None = None, **more: str) -> Deed:
    return Deed(endpoint, is_sent=False, shows=shows, **more)  # type: ignore[arg-type]


def compared(world: World, scene: Scene) -> None:
    """There is something to download."""
    if scene.moment is not C:
        return
    with world.app.app_context():
        freeze_if_closed(OPERATOR, get_consultation(scene.slug))
        db.session.commit()


MAKE_ADMINISTRATOR = {"role": "administrator", "consultation": ""}
DEEDS: dict[Action, Deed] = {
    Action.HEALTH: opened("public.consultations.health"),
    Action.LIST_PUBLIC: opened("public.consultations.home", title_is_shown),
    Action.READ_CONSULTATION: opened("public.consultations.page", title_is_shown),
    Action.READ_NOTICES: opened("public.consultations.privacy"),
    Action.STAFF_SIGN_IN: Deed("staff.accounts.sign_in"),
    Action.SIGN_OUT: Deed("staff.accounts.sign_out"),
    Action.JOIN: Deed("public.recruitment.join", who=OUTSIDER),
    Action.RETURN: Deed("public.returning.enter_code"),
    Action.VIEW_SURVEY: opened("resident.surveys.survey"),
    Action.SAVE_SURVEY: Deed("resident.surveys.survey", who=NEWCOMER),
    Action.SUBMIT_SURVEY: Deed("resident.surveys.check_survey"),
    Action.CHANGE_SURVEY: Deed("resident.surveys.survey", who=SENT),
    Action.READ_OWN_SURVEY: opened("resident.surveys.survey_sent", who=SENT),
    Action.VIEW_FOLLOW_UP: opened("resident.surveys.follow_up"),
    Action.SAVE_FOLLOW_UP: Deed("resident.surveys.follow_up"),
    Action.SUBMIT_FOLLOW_UP: Deed("resident.surveys.check_follow_up"),
    Action.READ_OWN_FOLLOW_UP: opened("resident.surveys.follow_up_sent", who=SENT),
    # Of those who have sent the starting survey, what was asked at joining is fixed.
    Action.SAVE_DEMOGRAPHICS: Deed("resident.recruitment.about_you", who=NEWCOMER),
    Action.READ_OWN_DEMOGRAPHICS: Deed("resident.rights.about_me", is_sent=False, args={"show": "about-you"}),
    Action.EDIT_DEMOGRAPHICS: Deed("officer.desk.people"),
    Action.WITHDRAW: Deed("resident.rights.withdraw"),
    Action.DOWNLOAD_OWN: Deed("resident.rights.download"),
    Action.DRAFT_SUMMARY: Deed("moderator.forum.add_seed"),
    Action.VIEW_DRAFT_SUMMARY: opened("moderator.forum.seeds"),
    Action.VIEW_SUMMARY: opened("public.forum.thread"),
    Action.PUBLISH_SUMMARIES: Deed("moderator.forum.publish"),
    Action.RATE_SUMMARY: Deed("resident.summaries.account"),
    Action.EDIT_CODEBOOK: Deed("analyst.coding.add_theme"),
    Action.CODE_TEXTS: Deed("analyst.texts.read"),
    Action.ADJUDICATE_CODES: Deed("analyst.texts.decide"),
    Action.READ_FORUM: opened("public.forum.topics"),
    Action.POST: Deed("resident.forum.reply"),
    Action.POST_OFFICIALLY: Deed("moderator.forum.speak"),
    Action.EDIT_OWN_POST: Deed("resident.forum.edit"),
    Action.WITHDRAW_OWN_POST: Deed("resident.forum.withdraw"),
    Action.EDIT_OTHERS_POST: Deed("resident.forum.edit", whose=OTHER),
    Action.REPORT: Deed("public.moderation.report"),
    Action.READ_QUEUE: opened("moderator.moderation.queue", title_is_shown),
    Action.MODERATE: Deed("moderator.moderation.decide"),
    Action.REVIEW_OWN_DECISION: Deed("moderator.moderation.answer", args={"of": "own"}),
    Action.APPEAL: Deed("resident.moderation.hidden"),
    Action.DECIDE_APPEAL: Deed("moderator.moderation.answer"),
    Action.READ_HIDDEN: opened("moderator.moderation.decide", title_is_shown),
    Action.SUSPEND: Deed("moderator.moderation.stop"),
    Action.WRITE_TO_MODERATORS: Deed("resident.moderation.message"),
    Action.SET_UP_FORUM: Deed("moderator.moderation.read_first"),
    Action.FACILITATE: Deed("moderator.facilitation.conclude"),
    Action.ANSWER: Deed("moderator.facilitation.answer"),
    Action.CREATE_CONSULTATION: Deed("officer.desk.create"),
    Action.EDIT_CONSULTATION: Deed("officer.consultations.about"),
    Action.CORRECT_TYPING: Deed("officer.surveys.correct"),
    Action.PREVIEW: opened("officer.surveys.preview"),
    Action.CHANGE_STAGES: Deed("officer.consultations.extend"),
    Action.REHEARSE: Deed("officer.desk.rehearse"),
    Action.ASSIGN_STAFF: Deed("admin.accounts.give_role"),
    Action.LIST_STAFF: opened("admin.accounts.home"),
    Action.CHANGE_ROLES: Deed("admin.accounts.give_role", typed=MAKE_ADMINISTRATOR, writes="staff"),
    Action.RESET_STAFF: Deed("admin.accounts.reset"),
    Action.END_SESSIONS: Deed("admin.accounts.end_sessions"),
    Action.VIEW_TARGETS: opened("officer.representation.page", title_is_shown),
    Action.EDIT_TARGETS: Deed("officer.representation.panel"),
    Action.OVERRIDE_TARGETS: Deed("officer.representation.raise_limit"),
    Action.IMPORT_MARGINS: Deed("officer.representation.bring_in"),
    Action.CLAIM_INCENTIVE: Deed("resident.incentives.choose", who=SENT),
    Action.LIST_INCENTIVES: opened("officer.incentives.ledger", title_is_shown),
    Action.PAY_INCENTIVE: Deed("officer.incentives.ledger"),
    Action.READ_AUDIT: opened("admin.accounts.audit"),
    Action.READ_RESULTS: opened("analyst.analysis.overview"),
    Action.EXPORT_TABLES: Deed("analyst.exports.download", before=compared),
    Action.EXPORT_ROWS: Deed("analyst.exports.download", shows=rows_are_in, before=compared),
    # The matrix has no word for these.
    Action.CHANGE_CONSENT: Deed("resident.rights.consent"),
    Action.REPLACE_CODE: Deed("resident.rights.new_code"),
    Action.OVERSEE: opened("officer.desk.overview", title_is_shown),
    Action.VIEW_CHANNELS: opened("officer.publicity.page", title_is_shown),
    Action.EDIT_CHANNELS: Deed("officer.publicity.add"),
    Action.EDIT_INCENTIVES: Deed("officer.incentives.add"),
    Action.FREEZE_WEIGHTS: Deed(
        "analyst.analysis.weights",
        typed={"variables": "age_band"},
        status=422,
        shows=says_why_there_are_no_weights,
    ),
}
# Nobody does these by a request.
WITHOUT_DEED = frozenset(
    {
        Action.FREEZE_RESULTS,  # comes with reading them, in a process of its own
        Action.LOAD_BUNDLE,
        Action.DUMP_BUNDLE,
        Action.WRITE_RECORD,
    }
)
INSTEAD: dict[tuple[Action, str], str] = {  # the same deed by another form, at a moment or by a role
    (Action.CHANGE_STAGES, D.value): "officer.desk.publish",
    (Action.VIEW_TARGETS, "analyst"): "analyst.representation.page",
    (Action.IMPORT_MARGINS, "analyst"): "analyst.representation.bring_in",
    (Action.PREVIEW, "moderator"): "moderator.surveys.preview",
    (Action.PREVIEW, "analyst"): "moderator.surveys.preview",
    (Action.SIGN_OUT, "resident"): "public.returning.finish",
    (Action.SIGN_OUT, VISITOR): "public.returning.finish",
}
# A new consultation is in no moment yet: whether one may be made does not depend on one that there is.
NO_MOMENT = {(Action.CREATE_CONSULTATION, role) for role in ("officer", "administrator")}
# What the matrix allows and no page offers yet.
NOT_OFFERED: dict[Action, tuple[frozenset[str], str]] = {
    Action.READ_RESULTS: (
        frozenset({VISITOR, "resident", "moderator", "assistant", "administrator"}),
        NOT_YET[Action.READ_RESULTS],
    ),
    Action.VIEW_CHANNELS: (
        frozenset({"analyst"}),
        "analysts read on the page of who takes part which channels would help; the rest is officers' work",
    ),
}


@dataclass(frozen=True)
class AnotherWord:
    """A refusal with another status than the cell's, and why that is right."""

    actions: frozenset[Action]
    roles: frozenset[str]
    moments: frozenset[Moment]
    status: int
    reason: str


_OWN_PAGES = frozenset({Action.READ_OWN_SURVEY, Action.READ_OWN_FOLLOW_UP, Action.READ_OWN_DEMOGRAPHICS})
ANOTHER_WORD = (
    AnotherWord(
        _OWN_PAGES,
        frozenset({VISITOR}),
        KNOWN_OF,
        302,
        "the address of one's own things names nobody: a stranger is led to the consultation's first page",
    ),
    AnotherWord(
        _OWN_PAGES | {Action.DOWNLOAD_OWN},
        STAFF | {VISITOR},
        KNOWN_OF,
        403,
        "the address of one's own things names nobody: there is nothing whose existence it could tell",
    ),
    AnotherWord(
        frozenset({Action.LIST_STAFF, Action.READ_AUDIT}),
        frozenset({"resident"}),
        EVERY,
        302,
        "to staff's pages who takes part is a visitor, who is led to sign in",
    ),
    AnotherWord(
        frozenset({Action.ASSIGN_STAFF}),
        frozenset({VISITOR, "resident"}),
        frozenset({D}),
        403,
        "the draft stands in the form, which nobody reads at this door, and not in the address",
    ),
    AnotherWord(
        frozenset({Action.EDIT_OTHERS_POST}),
        frozenset({"resident"}),
        frozenset({Moment.FORUM}),
        404,
        "what is somebody else's answers like what is not there",
    ),
    AnotherWord(
        frozenset({Action.RETURN}),
        frozenset({VISITOR, "resident"}),
        frozenset({D, Moment.ARCHIVED}),
        422,
        "a code that opens nothing is answered like one that nobody has",
    ),
)
# Cells that the product does not keep, for somebody to decide. Each must still be as it says.
OPEN: dict[tuple[Action, str], tuple[frozenset[Moment], int, str]] = {
    (Action.VIEW_SUMMARY, "resident"): (
        frozenset({Moment.ARCHIVED}),
        200,
        "f.read lets residents read then, visitors may read summaries, and a summary opens its topic",
    ),
}


@dataclass(frozen=True)
class Cell:
    """One line of the matrix."""

    action: Action
    role: str
    moment: Moment
    is_allowed: bool
    denied_with: frozenset[str]


def cells(shared: Path) -> list[Cell]:
    """The cells of what the product does, in the order of the file."""
    with (shared / "trust" / "permission_matrix.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Cell(
                Action(row["action_id"]),
                VISITOR if row["role"] == "anonymous" else row["role"],
                Moment(row["stage"]),
                row["expect"] == "allow",
                frozenset(row["deny_with"].split("|")) - {""},
            )
            for row in csv.DictReader(lines)
            if row["action_id"] in set(Action)
        ]


def cells_of_ours() -> list[Cell]:
    """The cells of what the matrix has no word for, as the table of the code has them."""
    return [
        Cell(action, role.value, moment, moment in TABLE[action].get(role, frozenset()), ANY_REFUSAL)
        for action in NOT_IN_MATRIX
        if action in DEEDS
        for role in Role
        if role is not Role.OPERATOR
        for moment in Moment
    ]


class Trial:
    """One cell, done in the world; what came of it."""

    def __init__(self, world: World, cell: Cell) -> None:
        self.world, self.cell = world, cell
        self.deed, self.scene = DEEDS[cell.action], world.scenes[cell.moment]
        swapped = INSTEAD.get((cell.action, cell.moment.value)) or INSTEAD.get((cell.action, cell.role))
        self.endpoint = swapped or self.deed.endpoint
        self.who = self.deed.who if cell.role == "resident" else cell.role
        if self.deed.before and (cell.is_allowed or self.deed.shows):
            self.deed.before(world, self.scene)
        self.answer, self.written = self._done()
        all_changed = world.has_changed() if self.written or self.deed.before else set()
        self.must_restore = bool(all_changed)
        self.changed = all_changed & self.written

    def _done(self, **elsewhere: str) -> tuple[TestResponse, set[str]]:
        """Do it: at its address, or at one of nothing."""
        named = self.deed.whose or (self.who if self.who in RESIDENTS else ANSWERED)
        args = {**self.deed.args, **(dict(SENDINGS[self.endpoint].args) if self.deed.is_sent else {})}
        address = address_of(self.world, self.endpoint, self.scene, named, **args, **elsewhere)
        browser = self.world.browser(self.who, self.cell.moment)
        if not self.deed.is_sent:
            client = browser.client()
            return client.get(address), written_by(client)
        typed = form_of(self.world, self.endpoint, self.scene, named, **self.deed.typed)
        answer, client = send(browser, address, typed)
        return answer, written_by(client)

    @property
    def verdict(self) -> str:
        """How the cell was kept, or how it was not: then it begins with "wrong"."""
        return self._about_allowed() if self.cell.is_allowed else self._about_denied()

    def _about_allowed(self) -> str:
        if self.cell.role in NOT_OFFERED.get(self.cell.action, (frozenset(), ""))[0]:
            is_refused = self.answer.status_code in {302, 403}
            return "allowed, not offered" if is_refused else "wrong: it is offered after all"
        expected = {self.deed.status} if self.deed.status else MADE if self.deed.is_sent else {200}
        if self.answer.status_code not in expected:
            return f"wrong: {self.answer.status_code}, and it is allowed"
        if self.deed.shows and not self.deed.shows(self.scene, self.answer):
            return "wrong: allowed and not shown"
        writes = self.deed.writes or (SENDINGS[self.endpoint].writes if self.deed.is_sent else None)
        if writes and writes not in self.written & self.changed:
            return f"wrong: {self.answer.status_code}, and nothing came of it"
        return "allowed and done"

    def _about_denied(self) -> str:
        shows, got, cell = self.deed.shows, self.answer.status_code, self.cell
        if shows and got == 200:  # the page is for others as well, but not what it is about
            return "wrong: denied and shown" if shows(self.scene, self.answer) else AS_IT_SAYS
        moments, status, _reason = OPEN.get((cell.action, cell.role), (frozenset(), 0, ""))
        if cell.moment in moments:
            return "open" if got == status else "wrong: no longer open"
        if self.changed:
            return f"wrong: {got} and wrote {sorted(self.changed)}"
        return AS_IT_SAYS if str(got) in cell.denied_with else self._with_another_word(got)

    def _with_another_word(self, got: int) -> str:
        if self._has_reason():
            return "denied with another word, for a reason"
        if got in {302, 403, 404} and self._says_the_same_of_nothing():
            return "denied with another word, as an address of nothing is"
        return f"wrong: {got}, not {'|'.join(sorted(self.cell.denied_with))}"

    def _has_reason(self) -> bool:
        return any(
            self.cell.action in word.actions
            and self.cell.role in word.roles
            and self.cell.moment in word.moments
            and self.answer.status_code == word.status
            for word in ANOTHER_WORD
        )

    def _says_the_same_of_nothing(self) -> bool:
        if "slug" not in next(self.world.app.url_map.iter_rules(self.endpoint)).arguments:
            return False
        nothing, _written = self._done(slug=NOWHERE)
        lengths = {len(each.data) for each in (nothing, self.answer) if each.status_code not in LED_ON}
        return nothing.status_code == self.answer.status_code and len(lengths) <= 1


def walked(world: World, chosen: Iterable[Cell]) -> tuple[Counter[str], list[str]]:
    """How many cells were kept in which way, and those that were not."""
    found: Counter[str] = Counter()
    wrong = []
    for cell in chosen:
        if cell.moment is not D and (cell.action, cell.role) in NO_MOMENT:
            found["not asked: a new consultation is in no moment"] += 1
            continue
        trial = Trial(world, cell)
        verdict = trial.verdict
        if trial.must_restore:
            world.restore()
        if verdict.startswith("wrong"):
            wrong.append(f"{cell.action.value} {cell.role} {cell.moment.value}: {verdict}")
        found[verdict.split(":")[0]] += 1
    return found, wrong


def told(found: Counter[str], kind: str, record_property: Callable[[str, int], None]) -> None:
    record_property(f"cells of the permission matrix tried by requests on {kind}", found.total())
    for verdict, count in found.items():
        record_property(f"cells of the permission matrix on {kind}: {verdict}", count)


def slice_of(found: list[Cell], every: int) -> Iterator[Cell]:
    """What is allowed by one role in each moment, and each so-many-th of the rest."""
    allowed = set()
    for n, cell in enumerate(found):
        if cell.is_allowed and (cell.action, cell.moment) not in allowed:
            allowed.add((cell.action, cell.moment))
            yield cell
        elif n % every == 0:
            yield cell


def test_every_action_has_a_deed_but_those_that_nobody_does_by_a_request():
    assert set(Action) - {*DEEDS} == WITHOUT_DEED
    assert {*NOT_IN_MATRIX} >= WITHOUT_DEED, "whatever the matrix has a word for is tried"


def test_a_slice_of_the_matrix_holds_by_requests(
    sqlite_app: Flask, shared: Path, record_property: Callable[[str, int], None]
) -> None:
    with made_world(sqlite_app) as world:
        found, wrong = walked(world, slice_of(cells(shared), every=7))
    told(found, "SQLite", record_property)
    assert wrong == []
    assert found["allowed and done"] >= 150


@pytest.mark.slow
def test_the_whole_matrix_holds_by_requests(
    sqlite_app: Flask, shared: Path, record_property: Callable[[str, int], None]
) -> None:
    with made_world(sqlite_app) as world:
        found, wrong = walked(world, cells(shared))
    told(found, "SQLite, all of them", record_property)
    assert wrong == []
    assert found["allowed and done"] >= 600
    assert found["open"] == sum(len(moments) for moments, _status, _reason in OPEN.values())


@pytest.mark.slow
def test_what_the_matrix_has_no_word_for_holds_by_requests(
    sqlite_app: Flask, record_property: Callable[[str, int], None]
) -> None:
    with made_world(sqlite_app) as world:
        found, wrong = walked(world, cells_of_ours())
    told(found, "SQLite, of deeds that it has no word for", record_property)
    assert wrong == []
    assert found["allowed and done"] >= 40


def test_a_small_slice_of_the_matrix_holds_on_postgresql(
    app: Flask, shared: Path, record_property: Callable[[str, int], None]
) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("the slice of SQLite is larger")
    residents = [cell for cell in cells(shared) if cell.role in {"resident", "officer", "moderator"}]
    with made_world(app) as world:
        found, wrong = walked(world, residents[::12])
    told(found, "PostgreSQL", record_property)
    assert wrong == []
    assert found.total() >= 90


def test_what_a_deed_does_without_permission_would_be_found(sqlite_app: Flask) -> None:
    """The deed is really done here: a cell that forbids it must come out wrong."""
    forbidden = Cell(
        Action.SAVE_SURVEY, "resident", Moment.SURVEY, is_allowed=False, denied_with=frozenset({"403"})
    )
    shown = Cell(
        Action.LIST_PUBLIC, VISITOR, Moment.SURVEY, is_allowed=False, denied_with=frozenset({"absent"})
    )
    unknown = Cell(Action.POST, "officer", Moment.FORUM, is_allowed=True, denied_with=frozenset())
    with made_world(sqlite_app) as world:
        found, wrong = walked(world, (forbidden, shown, unknown))
    assert found == {"wrong": 3}
    assert wrong == [
        "s1.save resident 1: wrong: 303 and wrote ['answer', 'submission', 'turnout']",
        "pub.list visitor 1: wrong: denied and shown",
        "f.post officer 2: wrong: 403, and it is allowed",
    ]
