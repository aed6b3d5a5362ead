"""The built wheel works where there is no checkout, and the lock files say the same."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, SECRET
from tests.operations.test_server import free_port, get, serving

TOP_LEVEL = {"consult", "config.py", "static", "templates", "migrations"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


def install(wheel: Path, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return python


def serves_a_page(python: Path, folder: Path) -> None:
    """`consult init` and `consult serve` of that Python work outside the checkout, on their own database."""
    consult = str(python.with_name("consult"))
    environment = {k: v for k, v in os.environ.items() if k not in {"CONSULT_DATABASE_URL", "PYTHONPATH"}}
    environment["CONSULT_SECRET_KEY"] = SECRET
    made = subprocess.run(
        [consult, "init"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    database = python.parent.parent / "var" / "consult-instance" / "consult.sqlite"
    assert database.is_file()
    checked = subprocess.run(
        [consult, "check"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    port = free_port()
    command = [consult, "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with serving(command, port, f"sqlite:///{database}", folder / "log"):
        status, page = get(port, "/")
        assert status == 200
        [sheet] = re.findall(r'href="(/static/consult\.[0-9a-f]+\.css)"', page)
        status, css = get(port, sheet)
    assert status == 200
    assert ".govuk-" in css


def test_the_wheel_serves_a_page_where_there_is_no_checkout(wheel: Path, tmp_path: Path):
    """With the libraries of this environment lent by a path file, so that it is quick."""
    python = install(wheel, tmp_path / "venv")
    [site] = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    where = subprocess.run(
        [python, "-c", "import consult; print(consult.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert where.stdout.startswith(str(site)), where.stderr  # not the checkout
    serves_a_page(python, tmp_path)


@pytest.mark.slow
def test_the_lock_file_and_the_wheel_are_all_that_is_needed(wheel: Path, tmp_path: Path):
    python = install(wheel, tmp_path / "venv")
    lock = ["--require-hashes", "--requirement", str(ROOT / "requirements.lock")]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *lock], check=True, timeout=900)
    checked = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    serves_a_page(python, tmp_path)


def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    inside = {name.split("/")[0] for name in names}
    assert inside == {"consult", "threestage_consult-0.1.0.dist-info"}
    assert {name.split("/")[2] for name in names if name.startswith("consult/_home/")} == TOP_LEVEL - {
        "consult"
    }
    assert [name for name in names if "/src/" in name or ("vendor" in name and "licenses" not in name)] == []
    kinds = ("*.py", "*.toml")
    ours = {str(path.relative_to(ROOT)) for kind in kinds for path in (ROOT / "consult").rglob(kind)}
    assert ours <= set(names)


# --- lock files


def pins(lock: Path) -> Iterator[str]:
    """Each pinned version with its condition and its hashes, as one line."""
    for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
        yield re.sub(r"\s*\\?\n\s*", " ", entry)


def test_both_locks_pin_the_same_and_every_pin_has_a_hash():
    run, test = set(pins(ROOT / "requirements.lock")), set(pins(ROOT / "tests" / "requirements.lock"))
    assert run <= test
    assert len(run) > 40
    assert [pin for pin in test if not re.match(r"[\w.-]+==\S+.* --hash=sha256:[0-9a-f]{64}", pin)] == []


def test_no_lock_says_where_packages_come_from():
    for lock in (ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"):
        assert not re.search(
            r"https?:|file:|^--|/", re.sub(r"--hash=\S+", "", lock.read_text()), re.MULTILINE
        )


def test_every_declared_dependency_is_locked():
    """A dependency that is added without `make lock` would be missing in a clean clone."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = declared["project"]
    names = {
        lock: {_plain(pin.split("==")[0]) for pin in pins(ROOT / lock)}
        for lock in ("requirements.lock", "tests/requirements.lock")
    }
    needed = [
        *project["dependencies"],
        *project["optional-dependencies"]["postgres"],
        *declared["build-system"]["requires"],
    ]
    assert {_plain(re.split(r"[^\w.-]", line)[0]) for line in needed} <= names["requirements.lock"]
    assert {_plain(re.split(r"[^\w.-]", line)[0]) for line in declared["dependency-groups"]["dev"]} <= names[
        "tests/requirements.lock"
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
