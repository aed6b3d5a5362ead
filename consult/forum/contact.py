"""Whether a text gives away where somebody can be found. Plain values in, decisions out."""

from enum import StrEnum

from consult.personal_data import Kind, find


class Contact(StrEnum):
    """What somebody could be found by."""

    E_MAIL = "e-mail"
    PHONE = "phone"
    POSTCODE = "postcode"


_KINDS = {Contact.E_MAIL: Kind.E_MAIL, Contact.PHONE: Kind.PHONE, Contact.POSTCODE: Kind.POSTCODE}


def contact_in(text: str) -> Contact | None:
    """What in a text looks as if somebody could be found by it; only asked about, as it may be wrong."""
    found = {span.kind for span in find(text)}
    return next((contact for contact, kind in _KINDS.items() if kind in found), None)
