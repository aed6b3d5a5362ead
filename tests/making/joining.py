"""Joining through the pages, as somebody at a library's computer does."""

import re
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult import clock
from consult.access import OPERATOR, Role
from consult.accounts import codes, keys
from consult.accounts.models import KeptForm
from consult.coding.models import Code, Theme
from consult.consultations.models import Consultation, Progress, Submission, Wave
from consult.db import db
from consult.forum.drafts import SEALED
from consult.forum.grouping.models import DrawnPerson, GroupDraw
from consult.forum.models import Exposure, Post, PostKind, PostState, PostVersion, Suspension, Thread
from consult.forum.writing_models import PostDraft
from consult.home import Config
from consult.incentives.claim_numbers import new_number
from consult.incentives.queries import list_incentives
from consult.moderation.models import Appeal, Decision, Message, Report
from consult.moderation.rules import Concern, Reason, Verdict
from consult.panel.models import Place
from consult.recruitment import turnout
from consult.recruitment.models import AskedAt, Demographic, DemographicOption, ParticipantDemographic
from consult.summaries.models import (
    CountsShown,
    FairnessRating,
    Position,
    Presentation,
    Quotation,
    QuotationState,
    Summary,
)
from consult.surveys.models import Answer, Item
from consult.surveys.service import NewAnswer, NewPlacing, record_answers
from consult.weighting.models import Weight, WeightVersion
from tests.making.accounts import make_staff
from tests.making.incentives import holder_of, make_contact, make_due, make_offer
from tests.making.places import MadeResident
from tests.page_client import TOKEN, PageClient

ONCE = re.compile(r'name="once" value="([^"]+)"')
CODE = re.compile(r'app-return-code__code"[^>]*>([^<]+)<')
SERIAL = re.compile(r'app-return-code__serial"[^>]*>([^<]+)<')
CHOICES = {"area": "yes", "age": "yes", "quote": "yes", "shared": "yes", "agree": "y"}


def form_of(client: PageClient, path: str, **typed: str) -> dict[str, str]:
    """What a browser sends from that page, with the tokens that it printed."""
    text = client.get(path).text
    token, once = TOKEN.search(text), ONCE.search(text)
    assert token, f"{path} has no form"
    return {"csrf_token": token[1], **({"once": once[1]} if once else {}), **typed}


def send_join(client: PageClient, slug: str = "survey-place", **changed: str) -> TestResponse:
    """The answer to the form of joining, filled in as most people do but for what is ``changed``."""
    path = f"/consultations/{slug}/join"
    return client.post(path, data=form_of(client, path, **{**CHOICES, **changed}))


def joined(app: Flask, slug: str = "survey-place", **changed: str) -> PageClient:
    """A browser of somebody who joined a moment ago and stands before the choice of a name."""
    client = PageClient(app)
    answer = send_join(client, slug, **changed)
    assert answer.status_code == 303, answer.text
    assert answer.location == f"/consultations/{slug}/join/name"
    return client


def shown_pair(client: PageClient, slug: str = "survey-place") -> tuple[str, str]:
    """The code and the serial that the page of the code shows."""
    page = client.get(f"/consultations/{slug}/join/code").text
    code, serial = CODE.search(page), SERIAL.search(page)
    assert code, page
    assert serial
    return code[1], serial[1]


def make_demographic(consultation: Consultation, key: str = "tenure", **more: Any) -> Demographic:
    """One more question about the person, with two options. Committed."""
    columns: dict[str, Any] = {
        "question": "Do you rent your home?",
        "why": "Tenants say less often what they think.",
        "asked": AskedAt.JOINING,
        "position": 50,
        **more,
    }
    demographic = Demographic(
        consultation_id=consultation.id,
        key=key,
        options=[
            DemographicOption(position=0, key="rent", label="I rent it"),
            DemographicOption(position=1, key="own", label="I own it"),
        ],
        **columns,
    )
    db.session.add(demographic)
    db.session.commit()
    return demographic


def make_record(
    consultation: Consultation, resident: MadeResident, *, config: Config, words: str = "Owls at Tuesday noon"
) -> None:
    """The resident has a row in every table that holds something of a person. Committed.

    ``words`` stand wherever somebody types words of their own. The consultation has a forum.
    """
    me, here = resident.participant_id, consultation.id
    items = {item.key: item for item in db.session.scalars(select(Item).filter_by(consultation_id=here))}
    policy, open_one = items["policy"], items["words"]
    places = tuple(
        NewPlacing(option.id, place, clock.now()) for place, option in enumerate(policy.options, start=1)
    )
    answers = [
        NewAnswer(me, items["hours"].id, "pre", "scale", "answered", number=4, answered_at=clock.now()),
        NewAnswer(me, items["hours"].id, "post", "scale", "answered", number=2, answered_at=clock.now()),
        NewAnswer(me, open_one.id, "pre", "open", "answered", text=words, answered_at=clock.now()),
        NewAnswer(me, policy.id, "pre", "rank", "answered", answered_at=clock.now(), places=places),
    ]
    record_answers(OPERATOR, consultation, answers)
    said = db.session.scalars(select(Answer).filter_by(participant_id=me, item_id=open_one.id)).one()
    theme = Theme(item_id=open_one.id, key="owls", label="About owls")
    thread = db.session.scalars(select(Thread).filter_by(consultation_id=here)).first()
    assert thread is not None
    post = Post(
        consultation_id=here,
        thread_id=thread.id,
        participant_id=me,
        key=f"mine-{me}",
        kind=PostKind.POST,
        state=PostState.VISIBLE,
        created_at=clock.now(),
        title=None,
        body=words,
    )
    demographic = db.session.scalars(select(Demographic).filter_by(consultation_id=here)).first()
    assert demographic is not None
    place = Place(participant_id=me, consultation_id=here, taken_at=clock.now())
    made = WeightVersion(
        consultation_id=here, number=1, digest="0", made_at=clock.now(), settings="{}", report="{}"
    )
    db.session.add_all([theme, post, place, made])
    db.session.flush()
    db.session.add(Weight(version_id=made.id, participant_id=me, consultation_id=here, weight=1.25))
    db.session.add_all(
        [
            Code(answer_id=said.id, item_id=open_one.id, theme_id=theme.id, coder="ana"),
            PostVersion(
                post_id=post.id, version=1, title=None, body=f"{words}, first", replaced_at=clock.now()
            ),
            Exposure(
                participant_id=me,
                thread_id=thread.id,
                consultation_id=here,
                first_read_at=clock.now(),
                last_read_at=clock.now(),
                reads=3,
            ),
            ParticipantDemographic(
                participant_id=me,
                demographic_id=demographic.id,
                consultation_id=here,
                option_id=demographic.options[0].id,
            ),
            Submission(participant_id=me, wave=Wave.PRE, consultation_id=here, status=Progress.SUBMITTED),
            KeptForm(
                participant_id=me,
                path="/consultations/somewhere",
                consultation_id=here,
                sealed_form=keys.seal(f'{{"text": ["{words}"]}}', config=config, purpose=keys.KEPT_FORMS),
                kept_at=clock.wall(),
            ),
        ]
    )
    _summarise(consultation, me, said, words)
    _moderate(consultation, me, post, words)
    turnout.recount(here)
    db.session.commit()
    if not list_incentives(here):
        make_offer(consultation)
    make_due(consultation, new_number(), holder=holder_of(resident))
    make_contact(consultation, holder_of(resident))


def _moderate(consultation: Consultation, me: int, post: Post, words: str) -> None:
    """Their post was hidden once, they answered, they reported one, and could not post for a while."""
    decider = make_staff(f"decider-{me}@abbeyford.example", Role.MODERATOR, consultation).id
    now, here = clock.now(), consultation.id
    decision = Decision(
        consultation_id=here,
        post_id=post.id,
        verdict=Verdict.HIDE,
        reason=Reason.ATTACK,
        note=words,
        post_version=1,
        staff_id=decider,
        decided_at=now,
    )
    draw = GroupDraw(
        consultation_id=here,
        number=me,
        size=10,
        seed=1,
        people=1,
        group_count=1,
        factors="[]",
        drawn_at=now,
        ended_at=now,
        end_reason="Too few.",
    )
    db.session.add_all([decision, draw])
    db.session.flush()
    db.session.add_all(
        [
            Appeal(
                consultation_id=here,
                post_id=post.id,
                decision_id=decision.id,
                participant_id=me,
                words=words,
                against_id=decider,
                appealed_at=now,
                due_at=now,
            ),
            Message(consultation_id=here, participant_id=me, words=words, sent_at=now, due_at=now),
            Report(
                consultation_id=here,
                post_id=post.id,
                participant_id=me,
                concern=Concern.OTHER,
                words=words,
                post_version=1,
                reported_at=now,
                due_at=now,
            ),
            PostDraft(
                consultation_id=here,
                participant_id=me,
                thread_id=post.thread_id,
                sealed_words=keys.seal(
                    f"{words}, not posted", config=current_app.config["CONSULT"], purpose=SEALED
                ),
                kept_at=now,
            ),
            DrawnPerson(
                draw_id=draw.id,
                ticket=f"ticket-{me}",
                consultation_id=here,
                participant_id=me,
                codes="1 2 3",
            ),
            Suspension(
                consultation_id=here,
                participant_id=me,
                told=words,
                began_at=now,
                began_by=decider,
                ended_at=now,
                ended_by=decider,
            ),
        ]
    )


def _summarise(consultation: Consultation, me: int, said: Answer, words: str) -> None:
    """A summary quotes them, asked them and was shown to them; nothing of it is published."""
    summary = Summary(
        consultation_id=consultation.id,
        item_id=said.item_id,
        title="About owls",
        counts_shown=CountsShown.AT_ONCE,
        seed=1,
    )
    db.session.add(summary)
    db.session.flush()
    position = Position(
        summary_id=summary.id, key="owls", completion="owls", reasons="They hoot", worry="Noise"
    )
    db.session.add(position)
    db.session.flush()
    theirs = {"participant_id": me, "summary_id": summary.id, "consultation_id": consultation.id}
    db.session.add_all(
        [
            Quotation(
                position_id=position.id,
                answer_id=said.id,
                words=words,
                state=QuotationState.DRAWN,
                drawn_at=clock.now(),
                **theirs,
            ),
            FairnessRating(
                position_id=position.id,
                asked_at=clock.now(),
                rated_at=clock.now(),
                position_version=1,
                rating=4,
                suggestion=words,
                **theirs,
            ),
            Presentation(shown_at=clock.now(), positions='["owls"]', counts_at_once=True, **theirs),
        ]
    )


def make_code(resident: MadeResident, *, config: Config) -> str:
    """A return code that brings this resident back. Committed."""
    pair = codes.new_pair()
    codes.give_code(
        resident.participant_id, resident.consultation_id, code=pair.code, serial=pair.serial, config=config
    )
    db.session.commit()
    return pair.code
