"""Proposing themes for what people wrote to an open item. The machine proposes, people decide.

The grouping brings NumPy and scikit-learn, so it is imported where it is done: by the command, which
a page runs in a process of its own. Nothing leaves the machine.
"""

import json
from collections.abc import Sequence
from typing import Any

from consult import clock
from consult.access import Action, Actor, Moment, require
from consult.audit.service import record
from consult.child import ask
from consult.coding.models import ThemeSuggestion
from consult.coding.reasons import reason_for
from consult.coding.suggestions import without_texts
from consult.coding.texts import Text, first_wave, get_open_item, list_texts
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation, standing_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.surveys.models import Item
from consult.words import N_

FEWEST_THEMES, MOST_THEMES = 2, 20
MINUTES_TO_SUGGEST = 5
WRONG_NUMBER = N_("Enter a number of themes from %(fewest)s to %(most)s.")
ONLY_BEFORE = N_("Themes are suggested after the starting survey has closed and before the forum.")

Content = dict[str, Any]


def check_number(k: int | None) -> None:
    """Refuse a number of themes that nobody can work with.

    Raises
    ------
    Invalid
        If it is not from 2 to 20.
    """
    if k is not None and not FEWEST_THEMES <= k <= MOST_THEMES:
        raise Invalid(WRONG_NUMBER, fewest=FEWEST_THEMES, most=MOST_THEMES)


def themes_of(actor: Actor, consultation: Consultation, item_key: str, *, k: int | None = None) -> Content:
    """Give the themes that the answers to an open item fall into; changes nothing.

    Parameters
    ----------
    k : int, optional
        How many themes; without it a number is chosen, and ``reason`` says why.

    Raises
    ------
    Conflict
        If the survey in which people write has not closed.
    Invalid
        If there is no such open item, too few people wrote something, or ``k`` cannot be.
    """
    require(actor, Action.CODE_TEXTS, standing_of(consultation))
    check_number(k)
    item = get_open_item(consultation, item_key)
    texts = list_texts(item, first_wave(consultation, item))
    from consult.coding.grouping import grouped  # noqa: PLC0415  (brings scikit-learn)

    return _told(consultation, item, texts, grouped(_question(item, texts, k)))


def suggest(
    actor: Actor, consultation: Consultation, item_key: str, *, k: int | None = None
) -> ThemeSuggestion:
    """The machine's themes for an open item are stored beside its codebook, which stays as it is.

    They are made in a process of its own, so nothing that this process has read is known any more.

    Raises
    ------
    Conflict
        If the starting survey has not closed, or the forum's summaries are out.
    Invalid
        If there is no such open item, too few people wrote something, or ``k`` cannot be.
    """
    _require_suggesting(actor, consultation)
    check_number(k)
    item = get_open_item(consultation, item_key)
    texts = list_texts(item, first_wave(consultation, item))
    slug, question = consultation.slug, _question(item, texts, k)
    db.session.rollback()  # nobody has to wait while the machine takes its time
    answer = ask("consult.coding.grouping", question, minutes=MINUTES_TO_SUGGEST)
    consultation = get_consultation(slug)
    _require_suggesting(actor, consultation)
    item = get_open_item(consultation, item_key)
    content = _told(consultation, item, texts, answer)
    suggestion = ThemeSuggestion(
        item_id=item.id,
        made_at=clock.now(),
        content=json.dumps(without_texts(content), ensure_ascii=False, allow_nan=False),
    )
    db.session.add(suggestion)
    db.session.flush()
    count = len(content["themes"])
    record(actor, Action.EDIT_CODEBOOK, slug, deed="suggest", item=item_key, themes=count)
    return suggestion


def _question(item: Item, texts: Sequence[Text], k: int | None) -> Content:
    return {"texts": [text.words for text in texts], "stem": item.stem, "k": k}


def _told(consultation: Consultation, item: Item, texts: Sequence[Text], found: Content) -> Content:
    """What was found among the texts, told with the people who wrote them."""
    keys = [text.participant for text in texts]
    why = {"k": len(found["themes"]), **{part: found[part] for part in ("chosen", "is_asked", "tried")}}
    return {
        "consultation": consultation.slug,
        "item": item.key,
        **why,
        "reason": str(reason_for(why)),
        "n": len(texts),
        "n_used": found["n_used"],
        "themes": [
            {
                "theme": number,
                "words": theme["words"],
                "size": len(theme["members"]),
                "quotations": [texts[place].words for place in theme["central"]],
                "quoted": [keys[place] for place in theme["central"]],
                "members": [keys[place] for place in theme["members"]],
            }
            for number, theme in enumerate(found["themes"], start=1)
        ],
        "left_out": [keys[place] for place in found["left_out"]],
    }


def _require_suggesting(actor: Actor, consultation: Consultation) -> None:
    standing = standing_of(consultation)
    require(actor, Action.EDIT_CODEBOOK, standing)
    if standing.moment is not Moment.SUMMARISING:
        raise Conflict(ONLY_BEFORE)
