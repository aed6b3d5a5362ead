"""How kinds, states and surveys are called on the pages about thanks, and what is said of each."""

from flask_babel import gettext as _

from consult.consultations.models import Wave
from consult.incentives.ledger import Why
from consult.incentives.models import IncentiveKind
from consult.incentives.rules import DueState, pounds
from consult.web import telling
from consult.words import N_

KINDS = {
    IncentiveKind.VOUCHER: N_("Voucher"),
    IncentiveKind.PRIZE_DRAW: N_("Prize draw"),
    IncentiveKind.DONATION: N_("Donation"),
    IncentiveKind.TIME_CREDITS: N_("Time credits"),
}
STATES = {
    DueState.OWED: N_("Owed"),
    DueState.ISSUED: N_("Issued"),
    DueState.COLLECTED: N_("Collected"),
}
SURVEYS = {Wave.PRE: N_("Starting survey"), Wave.POST: N_("Follow-up survey")}
REASONS = {
    Why.WRONG_NUMBER: N_("It was the wrong number"),
    Why.NOT_GIVEN: N_("It was not handed over"),
    Why.GIVEN_BACK: N_("It was given back"),
}
HANDED_OVER = frozenset({IncentiveKind.VOUCHER, IncentiveKind.TIME_CREDITS})
# What becomes of it, for the person who chose it: before it is issued, after, and once they have it.
TOLD = {
    IncentiveKind.VOUCHER: (
        N_("Show this number to get it."),
        N_("It is ready. Show this number to get it."),
        N_("You have collected it."),
    ),
    IncentiveKind.PRIZE_DRAW: (
        N_("This is your number in the draw. You need it if you win."),
        N_("You are in the draw. This is your number in it. You need it if you win."),
        N_("You won, and you have your prize."),
    ),
    IncentiveKind.DONATION: (
        N_("The council makes the donation. You need do nothing. With this number you can ask about it."),
        N_("The council has made the donation. With this number you can ask about it."),
        N_("The council has made the donation."),
    ),
    IncentiveKind.TIME_CREDITS: (
        N_("Show this number to get them."),
        N_("They are ready. Show this number to get them."),
        N_("You have collected them."),
    ),
}


def worth(kind: IncentiveKind, pence: int) -> str:
    """What it is and what it is worth, in a few words: "Voucher, worth £5"."""
    told = telling.in_figures(pounds(pence))
    if kind is IncentiveKind.PRIZE_DRAW:
        return str(_("Prize draw. The prize is worth %(pounds)s", pounds=told))
    return str(_("%(kind)s, worth %(pounds)s", kind=_(KINDS[kind]), pounds=told))


def told(kind: IncentiveKind, state: DueState) -> str:
    """What becomes of it, for the person who chose it."""
    return str(_(TOLD[kind][list(DueState).index(state)]))
