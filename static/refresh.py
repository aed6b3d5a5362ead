#!/usr/bin/env python3
"""Make `dist/`, the only folder that is ever served, from `vendor/` and `src/`.

usage: refresh.py [--fetch]

Without an option only `dist/` and its part of `manifest.json` are written; the same input gives the same
bytes, so a test can prove that what is served is what the sources say. With `--fetch` the packages named in
the manifest are first fetched by name and version with `npm pack`, held against the integrity that the
manifest records, trimmed, and written to their places.

To upgrade a package, write its new version and its integrity into the manifest, then fetch. The integrity is
what `npm view NAME@VERSION dist.integrity` says.

One style sheet for each writing direction and a few scripts are served. Their names carry twelve digits of
their SHA-256, so that a browser may keep them for ever. Bundling is plain joining: the trimmed GOV.UK files
stand before ours, and no bundler is needed.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

import brotli  # type: ignore[import-untyped]

STATIC: Final = Path(__file__).resolve().parent
PROJECT: Final = STATIC.parent
MANIFEST: Final = STATIC / "manifest.json"
GOVUK: Final = "static/vendor/govuk-frontend/govuk-frontend"
HTMX: Final = "static/vendor/htmx.org/htmx.min.js"

# What is taken from a package: package, file inside it, where it goes, how it is changed on the way.
TAKEN: Final = (
    ("govuk-frontend", "dist/govuk/govuk-frontend.min.css", f"{GOVUK}.min.css", "ltr"),
    ("govuk-frontend", "dist/govuk/govuk-frontend.min.css", f"{GOVUK}.rtl.min.css", "rtl"),
    ("govuk-frontend", "dist/govuk/govuk-frontend.min.js", f"{GOVUK}.min.js", "no source map"),
    ("htmx.org", "dist/htmx.min.js", HTMX, "as shipped"),
    ("htmx.org", "LICENSE", "static/vendor/htmx.org/LICENCE.txt", "as shipped"),
    ("axe-core", "axe.min.js", "tests/checkers/vendor/axe.min.js", "as shipped"),
    ("axe-core", "LICENSE", "tests/checkers/vendor/LICENCE.txt", "as shipped"),
    ("axe-core", "LICENSE-3RD-PARTY.txt", "tests/checkers/vendor/LICENCE-3RD-PARTY.txt", "as shipped"),
)
# The npm package of GOV.UK Frontend ships no licence text; this is the one of its repository.
BY_HAND: Final = (
    "govuk-frontend",
    "LICENSE.txt of the repository",
    "static/vendor/govuk-frontend/LICENCE.txt",
    "as shipped",
)

IMPORT: Final = 'import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";\n'
CHARSET: Final = '@charset "UTF-8";'


class RefreshError(Exception):
    """The assets cannot be made, with a sentence that says why."""


def read_manifest() -> dict[str, Any]:
    """The manifest as it stands on disk."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def write_manifest(manifest: dict[str, Any]) -> None:
    """The manifest on disk equals `manifest`."""
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def build(project: Path = PROJECT) -> dict[str, bytes]:
    """What is to be served, by logical name, computed from the vendored and own sources and nothing else."""
    versions = {name: package["version"] for name, package in read_manifest()["packages"].items()}
    owner = "© Crown copyright (Government Digital Service)"
    notice = f"/*! GOV.UK Frontend {versions['govuk-frontend']}, MIT licence, {owner}, trimmed */\n"

    def read(path: str) -> str:
        return (project / path).read_text(encoding="utf-8")

    def sheet(govuk: str) -> bytes:
        ours = squeezed_css("\n".join(read(f"static/src/{name}") for name in sheets()))
        return (CHARSET + notice + read(govuk).removeprefix(CHARSET).strip() + "\n" + ours).encode()

    ours = read("static/src/consult.js")
    if IMPORT not in ours:
        message = f"src/consult.js must have this line: {IMPORT.strip()}"
        raise RefreshError(message)
    govuk, exports = re.subn(r"export\{[^}]*\};?", "", read(f"{GOVUK}.min.js"))
    if exports != 1 or "function initAll(" not in govuk:
        message = "govuk-frontend.min.js no longer ends with one list of exports; see how it names initAll"
        raise RefreshError(message)
    module = notice + govuk.strip() + "\n" + without_comments(ours.replace(IMPORT, ""))

    htmx_notice = f"/*! htmx {versions['htmx.org']}, Zero-Clause BSD licence */\n"
    return {
        "consult.css": sheet(f"{GOVUK}.min.css"),
        "consult-rtl.css": sheet(f"{GOVUK}.rtl.min.css"),
        "consult.js": module.encode(),
        "desk.js": without_comments(read("static/src/desk.js")).encode(),
        "forum.js": without_comments(read("static/src/forum.js")).encode(),
        "htmx.js": (htmx_notice + read(HTMX).strip() + "\n").encode(),
        "icon.svg": read("static/src/icon.svg").strip().encode(),
    }


def without_comments(source: str) -> str:
    """`source` without block comments, whole-line comments and empty lines."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    lines = (line.rstrip() for line in source.splitlines() if not line.lstrip().startswith("//"))
    return "\n".join(line for line in lines if line) + "\n"


def sheets() -> list[str]:
    """Our style sheets: what all pages share first, then each room's own."""
    return sorted(
        (path.name for path in (STATIC / "src").glob("*.css")), key=lambda name: (name != "consult.css", name)
    )


def squeezed_css(source: str) -> str:
    """Our own style sheet without comments and indentation."""
    return "\n".join(line.strip() for line in without_comments(source).splitlines()) + "\n"


def fingerprinted(name: str, data: bytes) -> str:
    """The name under which `data` is served: `consult.css` becomes `consult.0123456789ab.css`."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(data)[:12]}.{suffix}"


def write_dist() -> None:
    """`dist/` holds what `build()` says, each file also as gzip and brotli, and the manifest lists it."""
    dist = STATIC / "dist"
    dist.mkdir(exist_ok=True)
    for old in dist.iterdir():
        old.unlink()
    listed = {}
    for name, data in build().items():
        file = fingerprinted(name, data)
        small = {".br": brotli.compress(data, quality=11), ".gz": gzip.compress(data, 9, mtime=0)}
        (dist / file).write_bytes(data)
        for suffix, packed in small.items():
            (dist / (file + suffix)).write_bytes(packed)
        listed[name] = {
            "file": file,
            "sha256": sha256(data),
            "bytes": len(data),
            "brotli": len(small[".br"]),
            "gzip": len(small[".gz"]),
        }
    manifest = read_manifest()
    manifest["dist"] = listed
    write_manifest(manifest)


def fetch() -> None:
    """The vendored files are those of the packages in the manifest, whose integrity was checked."""
    manifest = read_manifest()
    vendored = {}
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder)
        for name, package in manifest["packages"].items():
            unpack(name, package, unpacked)
        for name, source, target, change in TAKEN:
            data = changed(unpacked, name, source, change)
            path = PROJECT / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for name, source, target, change in (*TAKEN, BY_HAND):
        package = manifest["packages"][name]
        vendored[target] = {
            "package": name,
            "version": package["version"],
            "source": source,
            "change": {
                "ltr": "trimmed by trim.mjs",
                "rtl": "trimmed by trim.mjs, then mirrored by rtlcss",
            }.get(change, change),
            "licence": package["licence"],
            "sha256": sha256((PROJECT / target).read_bytes()),
        }
    manifest["vendored"] = vendored
    write_manifest(manifest)


def unpack(name: str, package: dict[str, str], into: Path) -> None:
    """The files of one package stand in `into/node_modules/<name>`; a wrong integrity is refused."""
    archive = (
        into
        / subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", str(into), f"{name}@{package['version']}"],
            check=True,
            capture_output=True,
            text=True,
        )
        .stdout.strip()
        .splitlines()[-1]
    )
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package["integrity"]:
        message = f"{name} {package['version']} is not the package that the manifest records: {found}"
        raise RefreshError(message)
    with tempfile.TemporaryDirectory(dir=into) as folder, tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
        place = into / "node_modules" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / "package").rename(place)


def changed(unpacked: Path, name: str, source: str, change: str) -> bytes:
    """One file of an unpacked package after its change, ending in exactly one newline."""
    path = unpacked / "node_modules" / name / source
    if change in {"ltr", "rtl"}:
        data = subprocess.run(
            ["node", str(STATIC / "trim.mjs"), str(unpacked), str(path), change],
            check=True,
            capture_output=True,
        ).stdout
    elif change == "no source map":
        data = re.sub(rb"\n?//# sourceMappingURL=\S+", b"", path.read_bytes())
    else:
        return path.read_bytes()
    return data.strip() + b"\n"


def main() -> None:
    """The assets are refreshed as the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fetch", action="store_true", help="fetch, check and trim the packages first")
    if parser.parse_args().fetch:
        fetch()
    write_dist()
    for name, entry in read_manifest()["dist"].items():
        print(f"{name:16} {entry['file']:32} {entry['bytes']:7} bytes, {entry['brotli']:6} with brotli")


if __name__ == "__main__":
    main()
