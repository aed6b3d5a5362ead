"""Consult: three-stage deliberative consultations for councils.

One word per thing, in code, page and codebook:

consultation
    One topic on which a council asks its residents, in three stages.
stage
    ``survey``, ``forum`` or ``follow_up``; the current one is derived from the clock.
wave
    ``pre`` (the starting survey) or ``post`` (the follow-up).
item
    A question, in one of seven forms. There is one row for both waves.
stem, option, point
    The unfinished sentence; a completion of it; a whole number on its scale.
answer
    One person, one item, one wave.
response, submission
    One person's whole set of answers in a wave; how far it has come.
participant
    One pseudonymous person in one consultation. A completer submitted both waves.
track, arm, group
    Open or panel; in the forum or delayed; a small discussion group.
demographic, target, channel
    A question about the person; how many there should be; where they came from.
theme, code
    A code for open text; one coder's use of it.
thread, post, seed
    A conversation; a contribution; the thread made from a summary.
plan, snapshot
    What the analysis fixed beforehand; the frozen comparison.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from consult.home import Config

__all__ = ["create_app"]


def create_app(config: "Config | None" = None, *, with_pages: bool = True) -> "Flask":
    """The application, wired and ready to serve.

    Parameters
    ----------
    config : Config, optional
        The settings; read from the environment if not given.
    with_pages : bool
        Whether it answers requests. A command that needs the database and the languages alone starts
        in half the time without the pages.

    Raises
    ------
    ConfigError
        If the environment lacks something; the message names all of it.
    """
    from consult import core

    app = core.create(config)
    if with_pages:
        from consult import pages

        pages.init_app(app)
    return app
