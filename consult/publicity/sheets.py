"""What stands on a poster and in a letter, in the language of whoever prints them; nothing of a resident.

One sheet is shown twice: as a page to print from a browser, and as a PDF. Both get these words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from consult.consultations.models import Consultation, StageKind
from consult.publicity import links
from consult.publicity.words import WITH_STAFF
from consult.recruitment.models import Channel
from consult.web import telling
from consult.web.rich_text import rich

FROM_THE_RIGHT, FROM_THE_LEFT = frozenset({"R", "AL"}), frozenset({"L"})
LONGEST_TITLE = 300  # characters; a bundle may have any
ON_POSTER, IN_LETTER = 320, 900  # characters of what it is about
MOST_PARAGRAPHS = 6
LONGEST_LINE = 250  # characters of anything else that officers wrote
COLOUR = "#12436d"  # of the header of every page; a test compares it with the style sheet
_BLOCK_ENDS = re.compile(r"</(?:p|li|h2|h3)>")
_SENTENCE_ENDS = re.compile(r"[.!?…。؟](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the direction in which it runs: people write titles in any language."""

    text: str
    dir: str


@dataclass(frozen=True, slots=True)
class StageDates:
    """When one of the three stages is."""

    name: Said
    when: Said


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of A4. ``is_letter``: paragraphs to be read in peace; else a poster, to be read in passing."""

    is_letter: bool
    lang: str
    dir: str
    colour: str
    council: Said
    invitation: Said
    title: Said
    about: tuple[Said, ...]
    who: Said
    start: Said
    address: str
    picture: str
    picture_said: str
    dates_heading: Said
    dates: tuple[StageDates, ...]
    points: tuple[Said, ...]
    help: Said
    note: Said


def sheet_of(consultation: Consultation, channel: Channel, *, is_letter: bool) -> Sheet:
    """The poster or the letter by which this channel brings people to the consultation."""
    locale = get_locale()
    address = links.address_of(consultation, channel)
    council = current_app.config["CONSULT"].council_name
    return Sheet(
        is_letter=is_letter,
        lang=str(locale).replace("_", "-") if locale else "en-GB",
        dir="rtl" if locale and locale.text_direction == "rtl" else "ltr",
        colour=COLOUR,
        council=said(council),
        invitation=said(_("You are invited to take part") if is_letter else _("Have your say")),
        title=said(_shortened(consultation.title, LONGEST_TITLE)),
        about=tuple(map(said, _about(consultation, IN_LETTER if is_letter else ON_POSTER))),
        who=said(_who(consultation)),
        start=said(_("Start at")),
        address=links.written(address),
        picture=links.picture_of(address),
        picture_said=_("Picture for a telephone. It opens the page where you start."),
        dates_heading=said(_("Three stages")),
        dates=tuple(_dates(consultation)),
        points=tuple(map(said, _points(consultation))),
        help=said(_help(channel, council)),
        note=said(_("Dates can change. The website always has the right ones. All times are UK time.")),
    )


def said(text: str) -> Said:
    """The text with the direction of its first letter that has one, as browsers find it."""
    for sign in text:
        kind = bidirectional(sign)
        if kind in FROM_THE_RIGHT:
            return Said(text, "rtl")
        if kind in FROM_THE_LEFT:
            return Said(text, "ltr")
    return Said(text, "ltr")


def _about(consultation: Consultation, most: int) -> Iterator[str]:
    """What it is about, without marks, as far as there is room; whole sentences where it can be."""
    paragraphs = 0
    for block in _BLOCK_ENDS.split(rich(consultation.summary)):
        paragraph = Markup(block).striptags()  # noqa: S704  (what `rich` has cleaned, to take its tags away)
        if not paragraph:
            continue
        yield _shortened(paragraph, most)
        most, paragraphs = most - len(paragraph), paragraphs + 1
        if most <= 0 or paragraphs == MOST_PARAGRAPHS:
            return


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(text, 0, most)]
    if ends and ends[-1] > most // 2:
        return text[: ends[-1]]
    return f"{text[:most].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _who(consultation: Consultation) -> str:
    area, age = telling.isolated(_shortened(consultation.area or "", LONGEST_LINE)), consultation.minimum_age
    told: str
    if area and age:
        told = _(
            "For everybody who lives, works or studies in %(area)s and is %(age)s or over.",
            area=area,
            age=age,
        )
    elif area:
        told = _("For everybody who lives, works or studies in %(area)s.", area=area)
    elif age:
        told = _("For everybody who is %(age)s or over.", age=age)
    else:
        told = _("For everybody.")
    return told


def _dates(consultation: Consultation) -> Iterator[StageDates]:
    names = {
        StageKind.SURVEY: _("Starting survey: about 10 minutes"),
        StageKind.FORUM: _("Forum: a few visits, when it suits you"),
        StageKind.FOLLOW_UP: _("Follow-up survey: about 10 minutes"),
    }
    for stage in sorted(consultation.stages, key=lambda stage: stage.opens_at):
        when = _(
            "%(from_time)s to %(to_time)s",
            from_time=telling.uk_day_time(stage.opens_at),
            to_time=telling.uk_date_time(stage.closes_at),
        )
        yield StageDates(said(names[stage.kind]), said(when))


def _points(consultation: Consultation) -> Sequence[str]:
    return (
        _("You do not need an e-mail address or a telephone. You can use a computer in a library."),
        _("You need not give your name. Your answers are never shown with it."),
        *([_shortened(consultation.incentive, LONGEST_LINE)] if consultation.incentive else ()),
    )


def _help(channel: Channel, council: str) -> str:
    name = telling.isolated(council)
    told: str
    if channel.kind in WITH_STAFF:
        told = _("Do you want help? Ask the staff here, or %(council)s.", council=name)
    else:
        told = _("Do you want help? Ask %(council)s.", council=name)
    return told
