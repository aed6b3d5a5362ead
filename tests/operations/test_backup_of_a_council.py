"""A council that is backed up and restored elsewhere dumps the same bytes."""

from pathlib import Path

from tests.conftest import run_consult
from tests.making.full_bundle import make_full_bundle


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_dumps_before_a_backup_and_after_its_restore_are_equal(database_url: str, tmp_path: Path) -> None:
    bundle = make_full_bundle(tmp_path / "in")
    loaded = run_consult(database_url, "load", bundle)
    assert loaded.returncode == 0, loaded.stderr
    slug = loaded.stdout.split(":")[0].removeprefix("Loaded ")
    before = run_consult(database_url, "compare", slug, "--json")
    for args in (("dump", slug, tmp_path / "before"), ("backup", tmp_path / "council.backup")):
        done = run_consult(database_url, *args)
        assert done.returncode == 0, done.stderr

    empty = tmp_path / "elsewhere"
    empty.mkdir()
    elsewhere = f"sqlite:///{empty / 'consult.sqlite'}"
    restored = run_consult(elsewhere, "restore", tmp_path / "council.backup")
    assert restored.returncode == 0, restored.stderr
    assert run_consult(elsewhere, "dump", slug, tmp_path / "after").returncode == 0
    assert files_of(tmp_path / "after") == files_of(tmp_path / "before")
    assert run_consult(elsewhere, "compare", slug, "--json").stdout == before.stdout
