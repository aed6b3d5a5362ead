"""People who are told of, and who sign: without any way to find them. On a text that is flat."""

import re
from collections.abc import Iterator, Sequence

from consult.personal_data.first_names import FIRST_NAMES
from consult.personal_data.ordinary import CAPITAL, FIRST_NAMES_TOO, FUNCTION, SMALL
from consult.personal_data.spans import Kind, Span
from consult.personal_data.surnames import SURNAMES_TOO
from consult.personal_data.wordforms import (
    PARTICLES,
    WORD,
    bare,
    is_first_name,
    is_large,
    is_ordinary,
    may_be_called,
    run,
)

# People of somebody's: a name with a capital follows, or one that is known for a name.
_PERSON = (
    "son|daughter|husband|wife|partner|boyfriend|girlfriend|brother|sister|mum|mother|mam|dad|father|nan|gran"
    "|grandson|granddaughter|grandad|aunt|uncle|cousin|niece|nephew|friend|mate|neighbour|neighbor|colleague|carer"
    "|landlord|landlady|teacher|boss|manager|doctor|driver|tenant|fiancé|fiancée|kid|child|baby|twins|ex"
)
_KIN = re.compile(
    rf"\b(?:my|our|his|her|their|your|old|the"
    rf"|next[ -]door)[ ](?:[\w-]{{1,12}}[ ])?(?:{_PERSON})s?[ ]?,?[ ]?"
    r"(?:(?:is )?(?:called|named)[ ]|(?:’s|'s) name is )?",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"\b(?:man|woman|lady|guy|bloke|boy|girl|lad|chap|gentleman|someone|somebody|person|{_PERSON})s?"
    r"[ ](?:(?:is|was|who is|who's)[ ])?(?:called|named|by the name of)[ ]",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"(?:(?<![\w'’])(?i:(?:kind |best |warm )?regards|thanks|thank you|many thanks|cheers|ta"
    r"|sincerely|faithfully"
    r"|yours(?: truly)?|love|best wishes|all the best|best)[ ,.!:-]{0,3}\n{0,2}[ ]?"
    r"|(?:(?<=[ \n.!?])|^)[-–—~][ ]?|\n)"
    r"(?P<name>(?:[^\W\d_][\w'’.-]{0,30}[ ]){0,3}[^\W\d_][\w'’.-]{0,30})[ .!x]{0,5}$"
)
_ABOVE = 200
_IS_FORMAL = re.compile(r"regards|sincerely|faithfully|truly|wishes", re.IGNORECASE)
# A first name with a capital is somebody's if it is told where they are; else it may be a street or a saint.
_IS_PLACED = re.compile(
    r"[ ,]{1,2}(?:next door|from (?:number|no|next|across|over|down|up|the (?:shop|flat|house"
    r"|corner))|at (?:number|no\b|the (?:shop|corner))"
    r"|over the road|across the road|opposite|upstairs|downstairs|lives|who lives|here\b|in (?:flat"
    r"|number))",
    re.IGNORECASE,
)
_OF_PLACES = frozenset(
    """
    street road lane avenue park square hill house hall court close drive way gardens bridge station hospital
    school church centre center hotel inn arms pub estate terrace crescent place green market theatre library
    college university bay island beach cross circus gate grove mews row walk wharf day days night stadium
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)


def after_people(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """Names of people that are told of: "my son Jack", "a man called Quillan"."""
    is_shouted = text.isupper()
    for cue in _KIN.finditer(text):
        yield from run(text, cue.end(), lambda word, n: _is_told(word, n, kept, is_shouted=is_shouted))
    for cue in _CALLED.finditer(text):
        yield from run(text, cue.end(), lambda word, n: n == 0 and not is_ordinary(word, kept))
        yield from run(
            text,
            cue.end(),
            lambda word, _n: may_be_called(word, is_shouted=is_shouted) or is_first_name(word),
        )


def _is_told(word: str, n: int, kept: frozenset[str], *, is_shouted: bool) -> bool:
    plain = bare(word)
    if is_first_name(word) and plain not in kept:
        return True
    is_capital = is_large(word) and not is_shouted and plain not in FUNCTION and plain not in CAPITAL
    return is_capital and (n > 0 or plain not in kept or plain in FIRST_NAMES_TOO | SMALL)


def who_sign(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """Who signs what stands above a blank line, or all: after thanks or a dash, or alone on the last line."""
    if text.isupper():
        return
    start = 0
    for block in text.split("\n\n"):
        above = bool(text[max(0, start - _ABOVE) : start].strip())
        signed = block.rstrip()
        found = _CLOSES.search(signed, max(0, len(signed) - 160))
        if found and _is_signed(found, kept, has_text=above or bool(signed[: found.start()].strip())):
            words = WORD.finditer(signed, found.start("name"), found.end("name"))
            yield from (Span(Kind.NAME, start + each.start(), start + each.end()) for each in words)
        start += len(block) + 2


def _is_signed(found: re.Match[str], kept: frozenset[str], *, has_text: bool) -> bool:
    """Whether the words that end a text are its writer's name."""
    words = WORD.findall(found["name"])
    opening = found[0][: found.start("name") - found.start()]
    is_thanks = any(map(str.isalpha, opening))
    first = bare(words[0])
    if any(bare(each) in FUNCTION for each in words) or not (is_thanks or has_text):
        return False
    if first in FIRST_NAMES and first not in kept:
        return True
    if _IS_FORMAL.search(opening) and not any(is_ordinary(each, kept) for each in words):
        return True
    if not (is_thanks or len(words) > 1) or not all(each[0].isupper() for each in words):
        return False
    is_given = first in FIRST_NAMES_TOO | SMALL and len(words) > 1 and first not in CAPITAL
    rest = all(not is_ordinary(each, kept) or bare(each) in SURNAMES_TOO for each in words[1:])
    return (first not in kept or is_given) and (is_thanks or rest)


def full_names(text: str, words: Sequence[re.Match[str]], theirs: frozenset[str]) -> Iterator[Span]:
    """A first name before another word with a capital, or where it is told where they are."""
    if text.isupper():
        return
    for at, word in enumerate(words):
        if not is_first_name(word[0]) or bare(word[0]) in theirs:
            continue
        after = words[at + 1] if at + 1 < len(words) else None
        before = bare(words[at - 1][0]) if at else ""
        if _IS_PLACED.match(text, word.end()) and before not in {"the", "a", "st", "saint"}:
            yield Span(Kind.NAME, *word.span())
        if (
            after is not None
            and bare(after[0]) in PARTICLES
            and at + 2 < len(words)
            and is_large(words[at + 2][0])
        ):
            yield from (Span(Kind.NAME, *each.span()) for each in words[at : at + 3])
        if not word[0][0].isupper() or after is None or text[word.end() : after.start()] not in {" ", "-"}:
            continue
        follows = bare(after[0])
        is_place = follows in _OF_PLACES or before in {"st", "saint", "king", "queen", "prince", "the"}
        if after[0][0].isupper() and not is_place and follows not in FUNCTION:
            past = words[at + 2] if at + 2 < len(words) else None
            if past is None or bare(past[0]) not in _OF_PLACES or not past[0][0].isupper():
                yield Span(Kind.NAME, *word.span())
