"""Writing the files of a bundle, in the order in which the format names them."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from consult.bundles import coding_out, forum_out, manifest_out, people_out, responses_out, summaries_out
from consult.bundles.problems import CONSULTATION
from consult.bundles.tables import Table
from consult.consultations.models import Consultation


def write_files(session: Session, consultation: Consultation, folder: Path) -> list[str]:
    """The folder holds every file that the consultation fills; gives their names."""
    names = [CONSULTATION]
    _write_bytes(folder / CONSULTATION, manifest_out.manifest_text(session, consultation).encode())
    for table in _tables(session, consultation.id):
        if table.is_wanted:
            names.append(table.name)
            _write_table(folder / table.name, table)
    return names


def _tables(session: Session, consultation_id: int) -> Iterator[Table]:
    yield people_out.participants(session, consultation_id)
    yield responses_out.responses(session, consultation_id)
    yield people_out.submissions(session, consultation_id)
    yield people_out.targets(session, consultation_id)
    yield coding_out.themes(session, consultation_id)
    yield coding_out.codes(session, consultation_id)
    yield coding_out.judgements(session, consultation_id)
    yield forum_out.posts(session, consultation_id)
    yield forum_out.reads(session, consultation_id)
    yield summaries_out.summaries(session, consultation_id)
    yield summaries_out.positions(session, consultation_id)
    yield summaries_out.quotations(session, consultation_id)
    yield people_out.channels(session, consultation_id)


def _write_table(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # RFC 4180: CRLF ends a row
        writer.writerow(table.columns)
        writer.writerows(table.rows)
        file.flush()
        os.fsync(file.fileno())


def _write_bytes(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
