"""Addresses and headers that somebody made up: each is answered calmly, tells nothing and writes nothing.

The kind `urls_and_ids` of the shared list is about addresses in general. Here each of its rows is translated
into requests of our own addresses, on every route that it can be about, by who may open that route, and
there are more of the same kind. A row that has no translation fails a test.
"""

import json
import re
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

import pytest
from markupsafe import escape
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from consult.access import Moment
from consult.db import db
from tests.compiled import app_for
from tests.conftest import config_for
from tests.languages import ARABIC, LATIN, app_speaking
from tests.making.sendings import SENDINGS, Typed, address_of, form_of, rules_of
from tests.making.world import ANSWERED, OTHER, OUTSIDER, VISITOR, World, made_world
from tests.operations.test_server import free_port, serving
from tests.page_client import PageClient
from tests.test_scope import PAGES, said

Noting = Callable[[str, int], None]
D, S, F, U, C = Moment.DRAFT, Moment.SURVEY, Moment.FORUM, Moment.FOLLOW_UP, Moment.CLOSED
KIND = "urls_and_ids"
MARK = "<zz>'\""  # whatever shows it as it stands would show a script too
QUICK = 15  # requests of each kind that the quick tests make
NOT_FOUND = frozenset({404})
CALM = frozenset({200, 302, 303, 308, 400, 404, 422})
# Who opens the pages that `SENDINGS` and `PAGES` do not name.
FOR_ALL: dict[str, tuple[str, Moment]] = {
    "public.consultations.page": (VISITOR, S),
    "public.forum.topics": (VISITOR, F),
    "public.forum.thread": (VISITOR, F),
    "admin.accounts.member": ("administrator", S),
    "admin.accounts.home": ("administrator", S),
    "admin.accounts.audit": ("administrator", S),
    "moderator.forum.home": ("moderator", S),
    "analyst.analysis.home": ("analyst", S),
    "officer.desk.home": ("officer", S),
    "staff.accounts.home": ("officer", S),
}
# And what `test_scope` need not know: a page that is not tried by name is tried by somebody of its audience.
BY_AUDIENCE: dict[str, tuple[str, Moment]] = {
    "public": (VISITOR, S),
    "staff": (VISITOR, S),
    "resident": (ANSWERED, F),
    "officer": ("officer", S),
    "moderator": ("moderator", F),
    "analyst": ("analyst", Moment.PUBLISHED),
    "admin": ("administrator", S),
}


@dataclass(frozen=True)
class Trial:
    """One request, who makes it at which moment, and what may be answered."""

    path: str
    statuses: frozenset[int] = NOT_FOUND
    who: str = VISITOR
    moment: Moment = S
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    typed: Typed | None = None
    leads_to: str | None = None
    same_as: str | None = None  # an address whose answer is the same, byte for byte

    def __str__(self) -> str:
        return f"{self.method} {self.path[:160]} {self.headers!r:.80} by {self.who}"


def ask(world: World, trial: Trial) -> TestResponse:
    browser = world.browser(trial.who, trial.moment)
    typed = {"csrf_token": browser.token, **trial.typed} if trial.typed is not None else None
    environ = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in trial.headers}
    return browser.client().open(
        trial.path, method=trial.method, data=typed, environ_overrides=environ or None
    )


def through_a_poster(world: World, trial: Trial) -> tuple[Trial, TestResponse]:
    """What is answered in the end: a poster's address always leads to joining, which knows what to say.

    As of an unknown consultation, or to somebody who came by a way that nobody knows.
    """
    answer = ask(world, trial)
    if not trial.path.startswith("/go/") or answer.status_code != 302:
        return trial, answer
    assert answer.location.startswith("/consultations/")
    trial = replace(trial, path=answer.location, statuses={*trial.statuses, 200})
    return trial, ask(world, trial)


def judged(world: World, trial: Trial) -> Iterator[str]:
    """What is wrong with the answer; `PageClient` judges it as well, as it does every answer."""
    trial, answer = through_a_poster(world, trial)
    if answer.status_code not in trial.statuses:
        yield f"{trial}: {answer.status_code} {answer.location}"
    if trial.leads_to is not None and answer.location != trial.leads_to:
        yield f"{trial}: leads to {answer.location}"
    if b"<zz>" in answer.data:
        yield f"{trial}: shows markup"
    if trial.who in {VISITOR, OUTSIDER} and world.scenes[D].title.encode() in answer.data:
        yield f"{trial}: names a draft"
    if trial.same_as is not None:
        other = replace(trial, path=trial.same_as, headers=())
        other, second = through_a_poster(world, other)
        if told(answer, trial.path) != told(second, other.path):
            yield f"{trial}: is not what {other.path} answers"


CHANGES = re.compile(rb'(?<=name="once" value=")[^"]+|(?<=name="opened" value=")[^"]+')


def told(answer: TestResponse, address: str) -> tuple[int, bytes]:
    """The status and every byte, but for the address asked for and what is new on each page."""
    path, _, query = address.partition("?")
    found = answer.data
    for part in (f"?{query}", quote(f"?{query}"), quote(f"?{query}", safe="")) if query else ():
        found = found.replace(escape(part).encode(), b"")
    answer.data = CHANGES.sub(b"", found)
    return said(answer, path if len(path) > 1 else "/ itself")


# --- the addresses that we have


def who_opens(endpoint: str) -> tuple[str, Moment]:
    if endpoint in SENDINGS:
        return SENDINGS[endpoint].who, SENDINGS[endpoint].moment
    return {**PAGES, **FOR_ALL}.get(endpoint, BY_AUDIENCE[endpoint.partition(".")[0]])


def page_of(world: World, endpoint: str, **more: int) -> Trial:
    """The page, opened by who may."""
    who, moment = who_opens(endpoint)
    args = dict(SENDINGS[endpoint].args) if endpoint in SENDINGS else {}
    path = address_of(world, endpoint, world.scenes[moment], who, **{**args, **more})
    return Trial(path.partition("?")[0], frozenset({200, 302, 303, 404, 409}), who, moment)


def pages(world: World) -> Iterator[Trial]:
    """Every page, opened by who may."""
    for rule in rules_of(world.app, "GET"):
        yield page_of(world, rule.endpoint)


def parts_of(rule: Rule, *, numbers: bool) -> Iterator[int]:
    """Where in the address a number stands, or a name."""
    for at, part in enumerate(rule.rule.split("/")):
        if part.startswith("<"):
            name = part.strip("<>").rpartition(":")[2]
            if isinstance(rule._converters[name], IntegerConverter) == numbers:
                yield at


def spoilt(world: World, *texts: str, numbers: bool, sent: bool = True) -> Iterator[Trial]:
    """Each part of each address with each of these in its place, ``*`` being what is right.

    By who would otherwise get that page, or whose form would be taken there.
    """
    for method in ("GET", "POST") if sent else ("GET",):
        for rule in rules_of(world.app, method):
            # Where an endpoint has several addresses, a number is what the longer ones have more.
            kinds = rule._converters.items()
            more = {name: 1 for name, kind in kinds if isinstance(kind, IntegerConverter)}
            for at in parts_of(rule, numbers=numbers):
                page = page_of(world, rule.endpoint, **more)
                parts = page.path.split("/")
                scene = world.scenes[page.moment]
                typed = form_of(world, rule.endpoint, scene, page.who) if method == "POST" else None
                for text in texts:
                    path = "/".join([*parts[:at], text.replace("*", parts[at]), *parts[at + 1 :]])
                    yield replace(page, path=path, method=method, statuses=NOT_FOUND, typed=typed)


def numbers(world: World, *texts: str) -> Iterator[Trial]:
    return spoilt(world, *texts, numbers=True)


def names(world: World, *texts: str) -> Iterator[Trial]:
    return spoilt(world, *texts, numbers=False)


def both(world: World, *texts: str) -> Iterator[Trial]:
    yield from numbers(world, *texts)
    yield from names(world, *texts)


def not_found(*paths: str) -> Iterator[Trial]:
    return (Trial(path) for path in paths)


def with_query(world: World, *queries: str) -> Iterator[Trial]:
    """Every page answers the same with something behind it that it does not know."""
    for page in pages(world):
        for query in queries:
            same = None if page.path.endswith("/join/name") else page.path  # it proposes new names each time
            yield replace(page, path=f"{page.path}?{query}", same_as=same)


def signing_in(_world: World, *wanted: str) -> Iterator[Trial]:
    """Who has signed in is led to where their work is, wherever else the address would have them go."""
    for where in wanted:
        yield Trial(f"/staff/sign-in?next={where}", frozenset({303}), "officer", leads_to="/officer/")


# --- the shared rows, and more of each


Translation = Callable[[World], Iterable[Trial]]


def duplicates(world: World) -> Iterator[Trial]:
    many = "&".join(["a=1"] * 3000)
    yield from with_query(world, "a=1&a=1&a=2")
    for path in ("/", "/staff/sign-in", "/return"):
        yield Trial(f"{path}?{many}", frozenset({200, 400, 414}))
    thread = page_of(world, "public.forum.thread").path
    for query in ("order=newest&order=oldest", "page=1&page=2", "order[]=newest", "order[a]=b&page[]=1"):
        yield Trial(f"{thread}?{query}", frozenset({200, 404}), moment=F)


def drafts(world: World) -> Iterator[Trial]:
    """A draft is not there for visitors, and not for people of another consultation, in any form."""
    draft = world.scenes[D]
    for rule in rules_of(world.app, "GET"):
        if "slug" not in rule.arguments:
            continue
        for who in (VISITOR, OUTSIDER):
            for method in ("GET", "HEAD"):
                path = address_of(world, rule.endpoint, draft, ANSWERED)
                nowhere = address_of(world, rule.endpoint, draft, ANSWERED, slug="no-such-place")
                yield Trial(path, frozenset({302, 404}), who, method=method, same_as=nowhere)
    for end in ("embed.html", "embed", ".json", "index.html", "print", "export.csv", "?format=json", "~"):
        path = f"/consultations/{draft.slug}/{end}"
        yield Trial(path, same_as=path.replace(draft.slug, "no-such-place"))


def feeds(_world: World) -> Iterator[Trial]:
    yield from not_found("/feed.xml", "/feed", "/rss", "/atom.xml", "/sitemap.xml", "/consultations.json")
    yield from not_found("/consultations", "/consultations/", "/search?q=draft", "/api/consultations")
    for path in ("/", "/?format=json", "/?state=draft", "/?all=1"):
        yield Trial(path, frozenset({200}))  # that no draft is named is judged of every answer
        yield Trial(path, frozenset({200}), headers=(("Accept", "application/json"),))


def posts_of_others(world: World) -> Iterator[Trial]:
    scene = world.scenes[F]
    for endpoint in ("resident.forum.edit", "resident.forum.withdraw"):
        for whose in (scene.post_of(OTHER), "1", "t1-1", scene.post_of(ANSWERED) + "x"):
            path = address_of(world, endpoint, scene, ANSWERED, post=whose)
            nowhere = address_of(world, endpoint, scene, ANSWERED, post=token_hex(6))
            yield Trial(path, who=ANSWERED, moment=F, same_as=nowhere)


def hosts(_world: World) -> Iterator[Trial]:
    wrong = (
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "evil.example/localhost",
        "localhost@evil.example",
        "localhost, evil.example",
        "localhost evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "[::1]",
        "2130706433",
        "LOCALHOST\u200b",
        '"><zz>',
    )
    for host in wrong:
        for path in ("/", "/staff/sign-in", "/consultations/place-survey/", "/no-such-page"):
            yield Trial(path, frozenset({400}), headers=(("Host", host),))


def believed_headers(*headers: tuple[str, str]) -> Translation:
    """A header that servers in front may send is not believed: the answer is as without it."""

    def trials(world: World) -> Iterator[Trial]:
        for header in headers:
            for page in (
                Trial("/", frozenset({200})),
                page_of(world, "staff.accounts.sign_in"),
                page_of(world, "public.forum.thread"),
                page_of(world, "officer.desk.overview"),
                replace(page_of(world, "admin.accounts.home"), who=VISITOR),
            ):
                yield replace(page, headers=(header,), same_as=page.path)

    return trials


def only_sent(world: World) -> Iterator[Trial]:
    """What only a form may ask for does nothing when its address is opened, by anybody."""
    opened = {rule.rule for rule in rules_of(world.app, "GET")}
    for rule in rules_of(world.app, "POST"):
        if rule.rule in opened or rule.endpoint == "officer.surveys.move":  # an item could have that key
            continue
        page = page_of(world, rule.endpoint)
        for who in {page.who, VISITOR}:
            for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
                for query in ("", "?_method=POST"):
                    trial = replace(page, who=who, path=page.path + query, method=method)
                    yield replace(trial, statuses=frozenset({405}))


def languages(_world: World) -> Iterator[Trial]:
    for wanted in ("xx", "../../x", "en_GB/../../x", "", MARK, "x" * 5000, "\u202een", "cy;q=9", "en%00"):
        yield Trial("/language", frozenset({303}), method="POST", typed={"language": wanted}, leads_to="/")
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\t//x"):
        yield Trial(
            "/language",
            frozenset({303}),
            method="POST",
            typed={"language": "en_GB", "back": back},
            leads_to="/",
        )
    yield from not_found("/lang?set=xx", "/language/xx", "/xx/", "/en_GB/", "/translations/eo/messages.po")


def heads(world: World) -> Iterator[Trial]:
    """Every page answers the same without its content."""
    for page in pages(world):
        yield replace(page, method="HEAD", statuses=frozenset({ask(world, page).status_code}))


def page_numbers(world: World) -> Iterator[Trial]:
    junk = ("NaN", "-1", "0", "1.5", "1e9", "9" * 23, "%D9%A1", "", "%00", quote(MARK), "null", "1;2", "inf")
    yield from with_query(world, "pages=NaN")
    for endpoint, name in ASKED:
        page = page_of(world, endpoint)
        for text in junk:
            yield replace(page, path=f"{page.path}?{name}={text}", statuses=CALM)


# Everything that a page of ours reads behind the question mark.
ASKED = (
    ("public.forum.thread", "page"),
    ("public.forum.thread", "post"),
    ("public.forum.thread", "order"),
    ("public.forum.thread", "new"),
    ("public.forum.search", "q"),
    ("public.forum.search", "page"),
    ("public.recruitment.join", "channel"),
    ("public.returning.enter_code", "closed"),
    ("public.returning.enter_code", "code"),
    ("resident.forum.reply", "to"),
    ("resident.forum.unlike", "thread"),
    ("resident.rights.about_me", "show"),
    ("resident.rights.withdraw", "answers"),
    ("resident.surveys.your_views", "saved"),
    ("moderator.forum.speak", "thread"),
    ("moderator.forum.speak", "to"),
    ("moderator.forum.add_seed", "item"),
    ("officer.surveys.add", "form"),
    ("officer.surveys.add", "next"),
    ("analyst.analysis.item", "by"),
    ("admin.accounts.audit", "before"),
    ("staff.accounts.sign_in", "next"),
)


def upper_case(world: World) -> Iterator[Trial]:
    for trial in names(world, "*"):
        parts = trial.path.split("/")
        for at, part in enumerate(parts):
            if part.upper() != part:
                path = "/".join([*parts[:at], part.upper(), *parts[at + 1 :]])
                # The key of a channel may hold a slash: with another last word this is the page of a channel
                # of that name, which nobody can send a form to, whether there is such a channel or not.
                is_channel = (
                    trial.method == "POST" and "/publicity/channels/" in path and at == len(parts) - 1
                )
                yield replace(trial, path=path, statuses=trial.statuses | ({405} if is_channel else set()))


def known_names(world: World) -> Iterator[Trial]:
    """Names that are something elsewhere."""
    elsewhere = world.scenes[C]
    return names(world, "static", "self", "1", "0", elsewhere.title.replace(" ", "%20"), "hours.pre")


def cookies(_world: World) -> Iterator[Trial]:
    """A cookie that is rubbish is as none. Too large a one is refused by the server, see below."""
    for value in (
        "session=" + "x" * 100_000,
        "session=",
        "session=;;;=",
        "a=b; " * 5000,
        "session=\x00",
        MARK,
    ):
        yield Trial("/", frozenset({200, 400, 431}), headers=(("Cookie", value),))
        yield Trial("/staff/", frozenset({302, 400, 431}), headers=(("Cookie", value),))


TRANSLATIONS: dict[str, Translation] = {
    "UI03": lambda world: both(world, "*.0", "-*", "%2B*", "0x1", "*e0", "NaN", "null", "undefined", "*,2"),
    "UI12": lambda world: both(world, "*%00", "%00*", "%00", "*%00.html"),
    "UI15": lambda world: both(world, "*;id=2", "*;", "*%3Bid%3D2", "*&id=2", "*:2", "*%23x", "*%3Fid=2"),
    "UI18": lambda _: not_found(
        "/static/../app.db",
        "/static/../../instance/consult.sqlite",
        "/static/%2e%2e/app.db",
        "/static/..%2fconfig.py",
        "/static/..%5cconfig.py",
        "/static/....//config.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/",
        "/static/consult.css",
        "/static/.gitignore",
        "/../../etc/passwd",
        "/consultations/..%2f..%2fconfig.py/",
        "/instance/consult.sqlite",
        "/config.py",
        "/.env",
        "/.git/config",
        "/backup.zip",
    ),
    "UI24": lambda _: not_found("/console", "/console/", "/__debug__/", "/debug", "/_debug_toolbar/"),
    "UI25": lambda _: (
        Trial("/?__debugger__=yes&cmd=resource&f=style.css", frozenset({200}), same_as="/"),
        Trial("/?__debugger__=yes&cmd=pinauth&pin=000-000-000&s=x", frozenset({200}), same_as="/"),
        Trial("/no-such-page?__debugger__=yes&cmd=1%2b1&frm=0&s=x", same_as="/no-such-page"),
    ),
    "UI26": lambda _: not_found(
        "/server-status", "/server-info", "/status", "/nginx_status", "/wp-login.php"
    ),
    "UI27": lambda _: not_found("/metrics", "/actuator/health", "/healthz/", "/graphql", "/swagger.json"),
    "UI29": lambda world: signing_in(
        world,
        "//evil.example",
        "///evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "/%09/evil.example",
        "/%0D%0ALocation:%20//evil.example",
        "%20//evil.example",
        "/%E2%81%84evil.example",
        "//evil.example/%2e%2e",
        "",
    ),
    "UI30": lambda world: signing_in(
        world,
        "https:evil.example",
        "https:/evil.example",
        "https://evil.example",
        "HTTPS://localhost@evil.example",
        "http://localhost/officer/",
        "evil.example",
        "@evil.example",
        "x" * 4000,
    ),
    "UI33": lambda world: signing_in(
        world,
        "javascript:alert(1)",
        "java%0Ascript:alert(1)",
        "data:text/html,<zz>",
        "vbscript:x",
        "mailto:a@b.example",
        quote(MARK),
    ),
    "UI36": lambda world: signing_in(
        world,
        "/logout",
        "/staff/sign-out",
        "/finish",
        "/staff/sign-in",
        "/staff/sign-in?next=/staff/sign-in",
        "/staff/sign-in/code",
        "/no-such-page",
        "/officer/place-survey/timetable/survey.0",
    ),
    "UI38": duplicates,
    "UI42": lambda world: with_query(world, "per_page=-1", "per_page=999999999", "limit=0&offset=-1"),
    "UI44": page_numbers,
    "UI45": lambda world: with_query(world, "sort=id;drop", "sort=1)%20or%20sleep(9)--"),
    "UI46": lambda world: with_query(world, "sort=email", "filter[email]=a", "fields=code"),
    "UI48": drafts,
    "UI51": feeds,
    "UI53": lambda _: not_found(
        "/robots.txt", "/humans.txt", "/.well-known/security.txt", "/crossdomain.xml"
    ),
    "UI55": posts_of_others,
    "UI56": upper_case,
    "UI57": hosts,
    "UI58": believed_headers(
        ("X-Forwarded-Host", "evil.example"),
        ("X-Host", "evil.example"),
        ("X-Forwarded-Server", "evil.example"),
        ("X-Forwarded-Proto", "javascript"),
        ("X-Forwarded-Port", "99999"),
        ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", "host=evil.example;proto=https"),
    ),
    "UI59": believed_headers(
        ("X-Original-URL", "/admin/"),
        ("X-Rewrite-URL", "/admin/"),
        ("X-HTTP-Method-Override", "POST"),
        ("X-Method-Override", "DELETE"),
        ("X-Forwarded-User", "every.role@abbeyford.example"),
        ("Remote-User", "every.role@abbeyford.example"),
        ("Authorization", "Basic YWRtaW46YWRtaW4="),
        ("Range", "bytes=0-0"),
    ),
    "UI63": only_sent,
    "UI64": heads,
    "UI67": cookies,
    "UI68": believed_headers(
        ("Accept-Language", "../../x"),
        ("Accept-Language", "en_GB/../../x"),
        ("Accept-Language", "\x00"),
        ("Accept-Language", "*;q=9, ;;;=, \u202e"),
        ("Accept-Language", ",".join(["x-y"] * 2000)),
        ("Accept-Language", MARK),
    ),
    "UI69": languages,
    # Of our own making.
    "spaces and ends": lambda world: both(world, "%20*", "*%20", "*%0A", "*%09", "*%C2%A0", "*%E2%80%8B"),
    "other digits": lambda world: numbers(
        world, "%D9%A1", "%EF%BC%91", "%C2%B9", "1" * 23, "01", "2147483648"
    ),
    "other letters": lambda world: names(world, "%FF", "%C0%AF", "%ED%A0%80", "%F0%9F%98%80*", "*%CC%81"),
    "wild cards": lambda world: names(world, "%25", "_", "*%25", "%", "*%", "**", "[a-z]"),
    "markup and statements": lambda world: both(
        world, quote(MARK), "*'--", "*%27%20OR%201=1", "{{7*7}}", "${x}"
    ),
    "long": lambda world: both(world, "a" * 300, "a" * 4000, "%F0%9F%98%80" * 500),
    "traversal": lambda world: names(world, "..%2f*", "*%2f..", "..%5c*", "%252e%252e"),
    "known names": known_names,
}


# --- trying them


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    """One world for all that only looks; a test sees that nothing in it has changed."""
    path = tmp_path_factory.mktemp("addresses") / "consult.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    app = app_for(config_for(f"sqlite:///{path}"))
    app.config.update(TESTING=False, PROPAGATE_UNEXPECTED=True)
    with made_world(app) as made:
        yield made
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("most", [QUICK, pytest.param(None, marks=pytest.mark.slow)], ids=["some", "all"])
@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_made_up_address_is_answered_calmly(
    world: World, name: str, most: int | None, record_property: Noting
) -> None:
    trials = list(TRANSLATIONS[name](world))
    assert trials
    wrong, slowest = [], (0.0, "")
    trials = trials[:: 1 if most is None else max(1, len(trials) // most)]
    for trial in trials:
        began = time.perf_counter()
        wrong += judged(world, trial)
        slowest = max(slowest, (time.perf_counter() - began, str(trial)))
    record_property("made-up addresses and headers tried", len(trials))
    record_property("slowest", f"{slowest[0] * 1000:.0f} ms: {slowest[1]}")
    changed = world.has_changed()
    if changed:
        world.restore()
    assert not wrong, "\n".join(wrong)
    assert changed == set()


@pytest.mark.parametrize("endpoint", SENDINGS)
def test_a_form_sent_as_a_question_for_the_head_does_nothing(world: World, endpoint: str) -> None:
    page = page_of(world, endpoint)
    typed = form_of(world, endpoint, world.scenes[page.moment], page.who)
    answer = ask(world, replace(page, method="HEAD", typed=typed))
    assert answer.status_code in {*page.statuses, 404, 405}
    assert answer.data == b""
    assert world.has_changed() == set()


def test_a_wrong_answer_would_be_found(world: World) -> None:
    wrong = [
        Trial("/"),
        Trial("/", frozenset({200}), leads_to="/elsewhere"),
        Trial("/", frozenset({200}), same_as="/privacy"),
        Trial(
            page_of(world, "officer.desk.overview").path, frozenset({302}), same_as="/officer/no-such-place/"
        ),
    ]
    assert [len(list(judged(world, trial))) for trial in wrong] == [1, 1, 1, 0]


def test_a_link_for_a_colleague_leads_to_our_own_address_whatever_a_header_says(world: World) -> None:
    page = page_of(world, "admin.accounts.reset")
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded"):
        answer = ask(world, replace(page, method="POST", typed={}, headers=((name, "host=evil.example"),)))
        assert "http://127.0.0.1:8000/staff/set-up/" in answer.text
        assert "evil" not in answer.text
        world.restore()


def test_of_several_languages_none_is_made_up(sqlite_url: str) -> None:
    with app_speaking("en_GB", sqlite_url, LATIN, ARABIC) as app:
        for wanted in ("../../x", "eo/../ar", "EO-x/..", "*", MARK, "ar_EG" * 900, "xx, yy;q=0.1"):
            client = PageClient(app)
            page = client.get("/", headers={"Accept-Language": wanted})
            assert page.text.startswith('<!DOCTYPE html>\n<html lang="'), wanted
            found = re.search(r'<html lang="([^"]*)"', page.text)
            assert found
            assert found[1] in {"en-GB", "eo", "ar"}, wanted
            sent = client.send("/language", {"language": wanted, "back": f"/?set={quote(wanted)}"}, page="/")
            assert sent.status_code == 303
            assert 'lang="en-GB"' in client.get("/").text.partition("<head>")[0]


# --- a real server, which sees what a test's client would mend


RAW = (
    ("GET /static/../consult.sqlite HTTP/1.1", "", {404}),
    ("GET /static/%2e%2e/%2e%2e/config.py HTTP/1.1", "", {404}),
    ("GET /static/..%2f..%2fconfig.py HTTP/1.1", "", {404}),
    ("GET /static//../../../../etc/passwd HTTP/1.1", "", {404}),
    ("GET //evil.example/%2e%2e HTTP/1.1", "", {308, 404}),
    ("GET ///admin/ HTTP/1.1", "", {302, 308, 404}),
    ("GET /consultations/%00/ HTTP/1.1", "", {404}),
    ("GET /consultations/%ff%fe/ HTTP/1.1", "", {404}),
    ("GET /consultations/%/ HTTP/1.1", "", {404}),
    ("GET http://evil.example/ HTTP/1.1", "", {200, 400}),
    ("GET /" + "x" * 20_000 + " HTTP/1.1", "", {400, 414}),
    ("GET /?" + "a=1&" * 1000 + " HTTP/1.1", "", {200, 400, 414}),
    ("HEAD / HTTP/1.1", "", {200}),
    ("TRACE / HTTP/1.1", "", {405}),
    ("CONNECT evil.example:443 HTTP/1.1", "", {400, 404, 405}),
    ("PROPFIND / HTTP/1.1", "", {405}),
    ("GET / HTTP/9.9", "", {400, 505}),
    ("GET / HTTP/1.1", "Cookie: session=" + "x" * 100_000, {400, 431}),
    ("GET / HTTP/1.1", "\r\n".join(["Cookie: a=" + "x" * 5000] * 20), {200, 400, 431}),
    ("GET / HTTP/1.1", "\r\n".join([f"X-{n}: 1" for n in range(300)]), {400, 431}),
    ("GET / HTTP/1.1", "X-Original-URL: /admin/", {200}),
    ("GET / HTTP/1.1", "Accept-Language: " + "x" * 20_000, {400, 431}),
    ("POST /finish HTTP/1.1", "Content-Length: -1", {400}),
    ("POST /finish HTTP/1.1", "Content-Length: 1\r\nTransfer-Encoding: chunked", {400}),
    ("POST /return HTTP/1.1", "Content-Length: 0\r\nX-HTTP-Method-Override: GET", {400, 403}),
)


def raw(port: int, line: str, headers: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    """The status and the content of what is answered to these very bytes."""
    text = f"{line}\r\nHost: {host}\r\nConnection: close\r\n{headers}".rstrip() + "\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line_to:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has had enough, and has answered already
            line_to.sendall(text.encode("latin-1"))
        found = b""
        while part := _received(line_to):
            found += part
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", found)
    assert status, f"{line[:80]}: {found[:80]!r}"
    return int(status[1]), found.partition(b"\r\n\r\n")[2]


def _received(line_to: socket.socket) -> bytes:
    try:
        return line_to.recv(65_536)
    except ConnectionResetError:
        return b""


def test_a_real_server_answers_calmly_too(sqlite_url: str, tmp_path: Path, record_property: Noting) -> None:
    port, wrong = free_port(), []
    command = [sys.executable, "-m", "consult", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with serving(command, port, sqlite_url, tmp_path / "log"):
        for line, headers, statuses in RAW:
            status, content = raw(port, line, headers)
            if status not in statuses:
                wrong.append(f"{line[:80]} {headers[:40]}: {status}")
            assert b"Traceback" not in content
            assert b"root:" not in content
        for host in (
            "evil.example",
            "evil.example:80",
            "",
            "127.0.0.1.evil.example",
            "a b",
            "127.0.0.1@evil",
        ):
            status, content = raw(port, "GET / HTTP/1.1", "", host)
            if status != 400:
                wrong.append(f"{host}: {status}")
            assert b"evil" not in content
        assert raw(port, "GET /healthz HTTP/1.1", "")[0] == 200, "it is still there"
    record_property("made-up addresses and headers tried", len(RAW) + 6)
    assert wrong == []


# --- the shared list itself


def shared_rows(shared: Path) -> list[dict[str, Any]]:
    path = shared / "trust" / "hostile_inputs.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["kind"] == KIND]


def test_every_shared_row_is_translated(shared: Path) -> None:
    ids = {row["id"] for row in shared_rows(shared)}
    assert len(ids) >= 30
    assert ids <= TRANSLATIONS.keys()


def test_the_shared_addresses_are_calm_as_they_stand(world: World, shared: Path) -> None:
    wrong: list[str] = []
    for row in shared_rows(shared):
        if row["input"].startswith("/"):
            path = row["input"].removesuffix(" (draft)")
            wrong += judged(world, Trial(path, frozenset({200 if path.startswith("/?") else 404})))
    assert wrong == []
