"""The name that somebody has in the forum: what it may be, what we suggest. Plain values in, decisions out.

A name is chosen, not real, and everybody who takes part reads it. So it must not lead to the person
(an address, a number, a postcode), not pass for the council, and not look like somebody else's name:
letters of one script only, and a key under which look-alikes meet (`name_key`). What is refused is
refused as a whole; nothing is cut out of a name without being told.
"""

import re
import unicodedata
from collections.abc import Iterator
from random import Random

from consult.recruitment.name_words import FIRST_WORDS, SECOND_WORDS
from consult.web.plain_text import INVISIBLE, UNWANTED, clean_line
from consult.words import N_

SHORTEST, LONGEST = 2, 40
ONE_SCRIPT = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})  # are written together
JOINERS = "\u200c\u200d"  # part of how some scripts are spelt
PUNCTUATION = frozenset(" -'’.·")
ACCENT = 200  # combining classes from here on are marks above and below letters
MOST_ACCENTS = 2  # on one letter

E_MAIL = re.compile(r"@|\bat\b.+\bdot\b", re.IGNORECASE)
WEB = re.compile(r"https?:|www\.|\w\.[^\W\d_]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?:\d[ .()-]*){6,}")
POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.IGNORECASE)
# Inside any word, and as a word of its own.
OFFICIAL_PARTS = ("admin", "moderator", "council", "official", "facilitator", "officer")
OFFICIAL_WORDS = frozenset(
    {"mod", "mods", "staff", "mayor", "gov", "government", "police", "system", "support"}
)
# Letters of other scripts, and figures, that look like these.
LOOKS_LIKE = str.maketrans(
    "асеіјорѕухһԁԛԝкмтвнαεηικνορτυχ01",
    "aceijopsyxhdqwkmtbhaenikvoptuxol",
)

CONTACT = N_("Choose a name that is not an e-mail address, phone number, web address or postcode")
LETTERS = N_("Use letters, numbers, spaces, hyphens and apostrophes only")
SCRIPTS = N_("Use letters of one alphabet only")
OFFICIAL = N_("Choose a name that does not sound as if it belonged to the council or its staff")
TAKEN = N_("Somebody here has that name already. Choose another one")
EMPTY = N_("Choose one of the names, or type your own")
NO_LETTER = N_("A name must have at least one letter")
SHORT = N_("A name must have 2 characters or more")
LONG = N_("A name must have 40 characters or fewer")


def as_name(typed: str | None) -> str:
    """The name as it is kept: one line, composed, with plain letters for their wide and fancy forms."""
    return unicodedata.normalize("NFKC", clean_line(typed))


def name_problem(typed: str | None) -> str | None:
    """Why this cannot be a name, in words for the person; None if it can, as far as it alone shows."""
    return next(_problems(typed or "", as_name(typed)), None)


def name_key(name: str) -> str:
    """The name as it counts for being taken: names that can be mistaken for each other share it."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(sign for sign in plain if unicodedata.combining(sign) < ACCENT and sign not in JOINERS)
    words = "".join(" " if sign in PUNCTUATION else sign for sign in bare).split()
    return unicodedata.normalize("NFC", " ".join(words).translate(LOOKS_LIKE))


def suggestions(chance: Random) -> Iterator[str]:
    """Names of two plain words, one after the other without end; in a new order for each ``chance``."""
    while True:
        yield f"{chance.choice(FIRST_WORDS)} {chance.choice(SECOND_WORDS)}"


def _problems(typed: str, name: str) -> Iterator[str]:
    if not name:
        yield EMPTY
    elif UNWANTED.search(typed) or INVISIBLE.search(_without_joiners(typed)):
        yield LETTERS
    elif len(name) < SHORTEST:
        yield SHORT
    elif len(name) > LONGEST:
        yield LONG
    if any(pattern.search(name) for pattern in (E_MAIL, WEB, PHONE, POSTCODE)):
        yield CONTACT
    if not all(map(_is_allowed, name)) or _has_piled_accents(name):
        yield LETTERS
    if not any(map(str.isalpha, name)):
        yield NO_LETTER
    if len(set(_scripts(name))) > 1:
        yield SCRIPTS
    if _sounds_official(name):
        yield OFFICIAL


def _is_allowed(sign: str) -> bool:
    return sign in PUNCTUATION or sign in JOINERS or unicodedata.category(sign)[0] in "LM" or sign.isdecimal()


def _without_joiners(typed: str) -> str:
    """The text without the joiners that stand inside words of the scripts that are spelt with them."""
    kept = []
    for n, sign in enumerate(typed):
        if sign not in JOINERS or not (_is_joined(typed[n - 1 : n]) and _is_joined(typed[n + 1 : n + 2])):
            kept.append(sign)
    return "".join(kept)


def _is_joined(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "LM" and not sign.isascii()


def _has_piled_accents(name: str) -> bool:
    run = 0
    for sign in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.combining(sign) >= ACCENT else 0
        if run > MOST_ACCENTS:
            return True
    return False


def _scripts(name: str) -> Iterator[str]:
    """The script of each letter; those that are written together count as one."""
    for sign in name:
        if sign.isalpha():
            script = unicodedata.name(sign, "?").split()[0]
            yield "EAST ASIAN" if script in ONE_SCRIPT else script


def _sounds_official(name: str) -> bool:
    words = name_key(name).split()
    return bool(OFFICIAL_WORDS & set(words)) or any(part in "".join(words) for part in OFFICIAL_PARTS)
