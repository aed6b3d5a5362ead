"""How old somebody has to be to read a sentence with ease: a rough figure, and what makes it high.

    age = 4 + words in a sentence ÷ 4 + 15 × share of long words + 1 for each word of jargon

A long word has nine letters or more, or is a shorter one of the jargon list; the age is a whole number
from 5 to 20. The weights were chosen so that a sentence of 16 everyday words is read at 8, and one of
25 words (the most that GOV.UK advises) with one long word in ten at 12. The usual formulas count
syllables, which English spelling hides, and were made for pages of prose: one sentence of 16 plain
words gets 12 years from Flesch and Kincaid. A figure is a hint and never an obstacle. The same text has
the same figure everywhere: no word list is fetched, nothing is learnt. It knows English only; for
other scripts there is none.
"""

import re
from collections.abc import Mapping

TARGET = 9
WARN_ABOVE = 11
YOUNGEST, OLDEST = 5, 20
LONG_LETTERS = 9
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_END = re.compile(r"[.!?:;]+(?:\s|$)")

# Words of offices, and what to write instead.
JARGON: Mapping[str, str] = {
    "accessibility": "how easy it is to use",
    "accommodate": "make room for",
    "additional": "more",
    "advocate": "support",
    "amenities": "shops and services",
    "amenity": "place or service",
    "approximately": "about",
    "beneficiaries": "people who gain",
    "collaborate": "work together",
    "commence": "start",
    "consequently": "so",
    "deliver": "make or give",
    "demographic": "group of people",
    "demographics": "groups of people",
    "deploy": "use",
    "dialogue": "talk",
    "disincentivise": "discourage",
    "empower": "let",
    "endeavour": "try",
    "enhance": "make better",
    "facilitate": "help",
    "holistic": "whole",
    "implement": "carry out",
    "implementation": "carrying out",
    "incentivise": "encourage",
    "infrastructure": "roads, pipes and buildings",
    "initiative": "plan",
    "initiatives": "plans",
    "leverage": "use",
    "mitigate": "reduce",
    "mitigation": "making less harmful",
    "modal": "about ways to travel",
    "municipal": "council",
    "objective": "aim",
    "optimal": "best",
    "permeability": "ways through",
    "prior": "before",
    "prioritise": "put first",
    "proactive": "early",
    "procurement": "buying",
    "provision": "what is there",
    "purchase": "buy",
    "realm": "area",
    "regarding": "about",
    "remediation": "putting right",
    "residual": "left over",
    "robust": "strong",
    "stakeholder": "person with an interest",
    "stakeholders": "people with an interest",
    "strategic": "long-term",
    "strategy": "plan",
    "streamline": "make simple",
    "sustainability": "lasting well",
    "sustainable": "lasting",
    "synergies": "gains from working together",
    "terminate": "end",
    "thoroughfare": "road",
    "utilisation": "use",
    "utilise": "use",
    "vicinity": "near",
    "vulnerable": "at risk",
}


def reading_age(text: str) -> int | None:
    """The age at which the text is read with ease; None where it has no words in Latin letters.

    Parameters
    ----------
    text : str
        One sentence or a few; a full stop, a question mark, a colon or a semicolon ends one.
    """
    words = _words(text)
    if not words or sum(map(_is_latin, words)) * 2 < len(words):
        return None
    ends = max(1, len(_END.findall(text.strip().rstrip("…"))))
    jargon = jargon_in(text)
    long_words = sum(len(word) >= LONG_LETTERS or word in jargon for word in words)
    age = 4 + len(words) / ends / 4 + 15 * long_words / len(words) + len(jargon)
    return min(OLDEST, max(YOUNGEST, round(age)))


def jargon_in(text: str) -> dict[str, str]:
    """The words of the text that plain English does without, with what to write instead."""
    return {word: JARGON[word] for word in _words(text) if word in JARGON}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _is_latin(word: str) -> bool:
    return all(letter < "\u0250" for letter in word)
