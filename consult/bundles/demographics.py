"""Reading the questions about people of `consultation.toml`, and how they lead to each other."""

from collections.abc import Collection

from consult.bundles.parts import Part
from consult.cells import Refusal, as_new_key
from consult.recruitment.rules import ASKED, NewCategory, NewDemographic, demographic_problems, misleading

Categories = dict[str, frozenset[str] | None]  # option keys by question; None if something is wrong with it


def read_demographics(top: Part, categories: Categories) -> list[NewDemographic]:
    """Read the questions, in their order; every key that is defined gets a place in ``categories``."""
    read = [(part, _demographic(part, categories)) for part in top.parts("demographics")]
    sound = [(part, demographic) for part, demographic in read if demographic is not None]
    faulty = {key for key, options in categories.items() if options is None}
    for n, problem in misleading([demographic for _part, demographic in sound]):
        part, demographic = sound[n]
        if not _leads_to_faulty(problem, demographic, faulty, is_whole=len(sound) == len(read)):
            part.refuse(problem.where, problem.sentence)
            categories[demographic.key] = None
    return [demographic for part, demographic in sound if part.is_sound]


def _demographic(part: Part, categories: Categories) -> NewDemographic | None:
    """One question about the person, if nothing is wrong with it by itself."""
    key = part.text("key", is_required=True)
    question = part.text("question", is_required=True)
    why, asked = part.text("why"), part.one_of("asked", ASKED, default=ASKED[0]) or ASKED[0]
    standard, base, source = part.text("standard"), part.text("base"), part.text("source")
    options = []
    all_sound = True
    for listed in part.parts("options", is_required=True):
        name, label = listed.text("key", is_required=True), listed.text("label", is_required=True)
        leads_to, is_implied = listed.text("leads_to"), listed.flag("implied")
        listed.close()
        all_sound = all_sound and listed.is_sound
        if name and label:
            options.append(NewCategory(name, label, leads_to, is_implied))
    part.close()
    if key is not None and key in categories:
        part.refuse("key", "another question has this key")
    if key is None:
        return None
    demographic = NewDemographic(key, question or "?", tuple(options), why, asked, standard, base, source)
    if all_sound and "options" in part.table:
        for problem in demographic_problems(demographic):
            part.refuse(problem.where, problem.sentence)
    else:
        _check_key(part, key)
    is_known = part.is_sound and all_sound
    categories.setdefault(key, frozenset(option.key for option in options) if is_known else None)
    return demographic if is_known else None


def _leads_to_faulty(
    problem: Refusal,
    demographic: NewDemographic,
    faulty: Collection[str],
    *,
    is_whole: bool,
) -> bool:
    """Whether it may only be wrong because another question is at fault, whose own problem is named."""
    place, _, what = problem.where.removeprefix("options[").partition("].")
    if what == "implied":
        return not is_whole
    return demographic.options[int(place)].leads_to in faulty


def _check_key(part: Part, key: str) -> None:
    try:
        as_new_key("key", key)
    except Refusal as refusal:
        part.refuse(refusal.where, refusal.sentence)
