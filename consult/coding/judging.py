"""Deeds of coders: a text is judged, and somebody else decides where they differ.

Each judgement is one per coder and text by a unique key, so a double click is one judgement. The row of
the text is held while it is judged: how many have read it and whether they agree is worked out from the
judgements themselves, and two coders who send at the same moment are both counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select, update

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.coding.coders import coder_of, is_by
from consult.coding.ending import check_goes_on
from consult.coding.models import Agreement, Code, Codebook, Judgement, Outcome, QueuedText, Theme
from consult.coding.queries import latest_codebook
from consult.coding.rules import ADJUDICATED, fingerprint, themes_in
from consult.coding.standing import Key, said_of, state_of
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, DomainError, Invalid, NotPermitted
from consult.surveys.models import Answer, Item
from consult.words import N_

BATCH = 500  # texts that are held at a time


class Judged(NamedTuple):
    """What somebody says of the text at this place; ``themes`` are keys of the codebook."""

    place: int
    outcome: Outcome
    themes: frozenset[str] = frozenset()
    note: str | None = None


class CodebookChanged(Conflict):
    """There is a newer version of the codebook than the one that was read with."""

    default = N_("The codebook has changed meanwhile. Read the text again with the themes as they are now.")


class Gone(Conflict):
    """The text does not wait at this place any more."""

    default = N_("That text has gone: its writer took it back, or the order has changed. Here is the next.")


class AlreadySettled(Conflict):
    """Somebody has decided about the text, so its coders change nothing more."""

    default = N_("Somebody has decided about that text, so what you said of it stays as it was.")


class OwnText(NotPermitted):
    """Whoever coded a text does not decide about it."""

    default = N_("You have read this text yourself. Somebody else has to decide.")


class DecidedMeanwhile(Conflict):
    """Somebody decided about the text, or decided anew, after this person had opened it."""

    default = N_("Somebody else decided about this text while you had it open.")


def judge(
    actor: Actor, consultation: Consultation, item: Item, judged: Judged, *, staff_id: int, codebook: int
) -> None:
    """The coder has read the text, and says this of it now, in place of what they said before.

    Parameters
    ----------
    codebook : int
        The number of the version that they read with.

    Raises
    ------
    CodebookChanged, Gone, AlreadySettled
        As their names say; nothing is written.
    Invalid
        If a theme is not in the codebook.
    """
    for _line, problem in judge_all(
        actor, consultation, item, [judged], staff_id=staff_id, codebook=codebook
    ):
        raise problem


def judge_all(
    actor: Actor,
    consultation: Consultation,
    item: Item,
    judged: Sequence[Judged],
    *,
    staff_id: int,
    codebook: int,
) -> list[tuple[int, DomainError]]:
    """The coder has read these texts; or what is wrong, by the number of the text, and nothing may be kept.

    Raises
    ------
    CodebookChanged
        If there is a newer version than ``codebook``.
    """
    require(actor, Action.CODE_TEXTS, standing_of(consultation))
    latest = _codebook(item, codebook)
    themes = _theme_ids(item, latest)
    problems: list[tuple[int, DomainError]] = []
    for start in range(0, len(judged), BATCH):
        batch = judged[start : start + BATCH]
        rows = _held(item, [each.place for each in batch])
        found = list(_problems(batch, rows, themes, start))
        problems += found
        if not problems:
            _write(_Coder(coder_of(staff_id), staff_id, codebook), batch, rows, themes)
    return problems


def decide(
    actor: Actor,
    consultation: Consultation,
    item: Item,
    judged: Judged,
    *,
    staff_id: int,
    codebook: int,
    seen: str,
) -> None:
    """The text holds these themes, whatever its coders said; what they said stays in the record.

    It can be decided anew until the results are out; the trail keeps each decision. The same decision sent
    twice by the same person is one.

    Parameters
    ----------
    seen : str
        The sign of the decision that this person saw; empty where there was none.

    Raises
    ------
    OwnText
        If this person is one of its coders.
    DecidedMeanwhile
        If there is another decision by now; nothing is written.
    Conflict
        If its coders do not differ, it has gone, or the codebook has changed.
    Invalid
        If a theme is not in the codebook.
    """
    require(actor, Action.ADJUDICATE_CODES, standing_of(consultation))
    latest = _codebook(item, codebook)
    themes = _theme_ids(item, latest)
    rows = _held(item, [judged.place])
    row = rows.get(judged.place)
    if row is None or row.is_again or row.agreement not in {Agreement.DISPUTED, Agreement.SETTLED}:
        raise Conflict("There is nothing to decide about that text any more. Here is the next.")
    mine = select(Judgement.id).filter_by(answer_id=row.answer_id, is_again=False).where(is_by(staff_id))
    if db.session.scalar(mine) is not None:
        raise OwnText
    _check_themes(judged, themes)
    before = db.session.scalar(
        select(Judgement).filter_by(answer_id=row.answer_id, is_again=False, coder=ADJUDICATED)
    )
    held = themes_of(before)
    wanted = {themes[theme] for theme in judged.themes}
    if sign_of(before, held) != seen:
        if before is not None and (before.outcome, before.note, held, before.staff_id) == (
            judged.outcome,
            judged.note,
            wanted,
            staff_id,
        ):
            return  # the same form once more
        raise DecidedMeanwhile
    was = {} if before is None else {"was": before.outcome.value, "was_themes": _listed(held)}
    _write(_Coder(ADJUDICATED, staff_id, codebook), [judged], rows, themes)
    record(
        actor,
        Action.ADJUDICATE_CODES,
        consultation.slug,
        deed="decide" if before is None else "decide anew",
        item=item.key,
        answer=row.answer_id,
        outcome=judged.outcome.value,
        themes=_listed(wanted),
        **was,
    )


def themes_of(judgement: Judgement | None) -> set[int]:
    """The ids of the themes that were given with a judgement."""
    if judgement is None:
        return set()
    given = select(Code.theme_id).filter_by(
        answer_id=judgement.answer_id, coder=judgement.coder, is_again=judgement.is_again
    )
    return set(db.session.scalars(given))


def sign_of(decision: Judgement | None, themes: Iterable[int]) -> str:
    """A short sign of a decision, by which one knows whether there is another one; empty for none."""
    if decision is None:
        return ""
    when = decision.judged_at.isoformat() if decision.judged_at else None
    by = str(decision.staff_id)
    return fingerprint(when, by, decision.outcome.value, decision.note, _listed(themes))


def _listed(themes: Iterable[int]) -> str:
    return ",".join(map(str, sorted(themes)))


def _codebook(item: Item, seen: int) -> Codebook:
    check_goes_on(item.id)
    latest = latest_codebook(item.id)
    if latest is None or latest.number != seen:
        raise CodebookChanged
    return latest


def _theme_ids(item: Item, codebook: Codebook) -> dict[str, int]:
    """The themes of this version by their keys."""
    frozen = {key for key, _ in themes_in(codebook.content)}
    rows = db.session.execute(select(Theme.key, Theme.id).where(Theme.item_id == item.id))
    return {key: theme_id for key, theme_id in rows if key in frozen}


def _held(item: Item, places: Sequence[int]) -> dict[int, QueuedText]:
    """The texts at these places, each for this transaction alone.

    The answers first: somebody who takes theirs back holds it before the queue's row, as we do.
    """
    wanted = select(QueuedText.answer_id).where(QueuedText.item_id == item.id, QueuedText.place.in_(places))
    db.session.execute(
        select(Answer.id)
        .where(Answer.id.in_(wanted))
        .order_by(Answer.id)
        .with_for_update(read=True, key_share=True)
    ).all()
    found = db.session.scalars(
        select(QueuedText)
        .where(QueuedText.item_id == item.id, QueuedText.place.in_(places))
        .order_by(QueuedText.id)  # always in the same order, so that nobody waits in a circle
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.place: row for row in found}


def _problems(
    batch: Iterable[Judged], rows: dict[int, QueuedText], themes: dict[str, int], start: int
) -> Iterator[tuple[int, DomainError]]:
    for n, judged in enumerate(batch, start):
        row = rows.get(judged.place)
        try:
            if row is None:
                raise Gone
            if row.agreement is Agreement.SETTLED:
                raise AlreadySettled
            _check_themes(judged, themes)
        except DomainError as problem:
            yield n, problem


def _check_themes(judged: Judged, themes: dict[str, int]) -> None:
    if not judged.themes <= themes.keys():
        raise Invalid("Choose from the themes of the codebook.")
    if judged.outcome is Outcome.CANNOT_CODE and judged.themes:
        raise Invalid("Choose themes, or say that you cannot code this text, but not both.")


class _Coder(NamedTuple):
    """Who judges: under which key, which member of staff, with which version of the codebook."""

    key: str
    staff_id: int
    codebook: int

    def own(self, judgements: Mapping[str, Judgement]) -> Judgement | None:
        """What they have said of a text so far, also under a key that they had before."""
        if self.key in judgements or self.key == ADJUDICATED:
            return judgements.get(self.key)
        own = (each for coder, each in judgements.items() if coder != ADJUDICATED)
        return next((each for each in own if each.staff_id == self.staff_id), None)


def _write(by: _Coder, batch: Sequence[Judged], rows: dict[int, QueuedText], themes: dict[str, int]) -> None:
    """Keep the judgements of this coder, and what is known of each text now."""
    answers = {row.answer_id for row in rows.values()}
    judgements, codes = said_of(answers)
    used = set(themes.values())
    now, states = clock.now(), []
    for judged in batch:
        row = rows[judged.place]
        key: Key = (row.answer_id, row.is_again)
        mine = by.own(judgements[key])
        if mine is None:
            mine = Judgement(
                answer_id=row.answer_id, item_id=row.item_id, coder=by.key, is_again=row.is_again
            )
            db.session.add(mine)
            judgements[key][by.key] = mine
        coder = mine.coder
        mine.staff_id, mine.codebook, mine.judged_at = by.staff_id, by.codebook, now
        mine.outcome, mine.note = judged.outcome, judged.note
        _replace_codes(row, coder, codes[key][coder], {themes[theme] for theme in judged.themes})
        codes[key][coder] = {themes[theme] for theme in judged.themes}
        states.append(state_of(row, judgements[key], codes[key], used))
    db.session.flush()
    # With the numbers as they are now in the row's own statement: nobody's judgement is lost in between.
    db.session.execute(update(QueuedText), states)


def _replace_codes(row: QueuedText, coder: str, before: set[int], after: set[int]) -> None:
    if gone := before - after:
        db.session.execute(
            delete(Code).where(
                Code.answer_id == row.answer_id,
                Code.is_again == row.is_again,
                Code.coder == coder,
                Code.theme_id.in_(gone),
            )
        )
    db.session.add_all(
        Code(
            answer_id=row.answer_id,
            item_id=row.item_id,
            theme_id=theme_id,
            coder=coder,
            is_again=row.is_again,
        )
        for theme_id in sorted(after - before)
    )
