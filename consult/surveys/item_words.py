"""What officers read for the forms, roles and waves of items, in plain words with an example each."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext


class FormWords(NamedTuple):
    """One form of item: its name on pages, a sentence about it, an example, and how to write its stem."""

    name: Any
    about: Any
    example: Any
    how: Any


_STOPS = lazy_gettext("Write it up to where it stops. End with …")
FORMS: dict[str, FormWords] = {
    "scale": FormWords(
        lazy_gettext("A sentence that ends on a scale"),
        lazy_gettext("Best for showing how far people move."),
        lazy_gettext("The number of late shops near me should be … cut a lot – increased a lot"),
        _STOPS,
    ),
    "choice": FormWords(
        lazy_gettext("A sentence with endings to choose from"),
        lazy_gettext("People pick the one ending that fits them best."),
        lazy_gettext("In the evening I mostly go … home / to friends / to the high street"),
        _STOPS,
    ),
    "open": FormWords(
        lazy_gettext("A sentence to finish in your own words"),
        lazy_gettext("Shows reasons that you did not think of. It takes time to read the answers."),
        lazy_gettext("The best thing about my street is …"),
        _STOPS,
    ),
    "agreement": FormWords(
        lazy_gettext("A statement to agree or disagree with"),
        lazy_gettext("For reasons that people give, for and against."),
        lazy_gettext("A street with open shops is a safe street."),
        lazy_gettext("Write one whole statement. End with a full stop."),
    ),
    "rank": FormWords(
        lazy_gettext("Options to put in order"),
        lazy_gettext("People say what they like best, next best and least."),
        lazy_gettext("My order of preference is … fewer licences / earlier closing / no change"),
        _STOPS,
    ),
    "knowledge": FormWords(
        lazy_gettext("A fact with one right answer"),
        lazy_gettext("Shows whether people learn something along the way."),
        lazy_gettext("A licence in Abbeyford lasts … a year / for ever"),
        _STOPS,
    ),
    "evaluation": FormWords(
        lazy_gettext("What people thought of taking part"),
        lazy_gettext("Asked in the follow-up only."),
        lazy_gettext("I learnt something useful. not at all – very much"),
        lazy_gettext("Write one whole statement, or a sentence that stops and ends with …"),
    ),
}
ROLES: dict[str, Any] = {
    "attitude": lazy_gettext("what people think or want"),
    "consideration": lazy_gettext("a reason for or against something"),
    "preference": lazy_gettext("which outcome people prefer"),
    "knowledge": lazy_gettext("what people know"),
    "evaluation": lazy_gettext("what people thought of taking part (asked in the follow-up only)"),
    "perceived": lazy_gettext("how people think that their view changed (asked after the follow-up is sent)"),
}
WAVES: dict[str, Any] = {
    "both": lazy_gettext("In both surveys"),
    "pre": lazy_gettext("In the starting survey only"),
    "post": lazy_gettext("In the follow-up only"),
}


def hint(words: FormWords) -> Any:
    """What helps somebody to choose this form."""
    return lazy_gettext("%(about)s For example: %(example)s", about=words.about, example=words.example)


def waves_key(waves: tuple[str, ...]) -> str:
    """Which of ``WAVES`` says these waves."""
    return "both" if len(waves) > 1 else waves[0] if waves else "both"


def part_name(part: str, labels: dict[str, str]) -> str:
    """What a page calls one text of an item; ``labels`` says the number of each option by its key."""
    kind, _space, name = part.partition(" ")
    if kind == "option":
        return str(_("Option %(n)s", n=labels.get(name, name)))
    if kind == "point":
        return str(_("Words for point %(n)s", n=name))
    named = {
        "stem": _("The sentence"),
        "low_label": _("Words for the first point"),
        "high_label": _("Words for the last point"),
    }
    return str(named[kind])
