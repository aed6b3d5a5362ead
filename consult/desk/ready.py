"""The ready questions about people as a consultation asks them."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from consult.cells import KEY_CHARACTERS, RESERVED
from consult.recruitment.models import AskedAt
from consult.recruitment.question_sets import ReadyQuestion, further_of
from consult.recruitment.rules import NewCategory, NewDemographic

_BETWEEN = re.compile(r"[^a-z0-9]+")
_ROOM = 5  # characters that are left for a number at the end


def asked_with(
    first: ReadyQuestion, when: AskedAt, *, with_detail: bool = False, lines: Sequence[str] = ()
) -> list[NewDemographic]:
    """The question and the further ones that it leads to, all asked then.

    Parameters
    ----------
    with_detail : bool
        Whether further questions that are optional are asked too.
    lines : sequence of str
        The labels of the options, where the officer types those.
    """
    further = further_of(first, with_optional=with_detail)
    left_out = frozenset(each.key for each in further_of(first)) - {each.key for each in further}
    questions = [each.as_new(without=left_out) for each in (first, *further)]
    if first.takes_options:
        options = tuple(map(NewCategory, option_keys(lines), lines))
        questions[0] = replace(questions[0], options=options)
    return [replace(question, asked=when.value) for question in questions]


def has_detail(first: ReadyQuestion) -> bool:
    """Whether the officer may choose to ask it in more detail."""
    return any(each.optional for each in further_of(first))


def option_keys(labels: Sequence[str], *, taken: Collection[str] = ()) -> list[str]:
    """Keys for options of these labels: their words, and a number where another option has them."""
    found: list[str] = []
    for label in labels:
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
        words = _BETWEEN.sub("-", plain.replace("'", "")).strip("-")[: KEY_CHARACTERS - _ROOM] or "option"
        key, n = words, 2
        while key in RESERVED or key in taken or key in found:
            key, n = f"{words}-{n}", n + 1
        found.append(key)
    return found
