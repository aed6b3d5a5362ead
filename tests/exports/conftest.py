"""A closed consultation, loaded from a bundle, and its package."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.service import load_bundle
from consult.consultations.models import Consultation
from consult.db import db
from consult.exports.service import export_package
from tests.making.forums import random_forum

Load = Callable[[Path], Consultation]


@pytest.fixture
def load(in_app: Flask) -> Load:
    """Load a bundle into the database of the test."""

    def loaded(path: Path) -> Consultation:
        found = load_bundle(OPERATOR, path, replace=False, progress=None).consultation
        db.session.commit()
        return found

    return loaded


@pytest.fixture
def forum(load: Load, tmp_path: Path) -> Consultation:
    """A hundred and twenty people, every form of item, and as much missing as in real life."""
    scales = [(1, 5), (0, 10), (-2, 2), (1, 7)]
    return load(random_forum(tmp_path / "bundle", people=120, scales=scales, seed=7, with_submissions=True))


@pytest.fixture
def package(forum: Consultation, tmp_path: Path) -> Path:
    """The CSV package of that forum."""
    folder = tmp_path / "package"
    export_package(OPERATOR, forum, folder, kind="csv")
    db.session.commit()
    return folder
