"""Who we need: what is sent here is refused for its content, so that nothing of the scene changes."""

from tests.access_table import INVALID, REFUSED, WRONG_MOMENT, Row, Scene, Statuses, in_place, only

OLD = {"version": "0"}
ASKED_IN_SURVEY = 3  # the third consultation of the scene is the one whose starting survey is open


def _kept(status: int) -> Statuses:
    return only("officer", status=status, visitor=REFUSED)


def _ages(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "key": "age_band"}


def _age_and_sex(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "one": "age_band", "other": "sex"}


def _change(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "change_id": ASKED_IN_SURVEY}


ROWS: dict[str, Row] = {
    "officer.representation.page": Row(get=only("officer"), values=in_place, place="survey"),
    "analyst.representation.page": Row(get=only("analyst", "officer"), values=in_place, place="survey"),
    "analyst.representation.bring_in": Row(
        get=only("analyst", "officer"),
        post=only("analyst", "officer", status=INVALID, visitor=REFUSED),
        values=in_place,
        place="draft",
    ),
    "officer.representation.panel": Row(
        get=only("officer"),
        post=_kept(WRONG_MOMENT),
        values=in_place,
        data={**OLD, "size": "50", "retention": "70"},
        place="draft",
    ),
    "officer.representation.groups": Row(
        get=only("officer"), post=_kept(WRONG_MOMENT), values=_ages, data=OLD, place="draft"
    ),
    "officer.two_questions.choose": Row(get=only("officer"), values=in_place, place="draft"),
    "officer.two_questions.numbers": Row(
        get=only("officer"), post=_kept(WRONG_MOMENT), values=_age_and_sex, data=OLD, place="draft"
    ),
    "officer.representation.bring_in": Row(
        get=only("officer"), post=_kept(INVALID), values=in_place, place="draft"
    ),
    "officer.representation.raise_limit": Row(
        get=only("officer"), post=_kept(INVALID), values=in_place, place="survey"
    ),
    # Without its token no form has an effect: confirming would change the scene for all who come after.
    "officer.representation.change": Row(
        get=only("officer"), post=_kept(INVALID), values=_change, data={"once": ""}, place="survey"
    ),
}
