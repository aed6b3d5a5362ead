"""Under which key a member of staff codes, and which judgements are theirs.

Situation: a bundle brings the coders of another installation, whose staff are other people under the same
numbers; it may also bring our own coders back. Choice: the key is made from the number with this
installation's secret, so no coder from elsewhere is ever taken for somebody here, and whoever coded a text
here is still known after the record was written to files and read again. The price: under a new secret key
staff are given new keys; what they judged before is then found by their number, which is kept beside it.
"""

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_

from consult.accounts.keys import CODERS, keyed_hash
from consult.coding.models import Judgement
from consult.coding.rules import ADJUDICATED

KEY_DIGITS = 16


def coder_of(staff_id: int) -> str:
    """The key under which a member of staff codes."""
    made = keyed_hash(str(staff_id), config=current_app.config["CONSULT"], purpose=CODERS)
    return f"coder-{made[:KEY_DIGITS]}"


def is_by(staff_id: int) -> ColumnElement[bool]:
    """That a judgement is a reading of this person's, and not a decision of theirs between coders."""
    theirs = or_(Judgement.staff_id == staff_id, Judgement.coder == coder_of(staff_id))
    return and_(Judgement.coder != ADJUDICATED, theirs)
