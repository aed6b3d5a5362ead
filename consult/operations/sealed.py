"""One backup as a file: a zip archive that ends with a seal.

::

    consult.sqlite   every table, in one SQLite file, whichever database it came from
    manifest.json    when it was made, its schema, the rows of each table, the file's SHA-256
    seal             the last 64 bytes (the archive's comment): SHA-256 of every byte before them

A zip archive has bytes that its own checks do not cover: times, sizes, the list at its end. The
seal covers all of them, so that a damaged backup is known before it is needed, and any unzip
program still opens it.
"""

import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from consult.errors import Invalid

FORMAT = 1
DATABASE, MANIFEST = "consult.sqlite", "manifest.json"
SEAL_LENGTH = 64
CHUNK = 1024 * 1024
NEWER = "{name} was made by a newer version of Consult. Use that version."
NOT_WHOLE = "{name} is damaged or is not a backup of Consult. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    schema: str
    rows: dict[str, int]
    sha256: str
    format: int = FORMAT


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(path: Path, database: Path, manifest: Manifest) -> None:
    """A new file at ``path`` holds the database and its manifest, safe on disk, for its owner alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(database, DATABASE)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")
            archive.comment = b"0" * SEAL_LENGTH
        digest = _digest_before_seal(file)
        file.seek(-SEAL_LENGTH, os.SEEK_END)
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())


def unseal(path: Path, database: Path) -> Manifest:
    """The database of the backup at ``path`` stands in the new file ``database``, every byte as it was.

    Raises
    ------
    Invalid
        If a byte of the backup is not what was written, or the backup is of a later form.
    """
    broken = Invalid(NOT_WHOLE.format(name=path.name))
    try:
        with path.open("rb") as file:
            if _digest_before_seal(file) != file.read():
                raise broken
            manifest = _unpack(file, database, path.name)
    except OSError as error:
        raise Invalid(f"{path} cannot be read. {error.strerror}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise broken from error
    if sha256_of(database) != manifest.sha256:
        raise broken
    return manifest


def _unpack(file: BinaryIO, database: Path, name: str) -> Manifest:
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read(MANIFEST))
        if said["format"] != FORMAT:
            raise Invalid(NEWER.format(name=name))
        manifest = Manifest(**said)
        with archive.open(DATABASE) as packed, database.open("xb") as unpacked:
            shutil.copyfileobj(packed, unpacked, CHUNK)
    return manifest


def _digest_before_seal(file: BinaryIO) -> bytes:
    """SHA-256 of all but the last 64 bytes, as hexadecimal digits; the seal is what is read next."""
    left = file.seek(0, os.SEEK_END) - SEAL_LENGTH
    digest = hashlib.sha256()
    file.seek(0)
    while left > 0:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            break
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()
