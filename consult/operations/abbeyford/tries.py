"""Return codes with which somebody who looks around becomes one of the sample's participants.

The codes come from this installation's secret key: the same each time, and no other installation's.
"""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select

from consult.accounts import codes
from consult.accounts.code_rules import RANDOM_SIGNS, SIGNS, serial_with_check, with_check
from consult.consultations.models import Consultation, Membership, Participant
from consult.db import db
from consult.home import Config
from consult.operations.abbeyford.scripts import Script

PURPOSE = "consult sample codes 1"


class Try(NamedTuple):
    """A return code, where it leads, and what is to be seen there."""

    code: str
    title: str
    shows: str


def give_codes(script: Script, consultation: Consultation, *, config: Config) -> Iterator[Try]:
    """Each participant who may be tried comes back with their code; those codes.

    Whoever has taken another code meanwhile has this one again, because it is the one that is printed.
    Whoever has withdrawn stays away.
    """
    for tried in script.tries:
        participant_id = _find_participant(consultation.id, tried["participant"])
        if participant_id is None:
            continue
        name = f"{script.slug}/{tried['participant']}"
        code = with_check(_signs(f"code {name}", config))
        if not codes.is_code_of(participant_id, code, config=config):
            serial = serial_with_check(_signs(f"serial {name}", config))
            codes.give_code(participant_id, consultation.id, code=code, serial=serial, config=config)
        yield Try(code, script.title, tried["shows"])


def _find_participant(consultation_id: int, key: str) -> int | None:
    return db.session.scalar(
        select(Participant.id)
        .join(Membership, Membership.participant_id == Participant.id)
        .where(
            Participant.consultation_id == consultation_id,
            Participant.key == key,
            Membership.withdrawn_at.is_(None),
        )
    )


def _signs(purpose: str, config: Config) -> str:
    """Signs of a code that nobody can guess who does not know the secret key."""
    assert config.secret_key is not None, "the sample is shown on pages, and pages need a secret key"
    digest = hmac.new(config.secret_key.encode(), f"{PURPOSE} {purpose}".encode(), sha256).digest()
    number, signs = int.from_bytes(digest), ""
    for _ in range(RANDOM_SIGNS):
        number, sign = divmod(number, len(SIGNS))
        signs += SIGNS[sign]
    return signs
