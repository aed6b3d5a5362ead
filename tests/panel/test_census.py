"""Census tables as they are downloaded: the area is found, ages are added up, nobody is counted twice."""

import csv
from pathlib import Path

import pytest

from consult.errors import Invalid
from consult.panel.bands import Band, find_band, put_together, read_bands
from consult.panel.placing import Question
from consult.panel.refused import FileRefused
from consult.panel.target_files import Read, read_targets
from tests.making.target_files import BANDS, SEX, age_question, question, wide

HEADS = (
    "Age: Total",
    "Age: Aged 4 years and under",
    "Age: Aged under 1 year",
    "Age: Aged 1 year",
    "Age: Aged 2 years",
    "Age: Aged 3 years",
    "Age: Aged 4 years",
    "Age: Aged 5 to 15 years",
    "Age: Aged 16 to 19 years",
    "Age: Aged 16 years",
    "Age: Aged 17 years",
    "Age: Aged 18 years",
    "Age: Aged 19 years",
    "Age: Aged 20 to 64 years",
    "Age: Aged 65 years and over",
)
ABBEYFORD = (
    "2021",
    "Abbeyford",
    "E09000099",
    1005,
    50,
    9,
    10,
    11,
    10,
    10,
    100,
    200,
    49,
    50,
    51,
    50,
    500,
    155,
)
NEAR_IT = ("2021", "Abbey Wood", "E09000098", *([1] * 15))
AGES = wide(*HEADS, rows=[NEAR_IT, ABBEYFORD])


def census_folder(shared: Path) -> Path:
    folder = shared / "data" / "census2021_camden"
    if not folder.is_dir():
        pytest.skip("needs the census tables beside the project")
    return folder


def populations(read: Read, variable: str = "age_band") -> dict[str, int | None]:
    return {target.category: target.population for target in read.targets if target.variable == variable}


def refusals(data: bytes, *questions: Question, **how: str) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read_targets(data, questions, **how)
    return list(refused.value.lines("f.csv"))


@pytest.mark.parametrize("area", ["E09000007", "e09000007", "Camden", " camden "])
def test_a_download_of_all_authorities_gives_the_bands_of_one_exactly(shared: Path, area: str):
    folder = census_folder(shared)
    read = read_targets((folder / "census2021-ts007-ltla.csv").read_bytes(), [age_question(BANDS)], area=area)
    with (folder / "camden_margins_2021.csv").open(encoding="utf-8") as file:
        expected = {
            row["category"]: int(row["n"]) for row in csv.DictReader(file) if row["variable"] == "Age band"
        }
    assert populations(read) == expected
    assert read.bases == {"age_band": ("All usual residents", "Age: Camden, E09000007, 2021")}
    assert read.notices == ()


def test_children_below_the_first_band_are_left_out_and_named(shared: Path):
    data = (census_folder(shared) / "census2021-ts007-ltla.csv").read_bytes()
    read = read_targets(data, [age_question("16-24,25-64,65+")], area="Camden")
    assert populations(read) == {"16-24": 31_973, "25-64": 121_108, "65+": 24_825}
    assert read.bases["age_band"][0] == "All usual residents aged 16 and over"
    assert read.notices == ("age_band: people younger than 16 are left out (32,228).",)


def test_every_authority_adds_up_to_its_total(shared: Path):
    path = census_folder(shared) / "census2021-ts007-ltla.csv"
    data = path.read_bytes()
    with path.open(encoding="utf-8") as file:
        totals = {
            row["geography code"]: int(row["Age: Total; measures: Value"]) for row in csv.DictReader(file)
        }
    assert len(totals) == 331
    for code in list(totals)[::33]:
        read = read_targets(data, [age_question(BANDS)], area=code)
        assert abs(sum(filter(None, populations(read).values())) - totals[code]) <= 30


def test_a_ward_with_decimals_gives_several_variables(shared: Path):
    data = (census_folder(shared) / "camden_wards_bestfit_2021.csv").read_bytes()
    tenure = question(
        "tenure",
        "own",
        "rent",
        own=["Owned", "Shared ownership", "Lives rent free"],
        rent=["Private rented", "Social rented"],
    )
    read = read_targets(data, [tenure], area="E05013652")
    assert populations(read, "tenure") == {"own": 1440 + 1074 + 22 + 2, "rent": 3028 + 215 + 237 + 304}
    assert read.bases["tenure"] == ("All households", "Tenure: Belsize, E05013652")
    assert read.notices[0].startswith(
        "Left out, because it is not asked: Ethnic group (5), Disability, Religion",
    )


def test_single_years_and_bands_side_by_side_are_counted_once():
    read = read_targets(AGES, [age_question("0-15,16-19,20+")], area="Abbeyford")
    assert populations(read) == {"0-15": 150, "16-19": 200, "20+": 655}
    read = read_targets(AGES, [age_question("16-17,18-19,20-64,65+")], area="Abbeyford")
    assert populations(read) == {"16-17": 99, "18-19": 101, "20-64": 500, "65+": 155}
    assert read.notices == ("age_band: people younger than 16 are left out (150).",)


def test_people_above_the_last_band_are_left_out_and_named():
    read = read_targets(AGES, [age_question("16-17,18-19")], area="Abbeyford")
    assert read.bases["age_band"][0] == "All usual residents aged 16 to 19"
    assert read.notices[1] == "age_band: people older than 19 are left out (655)."


def test_a_band_that_the_table_cannot_give_is_refused():
    assert refusals(AGES, age_question("16-19,20-29,30+"), area="Abbeyford") == [
        (
            "f.csv:3: Age: Aged 20 to 64 years; measures: Value: Aged 20 to 64 years, Aged 65"
            " years and over: the"
            " answers of age_band cannot be made of these ages. They are: 16 to 19, 20 to 29, 30 or over."
        ),
    ]


@pytest.mark.parametrize(
    ("bands", "sentence"),
    [
        ("16-24,18-30", "The bands 16-24 and 18-30 overlap: everybody may be in one band only"),
        ("16-24,24-30", "The bands 16-24 and 24-30 overlap: everybody may be in one band only"),
        ("16+,25+", "The bands 16+ and 25+ overlap: everybody may be in one band only"),
        ("16-24,16-24", "The bands 16-24 and 16-24 overlap: everybody may be in one band only"),
        (
            "16-24,35-44",
            "The bands leave a gap: nobody of 25 to 34 is in 16-24 or in 35-44",
        ),
        ("121+", "The band 121+ begins after the oldest person: nobody is over 120"),
        ("24-16", "The band 24-16 is the wrong way round: write 16-24"),
        (
            "25-34,16-24",
            "The bands must go from the youngest to the oldest: 16-24 stands after 25-34",
        ),
        ("young,old", "young is not an age band: write bands like 16-24 and 85+"),
        ("16-24,,25+", "“” is not an age band: write bands like 16-24 and 85+"),
        ("", "Name the age bands, such as 16-24,25-34,35+"),
        ("١٦-٢٤", "١٦-٢٤ is not an age band: write bands like 16-24 and 85+"),
        (",".join(f"{n}-{n}" for n in range(51)), "Name at most 50 age bands"),
    ],
)
def test_bands_that_cannot_be_asked_for_are_refused(bands: str, sentence: str):
    with pytest.raises(Invalid) as refused:
        read_bands(bands)
    assert refused.value.message == sentence


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("16-24", Band(16, 24)),
        ("16–24", Band(16, 24)),
        ("16 to 24", Band(16, 24)),
        ("Aged 16 to 24 years", Band(16, 24)),
        ("Aged 4 years and under", Band(0, 4)),
        ("Aged under 1 year", Band(0, 0)),
        ("Under 16", Band(0, 15)),
        ("15 or under", Band(0, 15)),
        ("Aged 1 year", Band(1, 1)),
        ("Aged 100 years and over", Band(100, None)),
        ("85+", Band(85, None)),
        ("75 or over", Band(75, None)),
        ("65 and older", Band(65, None)),
        ("24-16", None),
        ("15-Oct", None),
        ("Total", None),
        ("1984-1990", None),
    ],
)
def test_an_age_band_is_read_as_people_write_it(text: str, band: Band | None):
    assert find_band(text) == band


def test_a_band_is_put_together_from_the_narrowest_parts_that_end_with_it():
    parts = [Band(16, 24), Band(16, 17), Band(16, 16), Band(17, 24), Band(18, 20), Band(25, 30)]
    assert put_together(Band(16, 24), parts) == [2, 3]
    assert put_together(Band(18, 24), parts) is None


@pytest.mark.parametrize(
    ("area", "told"),
    [
        (
            None,
            (
                "f.csv:2: geography: The file has 2 areas. Say which one: give its code or its name, such as"
                " Abbey Wood (E09000098)."
            ),
        ),
        (
            "Abbeyfort",
            (
                "f.csv: geography: There is no area Abbeyfort in this file. Do you mean"
                " Abbeyford (E09000099);"
                " Abbey Wood (E09000098)?"
            ),
        ),
        (
            "Abbey",
            (
                "f.csv: geography: There is no area Abbey in this file. Do you mean Abbey Wood (E09000098);"
                " Abbeyford (E09000099)?"
            ),
        ),
        (
            "Zzz\x1b[31m",
            (
                "f.csv: geography: There is no area Zzz\\x1b[31m in this file. Its 2 areas begin with"
                " Abbey Wood (E09000098); Abbeyford (E09000099)."
            ),
        ),
    ],
)
def test_an_area_that_cannot_be_told_is_refused_with_the_near_ones(area: str | None, told: str):
    assert refusals(AGES, age_question(), **({"area": area} if area else {})) == [told]


def test_a_name_that_two_areas_share_needs_a_code():
    data = wide(
        "Sex: Female",
        "Sex: Male",
        rows=[("2021", "St Mary", "E05000001", 5, 6), ("2021", "St Mary", "E05000002", 7, 8)],
    )
    assert refusals(data, SEX, area="St Mary") == [
        (
            "f.csv:3: geography: St Mary stands in 2 rows: St Mary (E05000001); St Mary (E05000002)."
            " Give the code of the one that you mean."
        ),
    ]
    assert populations(read_targets(data, [SEX], area="E05000002"), "sex") == {"female": 7, "male": 8}


def test_a_file_of_one_area_needs_no_name():
    data = wide("Sex: Total", "Sex: Female", "Sex: Male", rows=[("2021", "Abbeyford", "E09000099", 11, 5, 6)])
    assert populations(read_targets(data, [SEX]), "sex") == {"female": 5, "male": 6}


GROUPS = (
    "Ethnic group: Total",
    "Ethnic group: Asian",
    "Ethnic group: Asian: Chinese",
    "Ethnic group: Asian: Indian",
    "Ethnic group: White",
    "Ethnic group: White: Irish",
    "Ethnic group: White: Roma",
)
ETHNIC = wide(*GROUPS, rows=[("2021", "Abbeyford", "E09000099", 100, 30, 10, 20, 70, 69, 1)])


def test_groups_and_their_parts_are_counted_once():
    groups = question("ethnic_group", "Asian", "White")
    assert populations(read_targets(ETHNIC, [groups]), "ethnic_group") == {"Asian": 30, "White": 70}
    parts = question(
        "ethnic_group",
        "ch",
        "in",
        "w",
        ch=["Asian: Chinese"],
        w=["White: Irish", "White: Roma"],
        **{"in": ["Asian: Indian"]},
    )
    assert populations(read_targets(ETHNIC, [parts]), "ethnic_group") == {"ch": 10, "in": 20, "w": 70}


def test_a_category_without_a_place_is_refused_by_name():
    told = refusals(ETHNIC, question("ethnic_group", "Asian"))
    assert told == [
        (
            "f.csv:2: Ethnic group: White; measures: Value: White is none of the answers of"
            " ethnic_group, which are:"
            " Asian."
        ),
        (
            "f.csv:2: Ethnic group: White: Irish; measures: Value: White: Irish is none of the answers of"
            " ethnic_group, which are: Asian."
        ),
        (
            "f.csv:2: Ethnic group: White: Roma; measures: Value: White: Roma is none of the"
            " answers of ethnic_group,"
            " which are: Asian."
        ),
    ]


def test_an_answer_without_a_category_is_refused_unless_told():
    asked = question("ethnic_group", "Asian", "White", "Black")
    assert refusals(ETHNIC, asked) == [
        (
            "f.csv:2: Ethnic group: Total; measures: Value: These answers of ethnic_group have"
            " no figure in the file:"
            " Black. Add them, or say that they are to stay without a target."
        ),
    ]
    read = read_targets(ETHNIC, [asked], is_partial=True)
    assert populations(read, "ethnic_group") == {"Asian": 30, "White": 70}


def test_an_answer_that_the_census_has_not_needs_no_category():
    asked = question("ethnic_group", "Asian", "White", "None of these", **{"None of these": []})
    assert len(read_targets(ETHNIC, [asked]).targets) == 2


def test_a_figure_held_back_is_asked_for_and_only_in_the_area_that_is_meant():
    rows = [("2021", "Abbeyford", "E09000099", 11, "*"), ("2021", "Old Mill", "E09000098", 5, 6)]
    data = wide("Sex: Female", "Sex: Male", rows=rows)
    assert refusals(data, SEX, area="Abbeyford") == [
        (
            "f.csv:2: Sex: Male; measures: Value: * stands for a figure that was held back."
            " Ask for the figure, or"
            " join the category with another"
        ),
    ]
    assert populations(read_targets(data, [SEX], area="Old Mill"), "sex") == {"female": 5, "male": 6}


def test_a_table_of_nothing_that_is_asked_says_what_there_is():
    assert refusals(AGES, SEX, area="Abbeyford") == [
        (
            "f.csv:3: Age: Total; measures: Value: Nothing in this file is about a question. It has Age."
            " The questions about people are: sex."
        ),
    ]


def test_the_question_of_a_table_with_another_name_can_be_given():
    data = wide(
        "Gender as recorded: Female",
        "Gender as recorded: Male",
        rows=[("2021", "Abbeyford", "E1", 5, 6)],
    )
    assert refusals(data, SEX)[0].endswith("It has Gender as recorded. The questions about people are: sex.")
    assert populations(read_targets(data, [SEX], variable="sex"), "sex") == {"female": 5, "male": 6}
    assert refusals(data, SEX, variable="tenure") == [
        "f.csv: There is no question tenure. The questions about people are: sex.",
    ]


def test_people_who_gave_the_census_no_answer_are_left_out_and_the_base_says_so():
    data = wide(
        "Religion: None",
        "Religion: Some",
        "Religion: Not answered",
        rows=[("2021", "Abbeyford", "E1", 5, 6, 3)],
    )
    read = read_targets(data, [question("religion", "none", "some")])
    assert populations(read, "religion") == {"none": 5, "some": 6}
    assert read.bases["religion"][0] == "All usual residents who answered"
    assert read.notices == ("religion: people who gave the census no answer are left out (3).",)
