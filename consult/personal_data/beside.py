"""Names beside a way to find somebody, where far more is taken for a name. On a text that is flat."""

import re
from collections.abc import Iterator, Sequence

from consult.personal_data.ordinary import CAPITAL, FIRST_NAMES_TOO, ORDINARY, SMALL
from consult.personal_data.spans import Kind, Span
from consult.personal_data.surnames import SURNAMES_TOO
from consult.personal_data.wordforms import WORD, bare, is_first_name, is_ordinary

_LOOSE = 3
_LINE_NAME = 3
_STEPS, _NEAR_MOST = 7, 2
_FAR = 400  # characters: other contacts between count as far, and nothing is searched for longer
_SKIPPED_LINE = 3
_ENDS_LINE = re.compile(r"[ .!]{0,3}(?:\n|$)")
_LEADS = frozenset(
    "call ring text phone contact message email e-mail ask from thanks reach for is am im".split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)


def first_names(words: Sequence[re.Match[str]], kept: frozenset[str]) -> Iterator[Span]:
    """First names anywhere in a text that holds a contact, and what is no ordinary word behind them."""
    for at, word in enumerate(words):
        if is_first_name(word[0]) and bare(word[0]) not in kept:
            yield Span(Kind.NAME, *word.span())
            after = words[at + 1] if at + 1 < len(words) else None
            if after and after.start() == word.end() + 1 and not is_ordinary(after[0], kept):
                yield Span(Kind.NAME, *after.span())


def with_capitals(text: str, words: Sequence[re.Match[str]], theirs: frozenset[str]) -> Iterator[Span]:
    """Words with a capital, but for those that have one anyway; where everything is large, ordinary ones."""
    is_shouted = text.isupper()
    after: re.Match[str] | None = None  # the name that stands behind the word, going backwards
    for word in reversed(words):
        plain = bare(word[0])
        is_name = word[0][0].isupper() and plain not in theirs and plain not in CAPITAL
        if is_name and plain in ORDINARY and (is_shouted or begins_sentence(text, word.start())):
            follows = after is not None and text[word.end() : after.start()] == " "
            is_name = plain in FIRST_NAMES_TOO and follows
        after = word if is_name else None
        if is_name:
            yield Span(Kind.NAME, *word.span())


def begins_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at that place."""
    while start > 0 and text[start - 1] in " \t\"'“‘(":
        start -= 1
    return start == 0 or text[start - 1] in ".!?…\n"


def parts_of_contacts(
    text: str, words: Sequence[re.Match[str]], contacts: Sequence[Span], kept: frozenset[str]
) -> Iterator[Span]:
    """Words of which an e-mail address or a web address is made."""
    parts = _parts_of_contacts(text, contacts)
    for word in words:
        plain = bare(word[0])
        if len(plain) >= _LOOSE and plain not in kept and plain in parts:
            yield Span(Kind.NAME, *word.span())


def near(
    words: Sequence[re.Match[str]], contacts: Sequence[Span], kept: frozenset[str], text: str
) -> Iterator[Span]:
    """Beside each contact, also past words such as "on" and "call": up to two that are no ordinary ones."""
    ordered = sorted(contacts)
    at = 0
    for span in ordered:
        while at < len(words) and words[at].start() < span.start:
            at += 1
        before = [w for w in words[max(0, at - _STEPS) : at][::-1] if span.start - w.end() <= _FAR]
        past = at
        while past < len(words) and words[past].start() < span.end:
            past += 1
        after = [w for w in words[past : past + _STEPS] if w.start() - span.end <= _FAR]
        for side in (before, after):
            yield from _nearest(side, kept, text, span)
        yield from _two_words(before[:2][::-1])
        yield from _two_words(after[:2])
        yield from _alone(before, text, span)
        if (
            after
            and span.kind is Kind.WEB
            and text[span.end : after[0].start()] == " "
            and bare(after[0][0]) in SURNAMES_TOO
        ):
            yield Span(Kind.NAME, *after[0].span())  # "fb: zara brown"
        if after and bare(after[0][0]) in FIRST_NAMES_TOO | SMALL and _ENDS_LINE.match(text, after[0].end()):
            yield Span(Kind.NAME, *after[0].span())


def _two_words(pair: Sequence[re.Match[str]]) -> Iterator[Span]:
    """A first name and a surname that are both words, right beside a contact: "will young 07700 900123"."""
    if len(pair) == 2 and bare(pair[0][0]) in FIRST_NAMES_TOO | SMALL and bare(pair[1][0]) in SURNAMES_TOO:  # noqa: PLR2004  (the shape of what is looked for)
        yield from (Span(Kind.NAME, *word.span()) for word in pair)


def _alone(before: Sequence[re.Match[str]], text: str, span: Span) -> Iterator[Span]:
    """A first name that is a word, alone before a contact: "rose 07700 900123", "text will on …"."""
    for at, word in enumerate(before[:3]):
        plain = bare(word[0])
        if plain in {"on", "at", "is", "number", "tel", "phone", "mobile", "email"}:
            continue
        is_led = (
            at + 1 >= len(before) or bare(before[at + 1][0]) in _LEADS or text[word.start() - 1] in "\n.,"
        )
        if plain in FIRST_NAMES_TOO | SMALL and is_led and "\n\n" not in text[word.end() : span.start]:
            yield Span(Kind.NAME, *word.span())
        return


def _nearest(side: Sequence[re.Match[str]], kept: frozenset[str], text: str, span: Span) -> Iterator[Span]:
    found = 0
    for word in side:
        if _ends_a_sentence(text, word, span):
            return
        is_none = is_ordinary(word[0], kept)
        if found and (is_none or found == _NEAR_MOST):
            return
        if not is_none:
            found += 1
            yield Span(Kind.NAME, *word.span())


def _ends_a_sentence(text: str, word: re.Match[str], span: Span) -> bool:
    """Whether between the word and the contact a sentence ends that is more than a greeting."""
    low, high = (word.end(), span.start) if word.start() < span.start else (span.end, word.start())
    between = text[low:high]
    return bool(re.search(r"[.!?]\s", between)) and len(between.split()) > _SKIPPED_LINE


def lines_of_names(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """Lines of one to three words, none of them ordinary: who signs with a name alone."""
    start = 0
    for line in text.split("\n"):
        words = list(WORD.finditer(line)) if len(line) <= 80 else []  # noqa: PLR2004  (the shape of what is looked for)
        if 0 < len(words) <= _LINE_NAME and not any(is_ordinary(word[0], kept) for word in words):
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
