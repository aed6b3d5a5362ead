"""The officer's desk: what is sent here is refused for its content, so that nothing of the scene changes."""

from tests.access_table import INVALID, OK, REFUSED, SEE_OTHER, WRONG_MOMENT, Row, Scene, in_place, only


def _draft(*, post: int | None = None, get: bool = True, data: dict[str, str] | None = None) -> Row:
    """A page of officers of a draft; what they send gets ``post``."""
    return Row(
        get=only("officer") if get else None,
        post=None if post is None else only("officer", status=post, visitor=REFUSED),
        values=in_place,
        place="draft",
        data=data or {},
    )


def _survey(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "kind": "survey"}


def _stage() -> Row:
    return Row(
        get=only("officer"),
        post=only("officer", status=INVALID, visitor=REFUSED),
        values=_survey,
        place="survey",
    )


ROWS: dict[str, Row] = {
    "officer.desk.home": Row(get=only("officer", "administrator", elsewhere=OK)),
    "officer.desk.create": Row(
        get=only("officer", "administrator", elsewhere=OK),
        post=only("officer", "administrator", status=INVALID, elsewhere=INVALID, visitor=REFUSED),
    ),
    "officer.desk.overview": _draft(),
    "officer.desk.people": _draft(post=WRONG_MOMENT, data={"version": "0"}),
    "officer.desk.rehearse": _draft(post=INVALID, data={"step": "never"}),
    "officer.desk.carry_on_rehearsing": _draft(get=False, post=WRONG_MOMENT),
    "officer.desk.rehearse_again": _draft(get=False, post=WRONG_MOMENT),
    "officer.desk.end_rehearsal": _draft(get=False, post=SEE_OTHER),
    "officer.desk.publish": _draft(post=INVALID),
    "officer.consultations.about": _draft(post=WRONG_MOMENT, data={"version": "0"}),
    "officer.consultations.timetable": _draft(post=WRONG_MOMENT, data={"version": "0"}),
    "officer.consultations.extend": _stage(),
    "officer.consultations.close": _stage(),
}
