"""The number by which somebody collects what they are owed, and finance knows it: ``4QXM-7WDX``.

Seven random signs and one to check them, from the signs of return codes, for the same reasons
(`accounts.code_rules`). It is shorter than a return code, so that neither is taken for the other: it
opens nothing, it is typed by staff at a desk, and there a wrong one must be told from a slip.

*The check sign.* With weights 1 to 8 the signs add up to 0 modulo 23. Because 23 is a prime number and
the weights differ, every single wrong sign and every exchange of two signs is found.
"""

from secrets import choice

from consult.accounts.code_rules import NEVER, SIGNS, signs_meant
from consult.errors import Invalid
from consult.words import N_

RANDOM_SIGNS, ALL_SIGNS, GROUP = 7, 8, 4
RETURN_CODE_SIGNS = 12

EMPTY = N_("Enter the number on the thank-you")
NOT_A_NUMBER = N_("Enter a number like the one in the example. It has 8 letters and numbers")
WRONG_LENGTH = N_("The number has 8 letters and numbers, and you entered %(n)s")
NEVER_USED = N_("Check the number. It does not have the letters A, E, I, L or O, or the numbers 0 and 1")
SLIP = N_("Check the number. One of the letters or numbers is wrong, or two have changed places")
IS_CODE = N_(
    "This can be a return code. It belongs to that person alone: do not keep it. Ask for the shorter"
    " number, on the page Your thank-you"
)


def new_number() -> str:
    """A number that is very likely new, as it is printed."""
    return with_check("".join(choice(SIGNS) for _ in range(RANDOM_SIGNS)))


def with_check(seven: str) -> str:
    """The number that begins with these seven signs, as it is printed."""
    if len(seven) != RANDOM_SIGNS or any(sign not in SIGNS for sign in seven):
        raise ValueError("needs seven signs of a code")
    last = SIGNS[-_sum(seven) * pow(ALL_SIGNS, -1, len(SIGNS)) % len(SIGNS)]
    return _in_groups(seven + last)


def normal(typed: str) -> str | None:
    """The number that somebody meant, as it is printed; None if that cannot be one."""
    signs = signs_meant(typed)
    is_one = len(signs) == ALL_SIGNS and all(sign in SIGNS for sign in signs) and _sum(signs) == 0
    return _in_groups(signs) if is_one else None


def number_problem(typed: str) -> Invalid | None:
    """What is wrong with a number as it was typed, in words; None if it can be one."""
    if normal(typed) is not None:
        return None
    signs = signs_meant(typed)
    if not signs:
        return Invalid(EMPTY)
    if not signs.isascii() or not signs.isalnum():
        return Invalid(NOT_A_NUMBER)
    if len(signs) in {RETURN_CODE_SIGNS, RETURN_CODE_SIGNS + 1}:
        return Invalid(IS_CODE)
    if len(signs) != ALL_SIGNS:
        return Invalid(WRONG_LENGTH, n=len(signs))
    return Invalid(NEVER_USED if NEVER & set(signs) else SLIP)


def _sum(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1)) % len(SIGNS)


def _in_groups(signs: str) -> str:
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))
