"""Coming back with a code, and leaving a computer."""

from tests.access_table import (
    ADMINISTRATOR,
    ELSEWHERE,
    HERE,
    INVALID,
    OK,
    REFUSED,
    RESIDENT,
    RESIDENT_ELSEWHERE,
    SEE_OTHER,
    Row,
    everybody,
)

NO_CONTENT = 204
TYPED = "2222-2222-222X"  # not a code of anybody
NOT_STAFF = {**everybody(INVALID), **dict.fromkeys((*HERE, *ELSEWHERE, ADMINISTRATOR), REFUSED)}

ROWS: dict[str, Row] = {
    "public.returning.enter_code": Row(get=everybody(OK), post=NOT_STAFF, data={"code": TYPED}),
    "public.returning.lost": Row(get=everybody(OK), post=NOT_STAFF, data={"serial": TYPED}),
    "public.returning.finish": Row(post=everybody(SEE_OTHER), ends_session=True),
    "public.returning.finished": Row(get=everybody(OK)),
    "public.returning.hide": Row(post=everybody(SEE_OTHER), ends_session=True),
    "public.returning.hidden": Row(get=everybody(OK)),
    "public.returning.stay": Row(
        post={**everybody(REFUSED), RESIDENT: NO_CONTENT, RESIDENT_ELSEWHERE: NO_CONTENT}
    ),
    "public.returning.clear_sheet": Row(get=everybody(OK)),
    "public.returning.closed_sheet": Row(get=everybody(OK)),
}
