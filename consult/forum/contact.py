"""Whether a text gives away where somebody can be found. Plain values in, decisions out."""

import re
from enum import StrEnum


class Contact(StrEnum):
    """What somebody could be found by."""

    E_MAIL = "e-mail"
    PHONE = "phone"
    POSTCODE = "postcode"


_CONTACT = {
    Contact.E_MAIL: re.compile(r"[^\s@]@[^\s@]+\.[^\W\d_]{2}"),
    # A number that is dialled: nine figures or more after a nought or a country. Sums of money have none.
    Contact.PHONE: re.compile(r"(?<![\w.,£$€])(?:\+\d|0)(?:[ .()-]{0,3}\d){8,14}(?!\d)"),
    # In capitals, or in small letters but for "on the a1 2nd left".
    Contact.POSTCODE: re.compile(
        r"\b(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}"
        r"|[a-z]{1,2}\d[a-z\d]?[ ]?\d(?!st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{2})\b"
    ),
}


def contact_in(text: str) -> Contact | None:
    """What in a text looks as if somebody could be found by it; only asked about, as it may be wrong."""
    return next((kind for kind, pattern in _CONTACT.items() if pattern.search(text)), None)
