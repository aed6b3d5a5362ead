"""Whose thanks they are, without saying so: keyed names and sealed addresses.

A due and an address belong to a *holder*, a keyed hash of the number of a participant. Whoever has the
database and not the key cannot get from one to the other; the person's own page can, because it knows
who asks. When somebody leaves, what they are owed gets a holder that nobody is: from then on not even
the key leads from it to them, and it is collected by its number alone.
"""

from secrets import token_hex

from consult.accounts import keys
from consult.home import Config

HOLDERS = "consult incentive holders 1"
CONTACTS = "consult incentive contacts 1"
LEFT = "left-"


def holder_of(participant_id: int, *, config: Config) -> str:
    """What this participant is called where thanks are kept."""
    return keys.keyed_hash(str(participant_id), config=config, purpose=HOLDERS)


def nobody() -> str:
    """A holder that nobody is: of what is owed to somebody who has left."""
    return LEFT + token_hex(16)


def seal(contact: str, *, config: Config) -> str:
    """The address or number, readable only with this installation's secret key."""
    return keys.seal(contact, config=config, purpose=CONTACTS)


def unseal(sealed: str, *, config: Config) -> str | None:
    """The address or number that was sealed; None if the secret key has changed since."""
    return keys.unseal(sealed, config=config, purpose=CONTACTS)
