"""Pages of administrators."""

from tests.access_table import INVALID, NOT_FOUND, Row, only

NOBODY = {"staff_id": 999_999}

ROWS: dict[str, Row] = {
    "admin.accounts.home": Row(get=only("administrator")),
    "admin.accounts.audit": Row(get=only("administrator")),
    "admin.accounts.add": Row(
        get=only("administrator"), post=only("administrator", status=INVALID, visitor=403)
    ),
    "admin.accounts.member": Row(get=only("administrator", status=NOT_FOUND), values=lambda _: NOBODY),
    **{
        f"admin.accounts.{deed}": Row(
            post=only("administrator", status=NOT_FOUND, visitor=403), values=lambda _: NOBODY
        )
        for deed in ("reset", "end_sessions", "switch")
    },
    "admin.accounts.give_role": Row(
        post=only("administrator", status=NOT_FOUND, visitor=403),
        values=lambda _: NOBODY,
        data={"role": "officer", "consultation": ""},
    ),
    "admin.accounts.take_role": Row(
        post=only("administrator", status=NOT_FOUND, visitor=403),
        values=lambda _: NOBODY,
        data={"role": "officer"},
    ),
}
