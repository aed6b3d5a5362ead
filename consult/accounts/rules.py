"""What an e-mail address and a password must be, and how long everything lasts."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from consult.access import Role
from consult.accounts.refused import COMMON_PASSWORDS
from consult.errors import Invalid
from consult.words import N_

ROLE_NAMES = {
    Role.VISITOR: N_("visitor"),
    Role.RESIDENT: N_("resident"),
    Role.ASSISTANT: N_("assistant"),
    Role.MODERATOR: N_("moderator"),
    Role.OFFICER: N_("officer"),
    Role.ANALYST: N_("analyst"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.OPERATOR: N_("operator"),
}
LINK_LASTS = timedelta(hours=72)
IDLE_AFTER = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=8)
CODE_WAITS = timedelta(minutes=10)  # between the password and the code
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is known
TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
TRIES_KEPT = timedelta(days=1)

SHORTEST, LONGEST = 12, 200  # characters of a password
LEFT_OVER = 8  # characters that must be left when names are taken out of a password
NAME_COUNTS = 4  # a shorter name is found in good passwords by chance
EMAIL_LONGEST = 254
# Plain on purpose: the address is proved by nothing but the link that reaches its owner.
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def plain_email(typed: str) -> str | None:
    """The address as the record keeps it, in lower case; None if it cannot be one."""
    address = typed.strip().lower()
    return address if len(address) <= EMAIL_LONGEST and EMAIL.fullmatch(address) else None


def password_problem(password: str, *, names: Iterable[str]) -> Invalid | None:
    """Why this password will not do, as a refusal to raise or to show; None if it will.

    Length counts; kinds of characters do not (NCSC: no rules of composition).

    Parameters
    ----------
    names : iterable of str
        What everybody can guess: the council, the service, the person's e-mail address.
    """
    if len(password) < SHORTEST:
        return Invalid("Your password must have %(n)s characters or more", n=SHORTEST)
    if len(password) > LONGEST:
        return Invalid("Your password must have %(n)s characters or fewer", n=LONGEST)
    bare = _bare(password)
    if bare in COMMON_PASSWORDS or len(set(bare)) < NAME_COUNTS:
        return Invalid("Too many people use this password. Choose one that is harder to guess")
    left = bare
    for name in sorted({part for whole in names for part in _parts(whole)}, key=len, reverse=True):
        left = left.replace(name, "")
    if left != bare and len(left) < LEFT_OVER:
        return Invalid("Choose a password without the name of the council, of this service or of yourself")
    return None


def is_live(*, began_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session that began and was last used then still holds."""
    return now - last_seen_at < IDLE_AFTER and now - began_at < SESSION_LASTS


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _parts(name: str) -> Iterable[str]:
    """A name as a whole and each word of it, as far as they are long enough to mean something."""
    words = [_bare(name), *(_bare(word) for word in re.split(r"[\W_]+", name))]
    return (word for word in words if len(word) >= NAME_COUNTS)
