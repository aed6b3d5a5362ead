"""A draft from the files of a bundle that an officer chose in a form.

An officer may bring in what a consultation asks, never what people answered: the state must be draft, and
only the files that define something are taken. The files are written under their known names into a
folder of this request, so that no name from outside is ever a path; archives are never opened. Then they
go the way of every bundle, whole or not at all, with every problem named. That way belongs to operators:
the officer gets it for this one deed, after this one question, and the trail names the officer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Protocol

from consult.access import Action, Actor, Role, require
from consult.bundles.manifest import read_manifest
from consult.bundles.problems import CONSULTATION, Problems
from consult.bundles.service import load_bundle
from consult.cells import shown
from consult.consultations.models import Consultation
from consult.consultations.queries import find_consultation
from consult.consultations.setting_up import SLUG_TAKEN, check_slug, make_officer
from consult.errors import DomainError

PARTICIPANTS = "participants.csv"
TAKEN = frozenset({CONSULTATION, PARTICIPANTS, "targets.csv", "channels.csv"})
MOST_BYTES = 5_000_000


class ChosenFile(Protocol):
    """A file that came with a form."""

    @property
    def filename(self) -> str | None: ...

    def read(self, size: int = -1, /) -> bytes: ...


def bring_in(actor: Actor, files: Sequence[ChosenFile], *, staff_id: int | None) -> Consultation:
    """There is a new draft as the files say, and its maker is its officer.

    Raises
    ------
    BundleRefused
        Naming every problem, one a line. Nothing has changed then.
    """
    require(actor, Action.CREATE_CONSULTATION)
    with _folder(files) as folder:
        _check(folder)
        as_operator = replace(actor, site_roles=frozenset({Role.OPERATOR}))
        consultation = load_bundle(as_operator, folder).consultation
    make_officer(actor, consultation, staff_id=staff_id)
    return consultation


@contextmanager
def _folder(files: Sequence[ChosenFile]) -> Iterator[Path]:
    """A folder that holds the files under their names, for as long as they are read."""
    problems, seen, size = Problems(), set[str](), 0
    with TemporaryDirectory(prefix="bundle-") as name:
        folder = Path(name)
        for file in files:
            # Some browsers send the whole path, with the separators of the machine that it was on.
            given = PurePosixPath((file.filename or "").replace("\\", "/")).name
            if given not in TAKEN:
                problems.whole_file(given or "?", "a draft is made of " + ", ".join(sorted(TAKEN)) + " only")
            elif given in seen:
                problems.whole_file(given, "this file was chosen twice")
            else:
                content = file.read(MOST_BYTES + 1 - size)
                size += len(content)
                (folder / given).write_bytes(content)
            seen.add(given)
        if size > MOST_BYTES:
            problems.whole_file(CONSULTATION, "the files are larger than 5 MB together")
        problems.refuse()
        yield folder


def _check(folder: Path) -> None:
    """Refuse what is no draft, in the words in which a bundle's other problems are told."""
    problems = Problems()
    if (folder / CONSULTATION).is_file():
        manifest = read_manifest(folder / CONSULTATION, problems)
        if manifest.state and manifest.state != "draft":
            problems.key(
                "state", f"must be draft, not {shown(manifest.state)}: only a draft is brought in here"
            )
        if manifest.slug is not None:
            _check_slug(manifest.slug, problems)
    people = folder / PARTICIPANTS
    if people.is_file() and len(people.read_bytes().strip().splitlines()) > 1:
        problems.cell(PARTICIPANTS, 2, "participant", "a draft has no participants yet")
    problems.refuse()


def _check_slug(slug: str, problems: Problems) -> None:
    try:
        check_slug(slug)
    except DomainError as refusal:
        problems.key("slug", refusal.message)
        return
    if find_consultation(slug) is not None:
        problems.key("slug", SLUG_TAKEN)
