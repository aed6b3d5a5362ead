"""What a return code looks like, and how it is told from a typing slip. Plain values in, decisions out.

``7KQ4-WD2M-XP9C``: eleven random signs and one to check them, from 23 signs. People copy a code by hand,
read it out over a telephone, and find it a month later in a pocket, so that only signs are used which
are not taken for each other in print, in handwriting or by ear, and no vowel, so that no code spells a
word. What is often written in place of another sign counts as that one (B as 8, S as 5, Z as 2, G as 6,
U as V, N as M). What could be several (0, O, 1, I, L) or is never used (A, E) is a slip, and the person
is told that codes do not have it.

*The check sign.* With weights 1 to 12 the signs add up to 0 modulo 23. Because 23 is a prime number and
the weights differ, every single wrong sign and every exchange of any two signs is found; a test tries all
of them. A larger alphabet would make shorter codes; 31 signs would also do, but hold what people
mistake. Eleven signs of 23 are 49.8 bits: at a thousand wrong tries a day against 5,000 live codes, one hit
is to be expected in 500,000 years.

*The serial* is the number on the other half of the slip, ``S-4QXM-7WDC-9KPF``. It has the same strength
and adds up to 1, so that neither can be taken for the other, also without its ``S``.
"""

from secrets import choice
from typing import NamedTuple
from unicodedata import normalize

from consult.errors import Invalid
from consult.words import N_

SIGNS = "23456789CDFHJKMPQRTVWXY"
MEANT = str.maketrans("BSZGUN", "8526VM")
NEVER = frozenset("01AEILO")
RANDOM_SIGNS, ALL_SIGNS, GROUP = 11, 12, 4
SERIAL_MARK = "S-"
CODE_SUM, SERIAL_SUM = 0, 1
LONGEST = 200  # characters that anybody types for a code, with all their spaces; more is nobody's typing

EMPTY = N_("Enter your return code")
NOT_A_CODE = N_("Enter a code like the one in the example. It has 12 letters and numbers")
TOO_SHORT = N_("Your code is too short. It has 12 letters and numbers, and you entered %(n)s")
TOO_LONG = N_("Your code is too long. It has 12 letters and numbers, and you entered %(n)s")
NEVER_USED = N_("Check your code. Codes do not have the letters A, E, I, L or O, or the numbers 0 and 1")
SLIP = N_("Check your code. One of the letters or numbers is wrong, or two have changed places")
SERIAL_EMPTY = N_("Enter the number on the other part of your slip")
NOT_A_SERIAL = N_("Enter a number like the one in the example. It has an S and 12 letters and numbers")
SERIAL_SHORT = N_("The number is too short. It has 12 letters and numbers after the S, and you entered %(n)s")
SERIAL_LONG = N_("The number is too long. It has 12 letters and numbers after the S, and you entered %(n)s")
SERIAL_NEVER_USED = N_(
    "Check the number. After the S it does not have the letters A, E, I, L or O, or the numbers 0 and 1"
)
SERIAL_SLIP = N_("Check the number. One of the letters or numbers is wrong, or two have changed places")
IS_SERIAL = N_("This is the number for when you lose your code. Enter your code, or say that you lost it")
IS_CODE = N_("This is your return code and not the number for when you lose it. You can come back with it")


class _Words(NamedTuple):
    """What is said of each kind of slip."""

    empty: str
    not_one: str
    short: str
    long: str
    never_used: str
    slip: str


OF_CODE = _Words(EMPTY, NOT_A_CODE, TOO_SHORT, TOO_LONG, NEVER_USED, SLIP)
OF_SERIAL = _Words(SERIAL_EMPTY, NOT_A_SERIAL, SERIAL_SHORT, SERIAL_LONG, SERIAL_NEVER_USED, SERIAL_SLIP)


def new_code() -> str:
    """A return code that nobody has had, as it is printed."""
    return with_check(_random_signs())


def new_serial() -> str:
    """A serial that nobody has had, as it is printed."""
    return serial_with_check(_random_signs())


def with_check(eleven: str) -> str:
    """The code that begins with these eleven signs, as it is printed."""
    return _in_groups(_complete(eleven, CODE_SUM))


def serial_with_check(eleven: str) -> str:
    """The serial that begins with these eleven signs, as it is printed."""
    return SERIAL_MARK + _in_groups(_complete(eleven, SERIAL_SUM))


def normal(typed: str) -> str | None:
    """The twelve signs of the code that somebody meant; None if that cannot be one."""
    signs = _meant(typed)
    return signs if _is_complete(signs) and _sum(signs) == CODE_SUM else None


def normal_serial(typed: str) -> str | None:
    """The twelve signs of the serial that somebody meant, its ``S`` left out; None if it cannot be one."""
    signs = _without_mark(_meant(typed))
    return signs if _is_complete(signs) and _sum(signs) == SERIAL_SUM else None


def code_problem(typed: str) -> Invalid | None:
    """What is wrong with a code as it was typed, in words; None if it can be one."""
    if normal(typed) is not None:
        return None
    return Invalid(IS_SERIAL) if normal_serial(typed) is not None else _problem(_meant(typed), OF_CODE)


def serial_problem(typed: str) -> Invalid | None:
    """What is wrong with a serial as it was typed, in words; None if it can be one."""
    if normal_serial(typed) is not None:
        return None
    if normal(typed) is not None:
        return Invalid(IS_CODE)
    return _problem(_bare(typed).removeprefix("S").translate(MEANT), OF_SERIAL)


def signs_meant(typed: str) -> str:
    """The signs that somebody meant by what they typed, of whichever kind of number."""
    return _meant(typed)


def _problem(signs: str, words: _Words) -> Invalid:
    if not signs:
        return Invalid(words.empty)
    if not signs.isascii() or not signs.isalnum():
        return Invalid(words.not_one)
    if len(signs) != ALL_SIGNS:
        return Invalid(words.short if len(signs) < ALL_SIGNS else words.long, n=len(signs))
    return Invalid(words.never_used if NEVER & set(signs) else words.slip)


def _meant(typed: str) -> str:
    """The signs that were meant by what was typed."""
    return _bare(typed).translate(MEANT)


def _bare(typed: str) -> str:
    """What was typed without all that does not count: spaces, dashes, invisible signs, kind of letters."""
    return "".join(filter(_counts, normalize("NFKC", typed[:LONGEST]).upper()))


def _counts(sign: str) -> bool:
    """Whether a sign is more than a way of writing a code: not a space, dash, full stop, or invisible."""
    return sign.isprintable() and not sign.isspace() and sign not in "-‐‑‒–—―−_.,·•/'’\"“”"


def _without_mark(signs: str) -> str:
    """A serial without the ``S`` at its front, which reads like a 5 there."""
    return signs[1:] if len(signs) == ALL_SIGNS + 1 and signs[0] == "S".translate(MEANT) else signs


def _is_complete(signs: str) -> bool:
    return len(signs) == ALL_SIGNS and all(sign in SIGNS for sign in signs)


def _sum(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1)) % len(SIGNS)


def _complete(eleven: str, total: int) -> str:
    if len(eleven) != RANDOM_SIGNS or any(sign not in SIGNS for sign in eleven):
        raise ValueError("needs eleven signs of a code")
    missing = (total - _sum(eleven)) * pow(ALL_SIGNS, -1, len(SIGNS))
    return eleven + SIGNS[missing % len(SIGNS)]


def _in_groups(signs: str) -> str:
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def _random_signs() -> str:
    return "".join(choice(SIGNS) for _ in range(RANDOM_SIGNS))
