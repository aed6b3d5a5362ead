"""Groups of the forum."""

from tests.access_table import INVALID, REFUSED, WRONG_MOMENT, Row, in_place, only

ROWS: dict[str, Row] = {
    "officer.groups.page": Row(
        get=only("officer"),
        post=only("officer", status=INVALID, visitor=REFUSED),
        values=in_place,
        data={"size": "10"},
        place="summarising",
    ),
    "officer.talk.page": Row(get=only("officer"), values=in_place, place="forum"),
    "officer.groups.again": Row(
        get=only("officer"),
        post=only("officer", status=WRONG_MOMENT, visitor=REFUSED),
        values=in_place,
        data={"version": "1", "size": "10", "instead": "again", "reason": "Ana was ill."},
        place="summarising",
    ),
}
