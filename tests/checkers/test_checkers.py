"""Each checker passes a good page and fails, in the right words, for each kind of defect.

A checker that never fails proves nothing.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from .axe import SWITCHED_ON, axe_source, run_axe
from .chromium import (
    FLAGS,
    WHAT_TO_DO,
    NoBrowserError,
    find_chromium,
    find_or_install_chromium,
    run_command,
    stay_at_home,
    without_scripts,
)
from .html import problems_of
from .nu import ABSENT, NuNotAvailableError, find_nu, nu_problems_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Route

SNIPPET = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)
GOOD = f"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Your name - Have your say</title>
<meta name="viewport" content="width=device-width"></head>
<body>
<script>{SNIPPET}</script>
<main id="main-content">
<h1>Your name</h1>
<p>Read <a href="https://ico.example/" rel="external">what the regulator says</a>
or go <a href="/next">on</a>.</p>
<form method="post" novalidate>
<input type="hidden" name="csrf_token" value="token">
<label for="name">Name</label>
<div id="name-hint" class="govuk-hint">Two plain words</div>
<input id="name" name="name" aria-describedby="name-hint">
<fieldset><legend>Colour</legend>
<input type="radio" id="red" name="colour" value="r"><label for="red">Red</label></fieldset>
<button type="submit">Continue</button>
</form>
<img src="/static/picture.png" alt="">
<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="picture" width="20" height="20">
<title id="picture">A bar</title></svg>
</main>
</body>
</html>
"""
ERROR_SUMMARY = '<div class="govuk-error-summary"><a href="#{}">Enter a name</a></div><h1>'
DEFECTS = [
    ("</main>", "</mian>", "not well-formed"),
    ("<p>Read", "<p><div>Read</div>", "not well-formed"),
    ("<!DOCTYPE html>\n", "", "not well-formed"),
    ('lang="en-GB"', "", "no lang"),
    ("<h1>Your name</h1>", "<h1>Your name</h1><h1>Your name</h1>", "has 2 h1"),
    ("<h1>Your name</h1>", "<h2>Your name</h2>", "has 0 h1"),
    ("<h1>Your name</h1>", "<h1></h1>", "does not begin with the h1"),
    ("<title>Your name", "<title>Page", "does not begin with the h1"),
    ("<title>Your name", "<title data-discreet>Your name", "said to be discreet"),
    ("<title>Your name", "<title>Error: Your name", "only then"),
    ("<title>Your name - Have your say</title>", "<title></title>", "no title"),
    ("<h1>", ERROR_SUMMARY.format("name"), "only then"),
    ("<title>Your name", "<title>Error: Your name", "only then"),
    ('<main id="main-content">', '<div id="main-content">', "exactly one main"),
    ('id="red"', 'id="name"', 'id "name" is there 2 times'),
    ('id="red"', 'id="red one"', "has a space"),
    ('for="name"', 'for="nobody"', 'for "nobody"'),
    ('for="name"', "", "has no label"),
    (">Name</label>", "></label>", "is empty"),
    ('aria-describedby="name-hint"', 'aria-describedby="nothing"', 'points at "nothing"'),
    ('aria-describedby="name-hint"', 'aria-describedby=""', "is empty"),
    ('aria-labelledby="picture"', 'aria-labelledby="nothing"', 'points at "nothing"'),
    ('href="/next"', 'href="#nowhere"', "leads to nothing"),
    (">Continue</button>", "></button>", "has no words"),
    ("<legend>Colour</legend>", "", "has no legend"),
    ('class="govuk-hint"', 'class="govuk-hint" required', "cannot be required"),
    (">Two plain words<", "><", "empty govuk-hint"),
    ("<form", '<p class="govuk-error-message" id="lost">Enter a name</p><form', "belongs to no field"),
    ('<input type="hidden" name="csrf_token" value="token">', "", "without a csrf_token"),
    ('value="token"', 'value=""', "without a csrf_token"),
    ('method="post"', 'method="get"', "shows its csrf_token"),
    (" novalidate", "", "needs novalidate"),
    (' alt=""', "", "has no alt"),
    (' role="img"', "", "picture with a name"),
    ("<h1>", "<style>h1 { color: red }</style><h1>", "<style>"),
    ("<h1>", '<h1 style="color: red">', "style attribute"),
    ("<h1>", '<h1 onclick="x()">', "onclick"),
    ("<h1>", '<h1 hx-on:click="x()">', "hx-on:click"),
    ("js-enabled", "js-on", "not the allowed one"),
    ('href="/next"', 'href="javascript:x()"', "a script as its href"),
    ('src="/static/picture.png"', 'src="https://cdn.example/picture.png"', "loads from another host"),
    ('src="/static/picture.png"', 'src="//cdn.example/picture.png"', "loads from another host"),
    (
        'src="/static/picture.png"',
        'srcset="/a.png 1x, https://cdn.example/b.png 2x"',
        "loads from another host",
    ),
    ('<form method="post"', '<form method="post" action="https://cdn.example/"', "loads from another host"),
    ("</head>", '<link rel="stylesheet" href="https://cdn.example/x.css"></head>', "loads from another host"),
    (' rel="external"', "", 'say rel="external"'),
    ('href="/next"', 'href="/next" target="_blank"', "another window"),
]


def test_a_good_page_has_no_problems() -> None:
    assert problems_of(GOOD) == []


@pytest.mark.parametrize(("old", "new", "problem"), DEFECTS)
def test_a_page_with_one_defect_is_told_so(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    problems = problems_of(GOOD.replace(old, new, 1))
    assert any(problem in one for one in problems), problems


def test_a_page_with_errors_says_error_first_and_leads_to_the_field() -> None:
    page = GOOD.replace("<title>", "<title>Error: ")
    assert problems_of(page.replace("<h1>", ERROR_SUMMARY.format("name"))) == []
    problems = problems_of(page.replace("<h1>", ERROR_SUMMARY.format("name-hint")))
    assert any("cannot take the focus" in one for one in problems), problems


def test_a_discreet_title_does_not_name_the_topic() -> None:
    assert (
        problems_of(GOOD.replace("<title>Your name", "<title data-discreet>Stage 1, question 4 of 12")) == []
    )


def test_a_fragment_needs_no_title_but_is_held_to_the_rest() -> None:
    assert problems_of('<p id="a" aria-describedby="elsewhere">Saved</p>', fragment=True) == []
    assert any(
        "style attribute" in one for one in problems_of('<p style="color: red">Saved</p>', fragment=True)
    )
    assert any("not well-formed" in one for one in problems_of("<p>Saved</b>", fragment=True))


def test_the_nu_checker_says_that_it_is_absent_or_judges(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if find_nu() is not None:
        assert nu_problems_of(GOOD) == []
        assert any(
            "obsolete" in one
            for one in nu_problems_of(
                GOOD.replace("<h1>Your name</h1>", "<center><h1>Your name</h1></center>")
            )
        )
    monkeypatch.setenv("CONSULT_VNU_JAR", str(tmp_path / "nowhere.jar"))
    assert find_nu() is None
    with pytest.raises(NuNotAvailableError, match="not available") as raised:
        nu_problems_of(GOOD)
    assert str(raised.value) == ABSENT


AXE_DEFECTS = [
    ("<h1>Your name</h1>", "<h1>Your name</h1><h4>Deep</h4>", "heading-order"),
    (' alt=""', "", "image-alt"),
    ('for="name"', "", "label"),
    ('lang="en-GB"', "", "html-has-lang"),
    ('role="img"', 'role="picture"', "aria-roles"),
    ('aria-labelledby="picture"', 'aria-labelledbee="picture"', "aria-valid-attr"),
    ("<title>Your name - Have your say</title>", "", "document-title"),
    (">Continue</button>", "></button>", "button-name"),
    (">on</a>", "></a>", "link-name"),
    ('<main id="main-content">', "<div>", "landmark-one-main"),
    ("width=device-width", "width=device-width, user-scalable=no", "meta-viewport"),
    ("</head>", '<meta http-equiv="refresh" content="30"></head>', "meta-refresh"),
    ("<h1>", '<p style="color:#aaa;background:#fff">pale</p><h1>', "color-contrast"),
    (
        "<h1>",
        '<div style="font-size:8px;line-height:8px"><button>a</button><button>b</button></div><h1>',
        "target-size",
    ),
    ("<h1>", "<ul><p>not an item</p></ul><h1>", "list"),
    ("<h1>", '<table><tr><td headers="x">1</td></tr></table><h1>', "td-headers-attr"),
    ("<h1>", '<div role="checkbox" tabindex="0"></div><h1>', "aria-toggle-field-name"),
    ("<h1>", '<a href="/" tabindex="3">first</a><h1>', "tabindex"),
    (
        "<h1>",
        '<div style="height:30px;overflow:auto"><p style="height:300px">long</p></div><h1>',
        "scrollable-region-focusable",
    ),
    ("<h1>", '<button aria-label="Send">Continue</button><h1>', "label-content-name-mismatch"),
]


def test_axe_passes_a_good_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(GOOD)
    assert [str(one) for one in run_axe(page)] == []
    page.close()


def test_axe_finds_every_planted_fault(browser: Browser) -> None:
    page = browser.new_page()
    missed = []
    for old, new, rule in AXE_DEFECTS:
        assert old in GOOD
        page.set_content(GOOD.replace(old, new, 1))
        found = run_axe(page)
        if rule not in {one.rule for one in found}:
            missed.append((rule, [str(one) for one in found]))
    page.close()
    assert missed == []


def test_axe_can_return_what_it_could_not_decide(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        GOOD.replace("<h1>", '<p style="background:linear-gradient(#fff,#000);color:#777">on a slope</p><h1>')
    )
    decided = {one.rule for one in run_axe(page)}
    undecided = {one.rule for one in run_axe(page, incomplete=True)} - decided
    page.close()
    assert "color-contrast" in undecided


def test_axe_is_the_vendored_one_and_has_every_rule_we_switch_on() -> None:
    source = axe_source()
    assert source.startswith("/*! axe v4.14.")
    assert [rule for rule in SWITCHED_ON if f'"{rule}"' not in source] == []


def test_a_page_without_scripts_can_still_be_examined(browser: Browser) -> None:
    context = browser.new_context()
    without_scripts(context)
    page = context.new_page()
    page.set_content(GOOD)
    assert page.evaluate("1 + 1") == 2
    context.close()


def test_a_request_to_another_host_is_stopped_and_told(browser: Browser) -> None:
    context = browser.new_context()
    context.route("http://home.example/", serve_page_with_foreign_picture)
    abroad = stay_at_home(context, "home.example")
    page = context.new_page()
    page.goto("http://home.example/")
    context.close()
    assert abroad == ["http://elsewhere.example/a.png"]


def serve_page_with_foreign_picture(route: Route) -> None:
    """The route is answered with a page that asks another host for a picture."""
    route.fulfill(body='<img src="http://elsewhere.example/a.png" alt="">', content_type="text/html")


def test_an_installed_browser_is_taken(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert find_chromium(str(tmp_path)) == str(program)
    assert find_or_install_chromium(search_path=str(tmp_path), run=refuse, find_own=lambda: None) == str(
        program
    )


def refuse(command: Sequence[str]) -> bool:
    """Installing always fails."""
    assert command
    return False


def test_without_a_browser_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    tried: list[Sequence[str]] = []

    def note(command: Sequence[str]) -> bool:
        tried.append(command)
        return False

    with pytest.raises(NoBrowserError) as raised:
        find_or_install_chromium(search_path=str(tmp_path), run=note, find_own=lambda: None)
    assert str(raised.value) == WHAT_TO_DO
    assert "\n" not in WHAT_TO_DO
    assert list(tried[-1][1:]) == ["-m", "playwright", "install", "chromium"]


def test_a_browser_that_playwright_has_just_installed_is_taken(tmp_path: Path) -> None:
    there: list[str] = []

    def install(command: Sequence[str]) -> bool:
        if "playwright" in command:
            there.append("/own/chromium")
        return True

    found = find_or_install_chromium(
        search_path=str(tmp_path), run=install, find_own=lambda: there[0] if there else None
    )
    assert found == "/own/chromium"


def test_a_command_that_does_not_exist_is_a_failure_and_no_crash() -> None:
    assert run_command([f"{os.sep}nowhere{os.sep}nothing"]) is False
    assert "--headless" in FLAGS
