"""Posters and letters: what stands on them, where their picture leads, and that any words fit."""

import re
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
import typst
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation, Participant
from consult.db import db
from consult.errors import Conflict
from consult.publicity import links
from consult.publicity.pdf import TEMPLATE, inputs_of, pdf_of
from consult.publicity.sheets import COLOUR, IN_LETTER, ON_POSTER, Sheet, sheet_of
from consult.recruitment.models import ChannelKind
from tests.conftest import ROOT
from tests.making.joining import CHOICES, form_of
from tests.making.publicity import CHANNEL, make_channel
from tests.page_client import PageClient

CHANNELS = "/officer/survey-place/publicity/channels"
LIBRARY = f"{CHANNELS}/{CHANNEL}"
ADDRESS = f"http://127.0.0.1:8000/go/survey-place/{CHANNEL}"
MARKUP = '#panic("x") $x$ *b* ] "quoted" \\ <pages> @ref // no /* c */ `r` = h'
ARABIC = "ساعات العمل المتأخرة في أبيفورد"


def sheet(
    app: Flask, place: Consultation, *, is_letter: bool = False, key: str = CHANNEL, **about: Any
) -> Sheet:
    """The sheet of a consultation of which this is said."""
    kind = about.pop("kind", ChannelKind.LIBRARY)
    with app.test_request_context():
        mine = db.session.get_one(Consultation, place.id)
        for name, value in about.items():
            setattr(mine, name, value)
        channel = make_channel(mine, key, kind=kind)
        return sheet_of(mine, channel, is_letter=is_letter)


def pages_of(made: Sheet) -> int:
    found = re.search(
        r"\d+", typst.query(str(TEMPLATE), "<pages>", field="value", sys_inputs=inputs_of(made))
    )
    assert found
    return int(found[0])


def test_the_picture_of_the_poster_leads_to_joining_by_its_channel(sqlite_app, sqlite_place):
    made = sheet(sqlite_app, sqlite_place)
    again = segno.make(ADDRESS, error="m", micro=False)
    assert made.picture == links.picture_of(ADDRESS)
    assert f'height="{again.symbol_size(4)[1]}"' in made.picture  # the code of this very address
    drawn = typst.compile(str(TEMPLATE), sys_inputs=inputs_of(made), format="svg").decode()
    assert b64encode(made.picture.encode()).decode() in drawn
    client = PageClient(sqlite_app)
    answer = client.get(urlsplit(ADDRESS).path)
    assert (answer.status_code, answer.location) == (
        302,
        f"/consultations/survey-place/join?channel={CHANNEL}",
    )
    typed = form_of(client, answer.location)
    shown = re.search(r'name="channel" value="([^"]*)"', client.get(answer.location).text)
    assert shown
    sent = {**typed, **CHOICES, "channel": shown[1]}
    assert client.post("/consultations/survey-place/join", data=sent).status_code == 303
    with sqlite_app.app_context():
        person = db.session.scalars(select(Participant).where(Participant.channel_id.is_not(None))).one()
        assert person.channel_id is not None


@pytest.mark.parametrize(
    ("typed", "led_to"),
    [
        ("/go/SURVEY-PLACE/Mill-Library", "/consultations/survey-place/join?channel=mill-library"),
        ("/go/survey-place/Fair", "/consultations/survey-place/join?channel=Fair"),
        ("/go/survey-place/a/b c", "/consultations/survey-place/join?channel=a/b+c"),
        ("/go/survey-place/nowhere", "/consultations/survey-place/join?channel=nowhere"),
        ("/go/no-such-place/library", "/consultations/no-such-place/join?channel=library"),
    ],
)
def test_an_address_that_is_copied_by_hand_finds_its_channel(sqlite_app, sqlite_place, typed, led_to):
    with sqlite_app.app_context():
        for key in (CHANNEL, "fair", "Fair", "a/b c"):
            make_channel(sqlite_place, key)
    answer = PageClient(sqlite_app).get(typed)
    assert (answer.status_code, answer.location.replace("%2F", "/").replace("%20", "+")) == (302, led_to)


def test_a_draft_is_no_more_known_by_its_posters_than_by_its_page(sqlite_app, sqlite_place):
    with sqlite_app.app_context():
        db.session.get_one(Consultation, sqlite_place.id).state = "draft"
        db.session.commit()
    client = PageClient(sqlite_app)
    [draft, none] = [client.get(f"/go/{slug}/library").location for slug in ("survey-place", "no-such-place")]
    assert [client.get(to).status_code for to in (draft, none)] == [404, 404]


def test_a_pdf_has_a_title_a_language_tags_and_one_page_and_is_the_same_each_time(sqlite_app, sqlite_place):
    made = sheet(sqlite_app, sqlite_place, title="Late hours")
    pdf = pdf_of(made)
    assert pdf.startswith(b"%PDF-")
    for mark in (
        b"/Lang(en-GB)",
        b"/StructTreeRoot",
        b"/Marked true",
        b"/DisplayDocTitle true",
        b"/Title(Late hours)",
    ):
        assert mark in pdf, mark
    assert re.search(rb"/Alt\s*\(Picture for a telephone", pdf)
    assert pdf_of(made) == pdf
    headings = typst.query(str(TEMPLATE), "heading", sys_inputs=inputs_of(made))
    assert headings.index("Late hours") < headings.index("Three stages")
    assert pages_of(made) == 1


@pytest.mark.parametrize("is_letter", [False, True])
@pytest.mark.parametrize(
    "about",
    [
        {"title": MARKUP, "summary": MARKUP},
        {"title": ARABIC, "summary": f"{ARABIC}. Shops (24/7) too. {ARABIC}."},
        {"title": "x" * 5000, "summary": "y" * 5000, "area": "z" * 500, "incentive": "w" * 3000},
        {"title": "Word " * 200, "summary": "One line.\n\n" * 300, "incentive": "A voucher. " * 200},
        {"title": "漢字" * 100, "summary": "絵" * 3000},
        {"title": "A", "summary": None, "area": None, "minimum_age": None},
    ],
    ids=["markup", "arabic", "no-spaces", "long", "wide", "little"],
)
def test_whatever_officers_wrote_it_stands_on_one_side(sqlite_app, sqlite_place, about, is_letter):
    made = sheet(sqlite_app, sqlite_place, is_letter=is_letter, key="a-rather-long-key-for-a-poster", **about)
    assert pages_of(made) == 1
    try:
        pdf = pdf_of(made)
    except Conflict:  # a machine without fonts for these scripts
        assert about["title"][0] in (ARABIC[0], "漢")
    else:
        assert pdf.startswith(b"%PDF-")


def test_where_no_font_has_the_letters_the_officer_is_told_to_print_the_page(
    sqlite_app, sqlite_place, officer
):
    made = sheet(sqlite_app, sqlite_place, title="No \u0378 sign")
    with pytest.raises(Conflict, match="no letters for some of its words"):
        pdf_of(made)
    with sqlite_app.app_context():
        db.session.get_one(Consultation, sqlite_place.id).title = "No \u0378 sign"
        db.session.commit()
    answer = officer.get(f"{LIBRARY}/poster.pdf")
    assert answer.status_code == 409
    assert "print it from your browser instead" in answer.text
    assert officer.get(f"{LIBRARY}/poster").status_code == 200


def test_words_from_the_right_run_from_the_right(sqlite_app, sqlite_place):
    made = sheet(sqlite_app, sqlite_place, title=f"(1) {ARABIC}", summary=f"Shops.\n\n{ARABIC}")
    assert made.title.dir == "rtl"
    assert [paragraph.dir for paragraph in made.about] == ["ltr", "rtl"]


def test_a_poster_says_what_it_is_about_in_plain_words_and_ends_at_a_sentence(sqlite_app, sqlite_place):
    said = "Shops want to **open** later. [Read more](https://abbeyford.example/)\n\n- quiet\n- busy"
    made = sheet(sqlite_app, sqlite_place, summary=said)
    assert [each.text for each in made.about] == ["Shops want to open later. Read more", "quiet", "busy"]
    long = sheet(sqlite_app, sqlite_place, key="fair", summary="Shops want to open. " * 50)
    [paragraph] = long.about
    assert len(paragraph.text) <= ON_POSTER < IN_LETTER
    assert paragraph.text.endswith("open.")


def test_a_poster_tells_what_is_needed_and_whom_to_ask(sqlite_app, sqlite_place):
    made = sheet(sqlite_app, sqlite_place, incentive="A £10 voucher for everybody")
    assert made.address == ADDRESS.removeprefix("http://")
    assert made.council.text == "Abbeyford Council"
    assert made.who.text == "For everybody who lives, works or studies in Abbeyford and is 16 or over."
    assert "You do not need an e-mail address" in made.points[0].text
    assert made.points[-1].text == "A £10 voucher for everybody"
    assert made.help.text == "Do you want help? Ask the staff here, or Abbeyford Council."
    assert [each.name.text.partition(":")[0] for each in made.dates] == [
        "Starting survey",
        "Forum",
        "Follow-up survey",
    ]
    assert all(each.when.text.endswith("(UK time)") for each in made.dates)
    mailed = sheet(sqlite_app, sqlite_place, key="letter", kind=ChannelKind.MAILING)
    assert mailed.help.text == "Do you want help? Ask Abbeyford Council."


def test_the_colour_is_that_of_the_pages():
    assert f"--council-colour: {COLOUR};" in (ROOT / "static/src/consult.css").read_text()


@pytest.mark.parametrize("kind", ["poster", "letter"])
def test_the_page_to_print_says_what_the_file_says(sqlite_app, sqlite_place, officer, kind):
    made = sheet(sqlite_app, sqlite_place, is_letter=kind == "letter", summary="Shops want to open later.")
    with sqlite_app.app_context():
        db.session.get_one(Consultation, sqlite_place.id).summary = "Shops want to open later."
        db.session.commit()
    page = officer.get(f"{LIBRARY}/{kind}").text
    said = [made.title, made.who, made.start, *made.about, *made.points, made.help, made.note]
    for each in (*said, *(stage.when for stage in made.dates)):
        assert each.text in page
    assert made.address in page
    answer = officer.get(f"{LIBRARY}/{kind}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=survey-place-{kind}.pdf"
    assert answer.data.startswith(b"%PDF-")


def test_a_channel_of_another_consultation_is_none_of_this_one(sqlite_app, sqlite_place, officer):
    for page in ("", "/change", "/remove", "/poster", "/poster.pdf"):
        assert officer.get(f"{LIBRARY}{page}").status_code == 404
