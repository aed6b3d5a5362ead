"""What can go wrong in the domain: each error has a status and a sentence that is safe to show.

A message never holds what somebody typed, an address or a code: it is written here or by the
service that raises it, for the person who reads it.
"""


class DomainError(Exception):
    """Something the person asked for cannot be done; ``message`` says why and what to do."""

    status = 422
    default = "Check what you entered and try again."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default
        super().__init__(self.message)


class Invalid(DomainError):
    """What was entered breaks a rule."""


class NotFound(DomainError):
    """There is no such thing, or it is not this person's to know about."""

    status = 404
    default = "We could not find that page."


class NotPermitted(DomainError):
    """The thing is known, but this person may not do that with it."""

    status = 403
    default = "Your account does not let you do this."


class Conflict(DomainError):
    """Right person, wrong moment; or somebody else was first."""

    status = 409
    default = "This cannot be done now."


class TooMany(DomainError):
    """Too many tries in a short time."""

    status = 429
    default = "Too many tries. Wait 15 minutes and try again."
