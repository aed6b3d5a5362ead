"""Nothing is frozen that an answer could still be missing from."""

from datetime import timedelta

import pytest

from consult import clock
from consult.access import OPERATOR, Role
from consult.analysis import queries
from consult.analysis.service import comparison, freeze_if_closed
from consult.consultations.models import StageKind
from consult.errors import Conflict
from tests.making.accounts import client_as
from tests.making.places import make_place, make_resident

MINUTE = timedelta(minutes=1)


def end_of(place):
    return next(stage.closes_at for stage in place.stages if stage.kind is StageKind.FOLLOW_UP)


def test_the_comparison_waits_for_answers_that_were_begun_in_time(in_app):
    place = make_place("follow_up")
    make_resident(place)
    with clock.frozen(end_of(place) + 29 * MINUTE):
        assert not freeze_if_closed(OPERATOR, place)
        with pytest.raises(Conflict, match="can come in until"):
            comparison(OPERATOR, place)
    with clock.frozen(end_of(place) + 30 * MINUTE):
        assert comparison(OPERATOR, place)["n"]["post"] == 0
        assert freeze_if_closed(OPERATOR, place)


def test_what_came_from_files_waits_for_nobody(in_app):
    place = make_place("follow_up")
    with clock.frozen(end_of(place) + MINUTE):
        assert freeze_if_closed(OPERATOR, place)


def test_the_page_says_until_when_answers_can_come(in_app):
    place = make_place("follow_up")
    make_resident(place)
    with clock.frozen(end_of(place) + 10 * MINUTE):
        analyst = client_as(in_app, Role.ANALYST, place)
        page = analyst.get("/analyst/follow-up-place/").text
        assert "can come in until" in page
        assert "Make the comparison" not in page
        refused = analyst.send("/analyst/follow-up-place/comparison", page="/analyst/follow-up-place/weights")
        assert refused.status_code == 409
    assert queries.find_snapshot(place.id) is None
