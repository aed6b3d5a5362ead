"""What can go wrong in the domain: each error has a status and a sentence that is safe to show.

A message never holds what somebody typed, an address or a code: it is written here or by the
service that raises it, for the person who reads it. Numbers and dates in it are given by name, so
that the sentence can be translated as a whole: ``Invalid("Enter at most %(n)s characters", n=500)``.
"""

from consult.words import N_


class DomainError(Exception):
    """Something the person asked for cannot be done; ``message`` says why and what to do."""

    status = 422
    default = N_("Check what you entered and try again.")

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        self.sentence = sentence or self.default
        self.values = values
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.sentence % self.values if self.values else self.sentence


class Invalid(DomainError):
    """What was entered breaks a rule."""


class NotFound(DomainError):
    """There is no such thing, or it is not this person's to know about."""

    status = 404
    default = N_("We could not find that page.")


class NotPermitted(DomainError):
    """The thing is known, but this person may not do that with it, or not now."""

    status = 403
    default = N_("Your account does not let you do this.")


class Conflict(DomainError):
    """Right person, wrong moment; or somebody else was first."""

    status = 409
    default = N_("This cannot be done now.")


class TooMany(DomainError):
    """Too many tries in a short time."""

    status = 429
    default = N_("Too many tries. Wait 15 minutes and try again.")
    wait_seconds = 15 * 60
