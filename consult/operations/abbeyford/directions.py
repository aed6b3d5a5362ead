"""What `consult demo` prints: where to look, how to sign in, which return codes to try."""

from collections.abc import Iterator
from typing import NamedTuple

import pyotp

from consult import clock
from consult.access import Moment, Role
from consult.accounts import totp
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.home import Config
from consult.operations.abbeyford.tries import Try

TITLE = 36  # characters of the first column of what is printed
NOW = {
    Moment.DRAFT: "a draft",
    Moment.SURVEY: "in its starting survey",
    Moment.SUMMARISING: "between survey and forum",
    Moment.FORUM: "in its forum",
    Moment.BETWEEN: "between forum and follow-up survey",
    Moment.FOLLOW_UP: "in its follow-up survey",
    Moment.CLOSED: "closed",
    Moment.PUBLISHED: "closed, with results",
    Moment.ARCHIVED: "archived",
}


class Account(NamedTuple):
    """How one of the sample's staff signs in."""

    role: Role
    email: str
    secret: str


def places(consultations: list[Consultation], config: Config) -> Iterator[str]:
    """What there is to look at, and in which stage it is now."""
    yield f"Abbeyford, a made-up council, is ready at {config.base_url}/"
    yield ""
    for consultation in consultations:
        yield f"{consultation.title:{TITLE}}  {NOW[standing_of(consultation).moment]}"


def staff(accounts: list[Account], password: str, config: Config) -> Iterator[str]:
    """How to sign in as each role, with the codes of this moment."""
    now = clock.wall()
    yield f"Staff sign in at {config.base_url}/staff/sign-in"
    yield f"Password: {password}"
    yield ""
    yield f"{'E-mail address':{TITLE}}  Code now  Secret for an authenticator app"
    for account in accounts:
        code = pyotp.TOTP(account.secret).at(now)
        yield f"{account.email:{TITLE}}  {code:8}  {totp.in_groups(account.secret)}"
    yield ""
    yield "Each code serves once, for the next half minute. Run the same command again for new ones."


def residents(tries: list[Try], config: Config) -> Iterator[str]:
    """Which return codes to try, and what each shows."""
    yield f"Residents come back at {config.base_url}/return"
    yield ""
    yield f"{'Consultation':{TITLE}}  {'Return code':14}  What it shows"
    for tried in tries:
        yield f"{tried.title:{TITLE}}  {tried.code:14}  {tried.shows}"
