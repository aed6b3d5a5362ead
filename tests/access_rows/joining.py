"""Joining: the page before one starts, and the pages after."""

from typing import Any

from tests.access_table import (
    HERE,
    INVALID,
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    Scene,
    Statuses,
    everybody,
    in_place,
    only_residents,
)


def anybody_new(status: int, *, resident: int) -> Statuses:
    """Staff of the consultation and administrators do not join; who takes part already is led on."""
    refused = dict.fromkeys((*HERE, "administrator"), REFUSED)
    return everybody(status, **refused, resident=resident)


def first_question(scene: Scene) -> dict[str, Any]:
    return {"slug": scene.slug, "n": 1}


POSTED = only_residents(SEE_OTHER, visitor=REFUSED, elsewhere=REFUSED)
ROWS: dict[str, Row] = {
    "public.recruitment.join": Row(
        get=anybody_new(OK, resident=OK),
        post=anybody_new(INVALID, resident=SEE_OTHER),
        values=in_place,
        place="survey",
    ),
    "public.recruitment.withdrawn": Row(get=everybody(OK)),
    "resident.recruitment.name": Row(
        get=only_residents(),
        post=POSTED,
        values=in_place,
        data={"choice": "own", "own": "Brave Wren"},
        place="survey",
    ),
    "resident.recruitment.about_you": Row(
        get=only_residents(), post=POSTED, values=first_question, place="survey"
    ),
    "resident.recruitment.code": Row(
        get=only_residents(),
        post=only_residents(visitor=REFUSED, elsewhere=REFUSED),
        values=in_place,
        place="survey",
    ),
    "resident.recruitment.slip": Row(get=only_residents(SEE_OTHER), values=in_place, place="survey"),
}
