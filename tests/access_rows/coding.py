"""Coding: what is sent here is refused for its content, or finds nothing to change."""

from tests.access_table import (
    INVALID,
    NOT_FOUND,
    OK,
    REFUSED,
    WRONG_MOMENT,
    Row,
    Scene,
    Statuses,
    in_place,
    only,
)


def _worded(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "key": "words"}


def _posted(status: int) -> Statuses:
    return only("officer", "analyst", status=status, visitor=REFUSED)


def _theme(scene: Scene) -> dict[str, object]:
    return {**_worded(scene), "theme_id": 999}


def _version(scene: Scene) -> dict[str, object]:
    return {**_worded(scene), "number": 9}


SEEN, NONE_YET = only("officer", "analyst"), only("officer", "analyst", status=NOT_FOUND)
A = "summarising"
ROWS: dict[str, Row] = {
    "analyst.coding.home": Row(get=SEEN, values=in_place, place=A),
    "analyst.coding.codebook": Row(get=SEEN, values=_worded, place=A),
    "analyst.coding.add_theme": Row(get=SEEN, post=_posted(INVALID), values=_worded, place=A),
    "analyst.coding.change_theme": Row(get=NONE_YET, post=_posted(NOT_FOUND), values=_theme, place=A),
    "analyst.coding.move_theme": Row(post=_posted(NOT_FOUND), values=_theme, place=A),
    "analyst.coding.retire_theme": Row(post=_posted(NOT_FOUND), values=_theme, place=A),
    "analyst.coding.freeze": Row(post=_posted(INVALID), values=_worded, place=A),
    "analyst.coding.suggest": Row(post=_posted(INVALID), values=_worded, data={"k": "1"}, place=A),
    "analyst.coding.version": Row(get=NONE_YET, values=_version, place=A),
    "analyst.coding.start": Row(get=SEEN, post=_posted(WRONG_MOMENT), values=_worded, place=A),
    "analyst.coding.bring_in": Row(post=_posted(WRONG_MOMENT), values=_worded, place=A),
    "analyst.coding.agreement": Row(get=SEEN, values=_worded, place=A),
    "analyst.texts.read": Row(get=NONE_YET, post=_posted(NOT_FOUND), values=_worded, place=A),
    "analyst.texts.decide": Row(get=NONE_YET, post=_posted(NOT_FOUND), values=_worded, place=A),
    "analyst.texts.columns": Row(get=NONE_YET, post=_posted(NOT_FOUND), values=_worded, place=A),
    "analyst.texts.download": Row(post=_posted(OK), values=_worded, place=A),
    "analyst.analysis.end_coding": Row(post=_posted(WRONG_MOMENT), values=_worded, place="closed"),
}
