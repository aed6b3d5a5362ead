"""A whole consultation in and out, all of it or nothing."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from consult.access import Action, Actor, require
from consult.analysis.plan import set_plan
from consult.audit.service import record
from consult.bundles.about import tell
from consult.bundles.channels import NAME as CHANNELS
from consult.bundles.coding import CODES, JUDGEMENTS, THEMES, read_coding
from consult.bundles.intake import Intake, Progress
from consult.bundles.manifest import Manifest, read_manifest
from consult.bundles.outlet import write_files
from consult.bundles.participants import NAME as PARTICIPANTS
from consult.bundles.participants import read_participants
from consult.bundles.posts import NAME as POSTS
from consult.bundles.posts import read_posts
from consult.bundles.problems import CONSULTATION, BundleRefused, Problems
from consult.bundles.reads import NAME as READS
from consult.bundles.reads import read_reads
from consult.bundles.responses import NAME as RESPONSES
from consult.bundles.responses import read_responses
from consult.bundles.submissions import NAME as SUBMISSIONS
from consult.bundles.submissions import read_submissions
from consult.bundles.summaries import POSITIONS, QUOTATIONS, SUMMARIES, read_summaries
from consult.bundles.targets import NAME as TARGETS
from consult.bundles.targets import read_targets
from consult.consultations.models import Consultation
from consult.consultations.queries import find_consultation, standing_of
from consult.consultations.service import create_consultation, has_web_participants, replace_consultation
from consult.db import db, reading
from consult.errors import Invalid, NotFound
from consult.recruitment import turnout
from consult.recruitment.models import Demographic
from consult.recruitment.service import add_demographics
from consult.surveys.service import add_items

REQUIRED = (CONSULTATION, PARTICIPANTS)
SURVEYED = (RESPONSES, SUBMISSIONS, TARGETS, CHANNELS)
READ = (THEMES, CODES, JUDGEMENTS, POSTS, READS, SUMMARIES, POSITIONS, QUOTATIONS)
KNOWN = frozenset({*REQUIRED, *SURVEYED, *READ})
PRIVATE = 0o700  # a dump is like a backup: for the operator's eyes


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came in: the consultation, and how many rows of what."""

    consultation: Consultation
    counts: dict[str, int]


def load_bundle(
    actor: Actor, path: Path, *, replace: bool = False, progress: Progress | None = None
) -> Loaded:
    """The consultation in the folder is in the record, whole; the caller commits.

    Parameters
    ----------
    path : Path
        The folder.
    replace : bool
        Whether it may take the place of the consultation with the same slug.
    progress : callable, optional
        Told now and then what is being written and how much of it has been.

    Raises
    ------
    BundleRefused
        Naming every problem, one a line. Nothing has changed then.
    """
    require(actor, Action.LOAD_BUNDLE)
    problems = Problems()
    _check_folder(path, problems)
    has_manifest = (path / CONSULTATION).is_file()
    manifest = read_manifest(path / CONSULTATION, problems) if has_manifest else Manifest(is_whole=False)
    # Nothing of it stays if it is refused, whatever the caller does next.
    with _without_collector(), db.session.begin_nested():
        existing = _find_existing(manifest, problems, replace=replace)
        intake = Intake(actor, path, manifest, problems, progress)
        demographics = _define(intake, existing)
        read_participants(intake, demographics)
        intake.make_slots()
        read_responses(intake)
        read_submissions(intake)
        read_targets(intake)
        read_coding(intake)
        read_posts(intake)
        read_reads(intake)
        read_summaries(intake)
        problems.refuse()
        assert intake.consultation is not None
        turnout.recount(intake.consultation.id)
        tell(db.session(), intake.consultation, manifest.about, manifest.presented)
        record(actor, Action.LOAD_BUNDLE, intake.consultation.slug, **intake.counts)
        db.session.flush()
    return Loaded(intake.consultation, intake.counts)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows make no reference cycles; looking for some among millions of tuples costs a tenth of a load."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_folder(path: Path, problems: Problems) -> None:
    """Name the files that are missing and those that a bundle does not have.

    Raises
    ------
    BundleRefused
        If there is no such folder.
    """
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        raise BundleRefused(f"{path}: this is not a folder that can be read") from error
    for name in REQUIRED:
        if not (path / name).is_file():
            problems.whole_file(name, "this file is missing")
    for file in files:
        if file.suffix.lower() == ".csv" and file.name not in KNOWN:
            problems.whole_file(file.name, "there is no such file in a bundle")
        elif file.name in KNOWN and file.name not in REQUIRED and not file.is_file():
            problems.whole_file(file.name, "this is not a file")


def _find_existing(manifest: Manifest, problems: Problems, *, replace: bool) -> Consultation | None:
    existing = find_consultation(manifest.slug) if manifest.slug else None
    if existing is None:
        return None
    if not replace:
        problems.key(
            "slug", f"there is already a consultation {manifest.slug}; --replace puts this in its place"
        )
    elif has_web_participants(existing):
        problems.key("slug", f"people have joined {manifest.slug} through the web, so it cannot be replaced")
    return existing


def _define(intake: Intake, existing: Consultation | None) -> list[Demographic]:
    """Write the consultation and what it asks; nothing if something is wrong already."""
    manifest, actor = intake.manifest, intake.actor
    if intake.problems or manifest.slug is None:
        return []
    if existing is None:
        consultation = create_consultation(
            actor,
            slug=manifest.slug,
            title=manifest.title,
            summary=manifest.summary,
            source=manifest.source,
            state=manifest.state,
            stages=manifest.stages,
        )
    else:
        consultation = replace_consultation(
            actor,
            existing,
            title=manifest.title,
            summary=manifest.summary,
            source=manifest.source,
            state=manifest.state,
            stages=manifest.stages,
        )
    intake.consultation = consultation
    demographics = add_demographics(actor, consultation, manifest.demographics)
    intake.counts["participants"] = 0
    items = add_items(actor, consultation, manifest.items)
    intake.items = {item.key: item for item in items}
    intake.counts["items"] = len(items)
    if manifest.plan is not None:
        set_plan(actor, consultation, manifest.plan)
    return demographics


def dump_bundle(actor: Actor, consultation: Consultation, path: Path) -> list[str]:
    """The folder holds the whole consultation, as it was committed; gives the names of the files.

    The files are written to a folder beside it, which takes its name when all of them are there: an
    unfinished dump never looks finished.

    Raises
    ------
    Invalid
        If there is something at ``path`` already.
    """
    require(actor, Action.DUMP_BUNDLE, standing_of(consultation))
    target = path.resolve()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Invalid(f"{path}: there is something here already; name a new or an empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.parent / f".{target.name}.{uuid4().hex[:8]}.unfinished"
    unfinished.mkdir(mode=PRIVATE)
    try:
        with _as_committed() as session:
            names = write_files(session, _committed(session, consultation), unfinished)
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _settle(target.parent)
    return names


def _committed(session: Session, consultation: Consultation) -> Consultation:
    row = session.get(Consultation, consultation.id)
    if row is None:
        raise NotFound("This consultation has not been saved yet.")
    return row


@contextmanager
def _as_committed() -> Iterator[Session]:
    """A session that sees the record as it was at one moment, whatever is written meanwhile."""
    with reading(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(bind=connection, autoflush=False) as session:
            yield session


def _settle(folder: Path) -> None:
    """The new name in the folder survives a power cut."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # not every system opens folders; the files themselves are safe
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
