"""Staff signing in and out."""

from tests.access_table import (
    INVALID,
    MOVED,
    NOT_FOUND,
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    everybody,
)

ROWS: dict[str, Row] = {
    "staff.accounts.home": Row(get=everybody(OK, visitor=MOVED)),
    "staff.accounts.set_up": Row(
        get=everybody(NOT_FOUND), post=everybody(NOT_FOUND), values=lambda _scene: {"token": "not-a-link"}
    ),
    "staff.accounts.sign_in": Row(
        get=everybody(SEE_OTHER, visitor=OK),
        # Nobody signs in where somebody takes part.
        post=everybody(SEE_OTHER, visitor=INVALID, resident=REFUSED, resident_elsewhere=REFUSED),
    ),
    "staff.accounts.code": Row(get=everybody(SEE_OTHER), post=everybody(SEE_OTHER)),
    "staff.accounts.sign_out": Row(post=everybody(SEE_OTHER), ends_session=True),
    "staff.accounts.signed_out": Row(get=everybody(OK)),
}
