"""`consult themes` and `consult agreement` as an operator runs them."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run, run_consult
from tests.making.completions import ITEM, SLUG, completions, make_completions

CODES = [
    [f"p{n}", "pre", coder, theme]
    for n in range(24)
    for coder, theme in (("k1", ("noise", "litter")[n % 2]), ("k2", ("noise", "litter")[n % 2 and n != 5]))
]


@pytest.fixture
def consult(sqlite_url: str) -> Run:
    """The real command; the services are tried on both kinds of database."""
    return lambda *args: run_consult(sqlite_url, *args)


def test_themes_are_printed_the_same_twice_and_nothing_is_stored(consult: Run, tmp_path: Path):
    texts = [*completions(60), "qxz"]
    assert consult("load", make_completions(tmp_path / "in", texts)).returncode == 0
    one, two = (consult("themes", SLUG, ITEM, "--json") for _ in range(2))
    assert (one.returncode, one.stderr) == (0, "")
    assert one.stdout == two.stdout
    content = json.loads(one.stdout)
    assert list(content) == [
        "consultation",
        "item",
        "k",
        "chosen",
        "is_asked",
        "tried",
        "reason",
        "n",
        "n_used",
        "themes",
        "left_out",
    ]
    assert (content["consultation"], content["n"], content["n_used"]) == (SLUG, 61, 60)
    assert content["left_out"] == ["p60"]
    assert "were tried" in content["reason"]
    assert set(content["tried"][0]) == {"k", "score"}
    members = [key for theme in content["themes"] for key in theme["members"]]
    assert sorted(members) == sorted(f"p{n}" for n in range(60))
    for theme in content["themes"]:
        assert theme["size"] == len(theme["members"])
        assert theme["words"]
        assert [texts[int(key[1:])] for key in theme["quoted"]] == theme["quotations"]
    asked = consult("themes", SLUG, ITEM, "--k", "4")
    assert asked.returncode == 0
    assert asked.stdout.splitlines()[:2] == [
        f"{SLUG}, {ITEM}: 4 themes from 60 of 61 texts",
        "Themes: 4, because that many were asked for.",
    ]
    assert asked.stdout.splitlines()[-1] == "1 text without a theme"


def test_agreement_is_printed_with_its_words(consult: Run, tmp_path: Path):
    assert consult("load", make_completions(tmp_path / "in", completions(24), codes=CODES)).returncode == 0
    told = consult("agreement", SLUG, ITEM)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == f"{SLUG}, {ITEM}: k1, k2"
    assert lines[1] == "24 texts coded, 24 of them by two people or more"
    assert lines[2].startswith("Krippendorff's alpha 0.918 (")
    assert lines[2].endswith("counts may be published")
    assert lines[4] == "coder noise: 4.2% of texts differ between two readings"
    content = json.loads(consult("agreement", SLUG, ITEM, "--json").stdout)
    assert content["reading"] == "counts"
    assert [theme["theme"] for theme in content["themes"]] == ["noise", "litter"]


@pytest.mark.slow
def test_what_is_refused_is_told_on_standard_error(sqlite_url: str, tmp_path: Path):
    assert run_consult(sqlite_url, "load", make_completions(tmp_path / "in", completions(9))).returncode == 0
    opened = make_completions(tmp_path / "open", completions(30), moment="survey", slug="open-2026")
    assert run_consult(sqlite_url, "load", opened).returncode == 0
    for arguments, reason in (
        (("themes", "nowhere-2026", ITEM), "There is no consultation called"),
        (("themes", SLUG, "hours"), "not open"),
        (("themes", SLUG, ITEM), "from 10 answers or more"),
        (("themes", SLUG, ITEM, "--k", "21"), "from 2 to 20"),
        (("themes", SLUG, ITEM, "--k", "many"), "not a valid integer"),
        (("themes", "open-2026", ITEM), "starting survey has closed"),
        (("agreement", SLUG, "nothing"), "There is no item"),
        (("agreement", SLUG, ITEM), "two people have coded"),
        (("agreement", "open-2026", ITEM), "starting survey has closed"),
    ):
        refused = run_consult(sqlite_url, *arguments)
        assert (refused.returncode, refused.stdout) == (2, ""), arguments
        assert reason in refused.stderr, arguments
        assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("verb", ["themes", "agreement"])
def test_help_has_an_example(sqlite_url: str, verb: str):
    told = run_consult(sqlite_url, verb, "--help")
    assert told.returncode == 0
    assert f"consult {verb} licensing-2026 why --json" in told.stdout
