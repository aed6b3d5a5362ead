"""Languages of the interface: which one a request speaks, and sentences of the domain in it.

English is what the program is written in and needs no catalogue; its locale is `en_GB`, because `en`
writes dates as Americans do. Every other language of `CONSULT_LANGUAGES` has a catalogue, here in
`consult/translations` or in the folder that `CONSULT_TRANSLATIONS` names. A translator's day, for Welsh:

    pybabel extract -F pyproject.toml -o messages.pot .
    pybabel init -l cy -i messages.pot -d consult/translations        (later: update)
    pybabel compile -d consult/translations

A catalogue that was not compiled, or is not there, stops the start: a page that says it is Welsh and
speaks English is read aloud as gibberish. What people wrote is never translated; it carries its own
direction (`dir="auto"`). The command line, files and the audit trail speak English.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale, gettext
from werkzeug.urls import iri_to_uri

from consult.errors import DomainError
from consult.home import Config, ConfigError
from consult.web import telling
from consult.web.telling import ENGLISH
from consult.words import Sentence

CHOICE = "language"  # in the cookie: the language that somebody chose
DOMAIN = "messages"


class Language(NamedTuple):
    """A language that can be chosen: our name, that of the web, its own, and whether it is spoken now."""

    name: str
    tag: str
    own_name: str
    direction: str
    is_spoken: bool


def translated(error: DomainError) -> str:
    """The sentence of the error in the language of this request; numbers and dates in it too."""
    values = {name: _told(value) for name, value in error.values.items()}
    sentence: str = gettext(error.sentence, **values) if values else gettext(error.sentence)
    return sentence


def spoken(sentence: Sentence) -> str:
    """The sentence in the language of this request; what it tells of keeps its own direction."""
    values = {
        name: telling.isolated(value) if isinstance(value, str) else _told(value)
        for name, value in sentence.values.items()
    }
    told: str = gettext(sentence.text, **values) if values else gettext(sentence.text)
    return told


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return telling.uk_date_time(value)
    if isinstance(value, date):
        return telling.uk_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return telling.number(value)
    return value


def choose(name: str) -> None:
    """The browser is spoken to in that language; in the usual one if there is no such language."""
    if name in _languages():
        session[CHOICE] = name
    else:
        session.pop(CHOICE, None)


def offered() -> list[Language]:
    """The languages that somebody can choose from; none where there is only one."""
    there = _languages()
    return [_language(name) for name in there] if len(there) > 1 else []


def init_app(app: Flask, config: Config) -> None:
    """Pages speak the language that somebody chose, or else the one that their browser prefers.

    Raises
    ------
    ConfigError
        If a language has no catalogue.
    """
    folders = [Path(__file__).parent.parent / "translations", *filter(None, [config.translations])]
    without = [name for name in config.languages if not _has_catalogue(name, folders)]
    if without:
        raise ConfigError(f"CONSULT_LANGUAGES: there is no compiled catalogue for {', '.join(without)}")
    app.config.update(
        CONSULT_LANGUAGES=config.languages,
        BABEL_DEFAULT_LOCALE=ENGLISH,
        BABEL_DEFAULT_TIMEZONE="Europe/London",
        BABEL_DOMAIN=DOMAIN,
        BABEL_TRANSLATION_DIRECTORIES=";".join(map(str, folders)),
    )
    # One for each application: it keeps the catalogues that it has read.
    Babel().init_app(app, locale_selector=lambda: _chosen(config.languages))
    app.jinja_env.filters.update(
        uk_date_time=telling.uk_date_time,
        uk_deadline=telling.uk_deadline,
        uk_date=telling.uk_date,
        uk_day_time=telling.uk_day_time,
        uk_clock_time=telling.uk_clock_time,
        number=telling.number,
        listed=telling.listed,
        isolated=telling.isolated,
    )

    @app.context_processor
    def _for_templates() -> dict[str, object]:
        locale = get_locale() or Locale.parse(ENGLISH)
        return {
            "lang": _tag(str(locale)),
            "dir": locale.text_direction,
            "interface_languages": offered(),
            "this_page": _this_page(),
        }


def _languages() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.config["CONSULT_LANGUAGES"]
    return found


def _has_catalogue(name: str, folders: Sequence[Path]) -> bool:
    """Whether the language is English, or one of the folders holds its catalogue or that of its parent."""
    locale = Locale.parse(name)
    if locale.language == "en":
        return True
    return any(
        (folder / each / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file()
        for folder in folders
        for each in (name, locale.language)
    )


def _chosen(there: tuple[str, ...]) -> str:
    if not has_request_context():
        return ENGLISH  # the command line
    if len(there) == 1:
        return there[0]
    chosen = session.get(CHOICE)
    if chosen in there:
        return str(chosen)
    return _preferred(request.accept_languages.values(), there) or there[0]


def _preferred(wanted: Iterable[str], there: Sequence[str]) -> str | None:
    """The first of ours that is one of the wanted, best first; any English is English."""
    for tag in wanted:
        name = tag.replace("-", "_").casefold()
        language = name.partition("_")[0]
        for ours in there:
            if ours.casefold() == name:
                return ours
        for ours in there:
            if ours.casefold().partition("_")[0] == language:
                return ours
    return None


def _tag(name: str) -> str:
    return name.replace("_", "-")


def _language(name: str) -> Language:
    locale = Locale.parse(name)
    own_name = locale.get_language_name() or name
    return Language(
        name,
        _tag(name),
        own_name[:1].upper() + own_name[1:],
        locale.text_direction,
        name == str(get_locale()),
    )


def _this_page() -> str:
    """Where the choice of a language leads back to: this page, if it can be opened again."""
    if not has_request_context():
        return "/"
    rule = request.url_rule
    can_be_opened = rule is None or "GET" in (rule.methods or ())
    return iri_to_uri(request.full_path.removesuffix("?")) if can_be_opened else "/"
