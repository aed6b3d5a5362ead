"""Weights are made once for each way of making them, and kept.

The arithmetic is imported only here inside: a web worker that shows weights has no NumPy.
"""

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import insert_rows
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict
from consult.weighting import queries
from consult.weighting.models import Weight, WeightVersion
from consult.weighting.queries import Version
from consult.weighting.rules import Settings

if TYPE_CHECKING:
    from consult.weighting.making import Made

TRIES = 10
METHOD = Settings()
"""The method's own settings: what `compare --weights raked` takes."""


def freeze_weights(actor: Actor, consultation: Consultation, settings: Settings = METHOD) -> Version:
    """The weights of a closed consultation are kept, made in this way; the version that they are.

    Safe to repeat: the same settings and the same data are the same version.

    Raises
    ------
    Conflict
        If a stage has not closed.
    WeightsRefused
        If there are no targets that can be used, or no weights that fit them.
    """
    require(actor, Action.FREEZE_WEIGHTS, standing_of(consultation))
    from consult.weighting.making import make_weights  # noqa: PLC0415  (brings NumPy)

    made = make_weights(consultation.id, settings)
    found = queries.find_by_digest(consultation.id, made.digest)
    if found is not None:
        return found
    version = _keep(consultation, settings, made)
    record(
        actor,
        Action.FREEZE_WEIGHTS,
        consultation.slug,
        version=version.number,
        sha256=version.report["digest"],
    )
    return version


def _keep(consultation: Consultation, settings: Settings, made: "Made") -> Version:
    for _ in range(TRIES):
        try:
            with db.session.begin_nested():
                number = _keep_row(consultation, settings, made)
        except IntegrityError:
            # Somebody else kept one at the same moment: perhaps this very one, else the number is taken.
            theirs = queries.find_by_digest(consultation.id, made.digest)
            if theirs is not None:
                return theirs
        else:
            return queries.get_version(consultation.id, number)
    raise Conflict("Others are making weights at this moment. Try again.")


def _keep_row(consultation: Consultation, settings: Settings, made: "Made") -> int:
    last = db.session.scalar(
        select(func.max(WeightVersion.number)).where(WeightVersion.consultation_id == consultation.id)
    )
    version = WeightVersion(
        consultation_id=consultation.id,
        number=(last or 0) + 1,
        digest=made.digest,
        made_at=clock.now(),
        settings=json.dumps(settings.as_json(), ensure_ascii=False, allow_nan=False),
        report=json.dumps(made.report, ensure_ascii=False, allow_nan=False),
    )
    db.session.add(version)
    db.session.flush()
    insert_rows(
        Weight,
        ("version_id", "participant_id", "consultation_id", "weight"),
        (
            (version.id, participant_id, consultation.id, weight)
            for participant_id, weight in zip(
                made.people.ids[made.weighed].tolist(), made.weights.tolist(), strict=True
            )
        ),
    )
    return version.number
