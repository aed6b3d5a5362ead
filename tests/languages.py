"""Two languages that nobody speaks, made from the real sources: is every word that a person reads translated?

Each message that the collector of messages finds is put into a catalogue, compiled, and spoken by the
application. In `eo` every letter has an accent, the message stands in ⟦ ⟧ and is some 40 % longer, so
that a page shows at once what was forgotten and what does not fit. `ar` is the same in letters that
look Arabic, from the right to the left. Placeholders and elements stay as they are.

Over every page, for whoever has a client on each:

    with app_speaking("eo", sqlite_url) as app:           # a real application on that database
        answer = PageClient(app).get("/…")
        assert untranslated(answer.text) == []

`tests/pages/test_languages.py` does so for every address of `tests/pages/addresses`.

`untranslated` leaves alone what people wrote: elements with `dir="auto"`, `<bdi>`, what stands between
the isolating characters of the filter `isolated`, and every text of such elements where it stands again
on that page (in a title, say). Labels of choices have `dir="auto"` whoever wrote them: there it finds a
text that is, word for word, a message of ours. It leaves alone also `<code>`, `translate="no"`, elements
in another `lang` than the page's, addresses of e-mail, the names of council and service, and names of
days and months.
"""

import atexit
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from flask import Flask

from tests.compiled import lent_app
from tests.conftest import ROOT, config_for

LATIN, ARABIC = "eo", "ar"
OPENING, CLOSING = "⟦", "⟧"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = str.maketrans(ALPHABET + ALPHABET.upper(), "åƀçđéƒĝħîĵķļɱñöþɋŕšŧûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŦÛṼŴẊÝŽ")
ARABIC_LOOKING = str.maketrans(ALPHABET + ALPHABET.upper(), "ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2)
LETTERS = {LATIN: ACCENTED, ARABIC: ARABIC_LOOKING}
PADDING = {LATIN: "ēüõ ", ARABIC: "وىي "}
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|%\{\w+\}|<[^>]*>|&\w+;|https?://\S+)")
LONGER = 0.4
# In no page: who reads it out or writes it is not a person.
HUMAN = ("aria-label", "alt", "title", "placeholder", "aria-description", "aria-roledescription")
NOT_READ = frozenset({"script", "style", "template"})
VOID = frozenset({"br", "img", "input", "link", "meta", "hr", "wbr", "col", "source"})
ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
EMAIL = re.compile(r"\S+@\S+\.\S+")
WORD = re.compile(r"[^\W\d_]+")
PLAIN = re.compile(r"[A-Za-z]")
SERVICE = "Abbeyford Talks"  # no word of ours, which the name would hide
ALLOWED = ("Abbeyford Council", SERVICE)


def spoken(sentence: str, language: str) -> str:
    """The sentence in a language that nobody speaks."""
    parts = KEPT.split(sentence)
    letters = "".join(part if n % 2 else part.translate(LETTERS[language]) for n, part in enumerate(parts))
    length = sum(len(part) for part in parts[::2])
    padding = (PADDING[language] * length)[: max(1, int(length * LONGER))].strip()
    return f"{OPENING}{letters} {padding}{CLOSING}"


@cache
def messages() -> Catalog:
    """Every message of the sources, as the real collector finds them by the project's settings."""
    with TemporaryDirectory() as folder:
        target = Path(folder, "messages.pot")
        settings = ["-F", str(ROOT / "pyproject.toml"), "-o", str(target)]
        CommandLineInterface().run(["pybabel", "-q", "extract", *settings, str(ROOT)])
        with target.open("rb") as file:
            return read_po(file)


@cache
def sentences() -> frozenset[str]:
    """Every message as it stands in the sources."""
    return frozenset(one for m in messages() for one in ([m.id] if isinstance(m.id, str) else m.id) if one)


def catalogue(language: str) -> Catalog:
    """Every message in that language."""
    made = Catalog(locale=language, fuzzy=False)
    forms = get_plural(language).num_plurals
    for message in messages():
        if not message.id:
            continue
        if isinstance(message.id, str):
            text: str | tuple[str, ...] = spoken(message.id, language)
        else:
            one, many = (spoken(each, language) for each in message.id)
            text = (one, *[many] * (forms - 1))
        made.add(message.id, text, context=message.context, flags=message.flags - {"fuzzy"})
    return made


@cache
def translations() -> Path:
    """A folder with both catalogues, compiled."""
    folder = Path(mkdtemp(prefix="consult-translations-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for language in LETTERS:
        buffer = BytesIO()
        write_mo(buffer, catalogue(language))
        target = folder / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True)
        target.write_bytes(buffer.getvalue())
    return folder


@contextmanager
def app_speaking(language: str, url: str, *others: str, is_new: bool = False) -> Iterator[Flask]:
    """The application on that database, which speaks ``language`` unless one of ``others`` is asked for."""
    config = replace(
        config_for(url), service_name=SERVICE, languages=(language, *others), translations=translations()
    )
    with lent_app(config, is_new=is_new) as app:
        app.config.update(TESTING=False, PROPAGATE_UNEXPECTED=True)
        yield app


class _Reader(HTMLParser):
    """What a person can read of a page, and what on it is people's own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.theirs: list[str] = []
        self.either: list[str] = []
        self.ours: list[str] = []
        self.language = ""

    @property
    def is_theirs(self) -> bool:
        return any(theirs for _, theirs in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = have.get("lang", "")
        is_theirs = (
            have.get("dir") == "auto"
            or have.get("translate") == "no"
            or tag in {"bdi", "code"}
            or (tag != "html" and have.get("lang", self.language) != self.language)
        )
        is_button = tag == "input" and have.get("type") in {"submit", "button", "reset"}
        names = (*HUMAN, "value") if is_button else HUMAN
        # An attribute has no direction of its own, but a box with dir="auto" has a placeholder of ours.
        for name in names:
            if name in have:
                (self.theirs if self.is_theirs else self.ours).append(have[name])
        if is_theirs and tag == "input":
            self.theirs.append(have.get("value", ""))
        if tag == "meta" and have.get("name") == "description":
            self.ours.append(have.get("content", ""))
        if tag not in VOID:
            self.open.append((tag, is_theirs))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in NOT_READ:
            return
        if self.open and self.open[-1] in {("label", True), ("option", True)}:
            self.either.append(data.strip())
        (self.theirs if self.is_theirs else self.ours).append(data)


@cache
def words_of_dates(language: str) -> frozenset[str]:
    """Every word that a date of that language may hold."""
    if not language:
        return frozenset()
    locale = Locale.parse(language, sep="-")
    found = [name for kind in locale.days.values() for names in kind.values() for name in names.values()]
    found += [name for kind in locale.months.values() for names in kind.values() for name in names.values()]
    found += [
        name for kind in locale.day_periods.values() for names in kind.values() for name in names.values()
    ]
    found += [part for form in locale.date_formats.values() for part in re.findall("'([^']+)'", form.pattern)]
    return frozenset(word.casefold() for name in found for word in WORD.findall(name))


def untranslated(html: str, *, allowed: tuple[str, ...] = ALLOWED) -> list[str]:
    """Every text for people that no catalogue has spoken; each in its surroundings."""
    reader = _Reader()
    reader.feed(html)
    dates = words_of_dates(reader.language)
    theirs = {text.strip() for text in (*reader.theirs, *allowed)}
    known = sorted((text for text in theirs if len(text) > 1), key=len, reverse=True)
    found = [text for text in reader.either if text in sentences() and text not in allowed]
    depth = 0
    for text in reader.ours:
        rest = EMAIL.sub(" ", ISOLATED.sub(" ", text))
        for each in known:
            rest = rest.replace(each, " ")
        wrong, depth = _unspoken(rest, depth, dates)
        if wrong:
            found.append(" ".join(text.split()))
    return found


def _unspoken(text: str, depth: int, dates: frozenset[str]) -> tuple[bool, int]:
    """Whether the text holds letters of no catalogue; how deep in brackets it ends.

    Outside of brackets no letter is right, inside no plain one: a catalogue has spoken every letter.
    """
    wrong = False
    for piece in re.split(f"([{OPENING}{CLOSING}])", text):
        if piece in {OPENING, CLOSING}:
            depth += 1 if piece == OPENING else -1
            continue
        words = [word for word in WORD.findall(piece) if word.casefold() not in dates]
        wrong = wrong or any(not depth or PLAIN.search(word) for word in words)
    return wrong, depth
