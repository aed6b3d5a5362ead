"""Names: after words that announce one, and beside a way to find somebody. On a text that is flat."""

import re
from collections.abc import Callable, Iterator, Sequence

from consult.personal_data.ordinary import CAPITAL, FIRST_NAMES_TOO, ORDINARY, SMALL
from consult.personal_data.spans import Kind, Span

_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_][\w'’]*)*")
_LOOSE, _LONGEST_NAME = 3, 3
# What comes is a name, however it is typed.
_SURE = re.compile(
    r"\b(?:my (?:full |first |last |sur)?name(?:['’]s| is|s)?|(?:full |first |last |sur)?name ?[:=]"
    r"|signed(?: by)?[:,]?"
    r"|i(?:['’]m| am) called|they call me|known as)[ \t:,-]{1,3}",
    re.IGNORECASE,
)
# A title: at least one word is a name, and all that begin with a capital.
_TITLE = re.compile(
    r"(?<![\w'’])(?:(?i:mr|mrs|ms|mx)|Miss(?=\.? [A-Z])"
    r"|(?i:dr|prof)(?=\.? [^\W\d])|Sir|Dame)\.?[ ]"
)
# What comes may be a name: if it begins with a capital, or stands beside a way to find somebody.
_MAYBE = re.compile(
    r"(?<![\w'’])(?i:i['’]?m|i am|call me|ask for|speak to|talk to|contact|this is|it['’]?s me|regards"
    r"|love from|yours(?: sincerely| faithfully| truly)?|sincerely|thanks|thank you|cheers|from)"
    r"[ \t,:-]{0,3}\n?[ ]?"
)
_STEPS, _NEAR_MOST = 7, 2
_SKIPPED_LINE = 3


def names_in(text: str, contacts: Sequence[Span], ordinary: str = "") -> list[Span]:
    """Every word of the text that is taken for a name; ``contacts`` are the ways to find somebody in it."""
    theirs = frozenset(_bare(each[0]) for each in _WORD.finditer(ordinary))
    kept = ORDINARY | theirs
    spans = [*_after_sure_words(text, kept), *_after_titles(text, kept)]
    if not contacts:
        return [*spans, *_after_words(text, kept)]
    inside = {place for span in contacts for place in range(span.start, span.end)}
    words = [each for each in _WORD.finditer(text) if each.start() not in inside]
    spans += _with_capitals(text, words, theirs)
    spans += _in_contacts(text, words, contacts, kept)
    spans += _after_words(text, kept, also_small=True)
    spans += _near(words, contacts, kept, text)
    spans += _lines_of_names(text, kept)
    return [span for span in spans if span.start not in inside]


def _with_capitals(text: str, words: Sequence[re.Match[str]], theirs: frozenset[str]) -> Iterator[Span]:
    """Words with a capital, but for those that have one anyway; where everything is large, ordinary ones."""
    is_shouted = text.isupper()
    after: re.Match[str] | None = None  # the name that stands behind the word, going backwards
    for word in reversed(words):
        bare = _bare(word[0])
        is_name = word[0][0].isupper() and bare not in theirs and bare not in CAPITAL
        if is_name and bare in ORDINARY and (is_shouted or _begins_sentence(text, word.start())):
            follows = after is not None and text[word.end() : after.start()] == " "
            is_name = bare in FIRST_NAMES_TOO and follows
        after = word if is_name else None
        if is_name:
            yield Span(Kind.NAME, *word.span())


def _begins_sentence(text: str, start: int) -> bool:
    while start > 0 and text[start - 1] in " \t\"'“‘(":
        start -= 1
    return start == 0 or text[start - 1] in ".!?…\n"


def _in_contacts(
    text: str, words: Sequence[re.Match[str]], contacts: Sequence[Span], kept: frozenset[str]
) -> Iterator[Span]:
    """Words of which an e-mail address or a web address is made."""
    parts = _parts_of_contacts(text, contacts)
    for word in words:
        bare = _bare(word[0])
        if len(bare) >= _LOOSE and bare not in kept and bare in parts:
            yield Span(Kind.NAME, *word.span())


def _after_sure_words(text: str, kept: frozenset[str]) -> Iterator[Span]:
    for cue in _SURE.finditer(text):
        yield from _run(text, cue.end(), kept, lambda _word, _n: True)


def _after_titles(text: str, kept: frozenset[str]) -> Iterator[Span]:
    for cue in _TITLE.finditer(text):
        yield from _run(text, cue.end(), kept, lambda word, n: n == 0 or word[0].isupper())


def _after_words(text: str, kept: frozenset[str], *, also_small: bool = False) -> Iterator[Span]:
    is_shouted = text.isupper()
    for cue in _MAYBE.finditer(text):
        is_loud = cue[0].strip().isupper() and len(cue[0].strip()) > _LOOSE
        if (is_shouted or is_loud) and not also_small:
            continue
        announces = cue[0].strip(" \t,:-\n").casefold() in _ANNOUNCES
        if not (also_small or announces):
            continue
        yield from _run(text, cue.end(), kept, lambda word, _n: also_small or word[0].isupper())


_ANNOUNCES = frozenset({"i'm", "i’m", "im", "i am", "call me", "ask for", "it's me", "love from", "it’s me"})


def _run(text: str, start: int, kept: frozenset[str], takes: Callable[[str, int], bool]) -> Iterator[Span]:
    """Up to three words from there, side by side, as long as they are no ordinary ones."""
    at = start
    for n in range(_LONGEST_NAME):
        word = _WORD.match(text, at)
        if word is None or _is_ordinary(word[0], kept) or not takes(word[0], n):
            return
        yield Span(Kind.NAME, *word.span())
        at = word.end()
        while at < len(text) and text[at] in " .":
            at += 1


def _near(
    words: Sequence[re.Match[str]], contacts: Sequence[Span], kept: frozenset[str], text: str
) -> Iterator[Span]:
    """Beside each contact, also past words such as "on" and "call": up to two that are no ordinary ones."""
    ordered = sorted(contacts)
    at = 0
    for span in ordered:
        while at < len(words) and words[at].start() < span.start:
            at += 1
        before = words[max(0, at - _STEPS) : at][::-1]
        past = at
        while past < len(words) and words[past].start() < span.end:
            past += 1
        for side in (before, words[past : past + _STEPS]):
            yield from _nearest(side, kept, text, span)


def _nearest(side: Sequence[re.Match[str]], kept: frozenset[str], text: str, span: Span) -> Iterator[Span]:
    found = 0
    for word in side:
        if _ends_a_sentence(text, word, span):
            return
        is_ordinary = _is_ordinary(word[0], kept)
        if found and (is_ordinary or found == _NEAR_MOST):
            return
        if not is_ordinary:
            found += 1
            yield Span(Kind.NAME, *word.span())


def _ends_a_sentence(text: str, word: re.Match[str], span: Span) -> bool:
    """Whether between the word and the contact a sentence ends that is more than a greeting."""
    low, high = (word.end(), span.start) if word.start() < span.start else (span.end, word.start())
    between = text[low:high]
    return bool(re.search(r"[.!?]\s", between)) and len(between.split()) > _SKIPPED_LINE


def _lines_of_names(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """Lines of one to three words, none of them ordinary: who signs with a name alone."""
    start = 0
    for line in text.split("\n"):
        words = list(_WORD.finditer(line)) if len(line) <= 80 else []  # noqa: PLR2004  (longer ones say something)
        if 0 < len(words) <= _LONGEST_NAME and not any(_is_ordinary(word[0], kept) for word in words):
            yield from (Span(Kind.NAME, start + word.start(), start + word.end()) for word in words)
        start += len(line) + 1


def _parts_of_contacts(text: str, contacts: Sequence[Span]) -> str:
    """What stands before the @ of e-mail addresses, and in web addresses: names are hidden in them."""
    said = [
        text[span.start : span.end].casefold().partition("@")[0]
        if span.kind is Kind.E_MAIL
        else text[span.start : span.end].casefold()
        for span in contacts
        if span.kind in {Kind.E_MAIL, Kind.WEB}
    ]
    return "\n".join(said)[:10_000]


def _is_ordinary(word: str, kept: frozenset[str]) -> bool:
    bare = _bare(word)
    return bare in kept or (bare in SMALL and word.islower())


def _bare(word: str) -> str:
    word = word.casefold().replace("’", "'")
    return word.removesuffix("'s").strip("'")
