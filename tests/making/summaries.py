"""Texts with themes, and summaries of them: written, quoted, rated."""

from typing import Any

from sqlalchemy import select

from consult import clock
from consult.access import Actor, Role
from consult.coding.final import final_codes
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.consultations.models import Consultation, Participant, Progress, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.recruitment import turnout
from consult.summaries import fairness, quoting, service
from consult.summaries.draft import get_draft
from consult.summaries.models import (
    CountsShown,
    FairnessRating,
    Position,
    Quotation,
    QuotationState,
    Summary,
)
from consult.summaries.service import Words
from consult.surveys.models import Answer, AnswerStatus, Form, Item
from tests.making.places import MadeResident, make_resident

CODER = "coder-1"
WORDS = "They say that it is so, because they live with it every day and every night."


def officer_of(consultation: Consultation) -> Actor:
    return Actor("officer-1", roles={consultation.id: frozenset({Role.OFFICER})})


def find_item(consultation: Consultation, key: str = "words") -> Item:
    return db.session.scalars(
        select(Item).where(Item.consultation_id == consultation.id, Item.key == key)
    ).one()


def make_theme(item: Item, key: str, label: str = "") -> Theme:
    theme = Theme(item_id=item.id, key=key, label=label or f"… {key}", position=0)
    db.session.add(theme)
    db.session.flush()
    return theme


def make_text(
    consultation: Consultation,
    item: Item,
    text: str,
    *themes: Theme,
    name: str,
    quote: bool | None = True,
    is_read: bool = True,
    progress: Progress = Progress.SUBMITTED,
) -> MadeResident:
    """Somebody who wrote that in the starting survey, and a coder who found those themes. Not committed."""
    who = make_resident(consultation, name=name)
    db.session.get_one(Participant, who.participant_id).quote = quote
    db.session.add(
        Submission(
            participant_id=who.participant_id,
            consultation_id=consultation.id,
            wave=Wave.PRE,
            status=progress,
        )
    )
    answer = Answer(
        consultation_id=consultation.id,
        participant_id=who.participant_id,
        item_id=item.id,
        wave=Wave.PRE,
        form=Form.OPEN,
        status=AnswerStatus.ANSWERED,
        text=text,
    )
    db.session.add(answer)
    db.session.flush()
    if is_read:
        judge(answer.id, item, *themes)
    return who


def judge(answer_id: int, item: Item, *themes: Theme, coder: str = CODER) -> None:
    db.session.add(
        Judgement(
            answer_id=answer_id, item_id=item.id, coder=coder, outcome=Outcome.CODED, judged_at=clock.now()
        )
    )
    db.session.flush()
    db.session.add_all(
        Code(answer_id=answer_id, item_id=item.id, theme_id=theme.id, coder=coder) for theme in themes
    )
    db.session.flush()


def make_views(consultation: Consultation, counts: dict[str, int], **more: Any) -> list[MadeResident]:
    """That many people who hold each view of the item ``words``; committed."""
    item = find_item(consultation)
    made = []
    for key, count in counts.items():
        known = select(Theme).where(Theme.item_id == item.id, Theme.key == key)
        theme = db.session.scalar(known) or make_theme(item, key)
        for n in range(count):
            text = f"I worry about {key}, as number {n} of those who do."
            made.append(make_text(consultation, item, text, theme, name=f"{key} {n}", **more))
    turnout.recount(consultation.id)
    db.session.commit()
    return made


def answer_of(participant_id: int) -> Answer:
    return db.session.scalars(select(Answer).where(Answer.participant_id == participant_id)).one()


def make_summary(
    consultation: Consultation,
    key: str = "words",
    *,
    quotations: int = 1,
    counts_shown: CountsShown = CountsShown.AFTER_FIRST_POST,
    override: str | None = None,
    ratings: int | None = 5,
    opposing: tuple[str, str] | None = None,
) -> int:
    """A summary of the item that is ready to publish; the item's id. Committed."""
    actor, item = officer_of(consultation), find_item(consultation, key)
    service.begin(actor, consultation, item.id)
    draft = get_draft(consultation, item.id)
    assert draft is not None
    service.write(
        actor,
        consultation,
        item.id,
        version=draft.summary.version,
        title="What people worry about",
        counts_shown=counts_shown,
        override=override,
        positions={
            part.held.key: Words(
                f"… {part.held.key} most",
                WORDS,
                f"That {part.held.key} gets worse.",
                opposing[1] if opposing and part.held.key == opposing[0] else "",
            )
            for part in draft.parts
        },
    )
    for part in draft.parts:
        for _n in range(quotations if draft.is_open else 0):
            drawn = quoting.draw(actor, consultation, item.id, part.held.key)
            quoting.review(actor, consultation, item.id, drawn.id, accepts=True)
            assert drawn.state in QuotationState
    if ratings is not None:
        fairness.invite(actor, consultation, item.id)
        rate_all(consultation, ratings)
    db.session.commit()
    return item.id


def make_asked(consultation: Consultation, participant_id: int) -> None:
    """A summary that is ready, with a quotation, and a question to that participant. Committed."""
    make_views(consultation, {"the-shops": 5})
    item = find_item(consultation)
    for answer_id in final_codes(item.id, Wave.PRE).unread:
        judge(answer_id, item)  # what others wrote there holds none of the themes
    item_id = make_summary(consultation, ratings=None, override="The survey closed late: nobody was asked.")
    position = db.session.scalars(
        select(Position)
        .join(Summary, Summary.id == Position.summary_id)
        .where(Summary.item_id == item_id, Position.key == "the-shops")
    ).one()
    db.session.add(
        FairnessRating(
            position_id=position.id,
            participant_id=participant_id,
            summary_id=position.summary_id,
            consultation_id=consultation.id,
            asked_at=clock.now(),
        )
    )
    db.session.commit()


def asked_position_of(slug: str) -> int | None:
    """The view about whose account somebody is asked there, if anybody is."""
    return db.session.scalar(
        select(FairnessRating.position_id)
        .where(FairnessRating.consultation_id == get_consultation(slug).id)
        .order_by(FairnessRating.asked_at.desc(), FairnessRating.position_id)
        .limit(1)
    )


def names_of(slug: str) -> dict[str, int]:
    """What addresses of summaries name: the item with one and one without, its quotation, its answer."""
    place = get_consultation(slug)
    drawn = db.session.scalars(
        select(Quotation).where(Quotation.consultation_id == place.id).order_by(Quotation.id)
    ).first()
    found = {"item": find_item(place).id, "other": find_item(place, "hours").id}
    return {
        **found,
        "quotation": drawn.id if drawn else 1,
        "answer": drawn.answer_id if drawn else 1,
    }


def rate_all(consultation: Consultation, rating: int) -> None:
    """Everybody who is asked says that; not committed."""
    for row, version in db.session.execute(
        select(FairnessRating, Position.version)
        .join(Position, Position.id == FairnessRating.position_id)
        .where(FairnessRating.consultation_id == consultation.id)
    ):
        row.rating, row.rated_at, row.position_version = rating, clock.now(), version
    db.session.flush()
