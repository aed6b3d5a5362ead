"""Ten tries in a quarter of an hour: how guessing a password or a code of an app is stopped.

They are counted by what was typed as e-mail address, never by the address of a network. The cost:
somebody who knows an address can keep its owner out for a quarter of an hour, by trying all the time.
"""

from consult.accounts import limits
from consult.accounts.limits import take_back
from consult.accounts.rules import TRIES, TRIES_WITHIN
from consult.home import Config

__all__ = ["count_try", "take_back"]


def count_try(typed_email: str, *, config: Config) -> int:
    """One more try for this address is on the record, whatever comes of it; its id.

    Raises
    ------
    TooMany
        As `limits.count`.
    """
    return limits.count("sign-in", typed_email.strip().lower(), TRIES, TRIES_WITHIN, config=config)
