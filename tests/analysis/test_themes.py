"""Themes of open items before and after, in `compare` and on the page."""

import pytest
from scipy.stats import binom, binomtest
from sqlalchemy import delete, select

from consult.access import OPERATOR, Role
from consult.analysis.models import ThemeSnapshot
from consult.analysis.service import comparison, freeze_if_closed
from consult.bundles.service import load_bundle
from consult.coding.models import Code, CodingEnd
from consult.db import db
from tests.making.accounts import client_as
from tests.making.bundles import WORDS, csv_text, make_bundle
from tests.page_client import PageClient

CODE_COLUMNS = ("participant", "wave", "item", "coder", "theme")
JUDGEMENT_COLUMNS = ("participant", "wave", "item", "coder", "outcome")
LATE = ["only before"] * 3 + ["only after"] * 9 + ["both"] * 8 + ["neither"] * 10


def words_of(person, wave):
    return [f"p{person:02}", wave, "words", "", "answered", "", f"What number {person} wrote {wave}"]


def codes_of(person, said):
    waves = {"only before": ["pre"], "only after": ["post"], "both": ["pre", "post"], "neither": []}[said]
    themes = [(wave, "noise") for wave in waves]
    # Everybody speaks of shops, so that every text has a code.
    return [
        (f"p{person:02}", wave, "words", theme)
        for wave, theme in [*themes, ("pre", "shops"), ("post", "shops")]
    ]


def bundle(tmp_path, *, disputed=0, more=(), judged=(), again=()):
    """Thirty people who wrote both times; two coders who differ about "noise" in some of the first texts."""
    people = [[f"p{n:02}", "16-24"] for n in range(len(LATE))]
    codes = [row for n, said in enumerate(LATE) for row in codes_of(n, said)]
    rows = [[*row[:3], coder, row[3]] for row in codes for coder in ("one", "two")]
    # Of those who never spoke of noise, one coder heard it before.
    rows += [[f"p{29 - n:02}", "pre", "words", "one", "noise"] for n in range(disputed)]
    return make_bundle(
        tmp_path / "in",
        slug="words-place",
        items=[WORDS],
        participants=people,
        responses=[words_of(n, wave) for n in range(len(LATE)) for wave in ("pre", "post")],
        files={
            "themes.csv": csv_text(
                ("item", "theme", "label"),
                [["words", "noise", "Noise at night"], ["words", "shops", "Shops"]],
            ),
            "codes.csv": csv_text(
                (*CODE_COLUMNS, "again"),
                [*([*row, ""] for row in [*rows, *more]), *([*row, "yes"] for row in again)],
            ),
            **({"judgements.csv": csv_text(JUDGEMENT_COLUMNS, judged)} if judged else {}),
        },
    )


def load(path):
    consultation = load_bundle(OPERATOR, path, replace=False, progress=None).consultation
    freeze_if_closed(OPERATOR, consultation)
    db.session.commit()
    return consultation


def test_themes_are_counted_before_and_after_among_the_same_people(in_app, tmp_path):
    place = load(bundle(tmp_path))
    (entry,) = comparison(OPERATOR, place)["themes"]
    assert (entry["item"], entry["n_pre"], entry["n_post"], entry["n_paired"]) == ("words", 30, 30, 30)
    noise, shops = entry["themes"]
    assert (noise["theme"], noise["count_pre"], noise["count_post"]) == ("noise", 11, 17)
    assert [noise[key] for key in ("both", "only_pre", "only_post", "neither")] == [8, 3, 9, 10]
    assert noise["share_change"] == pytest.approx(0.2)
    assert noise["changed"] == pytest.approx(0.4)
    exact = binomtest(3, 12).pvalue  # the mid-p counts half of the table that was seen on either side
    assert noise["p_mcnemar"] == pytest.approx(exact - binom.pmf(3, 12, 0.5))
    assert noise["share_ci_low"] < 0.2 < noise["share_ci_high"]
    assert entry["n_double"] == 60
    assert (noise["noise"], shops["noise"]) == (0, 0)
    assert shops["p_mcnemar"] == 1


def test_texts_about_which_coders_differ_are_left_out_and_told_as_noise(in_app, tmp_path):
    place = load(bundle(tmp_path, disputed=6))
    found = comparison(OPERATOR, place)
    (entry,) = found["themes"]
    assert entry["left_out"]["pre"] == {"cannot_code": 0, "disputed": 6, "unread": 0}
    assert (entry["n_pre"], entry["n_paired"]) == (24, 24)
    assert entry["themes"][0]["noise"] == pytest.approx(6 / 60)
    assert {
        "path": "themes[0]",
        "reason": "the coding of this item has not ended: these figures can still change",
    } in (found["notes"])
    assert db.session.scalar(select(ThemeSnapshot.item_id)) is None


def test_a_decision_between_coders_counts_and_is_no_reading_of_its_own(in_app, tmp_path):
    decided = [[f"p{29 - n:02}", "pre", "words", "adjudicated", "shops"] for n in range(6)]
    place = load(bundle(tmp_path, disputed=6, more=decided))
    (entry,) = comparison(OPERATOR, place)["themes"]
    assert (entry["n_paired"], entry["n_double"]) == (30, 60)
    assert entry["themes"][0]["noise"] == pytest.approx(6 / 60)
    assert entry["themes"][0]["count_pre"] == 11


def test_who_read_a_text_twice_is_no_second_coder(in_app, tmp_path):
    again = [
        ["p00", "pre", "words", "one", "shops"],  # was noise and shops
        ["p29", "pre", "words", "one", "shops"],
        ["p28", "pre", "words", "three", "noise"],  # somebody else, who differs from both
    ]
    place = load(bundle(tmp_path, again=again))
    (entry,) = comparison(OPERATOR, place)["themes"]
    assert (entry["n_double"], entry["n_again"], entry["n_again_differ"]) == (64, 2, 1)
    # p00: one's second reading with two's first differs; p28: three with one and with two.
    assert entry["themes"][0]["noise"] == pytest.approx(3 / 64)
    db.session.commit()
    page = client_as(in_app, Role.ANALYST, place).get("/analyst/words-place/items/words").text
    assert "64 times two coders read the same text" in page
    assert "2 times somebody read a text again without being told so." in page
    assert "1 time they found other themes than before." in page


def test_who_could_not_code_a_text_differs_about_what_another_found_there(in_app, tmp_path):
    judged = [["p00", "pre", "words", "three", "cannot_code"]]
    judged += [["p29", "pre", "words", coder, "cannot_code"] for coder in ("four", "five")]
    (entry,) = comparison(OPERATOR, load(bundle(tmp_path, judged=judged)))["themes"]
    # p00 with either of two who found noise and shops; p29 four pairs about shops, and one about nothing.
    assert entry["n_double"] == 66
    assert [theme["noise"] for theme in entry["themes"]] == pytest.approx([2 / 66, 6 / 66])


def test_a_theme_that_was_taken_out_is_not_compared(in_app, tmp_path):
    path = bundle(tmp_path)
    themes = [["words", "noise", "Noise at night", "yes"], ["words", "shops", "Shops", ""]]
    columns = ("item", "theme", "label", "retired")
    (path / "themes.csv").write_text(csv_text(columns, themes), encoding="utf-8")
    place = load(path)
    (entry,) = comparison(OPERATOR, place)["themes"]
    assert [theme["theme"] for theme in entry["themes"]] == ["shops"]
    assert entry["n_paired"] == 30, "every text holds another theme"


def test_themes_stay_as_they_were_when_coding_ended(in_app, tmp_path):
    place = load(bundle(tmp_path))
    before = comparison(OPERATOR, place)["themes"]
    assert db.session.scalar(select(CodingEnd.item_id)) is not None
    db.session.execute(delete(Code))
    db.session.commit()
    assert comparison(OPERATOR, place)["themes"] == before


def test_the_themes_of_another_item_are_not_given(in_app, tmp_path):
    place = load(bundle(tmp_path))
    assert [entry["item"] for entry in comparison(OPERATOR, place, item="words")["themes"]] == ["words"]


def test_the_page_of_an_open_item_shows_its_themes_beside_the_noise_of_coders(in_app, tmp_path):
    place = load(bundle(tmp_path))
    analyst: PageClient = client_as(in_app, Role.ANALYST, place)
    page = analyst.get("/analyst/words-place/items/words").text
    table = page[page.index('id="themes"') :].partition("</table>")[0]
    assert "Noise at night" in table
    for shown in (
        '<data value="0.2">+20</data>',
        '<data value="0.4">40</data>',
        '<data value="0.0">0</data>',
    ):
        assert shown in table
    assert "60 times two coders read the same text" in page


def test_what_was_never_sent_counts_for_no_noise(in_app, tmp_path):
    path = bundle(tmp_path)
    everybody = [[f"p{n:02}", wave, "submitted"] for n in range(len(LATE)) for wave in ("pre", "post")]
    rows = [row for row in everybody if row[:2] != ["p00", "pre"]]
    (path / "submissions.csv").write_text(csv_text(("participant", "wave", "status"), rows), encoding="utf-8")
    (entry,) = comparison(OPERATOR, load(path))["themes"]
    assert (entry["n_pre"], entry["n_post"], entry["n_double"]) == (29, 30, 59)


def test_the_page_of_an_item_that_is_asked_once_compares_nothing(in_app, tmp_path):
    once = {**WORDS, "role": "perceived", "waves": ["post"]}
    people = [[f"p{n:02}", "16-24"] for n in range(12)]
    place = load(
        make_bundle(
            tmp_path / "in",
            slug="words-place",
            items=[once],
            participants=people,
            responses=[words_of(n, "post") for n in range(12)],
            files={
                "themes.csv": csv_text(("item", "theme", "label"), [["words", "talk", "Talking"]]),
                "codes.csv": csv_text(
                    CODE_COLUMNS,
                    [
                        [f"p{n:02}", "post", "words", coder, "talk"]
                        for n in range(12)
                        for coder in ("one", "two")
                    ],
                ),
            },
        )
    )
    page = client_as(in_app, Role.ANALYST, place).get("/analyst/words-place/items/words").text
    assert "12 people wrote." in page
    table = page[page.index('id="themes"') :].partition("</table>")[0]
    assert "Before" not in table
    assert '<data value="1.0">100</data>' in table
