"""Who has not come on is told by channel and group, never so that a small number could be worked out."""

import pytest
from flask import Flask

from consult import clock
from consult.access import Role
from consult.consultations.models import Consultation, StageKind, Wave
from consult.db import db
from consult.publicity.reminding import about_how_many, reminding
from consult.recruitment.models import Channel, ChannelKind
from tests.making.accounts import client_as
from tests.making.comers import begin, come, finish, in_follow_up, leave, tell
from tests.making.panels import make_panel
from tests.making.places import make_place
from tests.making.publicity import make_channel, make_crowd
from tests.page_client import PageClient

PAGE = "/officer/survey-place/who-we-need"


def told(place: Consultation) -> dict[str | None, int]:
    """About how many of each channel have not come on, as officers are told."""
    found = reminding(place, clock.now())
    db.session.rollback()
    assert found is not None
    return {each.channel.key if each.channel else None: each.n for each in found.channels}


def beginners(place: Consultation, channel: Channel | None, how_many: int, said: str = "16-24") -> list[int]:
    people = [come(place, channel) for _ in range(how_many)]
    for someone in people:
        tell(place, someone, "age_band", said)
        begin(place, someone)
    return people


@pytest.mark.parametrize(
    ("people", "about"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (102, 100)]
)
def test_numbers_are_to_the_nearest_five_from_ten_on(people: int, about: int | None):
    assert about_how_many(people) == about


def test_only_those_who_began_and_have_not_sent_are_reminded(in_app: Flask):
    place = make_place("survey")
    school = make_channel(place, "school", label="Abbey School", kind=ChannelKind.SCHOOL)
    people = beginners(place, school, 14)
    beginners(place, None, 9)
    for _ in range(11):
        come(place, school)  # joined and saw no question yet: they have not begun
    assert told(place) == {"school": 15}
    for someone in people[:3]:
        finish(place, someone)
    assert told(place) == {"school": 10}
    leave(place, people[3], keeps_answers=True)
    leave(place, people[4], keeps_answers=False)
    assert told(place) == {}


def test_each_stage_asks_for_the_next_step(in_app: Flask):
    place = make_place("forum")
    library = make_channel(place, "library")
    make_crowd(place, library, 12, sent=True)
    make_crowd(place, library, 11, sent=True, read=True)
    make_crowd(place, library, 4, sent=True, wrote=True, read=True)
    found = reminding(place, clock.now())
    assert found is not None
    assert (found.stage, [(each.channel.key, each.n) for each in found.channels if each.channel]) == (
        StageKind.FORUM,
        [("library", 10)],
    )
    follow_up = make_place("follow_up")
    library = make_channel(follow_up, "library")
    make_crowd(follow_up, library, 13, sent=True, says="25-64")
    make_crowd(follow_up, library, 30, sent=True, stayed=True, says="25-64")
    found = reminding(follow_up, clock.now())
    assert found is not None
    assert found.stage is StageKind.FOLLOW_UP
    assert [(each.label, each.n, each.channel and each.channel.key) for each in found.groups] == [
        ("25 to 64", 15, "library")
    ]


@pytest.mark.parametrize("moment", ["summarising", "between", "closed", "draft"])
def test_while_no_stage_is_open_there_is_nobody_to_remind(sqlite_app: Flask, moment: str):
    with sqlite_app.app_context():
        assert reminding(make_place(moment), clock.now()) is None


def officer(app: Flask, place: Consultation) -> PageClient:
    return client_as(app, Role.OFFICER, place)


def test_the_page_says_whom_to_ask_and_names_no_small_number(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
        make_panel(place.id, size=100)
        school = make_channel(place, "school", label="Abbey School", kind=ChannelKind.SCHOOL)
        charity = make_channel(place, "charity", label="Abbey Elders", kind=ChannelKind.AGE_CHARITY)
        beginners(place, school, 14)
        beginners(place, charity, 6, "25-64")
        beginners(place, None, 10, "25-64")
    page = officer(sqlite_app, place).get(PAGE).text
    section = page[page.index('id="reminders"') : page.index("The panel</h2>")]
    assert "about 15 people began and have not finished." in section
    assert "Ask the school or college to remind everybody before" in section
    assert "Put a reminder on your own pages" in section
    assert "Abbey Elders" not in section
    assert "charity" not in section
    assert not {"14", "30", "16", "24"} & set(section.replace("16 to 24", "").split())


def test_where_nobody_is_behind_the_page_says_so(sqlite_app: Flask):
    with sqlite_app.app_context():
        place = make_place("survey")
    assert "There is nobody to remind now." in officer(sqlite_app, place).get(PAGE).text


def test_whoever_has_sent_both_is_never_counted_again(in_app: Flask):
    place = make_place("survey")
    place.presented_at = clock.now()
    db.session.commit()
    people = beginners(place, None, 12)
    for someone in people:
        finish(place, someone)
    with in_follow_up(place):
        assert told(place) == {None: 10}
        for someone in people[:3]:
            finish(place, someone, Wave.POST)
        assert told(place) == {}
