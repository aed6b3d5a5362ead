"""Answering: nobody but the participant gets to these pages, and nobody's answers are anybody else's."""

from typing import Any

from tests.access_table import (
    MOVED,
    REFUSED,
    SEE_OTHER,
    WRONG_MOMENT,
    Row,
    Scene,
    everybody,
    in_place,
    only_residents,
)


def first(scene: Scene) -> dict[str, Any]:
    """The address of the first item."""
    return {"slug": scene.slug, "n": 1}


def posted(status: int) -> dict[str, int]:
    """Only the participant may send something; what becomes of it is the pages' own business."""
    return dict(everybody(REFUSED, resident=status))


ROWS: dict[str, Row] = {
    "resident.surveys.carry_on": Row(get=only_residents(MOVED), values=in_place, place="survey"),
    "resident.surveys.waiting": Row(get=only_residents(), values=in_place, place="summarising"),
    "resident.surveys.support": Row(get=only_residents(), values=in_place, place="survey"),
    "resident.surveys.survey": Row(
        get=only_residents(), post=posted(SEE_OTHER), values=first, data={"answer": "2"}, place="survey"
    ),
    "resident.surveys.survey_about_you": Row(
        get=only_residents(SEE_OTHER), post=posted(SEE_OTHER), values=first, place="survey"
    ),
    "resident.surveys.check_survey": Row(
        get=only_residents(MOVED), post=posted(SEE_OTHER), values=in_place, place="survey"
    ),
    "resident.surveys.survey_sent": Row(get=only_residents(MOVED), values=in_place, place="survey"),
    # The resident of the scene never sent the starting survey, so there is nothing to follow up.
    "resident.surveys.follow_up": Row(
        get=only_residents(MOVED),
        post=posted(WRONG_MOMENT),
        values=first,
        data={"answer": "2"},
        place="follow_up",
    ),
    "resident.surveys.check_follow_up": Row(
        get=only_residents(MOVED), post=posted(WRONG_MOMENT), values=in_place, place="follow_up"
    ),
    "resident.surveys.follow_up_sent": Row(get=only_residents(MOVED), values=in_place, place="follow_up"),
    "resident.surveys.your_views": Row(
        get=only_residents(MOVED), post=posted(WRONG_MOMENT), values=in_place, place="follow_up"
    ),
}
