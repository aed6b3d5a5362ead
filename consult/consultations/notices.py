"""Facts for the pages about privacy and cookies, read from the rules themselves."""

from dataclasses import dataclass

from flask import current_app

from consult.accounts import resident_sessions, rules


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long things last, in whole units."""

    shared_minutes: int
    own_hours: int
    staff_minutes: int
    tries_days: int


def how_long_things_last() -> Lasting:
    """How long sessions and counts of tries are kept."""
    return Lasting(
        shared_minutes=round(resident_sessions.IDLE_SHARED.total_seconds() / 60),
        own_hours=round(resident_sessions.LASTS.total_seconds() / 3600),
        staff_minutes=round(rules.IDLE_AFTER.total_seconds() / 60),
        tries_days=rules.TRIES_KEPT.days,
    )


def cookie_name() -> str:
    """The name of the one cookie."""
    name: str = current_app.config["SESSION_COOKIE_NAME"]
    return name
