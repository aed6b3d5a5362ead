"""What is written down is what there is: README, settings, help, docstrings, changelog."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from consult.cli import cli
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NOT_OURS = {"vendor", "dist", "__pycache__", "instance", "build"}
# Written apart, so that this file does not hold what it looks for.
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
PLACES = re.compile(r"(?<![\w.])/(ho" r"me|Us" r"ers|wo" r"rk|ro" r"ot)/")


KINDS = frozenset({".py", ".md", ".html", ".css", ".js", ".mjs", ".toml", ".ini", ".mako", ""})


@cache
def files(kinds: frozenset[str] = KINDS) -> tuple[Path, ...]:
    """The project's own text files, of these kinds."""
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(n for n in inner if n not in NOT_OURS and (not n.startswith(".") or n == ".ci"))
        found += [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
    return tuple(path for path in found if path.suffix in kinds)


@cache
def settings() -> frozenset[str]:
    """Environment variables that the program or its tests read."""
    read = r"""environ(?:\.get)?[\[(]\s*["'](CONSULT_[A-Z_]+)["']"""
    sources = (path.read_text(encoding="utf-8") for path in files(frozenset({".py"})))
    return frozenset(name for source in sources for name in re.findall(read, source))


# --- the README and what there is


def commands(group: click.Group = cli, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


def make_targets(makefile: str) -> set[str]:
    [line] = re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    return set(line.split())


def folders() -> set[str]:
    return {
        p.name for p in ROOT.iterdir() if p.is_dir() and p.name not in NOT_OURS and not p.name.startswith(".")
    }


def missing_from(readme: str) -> set[str]:
    """What there is and the text does not name."""
    lacks = {f"make {name}" for name in make_targets(MAKEFILE) if f"make {name}" not in readme}
    lacks |= {name for name in commands() if not re.search(rf"`(consult )?{name}`", readme)}
    lacks |= {f"{name}/" for name in folders() if f"`{name}/" not in readme}
    return lacks | {name for name in settings() if name not in readme}


def made_up_in(readme: str) -> set[str]:
    """What the text names and there is not."""
    named = {f"make {name}" for name in re.findall(r"\bmake ([a-z-]+)\b(?= *#|`)", readme)}
    wrong = named - {f"make {name}" for name in make_targets(MAKEFILE)}
    known = {*commands(), *(name.split()[0] for name in commands())}
    wrong |= {name for name in re.findall(r"^consult ([a-z]+)", readme, re.MULTILINE) if name not in known}
    wrong |= {name for name in re.findall(r"`consult ([a-z ]+)`", readme) if name not in known}
    wrong |= {name for name in re.findall(r"CONSULT_[A-Z_]+", readme) if name not in settings()}
    wrong |= {
        name
        for name in re.findall(r"`([a-z/]+)/`", readme)
        if not (ROOT / name).is_dir() and name != "instance"
    }
    return wrong | {
        name for name in re.findall(r"\]\(([\w./-]+\.md|LICENSE)\)", readme) if not (ROOT / name).exists()
    }


def test_the_readme_names_everything_that_there_is():
    assert missing_from(README) == set()


def test_the_readme_names_nothing_that_there_is_not():
    assert made_up_in(README) == set()


def test_a_readme_that_says_too_little_or_too_much_is_found():
    assert {"make bench", "staff add", "migrations/", "CONSULT_SECRET_KEY"} <= missing_from("nothing")
    more = README + "\n```\nmake fly     # up\n```\n`consult dance` `CONSULT_COLOUR` `attic/`"
    assert made_up_in(more) - made_up_in(README) == {"make fly", "dance", "CONSULT_COLOUR", "attic"}


def test_the_readme_is_one_screen_and_a_little():
    assert len(README.splitlines()) <= 75


# --- settings


def rows_of_settings(docstring: str) -> set[str]:
    return set(re.findall(r"^(CONSULT_[A-Z_]+) ", docstring, re.MULTILINE))


def test_the_table_of_settings_is_what_is_read():
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""environ\.get\(\s*["'](CONSULT_[A-Z_]+)["']""", source))
    assert rows_of_settings(ast.get_docstring(ast.parse(source)) or "") == read
    assert len(read) >= 6
    assert rows_of_settings("CONSULT_COLOUR   blue") == {"CONSULT_COLOUR"}


# --- docstrings and help


def without_docstring(source: str) -> list[str]:
    """Public functions and classes of a module, and the module itself, that say nothing of themselves."""
    tree = ast.parse(source)
    found = [] if not tree.body or ast.get_docstring(tree) else ["the module"]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return found + [
        node.name
        for node in tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


def test_everything_public_says_what_is_true_afterwards():
    silent = {
        str(path.relative_to(ROOT)): names
        for path in files(frozenset({".py"}))
        if path.is_relative_to(ROOT / "consult")
        and (names := without_docstring(path.read_text(encoding="utf-8")))
    }
    assert silent == {}


def test_a_silent_function_is_found():
    assert without_docstring("def speak(): ...\ndef _whisper(): ...\n") == ["the module", "speak"]


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_help_of_every_command_has_an_example(name: str):
    said = CliRunner().invoke(cli, [*name.split(), "--help"])
    assert said.exit_code == 0
    assert re.search(rf"Example:\n\s+consult {name}", said.output), said.output


# --- marks, places, changes


def test_nothing_is_left_to_do_in_the_text():
    marked = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if MARKS.search(line) or PLACES.search(line)
    ]
    assert marked == []


def test_a_mark_or_a_place_would_be_found():
    assert MARKS.search("# TO" + "DO: later")
    assert PLACES.search('open("/ho' + 'me/ana/x")')
    assert not PLACES.search("https://example.org/home/x")


def versions(changelog: str) -> dict[str, int]:
    """How many lines each version has."""
    parts = re.split(r"^## (\S+).*$", changelog, flags=re.MULTILINE)[1:]
    return {
        name: len(re.findall(r"^- \S", text, re.MULTILINE))
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_the_changelog_has_a_line_for_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert versions((ROOT / "CHANGELOG.md").read_text()).get(version, 0) > 0
    assert versions("## 9.9.9\n\n## 9.9.8\n- more\n") == {"9.9.9": 0, "9.9.8": 1}
