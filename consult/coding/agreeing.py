"""How far the coders of an open item agree, from what each of them judged by themselves."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from consult.access import Action, Actor, require
from consult.child import ask
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.coding.rules import ADJUDICATED, Reading, standing_readings
from consult.coding.standing import themes_in_use
from consult.coding.texts import get_open_item
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db, end_reading
from consult.errors import Invalid
from consult.words import N_

MINUTES_TO_MEASURE = 5
MOST_KEPT = 8  # answers of the process apart, in each worker: a page is looked at more often than it changes
NO_TWO_CODERS = N_("Agreement can be measured when two people have coded texts of this item.")
FIGURES = ("krippendorff_nominal", "ci_low", "ci_high", "percent_agreement", "noise_floor", "reading")
OF_A_THEME = tuple(figure for figure in FIGURES if figure != "noise_floor")

Content = dict[str, Any]
Given = dict[int, dict[str, frozenset[int] | None]]  # by answer and coder: themes; none: could not code it


def agreement_of(
    actor: Actor, consultation: Consultation, item_key: str, *, is_for_page: bool = False
) -> Content:
    """Give how far the coders of an open item agree; changes nothing.

    Counted is the first reading of each text by each coder, with the themes of the last frozen version; not
    the decisions between them. A text that a coder could not code is missing for them in alpha and in what is
    said of each theme (``n_double`` texts are left); where somebody else coded it, ``percent_agreement`` and
    ``noise_floor`` count that they differ (``n_compared`` texts, ``n_one_could_not`` of them so).
    ``is_for_page`` does the sums in a process of its own, with no transaction open where a page is only
    read; then nothing that this process has read is known any more.

    Raises
    ------
    Conflict
        If the texts cannot be coded yet.
    Invalid
        If there is no such open item, or fewer than two people have coded.
    """
    require(actor, Action.CODE_TEXTS, standing_of(consultation))
    item = get_open_item(consultation, item_key)
    in_use = themes_in_use([item.id])[item.id]
    given = _read(item.id, in_use)
    coders = sorted({coder for by in given.values() for coder in by})
    if len(coders) < 2:  # noqa: PLR2004  (agreement is between two)
        raise Invalid(NO_TWO_CODERS)
    themes = db.session.execute(
        select(Theme.id, Theme.key, Theme.label)
        .where(Theme.item_id == item.id)
        .order_by(Theme.position, Theme.id)
    ).all()
    ever = {theme for by in given.values() for each in by.values() for theme in each or ()}
    used = [theme for theme in themes if theme.id in ever]
    texts = [
        [None if by[coder] is None else sorted(by[coder] or ()) for coder in sorted(by)]
        for _, by in sorted(given.items())
    ]
    slug, key = consultation.slug, item.key
    found = _measured({"themes": [theme.id for theme in used], "texts": texts}, is_for_page=is_for_page)
    content: Content = {
        "consultation": slug,
        "item": key,
        "coders": coders,
        "n_texts": len(given),
        "n_double": found["whole"]["n"],
        "n_compared": found["n_compared"],
        "n_one_could_not": found["n_one_could_not"],
        **_only(found["whole"], FIGURES),
        "themes": [
            {"theme": theme.key, "label": theme.label, "n": each["n"], **_only(each, OF_A_THEME)}
            for theme, each in zip(used, found["themes"], strict=True)
        ],
        "pooled": {"n": found["pooled"]["n"], **_only(found["pooled"], OF_A_THEME)},
    }
    return {**content, "notes": list(_notes(found))}


def _read(item_id: int, in_use: Collection[int]) -> Given:
    """What each coder found in each text when they first read it, as far as it stands.

    A coder of a file who gave codes has judged, also where the file says nothing of it.
    """
    first = (Judgement.item_id == item_id, Judgement.is_again.is_(False), Judgement.coder != ADJUDICATED)
    found: dict[int, dict[str, Reading]] = defaultdict(dict)
    for answer, coder, outcome in db.session.execute(
        select(Judgement.answer_id, Judgement.coder, Judgement.outcome).where(*first)
    ):
        found[answer][coder] = Reading(outcome)
    codes = select(Code.answer_id, Code.coder, Code.theme_id).where(
        Code.item_id == item_id, Code.is_again.is_(False), Code.coder != ADJUDICATED
    )
    for answer, coder, theme in db.session.execute(codes):
        reading = found[answer].get(coder, Reading(Outcome.CODED))
        if reading.outcome != Outcome.CANNOT_CODE:
            found[answer][coder] = reading._replace(themes=reading.themes | {theme})
    standing = {answer: standing_readings(by, in_use) for answer, by in found.items()}
    return {
        answer: {
            coder: None if each.outcome == Outcome.CANNOT_CODE else each.themes for coder, each in by.items()
        }
        for answer, by in standing.items()
        if by
    }


def _measured(question: Content, *, is_for_page: bool) -> Content:
    if is_for_page:
        end_reading()
        return asked(json.dumps(question))
    from consult.coding.measuring import measured  # noqa: PLC0415  (brings NumPy)

    return measured(question)


@lru_cache(maxsize=MOST_KEPT)
def asked(question: str) -> Content:
    """Give what the process apart answers; not to be changed, because whoever asks the same gets it too.

    The question is everything that the answer depends on (who gave which theme, in numbers), so what is
    kept here is never out of date: one judgement more is another question.
    """
    answer: Content = ask("consult.coding.measuring", json.loads(question), minutes=MINUTES_TO_MEASURE)
    return answer


def _only(found: Content, figures: tuple[str, ...]) -> Content:
    return {figure: found[figure] for figure in figures}


def _notes(found: Content) -> Iterator[Content]:
    """Why each null is null."""
    parts = [("", found["whole"], FIGURES), ("pooled.", found["pooled"], OF_A_THEME)]
    parts += [(f"themes[{n}].", each, OF_A_THEME) for n, each in enumerate(found["themes"])]
    for path, each, figures in parts:
        for figure in figures:
            if each[figure] is None:
                yield {"path": path + figure, "reason": each["why_not"]}
