"""A package as files: written beside its place, checked off, and put in place when it is complete."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import mkdtemp

from consult.errors import Conflict, Invalid
from consult.exports.tables import Table

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """What a writer turns into files: tables, the codebook among them, and texts by file name."""

    slug: str
    title: str
    made_at: datetime
    tables: tuple[Table, ...]
    texts: Mapping[str, str]

    @property
    def n_cells(self) -> int:
        """How many cells all tables have together: what decides how long writing takes."""
        return sum(table.n_rows * len(table.columns) for table in self.tables)


def write_sums(names: list[str], folder: Path) -> str:
    """The checksums of the files stand beside them, as `sha256sum -c` reads them; their own SHA-256."""
    lines: list[str] = []
    for name in sorted(names):
        with (folder / name).open("rb") as file:
            lines.append(f"{file_digest(file, 'sha256').hexdigest()}  {name}\n")
    content = "".join(lines).encode()
    (folder / SUMS).write_bytes(content)
    return sha256(content).hexdigest()


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of ``folder`` if all goes well inside, and is gone if not.

    It lies beside its place, so that the last step is one rename: whoever sees the folder sees all
    of it. Only its owner can look inside, before and after.

    Raises
    ------
    Invalid
        If ``folder`` is a file or has something in it, or nothing can be written there.
    """
    folder = folder.resolve()
    _refuse_unless_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(mkdtemp(prefix=f".{folder.name[:100]}.unfinished-", dir=folder.parent))
    except OSError as error:
        raise Invalid("The package cannot be written there: choose another folder.") from error
    try:
        yield temporary
        try:
            temporary.replace(folder)
        except OSError as error:
            raise Conflict("Something else was written there meanwhile: choose another folder.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _refuse_unless_free(folder: Path) -> None:
    if folder.is_dir():
        if any(folder.iterdir()):
            raise Invalid("That folder has something in it: choose a new or empty one.")
    elif folder.exists():
        raise Invalid("There is a file of that name: choose another folder.")
