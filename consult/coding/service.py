"""Deeds on open text: themes are defined, answers are coded."""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import batches, insert_rows
from consult.coding.models import Code, Theme
from consult.coding.rules import NewCode, NewTheme
from consult.consultations.models import Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.surveys.models import Answer, Item


def add_themes(actor: Actor, consultation: Consultation, themes: Iterable[NewTheme]) -> int:
    """The codebook holds these themes too; says how many."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    count = insert_rows(Theme, NewTheme._fields, themes)
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="themes", count=count)
    return count


def record_codes(
    actor: Actor,
    consultation: Consultation,
    codes: Iterable[NewCode],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """The record holds what these coders judged; says how many codes.

    Raises
    ------
    Invalid
        If a code names a theme of another item, or an answer that holds no words.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    themes = {
        (item, key): theme
        for item, key, theme in db.session.execute(
            select(Theme.item_id, Theme.key, Theme.id)
            .join(Item, Item.id == Theme.item_id)
            .where(Item.consultation_id == consultation.id)
        )
    }
    count = insert_rows(
        Code, ("answer_id", "item_id", "theme_id", "coder"), _rows(codes, themes), progress=progress
    )
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="codes", count=count)
    return count


def _rows(
    codes: Iterable[NewCode], themes: dict[tuple[int, str], int]
) -> Iterator[tuple[int, int, int, str]]:
    for batch in batches(codes):
        found = db.session.execute(
            select(Answer.id, Answer.item_id, Answer.wave, Answer.participant_id).where(
                Answer.item_id.in_({code.item_id for code in batch}),
                Answer.wave.in_({Wave(code.wave) for code in batch}),
                Answer.participant_id.in_({code.participant_id for code in batch}),
                Answer.text.is_not(None),
            )
        )
        answers = {(item, wave.value, participant): answer for answer, item, wave, participant in found}
        for code in batch:
            answer = answers.get((code.item_id, code.wave, code.participant_id))
            theme = themes.get((code.item_id, code.theme))
            if answer is None or theme is None:
                raise Invalid("A code must name a theme of its item and an answer in words.")
            yield answer, code.item_id, theme, code.coder
