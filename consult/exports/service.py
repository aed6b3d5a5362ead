"""Packing what an analyst takes away."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from consult.access import Action, Actor, allows, require
from consult.analysis import service as analysis
from consult.audit.service import record
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.exports.formats import FORMATS
from consult.exports.package import SUMS, Package, unfinished, write_sums
from consult.exports.packing import pack
from consult.weighting.queries import Version, find_by_settings, get_version
from consult.weighting.rules import NO_WEIGHTS
from consult.weighting.service import METHOD


def export_package(
    actor: Actor,
    consultation: Consultation,
    folder: Path,
    *,
    kind: str,
    weights: str = NO_WEIGHTS,
    after_reading: Callable[[], None] = lambda: None,
) -> list[str]:
    """The folder holds the analyst's package, complete or not at all; the names of its files.

    Parameters
    ----------
    folder : Path
        New, or empty. Only its owner can read it afterwards.
    kind : str
        ``csv`` or ``xlsx``.
    weights : str
        ``none``; ``raked`` adds the method's own weights, made now if it is the first time.
    after_reading : callable
        Called when everything has been read and before the long writing of files. On SQLite a
        caller that commits here gives other writers way; the audit line comes after it.

    Raises
    ------
    Conflict
        If a stage has not closed, or the consultation is archived.
    Invalid
        If there is no such format, the folder is not free, or there are no weights to be had.
    """
    with_rows = _allowed(actor, consultation, kind)
    with unfinished(folder) as temporary:
        analysis.comparison(actor, consultation, weights=weights)
        version = None if weights == NO_WEIGHTS else find_by_settings(consultation.id, METHOD)
        package = pack(consultation, kind=kind, with_rows=with_rows, version=version)
        after_reading()
        return _write(actor, package, temporary, kind=kind, with_rows=with_rows, version=version)


def export_archive(
    actor: Actor,
    consultation: Consultation,
    *,
    kind: str,
    number: int | None = None,
    after_reading: Callable[[], None] = lambda: None,
) -> tuple[str, bytes]:
    """The same files as one zip file for a download: its name and its bytes.

    Nothing stays on the machine. The comparison is not made here: a web worker has no arithmetic.
    ``after_reading`` is that of `export_package`; ``number`` is of the version of the weights to add.

    Raises
    ------
    Conflict
        If a stage has not closed, the consultation is archived, or the comparison has not been made.
    Invalid
        If there is no such format, or the package is too large for a page.
    NotFound
        If there is no such version of the weights.
    """
    with_rows = _allowed(actor, consultation, kind)
    if analysis.stored_comparison(actor, consultation) is None:
        raise Conflict("The comparison has not been made yet. Make it on the overview page.")
    version = None if number is None else get_version(consultation.id, number)
    package = pack(consultation, kind=kind, with_rows=with_rows, version=version)
    if package.n_cells > FORMATS[kind].most_cells_by_page:
        raise Invalid(
            "Too many people took part for a download of this kind from a page. Take CSV, or ask"
            " whoever runs this service for a copy made with `consult export`."
        )
    after_reading()
    with TemporaryDirectory(prefix="consult-") as folder:
        names = _write(actor, package, Path(folder), kind=kind, with_rows=with_rows, version=version)
        return f"{package.slug}-{kind}.zip", _zipped(package, Path(folder), names)


def _allowed(actor: Actor, consultation: Consultation, kind: str) -> bool:
    """Refuse who may have nothing; whether the actor may have rows too."""
    standing = standing_of(consultation)
    require(actor, Action.EXPORT_TABLES, standing)
    if kind not in FORMATS:
        raise Invalid("Choose a format: %(formats)s.", formats=" or ".join(FORMATS))
    return allows(actor, Action.EXPORT_ROWS, standing)


def _write(
    actor: Actor,
    package: Package,
    folder: Path,
    *,
    kind: str,
    with_rows: bool,
    version: Version | None,
) -> list[str]:
    """The files stand in the folder, and the audit trail has a line of what left the platform."""
    names = FORMATS[kind].write(package, folder)
    sums = write_sums(names, folder)
    record(
        actor,
        Action.EXPORT_ROWS if with_rows else Action.EXPORT_TABLES,
        package.slug,
        format=kind,
        sha256=sums,
        **({"weights": version.stored_as} if version else {}),
        **{f"rows_{table.name}": table.n_rows for table in package.tables},
    )
    db.session.flush()
    return [*names, SUMS]


def _zipped(package: Package, folder: Path, names: list[str]) -> bytes:
    """Pack the files into one, dated as the comparison is, so that the download tells no other time."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(f"{package.slug}/{name}", package.made_at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with archive.open(entry, "w") as target, (folder / name).open("rb") as source:
                copyfileobj(source, target)
    return buffer.getvalue()
