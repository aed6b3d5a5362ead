"""What is served is exactly what the sources say, is small, and comes from nobody else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest

from .html import ALLOWED_SCRIPTS

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "static"
DIST = STATIC / "dist"
MANIFEST: dict[str, Any] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
NAMESPACES = re.compile(
    r"http://www\.w3\.org/(?:2000/svg|1999/xhtml|1999/xlink|1998/Math/MathML|XML/1998/namespace)"
)


def load_refresh() -> ModuleType:
    """The module `static/refresh.py`, which is a program and lies in no package."""
    spec = importlib.util.spec_from_file_location("refresh", STATIC / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def served() -> dict[str, str]:
    """The text of every served file, by logical name."""
    return {
        name: (DIST / entry["file"]).read_text(encoding="utf-8") for name, entry in MANIFEST["dist"].items()
    }


def test_what_is_served_equals_a_rebuild() -> None:
    refresh = load_refresh()
    built = refresh.build()
    assert sorted(built) == sorted(MANIFEST["dist"])
    for name, data in built.items():
        entry = MANIFEST["dist"][name]
        assert entry["file"] == refresh.fingerprinted(name, data), f"{name} is stale: run static/refresh.py"
        assert (DIST / entry["file"]).read_bytes() == data
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_each_served_file_has_a_gzip_and_a_brotli_copy_and_nothing_else_is_there() -> None:
    expected = set()
    for entry in MANIFEST["dist"].values():
        plain = (DIST / entry["file"]).read_bytes()
        small = {suffix: (DIST / (entry["file"] + suffix)).read_bytes() for suffix in (".br", ".gz")}
        assert brotli.decompress(small[".br"]) == plain
        assert gzip.decompress(small[".gz"]) == plain
        assert (entry["bytes"], entry["brotli"], entry["gzip"]) == (
            len(plain),
            len(small[".br"]),
            len(small[".gz"]),
        )
        expected |= {entry["file"], entry["file"] + ".br", entry["file"] + ".gz"}
    assert {path.name for path in DIST.iterdir()} == expected


def test_vendored_files_are_those_of_the_manifest() -> None:
    found = {
        str(path.relative_to(PROJECT))
        for folder in ("static/vendor", "tests/checkers/vendor")
        for path in (PROJECT / folder).rglob("*")
        if path.is_file()
    }
    assert found == set(MANIFEST["vendored"])
    for name, entry in MANIFEST["vendored"].items():
        assert hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() == entry["sha256"], name
        package = MANIFEST["packages"][entry["package"]]
        assert (entry["version"], entry["licence"]) == (package["version"], package["licence"])
        assert package["integrity"].startswith("sha512-")
    assert {Path(name).parent for name in found if "LICENCE" in name} == {Path(name).parent for name in found}


@pytest.mark.parametrize(
    ("files", "most"),
    [
        (("consult.css",), 15_000),
        (("consult-rtl.css",), 15_000),
        (("consult.js",), 11_000),
        (("desk.js",), 2_000),
        (("forum.js",), 2_000),
        (("consult.css", "consult.js", "htmx.js"), 42_000),
    ],
)
def test_weights_stay_in_their_budget(files: tuple[str, ...], most: int) -> None:
    assert sum(MANIFEST["dist"][name]["brotli"] for name in files) <= most


def test_nothing_served_comes_from_gov_uk_or_asks_another_host() -> None:
    for name, text in served().items():
        for unwanted in ("sourceMappingURL", "GDS Transport", "crest", "@font-face", "@import", "url("):
            assert unwanted not in text, f"{unwanted} in {name}"
        assert re.findall(r"https?://[^\s\"'`)]+", NAMESPACES.sub("", text)) == [], name


def test_own_style_sheet_has_no_physical_sides() -> None:
    own = (STATIC / "src" / "consult.css").read_text(encoding="utf-8")
    own = re.sub(r"/\*.*?\*/", "", own, flags=re.DOTALL)
    assert (
        re.findall(
            r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)|float:",
            own,
        )
        == []
    )


def test_the_one_inline_script_has_the_allowed_hash() -> None:
    layout = (PROJECT / "templates" / "layouts" / "base.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", layout, flags=re.DOTALL)
    assert [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    ] == list(ALLOWED_SCRIPTS)


def test_no_address_of_a_computer_stands_in_the_manifest() -> None:
    text = (STATIC / "manifest.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert "localhost" not in text
    assert str(Path.home()) not in text
