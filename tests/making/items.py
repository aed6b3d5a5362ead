"""Items as somebody defines them, the fields of their pages, and drafts without any."""

from typing import Any

from consult.access import Actor, Role
from consult.consultations.models import Consultation, State
from consult.surveys.rules import NewItem, NewOption, NewScale, default_role, default_waves
from tests.making.accounts import make_consultation

OPTIONS = (NewOption("home", "home"), NewOption("out", "out"))
SCALE = NewScale(1, 5, "cut a lot", "increased a lot", favour_from=4)
STEMS = {
    "open": "What I like most about the high street is …",
    "choice": "In the evening I mostly go …",
    "scale": "The number of late shops near me should be …",
    "agreement": "Late shops keep the high street safe.",
    "rank": "My order of preference is …",
    "knowledge": "A licence in Abbeyford lasts …",
    "evaluation": "I learnt something useful.",
}
SCALED = ("scale", "agreement", "evaluation")
# What somebody types into the page of each form, besides the sentence.
TYPED: dict[str, dict[str, str]] = {
    "open": {},
    "choice": {"option_0": "home", "option_1": "out", "option_2": "", "other": "y"},
    "scale": {
        "points": "7",
        "first": "0",
        "low": "cut a lot",
        "high": "increased a lot",
        "between_2": "as now",
        "favour_from": "4",
        "reversed": "y",
    },
    "agreement": {"points": "5", "first": "1", "low": "strongly disagree", "high": "strongly agree"},
    "rank": {"option_0": "Fewer licences", "option_1": "Earlier closing", "option_2": "No change"},
    "knowledge": {"option_0": "a year", "option_1": "for ever", "correct": "1"},
    "evaluation": {"points": "11", "first": "0", "low": "not at all", "high": "very much"},
}


def an_item(form: str = "scale", /, **more: Any) -> NewItem:
    """An item of that form in which nothing is wrong; other values by name."""
    values: dict[str, Any] = {
        "key": form,
        "form": form,
        "stem": STEMS[form],
        "role": default_role(form),
        "waves": default_waves(form, default_role(form)),
        "scale": SCALE if form in SCALED else None,
        "options": OPTIONS if form in {"choice", "rank", "knowledge"} else (),
        "correct": "out" if form == "knowledge" else None,
    }
    return NewItem(**{**values, **more})


def fields_of(form: str, /, **more: str) -> dict[str, str]:
    """What a browser sends to save an item of that form, but for the tokens."""
    waves = {} if form == "evaluation" else {"waves": "both"}
    return {"action": "save", "stem": STEMS[form], **waves, **TYPED[form], **more}


def make_draft(slug: str = "parks-2026", *, state: State = State.DRAFT) -> Consultation:
    """A consultation without anything in it."""
    return make_consultation(slug, state=state)


def officer_of(*consultations: Consultation) -> Actor:
    """Somebody who is an officer of these consultations."""
    roles = {consultation.id: frozenset({Role.OFFICER}) for consultation in consultations}
    return Actor("staff/1", frozenset(), roles)
