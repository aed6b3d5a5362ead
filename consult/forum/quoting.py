"""Quoting a part of the post that one answers. Plain values in, decisions out.

Text is plain: a quotation is lines that begin with ">", as people know them from e-mail. Nobody puts words
into another's mouth: such lines are shown as a quotation only where the post that is answered really says
them. Where that post is not shown any more, no such line is: then it cannot be told which words were its.
"""

import re
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

MARK = ">"
LONGEST = 300  # characters that are quoted at the most
MOST = 20  # quotations in one post; what comes after them is shown as it was typed
TRIES = 200  # places in a post at which words are held against it
_WORD = re.compile(r"\S+")


class Kind(StrEnum):
    """What a part of a post is."""

    WORDS = "words"
    QUOTATION = "quotation"
    REMOVED = "removed"


class Part(NamedTuple):
    """Some lines of a post; of what was removed there are no words."""

    kind: Kind
    text: str


class Answered(NamedTuple):
    """The post that is answered, as far as quoting it goes."""

    is_shown: bool
    body: str


def parts_of(body: str, answered: Answered | None) -> tuple[Part, ...]:
    """A post in parts, each either its writer's own words or a quotation; joined where they are alike.

    Parameters
    ----------
    answered : Answered, optional
        None if the post answers none: then every line is its writer's own.
    """
    if MARK not in body or answered is None:
        return (Part(Kind.WORDS, body),)
    said = _squeezed(own_words(answered.body)) if answered.is_shown else ""
    found: list[Part] = []
    own: list[str] = []
    tried = 0
    for is_marked, group in groupby(body.split("\n"), key=lambda line: line.startswith(MARK)):
        lines = list(group)
        tried += is_marked
        part = _quotation(lines, said) if is_marked and answered.is_shown and tried <= MOST else None
        if is_marked and not answered.is_shown:
            part = Part(Kind.REMOVED, "")
        if part is None:
            own += lines
        else:
            found += [*_words(own), part]
            own = []
    return (*found, *_words(own))


def own_words(body: str) -> str:
    """A post without the lines that quote."""
    if MARK not in body:
        return body
    return "\n".join(line for line in body.split("\n") if not line.startswith(MARK)).strip()


def passage(body: str, chosen: str = "") -> str:
    """What is quoted of a post: the words that somebody has chosen if it says them, or else how it begins."""
    said, wanted = _squeezed(own_words(body)), _squeezed(chosen)
    if wanted and _says(said, wanted):
        return _cut(wanted)
    return _cut(own_words(body))


def with_quotation(text: str, quoted: str) -> str:
    """A text that is being written, followed by those words as a quotation and room to go on."""
    marked = "\n".join(f"{MARK} {line}".rstrip() for line in quoted.split("\n"))
    return f"{text}\n\n{marked}\n\n" if text else f"{marked}\n\n"


def _words(lines: list[str]) -> list[Part]:
    """Lines of the writer's own, without the empty ones around them."""
    text = "\n".join(lines).strip("\n")
    return [Part(Kind.WORDS, text)] if text else []


def _quotation(lines: list[str], said: str) -> Part | None:
    """These lines as a quotation; none if the post that is answered does not say that."""
    quoted = "\n".join(line.removeprefix(MARK).strip() for line in lines).strip("\n")
    wanted = _squeezed(quoted).removesuffix("…").rstrip()
    return Part(Kind.QUOTATION, quoted) if wanted and _says(said, wanted) else None


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _says(said: str, wanted: str) -> bool:
    """Whether these words stand in what was said, as whole words: of "cannot" nobody said "not"."""
    at = said.find(wanted)
    for _try in range(TRIES):
        if at < 0:
            break
        end = at + len(wanted)
        begins = at == 0 or not _is_one_word(said[at - 1], wanted[0])
        ends = end == len(said) or not _is_one_word(wanted[-1], said[end])
        if begins and ends:
            return True
        at = said.find(wanted, at + 1)
    return False


def _is_one_word(before: str, after: str) -> bool:
    """Whether two signs side by side are of one word; known only of scripts that have capitals."""
    return all(sign.isdigit() or sign.lower() != sign.upper() for sign in (before, after))


def _cut(text: str) -> str:
    """So much of a text as may be quoted, in whole words where it has any."""
    if len(text) <= LONGEST:
        return text
    end = max((found.end() for found in _WORD.finditer(text, 0, LONGEST)), default=LONGEST)
    if end == LONGEST and not text[LONGEST].isspace():
        end = max((n for n in range(LONGEST) if text[n].isspace()), default=LONGEST)
    return f"{text[:end].rstrip()}…"
