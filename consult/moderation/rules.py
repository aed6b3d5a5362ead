"""What may be decided about a post, and why. Plain values in, decisions out."""

from enum import StrEnum

from consult.words import N_

WORDS_LONGEST = 1000


class Verdict(StrEnum):
    """What a moderator decides about a post."""

    APPROVE = "approve"
    REFUSE = "refuse"
    HIDE = "hide"
    RESTORE = "restore"
    KEEP = "keep"


class Reason(StrEnum):
    """Why a post is not shown; one list for everybody, so that reasons can be counted in public."""

    CONTACT = "contact"
    ATTACK = "attack"
    HATE = "hate"
    UNTRUE = "untrue"
    ILLEGAL = "illegal"
    ADVERT = "advert"
    OFF_TOPIC = "off_topic"
    TWICE = "twice"


class Concern(StrEnum):
    """Why somebody reports a post: the same list, and two that are no reason to hide it by themselves."""

    CONTACT = "contact"
    ATTACK = "attack"
    HATE = "hate"
    UNTRUE = "untrue"
    ILLEGAL = "illegal"
    ADVERT = "advert"
    OFF_TOPIC = "off_topic"
    TWICE = "twice"
    SAFETY = "safety"
    OTHER = "other"


REASONS_TOLD = {
    Reason.CONTACT: N_("It says who somebody is, or how to find them"),
    Reason.ATTACK: N_("It attacks a person instead of what they say"),
    Reason.HATE: N_("It is hateful or threatening"),
    Reason.UNTRUE: N_("It says something about somebody that may be untrue and can harm them"),
    Reason.ILLEGAL: N_("It may be against the law"),
    Reason.ADVERT: N_("It sells or advertises something"),
    Reason.OFF_TOPIC: N_("It has nothing to do with this consultation"),
    Reason.TWICE: N_("The same has been posted before"),
}
CONCERNS_TOLD = {
    **{Concern(reason.value): told for reason, told in REASONS_TOLD.items()},
    Concern.SAFETY: N_("I am worried that somebody is in danger"),
    Concern.OTHER: N_("Something else"),
}
VERDICTS_TOLD = {
    Verdict.APPROVE: N_("Show it"),
    Verdict.REFUSE: N_("Do not show it"),
    Verdict.HIDE: N_("Hide it"),
    Verdict.RESTORE: N_("Show it again"),
    Verdict.KEEP: N_("Leave it as it is"),
}
DECIDED_TOLD = {
    Verdict.APPROVE: N_("Shown"),
    Verdict.REFUSE: N_("Not shown"),
    Verdict.HIDE: N_("Hidden"),
    Verdict.RESTORE: N_("Shown again"),
    Verdict.KEEP: N_("Left as it was"),
}
# What can be decided about a post in each state, and the state in which it is then.
CHOICES: dict[str, dict[Verdict, str]] = {
    "awaiting": {Verdict.APPROVE: "visible", Verdict.REFUSE: "hidden"},
    "visible": {Verdict.KEEP: "visible", Verdict.HIDE: "hidden"},
    "hidden": {Verdict.RESTORE: "visible"},
    "withdrawn": {},
}
NEEDS_REASON = frozenset({Verdict.REFUSE, Verdict.HIDE})


def choices(state: str, *, is_reported: bool) -> list[Verdict]:
    """What can be decided about a post in that state; to leave it is a decision only where somebody asked."""
    return [verdict for verdict in CHOICES[state] if is_reported or verdict is not Verdict.KEEP]
