"""What somebody agrees to when they join, in numbered versions. Plain values.

The number is stored with the person and the date. A version that somebody has agreed to is never
changed: new words are a new version under a new number, and the old one stays here, so that each
person can always read what they agreed to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consult.words import N_


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version: what holds for everybody who takes part, a sentence a point."""

    version: int
    points: tuple[str, ...]


AGREEMENTS: Mapping[int, Agreement] = {
    1: Agreement(
        1,
        (
            N_("Taking part is your choice. You can stop at any time. You need not say why."),
            N_("We keep your answers under a number. We do not ask for your name, e-mail or phone number."),
            N_("We compare your answers before and after the forum, to see whether people’s views move."),
            N_("Other people see the name that you choose here and what you write in the forum."),
            N_("We count which forum topics you open and how often. Nobody can see that next to your name."),
            N_("You can see what we hold about you, take it with you, or ask us to delete it."),
        ),
    ),
    2: Agreement(
        2,
        (
            N_("Taking part is your choice. You can stop at any time. You need not say why."),
            N_("We keep your answers under a number. We do not ask for your name."),
            N_(
                "You never need to give an e-mail address or a phone number. If you give one so that we can"
                " send a thank-you, we keep it locked away from your answers."
            ),
            N_("We compare your answers before and after the forum, to see whether people’s views move."),
            N_("Other people see the name that you choose here and what you write in the forum."),
            N_("We count which forum topics you open and how often. Nobody can see that next to your name."),
            N_("You can see what we hold about you, take it with you, or ask us to delete it."),
        ),
    ),
}
CURRENT = max(AGREEMENTS)
