"""The officer's pages about items."""

from tests.access_table import NOT_FOUND, OK, REFUSED, SEE_OTHER, Row, Scene, in_place, only

OFFICER = only("officer")


def _hours(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "key": "hours"}


def _writing(status: int) -> dict[str, int]:
    return dict(only("officer", status=status, visitor=REFUSED))


ROWS: dict[str, Row] = {
    "officer.surveys.items": Row(get=OFFICER, values=in_place, place="draft"),
    "officer.surveys.add": Row(
        get=OFFICER, post=_writing(OK), values=in_place, data={"stem": "I would like …"}, place="draft"
    ),
    "officer.surveys.edit": Row(
        get=OFFICER, post=_writing(OK), values=_hours, data={"action": "add"}, place="draft"
    ),
    "officer.surveys.sentences": Row(
        get=OFFICER,
        post=_writing(SEE_OTHER),
        values=_hours,
        data={"version": "1", "reads_well": "y"},
        place="draft",
    ),
    "officer.surveys.preview": Row(get={**OFFICER, "administrator": NOT_FOUND}, values=_hours, place="draft"),
    "moderator.surveys.preview": Row(
        get={
            **only("moderator", "analyst", "officer"),
            "administrator": REFUSED,
        },
        values=in_place,
        place="draft",
    ),
    "officer.surveys.move": Row(
        post=_writing(SEE_OTHER), values=_hours, data={"move": "down depth"}, place="draft"
    ),
    "officer.surveys.remove": Row(
        get=OFFICER,
        post=_writing(SEE_OTHER),
        values=lambda scene: {"slug": scene.slug, "key": "often"},
        data={"version": "1"},
        place="draft",
    ),
    "officer.surveys.correct": Row(
        get=OFFICER,
        post=_writing(SEE_OTHER),
        values=_hours,
        data={
            "version": "1",
            "text_0": "The number of places in Abbeyford that sell alcohol late at night should be …",
            "reason": "A slip.",
            "same_meaning": "y",
        },
        place="survey",
    ),
}
