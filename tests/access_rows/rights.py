"""What is held about oneself."""

from tests.access_table import INVALID, REFUSED, SEE_OTHER, Row, Statuses, in_place, only_residents


def posted(status: int) -> Statuses:
    return only_residents(status, visitor=REFUSED, elsewhere=REFUSED)


ROWS: dict[str, Row] = {
    "resident.rights.about_me": Row(get=only_residents(), values=in_place, place="forum"),
    "resident.rights.consent": Row(
        get=only_residents(),
        post=posted(SEE_OTHER),
        values=in_place,
        data={"quote": "yes", "messages": "no"},
        place="forum",
    ),
    "resident.rights.new_code": Row(
        get=only_residents(), post=posted(SEE_OTHER), values=in_place, place="forum"
    ),
    "resident.rights.download": Row(
        get=only_residents(), post=posted(INVALID), values=in_place, place="forum"
    ),
    "resident.rights.withdraw": Row(
        get=only_residents(), post=posted(INVALID), values=in_place, place="forum"
    ),
}
