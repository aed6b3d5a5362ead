"""Which language a page speaks, what it says in it, and that nothing is forgotten."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange

from consult.accounts.forms import SignInForm
from consult.analysis import words
from consult.errors import Invalid
from consult.home import Config, ConfigError
from consult.web import script_words, telling
from consult.web.forms import Form
from consult.web.languages import CHOICE, translated
from tests.compiled import app_for
from tests.conftest import ROOT, config_for
from tests.languages import (
    ALLOWED,
    ARABIC,
    CLOSING,
    KEPT,
    LATIN,
    LETTERS,
    OPENING,
    app_speaking,
    catalogue,
    messages,
    sentences,
    spoken,
    untranslated,
)
from tests.making.accounts import make_link, make_staff, sign_in
from tests.page_client import PageClient

ENGLISH = "en_GB"
MONDAY_5PM = datetime(2026, 1, 26, 17, tzinfo=UTC)


@pytest.fixture
def accented(sqlite_url: str) -> Iterator[Flask]:
    """The application in letters with accents."""
    with app_speaking(LATIN, sqlite_url) as app:
        yield app


@pytest.fixture
def many(sqlite_url: str) -> Iterator[Flask]:
    """The application in English, and in two more languages for whoever wants them."""
    with app_speaking(ENGLISH, sqlite_url, LATIN, ARABIC) as app:
        yield app


def language_of(html: str) -> tuple[str, str]:
    found = re.search(r'<html lang="([^"]+)" dir="([^"]+)"', html)
    assert found
    return found[1], found[2]


# --- what is collected for translators


@pytest.mark.parametrize(
    "sentence",
    [
        "There is a problem",  # in a component
        "Enter your e-mail address",  # in a form, until later
        "Too many tries. Wait 15 minutes and try again.",  # what an error says by itself
        "The forum is not open now.",  # marked in a table of plain values
        "Your password must have %(n)s characters or more",  # raised by rules
        "You have %(count)s character remaining",  # one of two, by number
        'You can <a class="govuk-link" href="%(sign_in)s">sign in again</a>.',  # with a link
    ],
)
def test_every_kind_of_sentence_is_collected(sentence: str) -> None:
    assert sentence in sentences()


def test_what_operators_read_is_not_collected() -> None:
    places = {path for message in messages() for path, _line in message.locations}
    assert len(places) > 30
    assert not {p for p in places if p.startswith(("consult/bundles/", "consult/operations/", "consult/cli"))}


def test_no_message_would_break_out_of_where_it_is_printed() -> None:
    """A template prints messages as they are, and some stand inside of an attribute."""
    without_elements = {sentence: re.sub(r"<[^>]*>", "", sentence) for sentence in sentences()}
    assert [one for one, plain in without_elements.items() if re.search(r'["<>]', plain)] == []


@pytest.mark.parametrize("language", LETTERS)
def test_every_placeholder_and_element_survives(language: str) -> None:
    tried = 0
    for message in catalogue(language):
        ids, texts = ((part,) if isinstance(part, str) else part for part in (message.id, message.string))
        if not ids[0]:
            continue
        allowed = [sorted(KEPT.findall(one)) for one in ids]
        for text in texts:
            assert sorted(KEPT.findall(text)) in allowed, text
            tried += 1
    assert tried > 300


def test_what_is_spoken_is_marked_longer_and_of_no_plain_letter() -> None:
    said = spoken("Enter at most %(n)s <b>characters</b>", LATIN)
    assert (said[0], said[-1]) == (OPENING, CLOSING)
    assert "%(n)s <b>" in said
    assert not re.search("[A-Za-z]", KEPT.sub("", said))
    assert 1.3 < len(spoken("a" * 100, LATIN)) / 100 < 1.5


# --- what was forgotten is found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Sign in</p>", ["Sign in"]),
        ('<img alt="A picture">', ["A picture"]),
        ('<nav aria-label="Menu"></nav>', ["Menu"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input placeholder="Your name" dir="auto">', ["Your name"]),
        ("<p>⟦Šîĝñ îñ⟧ now</p>", ["⟦Šîĝñ îñ⟧ now"]),
        ("<p>⟦Ŧħé Before ŵåš⟧</p>", ["⟦Ŧħé Before ŵåš⟧"]),
        ("<p>⟦Ŷöû çåñ <a>sign in</a> ñöŵ⟧</p>", ["sign in"]),
        ("<p>⟦Ŷöû çåñ <a>šîĝñ îñ</a> ñöŵ⟧</p>", []),
        ('<label dir="auto">Sign in</label>', ["Sign in"]),
        ('<label dir="auto">Fewer late licences</label>', []),
        ('<h1 dir="auto">Parks</h1><title>Parks</title>', []),
        ("<p>⟦Ŵé ŧöļđ <bdi>Ana Lyst</bdi>⟧</p>", []),
        ("<p>⟦Ŧö \u2068Strongly agree\u2069⟧</p>", []),
        ("<code>mean_pre</code><p>name@example.org 12,3</p>", []),
        ('<p lang="en">nobody answered</p>', []),
        ("<p>⟦Šîñçé lundo, 26-a de januaro 2026⟧</p>", []),
        ("<script>let x = 'Send'</script>", []),
    ],
)
def test_a_planted_plain_text_is_found_and_nothing_else(html: str, found: list[str]) -> None:
    assert untranslated(f'<html lang="eo">{html}</html>') == found


def test_the_names_of_council_and_service_are_not_translated() -> None:
    assert untranslated(f"<p>⟦{ALLOWED[0]} îš {ALLOWED[1]}⟧</p>") == []
    assert untranslated(f"<p>{ALLOWED[0]} speaks</p>") == [f"{ALLOWED[0]} speaks"]


# --- pages that no address leads to


def test_signing_in_speaks_the_language_at_each_step(accented: Flask) -> None:
    client = PageClient(accented)
    with accented.app_context():
        link, staff = make_link("new.one@abbeyford.example"), make_staff()
    pages = [
        client.get(link),
        client.send(link, {"password": "short", "code": "1"}),
        client.send(link, {"password": "a" * 201, "code": "1"}),
        client.send(link, {"password": "passwordpassword", "code": "1"}),
        client.send(link, {"password": "violet teapot marching", "code": "1"}),
        client.get("/staff/set-up/no-such-link"),
        client.get("/staff/sign-in"),
        client.send("/staff/sign-in", {}),
        client.send("/staff/sign-in", {"email": "a@b.example", "password": "wrong"}),
        client.send("/staff/sign-in", {"email": "a" * 300, "password": "x" * 300}),
        client.get("/staff/signed-out"),
    ]
    client.send("/staff/sign-in", {"email": staff.email, "password": staff.password})
    pages += [
        client.get("/staff/sign-in/code"),
        client.send("/staff/sign-in/code", {"code": "no"}),
        client.post("/staff/sign-in", data={"email": "a letter that was longer than twenty signs"}),
        client.post("/healthz", data={"csrf_token": client.any_token()}),
    ]
    assert [answer.status_code for answer in pages] == [
        *(200, 422, 422, 422, 422, 404, 200, 422, 422, 422, 200),
        *(200, 422, 400, 405),
    ]
    assert {language_of(answer.text) for answer in pages} == {("eo", "ltr")}
    assert [left for answer in pages for left in untranslated(answer.text)] == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503])
def test_every_error_page_speaks_the_language(sqlite_url: str, status: int) -> None:
    with app_speaking(LATIN, sqlite_url, is_new=True) as accented:

        @accented.get("/broken")
        def _broken() -> tuple[str, int]:
            page = "{% include 'errors/error.html' %}"
            given = {"status": status, "message": None, "request_number": "0", "typed": {}}
            return render_template_string(page, **given), status

        answer = PageClient(accented).get("/broken")
    assert answer.status_code == status
    assert untranslated(answer.text) == []


def test_a_refusal_is_translated_with_its_numbers_and_days(accented: Flask) -> None:
    with accented.test_request_context():
        told = translated(Invalid("Your password must have %(n)s characters or more", n=12000))
        assert untranslated(f"<p>{told}</p>") == []
        assert "12" in told
        assert "12000" not in told
        assert "lundo" in translated(Invalid("Opens %(when)s", when=MONDAY_5PM))
        assert translated(Invalid("This sentence was never collected")) == "This sentence was never collected"
    assert Invalid("Enter at most %(n)s", n=5).message == "Enter at most 5"


class Everything(Form):
    """A form in which the library has something to say of every field."""

    class Meta:
        csrf = False

    text = StringField(validators=[DataRequired()])
    short = StringField(validators=[Length(max=3)])
    long = StringField(validators=[Length(min=30)])
    between = StringField(validators=[Length(min=30, max=40)])
    exact = StringField(validators=[Length(min=5, max=5)])
    whole = IntegerField()
    part = DecimalField()
    few = IntegerField(validators=[NumberRange(min=1, max=3)])
    radio = RadioField(choices=[SelectChoice("a", "A")])


def errors_of_everything(app: Flask) -> dict[str, list[str]]:
    wrong = "text= short=long long=short between=short exact=shorter whole=x part=x few=12 radio=b"
    sent = dict(pair.split("=") for pair in wrong.split())
    with app.test_request_context("/", method="POST", data=sent):
        form = Everything()
        assert not form.validate()
        return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_what_the_library_says_of_a_form_is_in_our_words(sqlite_app: Flask) -> None:
    assert errors_of_everything(sqlite_app) == {
        "text": ["This must be filled in"],
        "short": ["Enter at most 3 characters"],
        "long": ["Enter at least 30 characters"],
        "between": ["Enter at least 30 and at most 40 characters"],
        "exact": ["Enter exactly 5 characters"],
        "whole": ["Enter a whole number, like 12"],
        "part": ["Enter a number, like 12 or 12.5"],
        "few": ["Enter a number from 1 to 3"],
        "radio": ["Choose from the answers in the list"],
    }


def test_what_the_library_says_of_a_form_is_translated(accented: Flask) -> None:
    found = errors_of_everything(accented)
    assert len(found) == 9
    assert [left for errors in found.values() for each in errors for left in untranslated(each)] == []


def test_every_form_of_ours_has_messages_in_the_language_of_the_page(sqlite_app: Flask) -> None:
    def below(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    ours = {each for each in below(FlaskForm) if each.__module__.startswith("consult.")}
    assert SignInForm in ours
    assert [each.__qualname__ for each in ours if not issubclass(each, Form)] == []


# --- dates, times, numbers


@pytest.mark.parametrize(
    ("told", "english"),
    [
        (lambda: telling.uk_date_time(MONDAY_5PM), "Monday 26 January 2026, 5pm (UK time)"),
        (
            lambda: telling.uk_date_time(datetime(2026, 7, 1, 11, tzinfo=UTC)),
            "Wednesday 1 July 2026, midday (UK time)",
        ),
        (
            lambda: telling.uk_date_time(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)),
            "Tuesday 30 June 2026, 11:59pm (UK time)",
        ),
        (lambda: telling.uk_date(datetime(2026, 6, 30, 23, tzinfo=UTC)), "Wednesday 1 July 2026"),
        (lambda: telling.uk_date(date(2026, 1, 26)), "Monday 26 January 2026"),
        (lambda: telling.uk_day_time(MONDAY_5PM), "Monday 26 January, 5pm"),
        (lambda: telling.number(1234567), "1,234,567"),
        (lambda: telling.in_figures("−1,234.50"), "−1,234.50"),
        (lambda: telling.listed(["numpy 2", "scipy 1"]), "numpy 2 and scipy 1"),
        (lambda: telling.isolated("Fewer late licences"), "Fewer late licences"),
        (lambda: telling.isolated("لا"), "\u2068لا\u2069"),
        (lambda: words.number(-0.5), "−0.50"),
        (lambda: words.signed(1234.5), "+1234.50"),
    ],
)
def test_english_is_british(sqlite_app: Flask, told, english: str) -> None:
    with sqlite_app.test_request_context():
        assert told() == english
    assert told() == english  # without any request, as on the command line


def test_other_languages_have_their_own_dates_and_numbers(accented: Flask) -> None:
    with accented.test_request_context():
        assert untranslated(f'<html lang="eo">{telling.uk_date_time(MONDAY_5PM)}</html>') == []
        assert "lundo" in telling.uk_date_time(MONDAY_5PM)
        assert "17:00" in telling.uk_date_time(MONDAY_5PM)
        assert "18:00" in telling.uk_date_time(datetime(2026, 7, 1, 17, tzinfo=UTC))
        assert "2026" not in telling.uk_day_time(MONDAY_5PM)
        assert telling.uk_date(date(2026, 1, 26)).startswith("lundo")
        assert telling.number(1234567) == "1\xa0234\xa0567"
        assert words.number(-1234.5) == "−1234,50"
        assert telling.isolated("Yes") == "\u2068Yes\u2069"


def test_a_sign_stays_before_its_number_where_lines_run_from_the_right(many: Flask) -> None:
    with many.test_request_context(headers={"Accept-Language": "ar"}):
        assert words.signed(0.5) == "\u200e+0.50"
        assert words.number(-0.5) == "\u200e−0.50"
        assert words.number(0.5) == "0.50"


def test_filters_of_templates_tell_them(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        page = "{{ at | uk_date_time }}; {{ at | uk_date }}; {{ at | uk_day_time }}; {{ 1234 | number }}"
        assert render_template_string(page, at=MONDAY_5PM) == (
            "Monday 26 January 2026, 5pm (UK time); Monday 26 January 2026; Monday 26 January, 5pm; 1,234"
        )


def test_the_command_line_speaks_english_whatever_pages_speak(accented: Flask) -> None:
    with accented.app_context():
        assert gettext("There is a problem") == "There is a problem"
        assert telling.uk_date_time(MONDAY_5PM) == "Monday 26 January 2026, 5pm (UK time)"


# --- what scripts say


def test_scripts_know_english_by_heart(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert [script_words.attributes(what) for what in script_words.PLAIN] == [{}, {}, {}, {}]


def test_scripts_are_told_other_languages_with_every_form_of_a_number(many: Flask) -> None:
    with many.test_request_context(headers={"Accept-Language": "ar"}):
        told = script_words.attributes("characters")
    forms = {"zero", "one", "two", "few", "many", "other"}
    assert {name.rpartition(".")[2] for name in told if "-under-" in name} == forms
    assert all("%{count}" in text for name, text in told.items() if "-at-limit" not in name)
    assert untranslated("".join(f"<p>{text.replace('%{count}', '5')}</p>" for text in told.values())) == []


def test_the_script_of_the_password_speaks_the_language(accented: Flask) -> None:
    page = PageClient(accented).get("/staff/sign-in").text
    [shown] = re.findall(r'data-i18n\.show-password="([^"]+)"', page)
    assert untranslated(shown) == []


# --- which language


@pytest.mark.parametrize(
    ("asked", "spoken_here"),
    [
        (None, "en-GB"),
        ("eo", "eo"),
        ("eo-XX,en;q=0.5", "eo"),
        ("ar-EG, en;q=0.3", "ar"),
        ("fr, de;q=0.9", "en-GB"),
        ("en-US,eo;q=0.5", "en-GB"),
        ("eo;q=0.5,en;q=0.1,ar", "ar"),
        ("../../x", "en-GB"),
        ("*", "en-GB"),
        ("eo;q=nan", "en-GB"),
        ("x" * 5000, "en-GB"),
    ],
)
def test_a_browser_gets_the_language_that_it_prefers_or_else_the_usual(
    many: Flask, asked: str | None, spoken_here: str
) -> None:
    answer = PageClient(many).get("/staff/sign-in", headers={"Accept-Language": asked} if asked else {})
    assert answer.status_code == 200
    assert language_of(answer.text)[0] == spoken_here


def test_arabic_runs_from_the_right_with_the_sheet_for_it(many: Flask) -> None:
    page = PageClient(many).get("/staff/sign-in", headers={"Accept-Language": "ar"}).text
    assert language_of(page) == ("ar", "rtl")
    assert len(re.findall(r'href="/static/consult-rtl\.\w+\.css"', page)) == 1
    assert not re.search(r'href="/static/consult\.\w+\.css"', page)


def test_somebody_chooses_and_stays_on_the_page(many: Flask) -> None:
    client = PageClient(many)
    page = client.get("/staff/sign-in?next=/staff/").text
    assert re.findall(r'name="language" value="(\w+)" lang="(\w+)"', page) == [("eo", "eo"), ("ar", "ar")]
    assert "Esperanto</button>" in page
    [back] = re.findall(r'name="back" value="([^"]+)"', page)
    answer = client.send("/language", {"language": "eo", "back": back}, page="/staff/sign-in")
    assert (answer.status_code, answer.location) == (303, "/staff/sign-in?next=/staff/")
    page = client.get(answer.location, headers={"Accept-Language": "en"}).text
    assert language_of(page)[0] == "eo"
    assert untranslated(page) == []


def test_the_choice_holds_while_somebody_signs_in_and_goes_when_they_leave(many: Flask) -> None:
    client = PageClient(many)
    with many.app_context():
        staff = make_staff()
    client.send("/language", {"language": "ar"}, page="/staff/sign-in")
    sign_in(client, staff)
    page = client.get("/staff/").text
    assert language_of(page)[0] == "ar"
    assert untranslated(page) == []
    client.post("/staff/sign-out", data={"csrf_token": client.any_token()})
    assert language_of(client.get("/staff/signed-out").text)[0] == "en-GB"


@pytest.mark.parametrize("name", ["", "xx", "../../x", "en", "fr", "eo/../ar"])
def test_a_language_that_there_is_not_is_the_usual_one(many: Flask, name: str) -> None:
    client = PageClient(many)
    client.send("/language", {"language": "eo"}, page="/staff/sign-in")
    answer = client.send("/language", {"language": name}, page="/staff/sign-in")
    assert (answer.status_code, answer.location) == (303, "/")
    assert language_of(client.get("/staff/sign-in").text)[0] == "en-GB"


def test_a_cookie_with_an_old_choice_is_no_error(many: Flask) -> None:
    client = PageClient(many)
    with client.session_transaction() as session:
        session[CHOICE] = "fr"
    assert language_of(client.get("/staff/sign-in").text)[0] == "en-GB"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", ""])
def test_a_choice_leads_nowhere_else(many: Flask, back: str) -> None:
    answer = PageClient(many).send("/language", {"language": "eo", "back": back}, page="/staff/sign-in")
    assert answer.location == "/"


def test_a_choice_needs_its_token(many: Flask) -> None:
    assert PageClient(many).post("/language", data={"language": "eo"}).status_code == 400


def test_there_is_no_other_way_to_choose(many: Flask) -> None:
    client = PageClient(many)
    assert client.get("/lang?set=eo").status_code == 404
    assert client.get("/language?set=eo").status_code == 405
    assert language_of(client.get("/staff/sign-in?language=eo&lang=eo").text)[0] == "en-GB"


def test_one_language_is_not_offered_as_a_choice(sqlite_app: Flask) -> None:
    page = PageClient(sqlite_app).get("/staff/sign-in", headers={"Accept-Language": "eo"}).text
    assert language_of(page) == ("en-GB", "ltr")
    assert 'action="/language"' not in page


def test_a_page_that_only_takes_forms_leads_home_after_a_choice(many: Flask) -> None:
    page = PageClient(many).post("/language").text
    assert 'name="back" value="/"' in page


# --- settings


def test_languages_are_set_by_name(tmp_path: Path) -> None:
    environment = {
        "CONSULT_SECRET_KEY": "s",
        "CONSULT_LANGUAGES": "en_GB, cy ,en_GB",
        "CONSULT_TRANSLATIONS": "x",
    }
    config = Config.from_environment(environment, instance=tmp_path)
    assert (config.languages, config.translations) == (("en_GB", "cy"), Path("x"))
    assert Config.from_environment({"CONSULT_SECRET_KEY": "s"}, instance=tmp_path).languages == ("en_GB",)


@pytest.mark.parametrize("name", ["xx_YY", "welsh", "../../x", "en-GB", "cy_"])
def test_a_language_that_nobody_knows_stops_the_start(tmp_path: Path, name: str) -> None:
    environment = {"CONSULT_SECRET_KEY": "s", "CONSULT_LANGUAGES": f"en_GB,{name}"}
    with pytest.raises(ConfigError, match="CONSULT_LANGUAGES"):
        Config.from_environment(environment, instance=tmp_path)


def test_a_language_without_its_catalogue_stops_the_start(sqlite_url: str, tmp_path: Path) -> None:
    config = Config(database_url=sqlite_url, secret_key="s", languages=("en_GB", "cy"), translations=tmp_path)
    with pytest.raises(ConfigError, match="no compiled catalogue for cy"):
        app_for(config)


def test_another_english_needs_no_catalogue(sqlite_url: str) -> None:
    assert app_for(Config(database_url=sqlite_url, secret_key="s", languages=("en_IE",)))


def test_two_applications_do_not_share_their_catalogues(accented: Flask, sqlite_url: str) -> None:
    """The libraries keep what they have read: one without a catalogue must not silence the other."""
    other = app_for(config_for(sqlite_url))
    with other.test_request_context(), force_locale(LATIN):
        assert gettext("There is a problem") == "There is a problem"
    with accented.test_request_context():
        assert untranslated(gettext("There is a problem")) == []


# --- style sheets

PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)"
    r"|(?<![-\w])(?:left|right)\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:text-align|clear|caption-side|justify-content|justify-items|justify-self)\s*:\s*(?:left|right)"
    r"|(?<![-\w])float\s*:"
    r"|(?:margin|padding|inset)\s*:(?:\s+[\w.%-]+){4}"
)


def physical_sides(sheet: str) -> list[str]:
    return PHYSICAL.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))


def test_own_style_sheets_know_no_left_and_right() -> None:
    sheets = sorted((ROOT / "static" / "src").glob("*.css"))
    assert len(sheets) >= 2
    assert {sheet.name: found for sheet in sheets if (found := physical_sides(sheet.read_text()))} == {}


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "margin-left: 1px",
            "left: 0",
            "text-align: right",
            "float: inline-start",
            "padding: 1px 2px 3px 4px",
        ),
        *("border-right: 0", "border-top-left-radius: 1px", "inset-left: 0"),
    ],
)
def test_a_planted_side_is_found(rule: str) -> None:
    assert physical_sides(f".a {{ {rule}; }}")
    assert not physical_sides(
        ".a { margin-inline: 1px; inset-block-start: 0; padding: 1px 2px; /* left: 1 */ }"
    )
