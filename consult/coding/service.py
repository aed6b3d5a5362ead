"""Deeds on open text that come with a whole record: themes are defined, answers are judged and coded."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sqlalchemy import insert, literal, select

from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.batches import batches, insert_rows
from consult.coding.codebooks import new_codebook
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.coding.rules import NewCode, NewJudgement, NewTheme, ThemeWords, codebook_content
from consult.consultations.models import Consultation, Wave
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Invalid
from consult.surveys.models import Answer, Item

Progress = Callable[[int], None]
N = TypeVar("N", NewCode, NewJudgement)

CODE_COLUMNS = ("answer_id", "item_id", "theme_id", "coder", "is_again")
JUDGEMENT_COLUMNS = ("answer_id", "item_id", "coder", "outcome", "note", "is_again")


def add_themes(actor: Actor, consultation: Consultation, themes: Iterable[NewTheme]) -> int:
    """The codebook holds these themes too, in this order, as its first frozen version; says how many."""
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    listed = list(themes)
    rows = ((*theme, position) for position, theme in enumerate(listed))
    count = insert_rows(Theme, (*NewTheme._fields, "position"), rows)
    of_item: dict[int, list[tuple[str, ThemeWords]]] = defaultdict(list)
    for theme in listed:
        if not theme.is_retired:
            of_item[theme.item_id].append((theme.key, ThemeWords(*theme[2:7])))
    db.session.add_all(
        new_codebook(item_id, 1, codebook_content(used), by=actor.name) for item_id, used in of_item.items()
    )
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="themes", count=count)
    return count


def record_judgements(
    actor: Actor,
    consultation: Consultation,
    judgements: Iterable[NewJudgement],
    *,
    progress: Progress | None = None,
) -> int:
    """The record holds that these coders have read these answers; says how many times.

    Raises
    ------
    Invalid
        If one names an answer that holds no words.
    """
    require(actor, Action.WRITE_RECORD, standing_of(consultation))
    rows = (
        (answer_id, each.item_id, each.coder, each.outcome, each.note, each.is_again)
        for answer_id, each in _with_answers(judgements)
    )
    count = insert_rows(Judgement, JUDGEMENT_COLUMNS, rows, progress=progress)
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="judgements", count=count)
    return count


def record_codes(
    actor: Actor,
    consultation: Consultation,
    codes: Iterable[NewCode],
    *,
    progress: Progress | None = None,
) -> int:
    """The record holds these codes, and that whoever gave one has read the answer; says how many codes.

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
    count = insert_rows(Code, CODE_COLUMNS, _rows(codes, themes), progress=progress)
    _judge_what_is_coded(consultation)
    record(actor, Action.WRITE_RECORD, consultation.slug, deed="codes", count=count)
    return count


def _rows(
    codes: Iterable[NewCode], themes: dict[tuple[int, str], int]
) -> Iterator[tuple[int, int, int, str, bool]]:
    for answer_id, code in _with_answers(codes):
        theme = themes.get((code.item_id, code.theme))
        if theme is None:
            raise Invalid("A code must name a theme of its item and an answer in words.")
        yield answer_id, code.item_id, theme, code.coder, code.is_again


def _with_answers(judged: Iterable[N]) -> Iterator[tuple[int, N]]:
    """Each with the id of its answer."""
    for batch in batches(judged):
        found = db.session.execute(
            select(Answer.id, Answer.item_id, Answer.wave, Answer.participant_id).where(
                Answer.item_id.in_({each.item_id for each in batch}),
                Answer.wave.in_({Wave(each.wave) for each in batch}),
                Answer.participant_id.in_({each.participant_id for each in batch}),
                Answer.text.is_not(None),
            )
        )
        answers = {(item, wave.value, participant): answer for answer, item, wave, participant in found}
        for each in batch:
            answer = answers.get((each.item_id, each.wave, each.participant_id))
            if answer is None:
                raise Invalid("A code must name a theme of its item and an answer in words.")
            yield answer, each


def _judge_what_is_coded(consultation: Consultation) -> None:
    """Whoever gave codes to an answer had read it."""
    is_judged = select(Judgement.id).where(
        Judgement.answer_id == Code.answer_id,
        Judgement.coder == Code.coder,
        Judgement.is_again == Code.is_again,
    )
    coded = (
        select(
            Code.answer_id,
            Code.item_id,
            Code.coder,
            Code.is_again,
            literal(Outcome.CODED, Judgement.outcome.type),
        )
        .join(Item, Item.id == Code.item_id)
        .where(Item.consultation_id == consultation.id, ~is_judged.exists())
        .distinct()
        .order_by(Code.answer_id, Code.coder)
    )
    columns = ("answer_id", "item_id", "coder", "is_again", "outcome")
    db.session.execute(insert(Judgement).from_select(columns, coded, include_defaults=False))
