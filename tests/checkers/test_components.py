"""Our macros say what GOV.UK Frontend says, work under strict rules, and lead from an error to its field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import html5lib
import pytest
import wtforms
from jinja2 import UndefinedError
from wtforms import widgets
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from .axe import run_axe
from .html import problems_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from jinja2 import Environment
    from playwright.sync_api import Browser, BrowserContext, Route

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
# What we add to GOV.UK's markup on purpose, or leave to the form around it.
OURS = ("aria-invalid", "dir", "data-prevent-double-click", "data-disable-auto-focus")


def tree(html: str) -> Any:
    """A fragment as tags, attributes and words, without what does not change its meaning."""
    return shape(html5lib.parseFragment(html, namespaceHTMLElements=False))


def shape(element: Element) -> tuple[Any, ...]:
    """One element and what is in it."""
    attributes = {
        name: " ".join(sorted(value.split())) for name, value in element.items() if name not in OURS
    }
    words = [" ".join((element.text or "").split())]
    children = [shape(child) for child in element if isinstance(child.tag, str)]
    words += [" ".join((child.tail or "").split()) for child in element]
    return str(element.tag), tuple(sorted(attributes.items())), tuple(children), " ".join(filter(None, words))


CHOICES = '[{"value": "a", "text": "A", "hint": "First"}, "or", {"value": "b", "text": "B & b"}]'
ITEMS = [
    {"value": "a", "text": "A", "hint": {"text": "First"}},
    {"divider": "or"},
    {"value": "b", "text": "B & b"},
]
HELP = {"hint": {"text": "Help"}, "errorMessage": {"text": "Wrong"}}
SAME: list[tuple[str, str, str, dict[str, Any]]] = [
    ("forms", 'button("Go on")', "button", {"text": "Go on"}),
    (
        "forms",
        'button("Go", name="a", value="0", kind="warning")',
        "button",
        {"text": "Go", "name": "a", "value": "0", "classes": "govuk-button--warning"},
    ),
    (
        "forms",
        'button("Start now", href="/s", start=true)',
        "button",
        {"text": "Start now", "href": "/s", "isStartButton": True},
    ),
    ("forms", 'input("n", "Name")', "input", {"name": "n", "id": "n", "label": {"text": "Name"}}),
    (
        "forms",
        (
            'input("n", "<b>", value=\'"x"\', hint="Help", error="Wrong", width=5, prefix="£",'
            ' suffix="a day", inputmode="numeric", autocomplete="off")'
        ),
        "input",
        {
            "name": "n",
            "id": "n",
            "label": {"text": "<b>"},
            "value": '"x"',
            "classes": "govuk-input--width-5",
            "prefix": {"text": "£"},
            "suffix": {"text": "a day"},
            "inputmode": "numeric",
            "autocomplete": "off",
            **HELP,
        },
    ),
    (
        "forms",
        'input("n", "Name", heading=true, size="xl")',
        "input",
        {
            "name": "n",
            "id": "n",
            "label": {"text": "Name", "isPageHeading": True, "classes": "govuk-label--xl"},
        },
    ),
    (
        "forms",
        'textarea("n", "Why", value="a\nb", hint="Help", error="Wrong", rows=8)',
        "textarea",
        {"name": "n", "id": "n", "label": {"text": "Why"}, "value": "a\nb", "rows": 8, **HELP},
    ),
    (
        "forms",
        'textarea("n", "Why", hint="Help", error="Wrong", max_characters=200)',
        "character-count",
        {"name": "n", "id": "n", "label": {"text": "Why"}, "value": "", "maxlength": 200, **HELP},
    ),
    (
        "forms",
        'textarea("n", "Why", max_words=20)',
        "character-count",
        {"name": "n", "id": "n", "label": {"text": "Why"}, "value": "", "maxwords": 20},
    ),
    (
        "forms",
        'select("n", "Ward", [("a", "A"), ("b", "B")], value="b", hint="Help", error="Wrong")',
        "select",
        {
            "name": "n",
            "id": "n",
            "label": {"text": "Ward"},
            "items": [{"value": "a", "text": "A"}, {"value": "b", "text": "B", "selected": True}],
            **HELP,
        },
    ),
    (
        "forms",
        f'radios("n", "Which", {CHOICES}, value="b", hint="Help", error="Wrong", inline=true)',
        "radios",
        {
            "name": "n",
            "items": ITEMS,
            "value": "b",
            "classes": "govuk-radios--inline",
            "fieldset": {"legend": {"text": "Which"}},
            **HELP,
        },
    ),
    (
        "forms",
        f'radios("n", "Which", {CHOICES}, heading=true)',
        "radios",
        {
            "name": "n",
            "items": ITEMS,
            "fieldset": {
                "legend": {"text": "Which", "isPageHeading": True, "classes": "govuk-fieldset__legend--l"}
            },
        },
    ),
    (
        "forms",
        f'checkboxes("n", "Which", {CHOICES}, values=["a"], hint="Help", error="Wrong", small=true)',
        "checkboxes",
        {
            "name": "n",
            "items": ITEMS,
            "values": ["a"],
            "classes": "govuk-checkboxes--small",
            "fieldset": {"legend": {"text": "Which"}},
            **HELP,
        },
    ),
    (
        "forms",
        'checkbox("n", "Yes", error="Wrong")',
        "checkboxes",
        {"name": "n", "items": [{"value": "y", "text": "Yes"}], "errorMessage": {"text": "Wrong"}},
    ),
    (
        "forms",
        'password_input("n", "Password", error="Wrong")',
        "password-input",
        {"name": "n", "id": "n", "label": {"text": "Password"}, "errorMessage": {"text": "Wrong"}},
    ),
    (
        "forms",
        'file_upload("n", "File", hint="Help", error="Wrong", multiple=true)',
        "file-upload",
        {"name": "n", "id": "n", "label": {"text": "File"}, "multiple": True, **HELP},
    ),
    (
        "forms",
        (
            'date_input("n", "When", values={"day": 3, "month": 4, "year": 2026}, hint="Help",'
            ' error="Wrong", wrong=["day"])'
        ),
        "date-input",
        {
            "id": "n",
            "namePrefix": "n",
            "fieldset": {"legend": {"text": "When"}},
            "items": [
                {
                    "name": "day",
                    "classes": "govuk-input--width-2 govuk-input--error",
                    "value": "3",
                    "autocomplete": "off",
                },
                {"name": "month", "classes": "govuk-input--width-2", "value": "4", "autocomplete": "off"},
                {"name": "year", "classes": "govuk-input--width-4", "value": "2026", "autocomplete": "off"},
            ],
            **HELP,
        },
    ),
    ("content", 'warning("Mind")', "warning-text", {"text": "Mind"}),
    ("content", 'tag("Open", "green")', "tag", {"text": "Open", "classes": "govuk-tag--green"}),
    ("content", 'panel("Sent", "Thank you")', "panel", {"titleText": "Sent", "text": "Thank you"}),
    (
        "content",
        'notification("Saved", success=true)',
        "notification-banner",
        {"text": "Saved", "type": "success", "titleId": "notification-title"},
    ),
    (
        "content",
        'error_summary([{"text": "Wrong", "href": "#n"}])',
        "error-summary",
        {"titleText": "There is a problem", "errorList": [{"text": "Wrong", "href": "#n"}]},
    ),
    (
        "content",
        (
            'task_list([{"title": "A", "href": "/a", "status": "Done", "hint": "H"},'
            ' {"title": "B", "href": "/b", "status": "Next", "colour": "blue"},'
            ' {"title": "C", "status": "Cannot start yet"}])'
        ),
        "task-list",
        {
            "idPrefix": "task",
            "items": [
                {"title": {"text": "A"}, "href": "/a", "status": {"text": "Done"}, "hint": {"text": "H"}},
                {
                    "title": {"text": "B"},
                    "href": "/b",
                    "status": {"tag": {"text": "Next", "classes": "govuk-tag--blue"}},
                },
                {
                    "title": {"text": "C"},
                    "status": {
                        "text": "Cannot start yet",
                        "classes": "govuk-task-list__status--cannot-start-yet",
                    },
                },
            ],
        },
    ),
    (
        "content",
        (
            'summary_list([{"key": "K", "value": "V", "href": "/c", "about": "kind"},'
            ' {"key": "L", "value": "<i>"}])'
        ),
        "summary-list",
        {
            "rows": [
                {
                    "key": {"text": "K"},
                    "value": {"text": "V"},
                    "actions": {"items": [{"href": "/c", "text": "Change", "visuallyHiddenText": "kind"}]},
                },
                {"key": {"text": "L"}, "value": {"text": "<i>"}},
            ]
        },
    ),
    (
        "content",
        'table("T", ["A", "B"], [["a", 1]], id="t", numeric=[1], scroll=false)',
        "table",
        {
            "caption": "T",
            "captionClasses": "govuk-table__caption--m",
            "firstCellIsHeader": True,
            "head": [{"text": "A"}, {"text": "B", "format": "numeric"}],
            "rows": [[{"text": "a"}, {"text": 1, "format": "numeric"}]],
            "attributes": {"id": "t"},
        },
    ),
    ("navigation", "skip_link()", "skip-link", {"text": "Skip to main content", "href": "#main-content"}),
    (
        "navigation",
        'breadcrumbs([("Home", "/"), ("Here", none)])',
        "breadcrumbs",
        {"items": [{"text": "Home", "href": "/"}, {"text": "Here"}]},
    ),
    (
        "navigation",
        'pagination(pages=[(1, "/1"), (2, "/2"), none, (9, "/9")], current=2, previous="/1", next="/3")',
        "pagination",
        {
            "items": [
                {"number": 1, "href": "/1"},
                {"number": 2, "href": "/2", "current": True},
                {"ellipsis": True},
                {"number": 9, "href": "/9"},
            ],
            "previous": {"href": "/1"},
            "next": {"href": "/3"},
        },
    ),
    (
        "navigation",
        'service_navigation([("A", "/a", true), ("B", "/b", false)], title="T", title_href="/t")',
        "service-navigation",
        {
            "serviceName": "T",
            "serviceUrl": "/t",
            "navigation": [{"text": "A", "href": "/a", "active": True}, {"text": "B", "href": "/b"}],
        },
    ),
]


def render(environment: Environment, file: str, call: str) -> str:
    """What a call of one of our macros prints."""
    name = call.partition("(")[0]
    return environment.from_string(
        f'{{% from "components/{file}.html" import {name} %}}{{{{ {call} }}}}'
    ).render()


@pytest.mark.parametrize("case", SAME, ids=[call[:40] for _, call, _, _ in SAME])
def test_a_macro_says_what_gov_uk_says(
    environment: Environment, reference: Environment, case: tuple[str, str, str, dict[str, Any]]
) -> None:
    file, call, component, params = case
    macro = "govuk" + component.title().replace("-", "")
    path = f"govuk_frontend_jinja/components/{component}/macro.html"
    source = f'{{% from "{path}" import {macro} %}}{{{{ {macro}(params) }}}}'
    theirs = tree(reference.from_string(source).render(params=params))
    ours = tree(render(environment, file, call).replace('id="t-caption"', ""))
    assert ours == theirs


def test_a_misspelt_argument_is_an_error(environment: Environment) -> None:
    with pytest.raises(TypeError, match="hnit"):
        render(environment, "forms", 'input("n", "Name", hnit="Help")')


def test_a_row_without_its_value_is_an_error(environment: Environment) -> None:
    with pytest.raises(UndefinedError):
        render(environment, "content", 'summary_list([{"key": "K"}])')


class DateForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """Day, month and year."""

    day = wtforms.StringField()
    month = wtforms.StringField()
    year = wtforms.StringField()

    def validate_day(self, field: wtforms.StringField) -> None:
        """The day is there."""
        if not field.data:
            message = "The date must include a day"
            raise wtforms.ValidationError(message)


class EveryForm(wtforms.Form):  # type: ignore[misc]  # WTForms has no types
    """One field of every kind."""

    token = wtforms.HiddenField(default="t")
    name = wtforms.StringField(
        "Name",
        description="Two plain words",
        validators=[InputRequired("Enter a name")],
        render_kw={"autocomplete": "off", "class": "x"},
    )
    email = wtforms.EmailField("E-mail", render_kw={"autocomplete": "email"})
    password = wtforms.PasswordField(
        "Password", validators=[InputRequired("Enter a password")], render_kw={"autocomplete": "new-password"}
    )
    why = wtforms.TextAreaField(
        "Why", validators=[InputRequired("Write why"), Length(max=500)], render_kw={"rows": 9}
    )
    age = wtforms.RadioField(
        "Age",
        choices=[
            SelectChoice("a", "Young", {"hint": "Under 30"}),
            SelectChoice("b", "Old"),
            SelectChoice("n", "Prefer not to say", {"divider": "or"}),
        ],
        validators=[InputRequired("Choose an age")],
    )
    reads = wtforms.SelectMultipleField(
        "Reads",
        choices=[SelectChoice("en", "English"), SelectChoice("none", "None of these", {"exclusive": True})],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(),
        validators=[InputRequired("Choose a language")],
    )
    ward = wtforms.SelectField(
        "Ward",
        choices=[SelectChoice("", "Choose"), SelectChoice("b", "Bridge")],
        validators=[InputRequired("Choose a ward")],
    )
    people = wtforms.IntegerField("People", validators=[InputRequired("Enter a number")])
    share = wtforms.DecimalField("Share")
    written = wtforms.BooleanField("I have written it down", validators=[InputRequired("Tick the box")])
    closes = wtforms.FormField(DateForm, label="Closes", description="For example, 27 3 2026")
    files = wtforms.MultipleFileField("Files", render_kw={"accept": ".csv"})


PAGE = """{% extends "layouts/base.html" %}
{% from "components/fields.html" import field %}
{% from "components/forms.html" import form as posted, button %}
{% block title %}About you{% endblock %}
{% block content %}<h1 class="govuk-heading-l">{{ self.title() }}</h1>
{% call posted(csrf_token(), multipart=true) %}
{% for f in form %}{{ field(f) }}{% endfor %}
{{ button("Continue") }}
{% endcall %}
{% endblock %}"""


def errors_of(form: wtforms.Form) -> list[dict[str, str]]:
    """The error summary of a form, by the rule that `components/fields.html` states."""
    found = []
    for field in form:
        if isinstance(field.errors, dict):
            found += [
                {"text": messages[0], "href": f"#{field.id}-{part}"}
                for part, messages in field.errors.items()
            ]
        elif field.errors:
            found.append({"text": field.errors[0], "href": f"#{field.id}"})
    return found


def filled_page(environment: Environment, data: dict[str, Any] | None) -> tuple[str, list[dict[str, str]]]:
    """The page of every field, as first seen without `data`, else as it comes back; and its errors."""
    form = EveryForm(data=data) if data else EveryForm()
    before = {field.name: dict(field.render_kw or {}) for field in form}
    errors = []
    if data is not None:
        form.validate()
        errors = errors_of(form)
    html = environment.from_string(PAGE).render(form=form, errors=errors)
    assert before == {field.name: dict(field.render_kw or {}) for field in form}, (
        "a field was changed by printing it"
    )
    return html, errors


def first(root: Element, path: str) -> Element:
    """The first element at a path, which must be there."""
    found = root.find(path)
    assert found is not None, path
    return found


def test_every_kind_of_field_makes_a_good_page(environment: Environment) -> None:
    html, _ = filled_page(environment, None)
    assert problems_of(html) == []
    for expected in (
        'type="email" dir',
        " required",
        " maxlength=",
        'class="x"',
    ):
        assert expected not in html
    for expected in (
        '<input type="hidden" name="token" value="t">',
        'autocomplete="new-password"',
        'data-maxlength="500"',
        'rows="9"',
        'inputmode="decimal"',
        'data-behaviour="exclusive"',
        '<div class="govuk-radios__divider">or</div>',
        'accept=".csv"',
        'enctype="multipart/form-data"',
    ):
        assert expected in html, expected


def test_a_form_comes_back_with_what_was_typed_and_never_the_password(environment: Environment) -> None:
    html, _ = filled_page(
        environment,
        {
            "name": "<Oak>",
            "why": "\nBecause",
            "age": "b",
            "reads": ["none"],
            "ward": "b",
            "written": True,
            "password": "secret",
            "closes": {"day": "3", "month": "", "year": ""},
        },
    )
    assert problems_of(html) == []
    root = html5lib.parse(html, namespaceHTMLElements=False)
    assert first(root, ".//input[@id='name']").get("value") == "<Oak>"
    assert first(root, ".//textarea[@id='why']").text == "\nBecause"
    assert [one.get("value") for one in root.iter("input") if one.get("checked") is not None] == [
        "b",
        "none",
        "y",
    ]
    assert first(root, ".//option[@selected]").get("value") == "b"
    assert first(root, ".//input[@id='closes-day']").get("value") == "3"
    assert "secret" not in html


DESCRIPTION = """() => {
  const ids = (element) => (element?.getAttribute("aria-describedby") ?? "").split(" ");
  const words = (element) => ids(element).map((id) => document.getElementById(id)?.textContent ?? "");
  return [...words(document.activeElement), ...words(document.activeElement.closest("fieldset"))].join(" ");
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_every_error_link_puts_the_focus_on_its_field(
    environment: Environment, browser: Browser, *, scripts: bool
) -> None:
    html, errors = filled_page(environment, {"name": ""})
    assert problems_of(html) == []
    assert html.count("Error: About you - Have your say") == 1
    context = browser.new_context(viewport={"width": 320, "height": 640})
    serve(context, html)
    if not scripts:
        context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto("http://home.example/")
    assert page.evaluate("document.activeElement.className === 'govuk-error-summary'") == scripts
    for error in errors:
        page.get_by_role("link", name=error["text"], exact=True).click()
        assert page.evaluate("document.activeElement.id") == error["href"][1:]
        assert error["text"] in page.evaluate(DESCRIPTION)
    assert [str(one) for one in run_axe(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert {error["href"] for error in errors} == {
        "#name",
        "#password",
        "#why",
        "#age",
        "#reads",
        "#ward",
        "#people",
        "#written",
        "#closes-day",
    }


def serve(context: BrowserContext, html: str) -> None:
    """Any page of `home.example` is `html`, under the policy of the application, beside its static files."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        file = DIST / path.removeprefix("/static/")
        if path.startswith("/static/") and file.is_file():
            route.fulfill(path=file)
        elif route.request.method == "POST":
            route.fulfill(body=FRAGMENT, status=422, content_type="text/html")
        else:
            route.fulfill(body=html, content_type="text/html", headers={"content-security-policy": POLICY})

    context.route("**/*", answer)


POLICY = (
    "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; "
    "style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'"
)
FRAGMENT = (
    '<div class="govuk-error-summary" data-module="govuk-error-summary" id="arrived">'
    '<div role="alert">There is a problem</div></div>'
)
HTMX_PAGE = """{% extends "layouts/base.html" %}{% set uses_htmx = true %}
{% from "components/forms.html" import form, button %}
{% block title %}Reply{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Reply</h1><div id="place"></div>
{% call form(csrf_token(), action="/reply", attrs={"hx-post": "/reply", "hx-target": "#place"}) %}
{{ button("Send") }}
{% endcall %}
{% endblock %}"""


def test_htmx_shows_a_refused_form_starts_its_components_and_breaks_no_policy(
    environment: Environment, browser: Browser
) -> None:
    context = browser.new_context()
    serve(context, environment.from_string(HTMX_PAGE).render())
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("http://home.example/")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("#arrived")
    page.wait_for_function("document.activeElement.id === 'arrived'")
    assert [one for one in said if "422" not in one] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    context.close()


def test_a_request_of_htmx_that_fails_is_said_on_the_page(environment: Environment, browser: Browser) -> None:
    context = browser.new_context()
    serve(context, environment.from_string(HTMX_PAGE).render())
    context.route("**/reply", lambda route: route.abort())
    page = context.new_page()
    page.goto("http://home.example/")
    page.get_by_role("button", name="Send").click()
    page.wait_for_function("document.getElementById('status-message').textContent.includes('not saved yet')")
    assert [str(one) for one in run_axe(page)] == []
    context.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503])
def test_an_error_page_says_what_to_do_and_gives_back_what_was_typed(
    environment: Environment, status: int
) -> None:
    html = environment.get_template("errors/error.html").render(
        status=status, request_number="7F3A", typed={"Your reply": "<b>bins</b>"}
    )
    assert problems_of(html) == []
    assert "7F3A" in html
    assert "&lt;b&gt;bins&lt;/b&gt;</textarea>" in html
    assert (
        problems_of(
            environment.get_template("errors/error.html").render(status=status, request_number="7F3A")
        )
        == []
    )


@pytest.mark.parametrize(
    ("direction", "sheet"), [("ltr", "/static/consult."), ("rtl", "/static/consult-rtl.")]
)
@pytest.mark.parametrize("layout", ["base", "resident", "staff"])
def test_every_layout_makes_a_good_page_in_both_directions(
    environment: Environment, layout: str, direction: str, sheet: str
) -> None:
    source = (
        '{% extends "layouts/' + layout + '.html" %}{% block title %}Hello{% endblock %}'
        "{% block content %}<h1>{{ self.title() }}</h1>{% endblock %}"
    )
    given = {
        "dir": direction,
        "finish_url": "/finish",
        "hide_url": "/quiet",
        "current_staff": {"email": "a@b.example"},
        "sign_out_url": "/out",
        "navigation": [("A", "/a", True), ("B", "/b", False)],
        "banners": ["You are helping someone take part."],
    }
    html = environment.from_string(source).render(**given)
    assert problems_of(html) == []
    assert f'<html lang="en-GB" dir="{direction}"' in html
    assert f'href="{sheet}' in html
    assert ("data-private" in html) == (layout != "base")
    assert "/static/htmx." not in html  # only a page that asks for it
    assert ("Sign out" in html) == (layout == "staff")
    assert ("Finish on this computer" in html) == (
        layout != "staff"
    )  # also on public pages, for who takes part


def test_a_page_that_forgets_its_title_is_an_error(environment: Environment) -> None:
    with pytest.raises(Exception, match="title"):
        environment.from_string(
            '{% extends "layouts/base.html" %}{% block content %}<h1>Hello</h1>{% endblock %}'
        ).render()
