"""Tables with a row for each category: read as they come, or refused where they go wrong."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from consult.errors import Invalid
from consult.panel.counts import as_people
from consult.panel.grid import MOST_LINES
from consult.panel.placing import Question
from consult.panel.refused import FileRefused
from consult.panel.target_files import Read, read_targets
from consult.panel.totals import contradictions
from consult.recruitment.rules import NewTarget
from tests.making.target_files import AGES, QUESTIONS, SEX, SEXES, age_question, question, table, tidy


def read(data: bytes, questions: Sequence[Question] = QUESTIONS, **how: object) -> Read:
    return read_targets(data, questions, **how)  # type: ignore[arg-type]


def populations(data: bytes, variable: str = "sex", **how: object) -> dict[str, int | None]:
    return {t.category: t.population for t in read(data, **how).targets if t.variable == variable}


def told(data: bytes, questions: Sequence[Question] = QUESTIONS, **how: object) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read(data, questions, **how)
    return list(refused.value.lines("f.csv"))


BOTH = {"female": 110_648, "male": 99_483}


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_separator_line_end_and_mark_is_read(separator: str, end: str, mark: bytes):
    rows = (("variable", "category", "population"), *SEXES)
    assert populations(mark + table(*rows, separator=separator, end=end)) == BOTH


@pytest.mark.parametrize(
    "header",
    [
        ("variable", "category", "population"),
        ("Variable", " Category ", "POPULATION"),
        ("question", "option", "n"),
        ("demographic", "answer", "count"),
        ("feature", "value", "residents"),
        ("variable", "category", "value"),
        ("Topic", "Name", "Number"),
    ],
)
def test_columns_go_by_several_names(header: Sequence[str]):
    assert populations(table(header, *SEXES)) == BOTH


def test_columns_stand_in_any_order_and_rows_too():
    rows = [[n, category, "Sex"] for _, category, n in reversed(SEXES)]
    found = read(table(("n", "category", "variable"), *rows))
    assert [target.category for target in found.targets] == ["female", "male"]


@pytest.mark.parametrize("names", [("female", "male"), ("Female", "MALE"), ("fe-male", " male ")])
def test_categories_are_known_by_key_and_label_whatever_their_case(names: tuple[str, str]):
    assert populations(tidy(["Sex", names[0], 5], ["sex", names[1], 6])) == {
        "female": 5,
        "male": 6,
    }


def test_bands_of_a_table_are_added_up_to_the_answers():
    rows = [
        ["age_band", band, n]
        for band, n in (("0-15", 1), ("16-17", 2), ("18-24", 3), ("25-64", 4), ("65 to 74", 5), ("75+", 6))
    ]
    found = read(tidy(*rows))
    assert [(t.category, t.population) for t in found.targets] == [("16-24", 5), ("25-64", 4), ("65+", 11)]
    assert found.notices == ("age_band: people younger than 16 are left out (1).",)


def test_several_census_categories_make_one_answer():
    asked = question(
        "tenure",
        "own",
        "rent",
        own=["Owned: Owns outright", "Shared ownership"],
        rent=["Rented"],
    )
    rows = [["tenure", "Owned:Owns outright", 5], ["tenure", "shared ownership", 6], ["tenure", "Rented", 7]]
    found = read(tidy(*rows), [asked])
    assert [(t.category, t.population) for t in found.targets] == [("own", 11), ("rent", 7)]


def test_limits_and_aims_come_with_the_population_or_without():
    columns = ("variable", "category", "population", "min", "aim", "max", "min_flex", "max_flex")
    found = read(
        tidy(["sex", "female", "", 4, 5, 6, 3, 7], ["sex", "male", 9, "", "", "", "", ""], columns=columns),
    )
    assert found.targets == (
        NewTarget("sex", "female", None, 4, 6, 5, 3, 7),
        NewTarget("sex", "male", 9),
    )
    assert found.says == {"population", "minimum", "aim", "maximum", "minimum_flex", "maximum_flex"}


def test_the_file_of_a_tool_that_draws_lots_gives_limits_alone(shared: Path):
    path = shared / "data" / "sortition" / "features.csv"
    if not path.is_file():
        pytest.skip("needs the file of a sortition tool beside the project")
    asked = [
        question("gender", "Female", "Male", "Non-binary or other"),
        age_question("0-15,16-29,30-44,45-59,60+"),
        question("edu_level", "No qualifications", "Level 1", "Level 2 or 3", "Level 4 and above"),
        question(
            "geo_bucket",
            "Central Scotland",
            "Glasgow",
            "Highlands and Islands",
            "Lothian",
            "Mid Scotland and Fife",
            "North East Scotland",
            "South Scotland",
            "West Scotland",
        ),
    ]
    asked[1] = Question("age_bracket", asked[1].text, asked[1].options)
    found = read(path.read_bytes(), asked)
    assert len(found.targets) == 20
    assert found.targets[0] == NewTarget("gender", "Female", None, 11, 12, None, 0, 12)
    assert found.says == {"minimum", "maximum", "minimum_flex", "maximum_flex"}
    assert not contradictions(found.targets, 22)
    assert told(path.read_bytes(), asked[:3])[0].startswith(
        "f.csv:14: feature: There is no question geo_bucket. The questions about people are:"
        " gender, age_bracket",
    )


def test_the_older_heads_of_such_a_tool_are_known():
    data = table(("category", "name", "min", "max"), ("sex", "Female", 3, 4), ("sex", "Male", 3, 4))
    assert read(data).targets[1] == NewTarget("sex", "male", None, 3, 4)


def test_published_margins_give_what_is_asked_and_name_the_rest(shared: Path):
    path = shared / "data" / "census2021_camden" / "camden_margins_2021.csv"
    if not path.is_file():
        pytest.skip("needs the census tables beside the project")
    five = question(
        "ethnic_group",
        "Asian, Asian British or Asian Welsh",
        "Black, Black British, Black Welsh, Caribbean or African",
        "Mixed or Multiple ethnic groups",
        "White",
        "Other ethnic group",
    )
    found = read(path.read_bytes(), [age_question("16-24,25-34,35-64,65+"), SEX, five])
    assert [t.population for t in found.targets] == [
        31_973,
        42_543,
        78_565,
        24_825,
        110_648,
        99_483,
        38_042,
        18_892,
        13_938,
        125_064,
        14_200,
    ]
    assert {key: base for key, (base, _source) in found.bases.items()} == {
        "age_band": "All usual residents aged 16 and over",
        "sex": "All usual residents",
        "ethnic_group": "All usual residents",
    }
    assert found.bases["sex"][1] == "TS008*, Camden, 2021: humaniverse/demographr age_gender21_ltla21_ew"
    assert found.notices[0] == (
        "ethnic_group: the file has several tables of it. Taken: Ethnic group (5). Left out:"
        " Ethnic group (19)."
    )
    assert "Religion, Household deprivation" in found.notices[1]
    assert found.notices[-1] == (
        "sex adds up to 210,131 and ethnic_group to 210,136. Census tables differ a little;"
        " that does no harm."
    )


def test_a_published_table_of_several_areas_needs_one():
    columns = ("geography", "geography code", "variable", "category", "n")
    rows = [
        [name, code, "sex", sex, n]
        for name, code in (("Abbeyford", "E1"), ("Old Mill", "E2"))
        for sex, n in (("female", 5), ("male", 6))
    ]
    data = table(columns, *rows)
    assert told(data)[0].startswith("f.csv:2: geography: The file has 2 areas.")
    assert populations(data, area="old mill") == {"female": 5, "male": 6}
    assert populations(data, area="E1") == {"female": 5, "male": 6}
    assert told(data, area="E3") == [
        (
            "f.csv: geography: There is no area E3 in this file. Its 2 areas begin with Abbeyford"
            " (E1); Old Mill (E2)."
        ),
    ]


def test_a_table_without_areas_says_that_none_was_looked_for():
    assert read(tidy(*SEXES), area="E09000007").notices == (
        "The file names no area, so E09000007 was not looked for.",
    )


def test_one_question_of_a_file_can_be_wanted():
    assert {t.variable for t in read(tidy(*SEXES, *AGES), variable="sex").targets} == {"sex"}


def test_crossed_categories_are_read_and_named_where_they_are_wrong():
    columns = ("variable", "category", "population", "with_variable", "with_category")
    found = read(
        tidy(*([*row, "", ""] for row in SEXES), ["sex", "female", 5, "age_band", "65+"], columns=columns),
    )
    assert found.targets[-1] == NewTarget(
        "sex",
        "female",
        5,
        crossed_variable="age_band",
        crossed_category="65+",
    )
    wrong = tidy(
        *([*row, "", ""] for row in SEXES),
        ["sex", "female", 5, "sex", "male"],
        ["sex", "female", 5, "age_band", "90+"],
        ["sex", "female", 5, "age_band", ""],
        columns=columns,
    )
    assert told(wrong) == [
        "f.csv:6: with_variable: with_variable and with_category belong together: one of them is empty.",
    ]
    assert told(wrong.replace(b"age_band,\r\n", b"age_band,65+\r\n")) == [
        "f.csv:4: with_variable: sex is not another question. The questions about people are: age_band, sex.",
        (
            "f.csv:5: with_category: 90+ is none of the answers of age_band, which are: 16 to 24,"
            " 25 to 64, 65 or over."
        ),
    ]


def test_a_crossing_named_from_either_side_is_one():
    columns = ("variable", "category", "population", "with_variable", "with_category")
    rows = [["sex", "female", 5, "age_band", "65+"], ["sex", "Female", 6, "age_band", "65 or over"]]
    assert told(tidy(*([*row, "", ""] for row in SEXES), *rows, columns=columns)) == [
        "f.csv:5: category: Female stands twice: the first time on line 4.",
    ]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("13013", 13_013),
        ("13013.0", 13_013),
        ("13,013", 13_013),
        (" 5 ", 5),
        ("0", 0),
        ("100000000", 100_000_000),
    ],
)
def test_a_number_of_people_is_read_as_tables_write_it(cell: str, people: int):
    assert as_people(cell) == people


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        "*",
        "c",
        "..",
        ":",
        "[c]",
        "(x)",
        "n/a",
        "NaN",
        "null",
        "-5",
        "+5",
        "12.5",
        "13,01",
        "1,23,456",
        "1.234,5",
        "1e5",
        "1E+05",
        "5%",
        "£5",
        "=1+1",
        "0x10",
        "٣",
        "２",
        "5 000",
        "1_000",
        "100000001",
        "9" * 400,
        "five",
        "1/2",
        "½",
        "∞",
    ],
)
def test_anything_else_is_no_number_of_people(cell: str):
    with pytest.raises(Invalid):
        as_people(cell)


def test_totals_of_the_same_people_may_differ_a_little_and_no_more():
    columns = ("variable", "category", "population", "base")
    ages = [[*row, "Everybody"] for row in AGES]  # 177,906
    near = [["sex", "female", 88_953, "everybody"], ["sex", "male", 88_200, "everybody"]]
    assert read(tidy(*ages, *near, columns=columns)).notices == (
        "age_band adds up to 177,906 and sex to 177,153. Census tables differ a little; that does no harm.",
    )
    far = [["sex", "female", 70_000, "Everybody"], ["sex", "male", 72_000, "Everybody"]]
    assert told(tidy(*ages, *far, columns=columns)) == [
        (
            "f.csv:5: variable: age_band adds up to 177,906 and sex to 142,000, and both say that they count"
            " Everybody. Check that both are of the same area and year."
        ),
    ]
    homes = [[*row[:3], "All households"] for row in far]
    assert read(tidy(*ages, *homes, columns=columns)).notices == ()
    unsaid = [["sex", "female", 70_000], ["sex", "male", 72_000]]
    assert read(tidy(*AGES, *unsaid)).notices == ()


def test_a_total_must_fit_those_that_are_there_already():
    columns = ("variable", "category", "population", "base")
    rows = [[*row, "Everybody"] for row in SEXES]
    assert told(tidy(*rows, columns=columns), known={"tenure": ("everybody", 100)})[0].startswith(
        "f.csv:2: variable: tenure adds up to 100 and sex to 210,131",
    )
    assert read(tidy(*rows, columns=columns), known={"sex": ("everybody", 100)}).notices == ()


def target(variable: str, category: str, low: int | None, high: int | None, *crossed: str) -> NewTarget:
    return NewTarget(variable, category, None, low, high, None, None, None, *crossed)


def test_limits_that_no_panel_can_keep_are_explained_with_their_numbers():
    least = [target("sex", "female", 30, None), target("sex", "male", 30, None)]
    assert [str(s) for s in contradictions(least, 50)] == [
        (
            "The least numbers for sex add up to 60 people and the panel holds 50."
            " Lower some of them, or make the panel larger by 10."
        ),
    ]
    most = [target("sex", "female", 0, 20), target("sex", "male", 0, 20)]
    assert [str(s) for s in contradictions(most, 50, names={("sex", None): "Sex"})] == [
        (
            "The most numbers for Sex add up to 40 people and the panel holds 50."
            " It could never be full: raise some of them, or make the panel smaller by 10."
        ),
    ]
    assert contradictions(most, 40) == []
    assert contradictions(least, 60) == []
    assert contradictions(most, 50, options={"sex": ["female", "male", "other"]}) == []


def test_two_questions_that_cannot_both_be_kept_are_named_while_the_panel_has_no_size():
    targets = [
        target("sex", "female", 30, None),
        target("sex", "male", 30, None),
        target("age", "old", 0, 20),
        target("age", "young", 0, 20),
    ]
    assert [str(s) for s in contradictions(targets, None)] == [
        (
            "The least numbers for sex add up to 60 people, and the most numbers for age to 40."
            " No panel is both: lower the first or raise the second."
        ),
    ]


def test_cells_of_two_questions_must_fit_the_targets_of_each():
    margins = [
        target("sex", "female", 20, 22),
        target("sex", "male", 20, 30),
        target("age", "old", 0, 25),
        target("age", "young", 0, 25),
    ]
    cells = [
        target("sex", "female", 12, 14, "age", "old"),
        target("sex", "female", 12, 14, "age", "young"),
        target("sex", "male", 0, 8, "age", "old"),
        target("sex", "male", 0, 8, "age", "young"),
    ]
    assert [str(s) for s in contradictions([*margins, *cells], 50)] == [
        (
            "For female (sex) divided by age the least numbers add up to 24 people, and female"
            " may have at most 22."
            " Lower the first or raise the second."
        ),
        (
            "For male (sex) divided by age the most numbers add up to 16 people, and male needs at least 20."
            " Raise the first or lower the second."
        ),
    ]
    assert [str(s) for s in contradictions(cells, 20)] == [
        (
            "The least numbers for age, sex together add up to 24 people and the panel holds 20."
            " Lower some of them, or make the panel larger by 4."
        ),
    ]


def test_ten_million_empty_lines_are_refused_at_once():
    started = time.monotonic()
    assert told(b"\n" * 10_000_000) == [
        (
            f"f.csv:{MOST_LINES + 1}: 1: The file has 10,000,000 lines. It may have 50,000:"
            " leave out the areas that"
            " you do not need."
        ),
    ]
    assert told(b"variable,category,population\n" + b"\n" * 4_000_000)[0].startswith("f.csv:50001: ")
    assert time.monotonic() - started < 2


def test_a_file_of_the_largest_size_is_read_in_time():
    rows = [["2021", f"Area {n}", f"E{n:08}", *([n] * 20)] for n in range(34_000)]
    data = table(
        ("date", "geography", "geography code", *(f"Sex: Female {n}" for n in range(19)), "Sex: Male"),
        *rows,
    )
    assert 4_000_000 < len(data) < 5 * 1024 * 1024, len(data)
    started = time.monotonic()
    assert told(data, area="E99999999")[0].startswith("f.csv: geography: There is no area E99999999")
    assert time.monotonic() - started < 5
