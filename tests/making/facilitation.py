"""What the council is asked, pins, concludes and prompts, put into the record as it is."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from consult import clock
from consult.consultations.models import Consultation
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.models import Conclusion, DatedPrompt, Enquiry, ForumSetting, Pin, Post, PostKind, Thread
from consult.forum.promise import due
from consult.forum.prompts import today
from tests.making.forum import make_post, make_thread

CLOSED = "closed-1"


def make_enquiry(post: Post, *, at: datetime | None = None, **more: object) -> Enquiry:
    """That post is a question for the council, asked when it was written; committed."""
    at = at or post.created_at
    columns = {"post_id": post.id, "consultation_id": post.consultation_id, **more}
    enquiry = Enquiry(**columns, asked_at=at, due_at=due(at))
    db.session.add(enquiry)
    db.session.commit()
    return enquiry


def make_pin(post: Post) -> None:
    """That post is pinned; committed."""
    db.session.add(Pin(thread_id=post.thread_id, post_id=post.id, pinned_at=clock.now()))
    db.session.commit()


def make_conclusion(thread: Thread, words: str = "Most of you want a trial.", **more: object) -> Post:
    """That thread is closed with these words; committed."""
    post = make_post(thread, f"{thread.key}-end", words, kind=PostKind.FACILITATOR, ago=timedelta(minutes=1))
    db.session.add(Conclusion(thread_id=thread.id, post_id=post.id, closed_at=post.created_at, **more))
    db.session.commit()
    return post


def make_prompt(
    place: Consultation, body: str = "What would change your mind?", *, on: date | None = None, days: int = 0
) -> DatedPrompt:
    """A prompt of that day, or of so many days from today; committed."""
    appears_on = on or today() + timedelta(days=days)
    prompt = DatedPrompt(consultation_id=place.id, appears_on=appears_on, body=body)
    db.session.add(prompt)
    db.session.commit()
    return prompt


def allow_topics(place: Consultation) -> None:
    """Residents may begin topics of their own; committed."""
    db.session.merge(ForumSetting(consultation_id=place.id, residents_start=True))
    db.session.commit()


def make_facilitated(place: Consultation, asked: Post) -> None:
    """What a forum has in which everything of this can be done: that post asks the council something."""
    allow_topics(place)
    make_enquiry(asked, at=clock.now())
    make_conclusion(make_thread(place, CLOSED, title="Closing time"))


def prompt_of(slug: str) -> int:
    """The number of a prompt there that has not appeared."""
    place = get_consultation(slug)
    to_come = (DatedPrompt.consultation_id == place.id, DatedPrompt.appears_on > today())
    return db.session.scalar(select(DatedPrompt.id).where(*to_come).limit(1)) or 999
