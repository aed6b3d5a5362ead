"""A forum in which people talk in small groups: who takes part, and the draw."""

from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from consult import clock
from consult.access import Actor, Role
from consult.consultations.models import Consultation, Participant, Progress, Submission, Wave
from consult.consultations.queries import get_consultation
from consult.db import db
from consult.forum.grouping import service
from consult.forum.models import Thread
from consult.surveys.models import Answer, AnswerStatus, Item
from tests.making.accounts import client_as
from tests.making.forum import make_thread
from tests.making.places import MadeResident, as_resident, make_place, make_resident
from tests.page_client import PageClient

OFFICER = "officer of groups"


@dataclass
class Grouped:
    """A consultation whose starting survey is over, and who has answered it."""

    app: Flask
    slug: str
    people: list[MadeResident]
    browsers: dict[int, PageClient] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/consultations/{self.slug}/forum/"

    @property
    def place(self) -> Consultation:
        return get_consultation(self.slug)

    def browser(self, participant_id: int) -> PageClient:
        if participant_id not in self.browsers:
            [made] = [each for each in self.people if each.participant_id == participant_id]
            self.browsers[participant_id] = as_resident(self.app, made)
        return self.browsers[participant_id]

    def staff(self, role: Role) -> PageClient:
        """The browser of a member of staff; nothing of this test is held open while they sign in."""
        place = self.place
        db.session.commit()
        return client_as(self.app, role, None if role is Role.ADMINISTRATOR else place)

    def draw(self, size: int = 10) -> None:
        """The groups are made, and the forum is open."""
        service.make_groups(officer(self.place), self.place, size=size)
        self.open()

    def open(self) -> None:
        self.place.presented_at = clock.now()
        db.session.commit()

    def groups(self) -> dict[int, list[int]]:
        """The people of each group."""
        asked = select(Participant.group_id, Participant.id).where(
            Participant.consultation_id == self.place.id, Participant.group_id.is_not(None)
        )
        found: dict[int, list[int]] = {}
        for group_id, person in db.session.execute(asked.order_by(Participant.group_id, Participant.id)):
            found.setdefault(group_id, []).append(person)
        return found

    def copy_of(self, group_id: int) -> Thread:
        """The thread that this group has of the seed."""
        return db.session.scalars(select(Thread).where(Thread.group_id == group_id)).one()


def officer(place: Consultation) -> Actor:
    return Actor(OFFICER, frozenset(), {place.id: frozenset({Role.OFFICER})})


def make_grouped(app: Flask, people: int = 20, *, seeds: int = 1) -> Grouped:
    """So many people have sent the starting survey, of three views; there are seeds and nothing else."""
    place = make_place("summarising")
    for n in range(1, seeds + 1):
        make_thread(place, f"t{n}", title=f"Topic {n}", position=n)
    made = Grouped(app, place.slug, [])
    for n in range(people):
        made.people.append(make_sent(place, f"Person {n}", points=(1, 3, 5)[n % 3]))
    db.session.commit()
    return made


def make_sent(place: Consultation, name: str, *, points: int = 3, is_sent: bool = True) -> MadeResident:
    """Somebody who takes part, and what they said of opening hours."""
    made = make_resident(place, name=name)
    hours = db.session.scalars(
        select(Item).where(Item.consultation_id == place.id, Item.key == "hours")
    ).one()
    db.session.add(
        Answer(
            consultation_id=place.id,
            participant_id=made.participant_id,
            item_id=hours.id,
            wave=Wave.PRE,
            form=hours.form,
            status=AnswerStatus.ANSWERED,
            number=points,
        )
    )
    status = Progress.SUBMITTED if is_sent else Progress.STARTED
    columns = {"participant_id": made.participant_id, "consultation_id": place.id}
    db.session.add(Submission(wave=Wave.PRE, status=status, **columns))
    db.session.commit()
    return made
