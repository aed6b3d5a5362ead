"""The ready questions: every answer can be held against the Census, or says why not."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from consult.desk.ready import asked_with, option_keys
from consult.recruitment.models import AskedAt
from consult.recruitment.question_sets import (
    FOLDER,
    ReadyQuestion,
    find_ready,
    further_of,
    list_firsts,
    list_ready,
    list_sets,
)
from consult.recruitment.rules import demographic_problems, misleading

EVERY = [question for each in list_sets() for question in each.questions]
named = pytest.mark.parametrize("question", EVERY, ids=[question.standard for question in EVERY])
TOPICS = {
    "age_band",
    "sex",
    "ethnic_group",
    "disability",
    "religion",
    "tenure",
    "employment",
    "main_language",
    "ward",
}


def test_every_topic_is_there_and_a_file_is_a_set():
    assert {each.key for each in list_firsts()} >= TOPICS
    assert {each.name for each in list_sets()} == {path.stem for path in FOLDER.glob("*.toml")}
    assert list_ready() == list_sets()[-1].newest


def test_no_wording_has_the_name_of_another():
    assert Counter(question.standard for question in EVERY).most_common(1)[0][1] == 1
    assert all(find_ready(question.standard) is question for question in EVERY)
    assert find_ready("census-2021/age_band@99") is None
    assert find_ready(None) is None


@named
def test_a_question_can_be_asked_and_says_where_it_is_from(question: ReadyQuestion):
    if not question.takes_options:
        assert list(demographic_problems(question.as_new())) == []
    assert question.as_new().standard == f"{question.set}/{question.key}@{question.version}"
    for said in (question.why, question.source, question.status, question.base, question.table):
        assert said.strip()
    assert question.source_date <= date(2026, 12, 31)
    assert question.asked in {None, "joining", "after"}


@named
def test_every_option_adds_something_up_or_says_why_not(question: ReadyQuestion):
    for option in question.options:
        assert bool(option.census) != bool(option.unmapped), option.key


@named
def test_no_category_is_counted_under_two_answers(question: ReadyQuestion):
    counted = Counter(name for option in question.options for name in option.census)
    counted.update(each.census for each in question.left_out)
    assert {name for name, times in counted.items() if times > 1} == set()


@pytest.mark.parametrize("question", [each for each in EVERY if each.options and each.options[0].ages])
def test_the_bands_of_age_follow_each_other_from_birth_on(question: ReadyQuestion):
    ages = [option.ages for option in question.options if option.ages]
    assert len(ages) == len(question.options)
    assert ages[0][0] == 0
    assert [first for first, _last in ages[1:]] == [last + 1 for _first, last in ages[:-1]]


def test_the_names_of_the_census_are_spelt_as_in_a_real_download(shared: Path):
    with (shared / "data" / "census2021_camden" / "camden_margins_2021.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known: dict[str, set[str]] = {}
    bases: dict[str, set[str]] = {}
    for row in rows:
        table = row["ons_table"].rstrip("*")
        known.setdefault(table, set()).add(row["category"])
        bases.setdefault(table, set()).add(row["base"])
    checked = 0
    for question in (each for each in list_ready() if each.table in known):
        names = {name for option in question.options for name in option.census}
        # That download has some tables in less detail: "Disabled under the Equality Act" alone.
        assert {n for n in names if not {n, n.partition(":")[0]} & known[question.table]} == set()
        assert question.base in bases[question.table]
        checked += len(names)
    assert checked > 60


def test_a_question_takes_in_the_whole_of_its_table(shared: Path):
    """Who adds up the answers of the main questions misses nobody."""
    with (shared / "data" / "census2021_camden" / "camden_margins_2021.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for key, variable in {
        "age_band": "Age band",
        "age_band_18": "Age band",
        "sex": "Sex",
        "ethnic_group": "Ethnic group (5)",
        "religion": "Religion",
        "tenure": "Tenure",
        "landlord": "Tenure",
        "main_language": "Proficiency in English",
        "english": "Proficiency in English",
    }.items():
        [question] = [each for each in list_ready() if each.key == key]
        names = {name for option in question.options for name in option.census}
        names |= {each.census for each in question.left_out}
        assert names == {row["category"] for row in rows if row["variable"] == variable}, key


def test_further_questions_come_with_their_first_and_lead_to_an_end():
    for first in list_firsts():
        lines = ("North", "South") if first.takes_options else ()
        for with_detail in (True, False):
            asked = asked_with(first, AskedAt.AFTER, with_detail=with_detail, lines=lines)
            assert list(misleading(asked)) == []
            assert {each.asked for each in asked} == {"after"}
            assert len(asked) == 1 + len(further_of(first, with_optional=with_detail))
    by_key = {each.key: each for each in list_ready()}
    assert [each.key for each in further_of(by_key["disability"])] == ["impact"]
    assert len(further_of(by_key["ethnic_group"])) == 5
    assert further_of(by_key["ethnic_group"], with_optional=False) == ()
    assert all(
        option.leads_to is None for option in asked_with(by_key["ethnic_group"], AskedAt.AFTER)[0].options
    )


def test_one_wording_stands_only_in_place_of_one_that_there_is():
    keys = {each.key for each in list_firsts()}
    assert {each.instead_of for each in list_firsts()} - {None} <= keys


@pytest.mark.parametrize(
    ("labels", "taken", "keys"),
    [
        (["Belsize", "Fortune Green"], [], ["belsize", "fortune-green"]),
        (["St. Pancras & Somers Town"], [], ["st-pancras-somers-town"]),
        (["Other", "prefer_not", "漢字", "漢"], [], ["other-2", "prefer-not", "option", "option-2"]),
        (["Noël Park", "Noel Park!"], ["noel-park"], ["noel-park-2", "noel-park-3"]),
        (["x" * 300], [], ["x" * 95]),
    ],
)
def test_what_an_officer_types_gets_a_key(labels, taken, keys):
    assert option_keys(labels, taken=taken) == keys
