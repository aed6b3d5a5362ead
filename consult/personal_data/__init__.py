"""Personal data in what people wrote: found, told by its kind, and masked. Plain values in, texts out.

It would rather mask a word too many than a name too few: a person reads every quotation before anybody
else does, and can see that "[name removed]" stands for an ordinary word. Names are looked for where they
give somebody away: after words that announce one, and in a text that also holds a way to find its writer.

Every search is linear in the length of the text: patterns have no nested repeats, every repeat is bounded
or begins where a run begins.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from consult.personal_data.contacts import contacts_in
from consult.personal_data.names import names_in
from consult.personal_data.spans import Kind, Span, flattened
from consult.words import N_

__all__ = ["TOLD", "Kind", "Masked", "Span", "find", "mask"]

MASKS = {
    Kind.E_MAIL: N_("[e-mail address removed]"),
    Kind.PHONE: N_("[phone number removed]"),
    Kind.POSTCODE: N_("[postcode removed]"),
    Kind.INSURANCE: N_("[National Insurance number removed]"),
    Kind.NHS: N_("[NHS number removed]"),
    Kind.NUMBER: N_("[number removed]"),
    Kind.WEB: N_("[web address removed]"),
    Kind.ADDRESS: N_("[address removed]"),
    Kind.BIRTH: N_("[date of birth removed]"),
    Kind.VEHICLE: N_("[number plate removed]"),
    Kind.NAME: N_("[name removed]"),
}
TOLD = {
    Kind.E_MAIL: N_("an e-mail address"),
    Kind.PHONE: N_("a phone number"),
    Kind.POSTCODE: N_("a postcode"),
    Kind.INSURANCE: N_("a National Insurance number"),
    Kind.NHS: N_("an NHS number"),
    Kind.NUMBER: N_("a long number"),
    Kind.WEB: N_("a web address"),
    Kind.ADDRESS: N_("a house number and street"),
    Kind.BIRTH: N_("a date of birth"),
    Kind.VEHICLE: N_("a number plate"),
    Kind.NAME: N_("a name"),
}

# What is masked already is nobody's name, however often it is looked at.
_MASKED = re.compile("|".join(re.escape(words) for words in MASKS.values()))
_NOTHING = "¶"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and which kinds of it there were."""

    text: str
    kinds: frozenset[Kind]


def find(text: str, *, ordinary: str = "") -> list[Span]:
    """Every piece of personal data in the text, in its order; no two overlap.

    Parameters
    ----------
    ordinary : str
        A text whose words are nobody's name here: the sentence that was finished, or a title.
    """
    flat = _MASKED.sub(lambda found: _NOTHING * len(found[0]), flattened(text))
    contacts = contacts_in(flat)
    return _apart([*contacts, *names_in(flat, contacts, ordinary)], text)


def mask(text: str, *, ordinary: str = "", tell: Callable[[str], str] = str) -> Masked:
    """The text with words such as "[name removed]" in place of personal data.

    Parameters
    ----------
    tell : callable
        Says these words in the language of whoever makes the text public; else they are English.
    """
    found = find(text, ordinary=ordinary)
    parts: list[str] = []
    end = 0
    for span in found:
        parts += [text[end : span.start], tell(MASKS[span.kind])]
        end = span.end
    return Masked("".join([*parts, text[end:]]), frozenset(span.kind for span in found))


def _apart(spans: list[Span], text: str) -> list[Span]:
    """Those spans without overlaps: of two the first stays, made longer; names side by side are one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.kind, last.start, max(last.end, span.end))
        else:
            merged.append(span)
    joined: list[Span] = merged[:1]
    for before, span in pairwise(merged):
        between = text[before.end : span.start]
        is_one = before.kind is span.kind is Kind.NAME and not between.strip(" .-'’") and "\n" not in between
        if is_one:
            joined[-1] = Span(Kind.NAME, joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
