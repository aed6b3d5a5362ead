"""Words side by side with a name that belong to it. On a text that is flat."""

import re
from collections.abc import Sequence
from itertools import pairwise

from consult.personal_data.ordinary import CAPITAL, FIRST_NAMES_TOO, FUNCTION, ORDINARY, SMALL
from consult.personal_data.surnames import SURNAMES_TOO
from consult.personal_data.wordforms import bare, is_first_name, may_be_called

_SPREAD = 3


def spread(text: str, words: Sequence[re.Match[str]], named: set[int], theirs: frozenset[str]) -> set[int]:
    """Words side by side with a name that belong to it: black in "jack black", Hope in "Hope Young"."""
    is_shouted = text.isupper()
    more: set[int] = set()
    length = 0
    for before, word in pairwise(words):
        is_next = before.start() in named or before.start() in more
        between = text[before.end() : word.start()]
        if not is_next or word.start() in named:
            length = 0
            continue
        belongs = between in {" ", "-", ". ", "  "} and may_be_called(word[0], is_shouted=is_shouted)
        belongs = belongs and not (between == ". " and before.end() - before.start() > 1)
        if not belongs and between == " " and bare(word[0]) in {"and", "&"}:
            length = 0
            continue
        if belongs and length < _SPREAD and bare(word[0]) not in theirs - SURNAMES_TOO:
            more.add(word.start())
            length += 1
    more |= named
    for at in range(len(words) - 2, -1, -1):
        word, after = words[at], words[at + 1]
        if (
            after.start() not in more
            or word.start() in named
            or text[word.end() : after.start()] not in {" ", "-", ". "}
        ):
            continue
        if (
            _is_first_too(word[0], words[at - 1][0] if at else "", is_shouted=is_shouted)
            and bare(word[0]) not in theirs
        ):
            more.add(word.start())
    return more | _joined_by_and(text, words, more, theirs)


def _is_first_too(word: str, before: str, *, is_shouted: bool) -> bool:
    plain = bare(word)
    if len(plain) == 1:
        return plain not in {"i", "a"} and word.isupper() and not is_shouted
    if plain in FUNCTION:
        return False
    is_given = plain in FIRST_NAMES_TOO | SMALL
    if is_given and word.islower():
        return bare(before) not in {"i", "you", "we", "they", "he", "she", "it", "who", "that", "to", "and"}
    return is_given or is_first_name(word)


def _joined_by_and(
    text: str, words: Sequence[re.Match[str]], named: set[int], theirs: frozenset[str]
) -> set[int]:
    """Names behind "and": Hope Young in "Grace Black and Hope Young"."""
    more: set[int] = set()
    is_shouted = text.isupper()
    for at in range(1, len(words) - 1):
        before, word = words[at - 1], words[at + 1]
        is_and = bare(words[at][0]) == "and" and text[before.end() : word.start()] == f" {words[at][0]} "
        if not is_and or before.start() not in named or word.start() in named:
            continue
        plain = bare(word[0])
        is_large = word[0][0].isupper() and not is_shouted and plain not in FUNCTION and plain not in CAPITAL
        if plain in theirs or not (
            is_first_name(word[0])
            or (is_large and (plain not in ORDINARY or plain in FIRST_NAMES_TOO | SMALL | SURNAMES_TOO))
        ):
            continue
        more.add(word.start())
        after = words[at + 2] if at + 2 < len(words) else None
        if (
            after
            and text[word.end() : after.start()] == " "
            and may_be_called(after[0], is_shouted=is_shouted)
        ):
            more.add(after.start())
    return more
