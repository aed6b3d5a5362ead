"""Who imports whom is held by contracts, and a web worker starts without the libraries of the method."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SECRET

HEAVY = ("numpy", "scipy", "pandas", "sklearn", "statsmodels")
ASK = f"""
import sys
from consult import create_app
page = create_app().test_client().get("/")
assert page.status_code == 200, page.status
print(sorted(set({HEAVY}) & set(sys.modules)))
"""


def run(program: str, url: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET}
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_serving_the_front_page_loads_no_library_of_the_method(sqlite_url: str):
    ended = run(ASK, sqlite_url)
    assert ended.stdout == "[]\n", ended.stderr


def test_a_heavy_import_would_be_seen(sqlite_url: str):
    ended = run("import numpy" + ASK, sqlite_url)
    assert ended.stdout == "['numpy']\n", ended.stderr


def contracts(folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "consult", tmp_path / "consult", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("consult/stats/moments.py", "from consult import db", "The method knows no database and no web"),
        (
            "consult/surveys/models.py",
            "import consult.forum.models",
            "Each layer imports only what is below it",
        ),
        ("consult/consultations/rules.py", "import sqlalchemy", "Rules decide from plain values"),
        (
            "consult/consultations/models.py",
            "import consult.consultations.queries",
            "Inside a feature: routes, forms, service, queries, models, rules",
        ),
    ],
)
def test_a_planted_wrong_import_breaks_its_contract(checkout: Path, module: str, line: str, contract: str):
    with (checkout / module).open("a") as file:
        file.write(f"\n{line}\n")
    ended = contracts(checkout)
    assert ended.returncode == 1
    assert f"{contract} BROKEN" in ended.stdout


def test_every_import_contract_holds():
    ended = contracts(ROOT)
    assert ended.returncode == 0, ended.stdout
    assert "0 broken" in ended.stdout
