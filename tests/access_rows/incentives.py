"""Thanks: what is sent here is refused for its content, so that nothing of the scene changes."""

from tests.access_table import (
    INVALID,
    NOT_FOUND,
    OK,
    REFUSED,
    SEE_OTHER,
    WRONG_MOMENT,
    Row,
    Scene,
    Statuses,
    in_place,
    only,
    only_residents,
)


def _posted(status: int) -> Statuses:
    return only_residents(status, visitor=REFUSED, elsewhere=REFUSED)


def _kept(status: int) -> Statuses:
    return only("officer", status=status, visitor=REFUSED)


def _first(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "n": 1}


def _choice(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "key": "choice-1"}


OLD = {"version": "0"}
VOUCHER = {"kind": "voucher", "label": "Voucher", "survey": "5", "follow_up": ""}

ROWS: dict[str, Row] = {
    "resident.incentives.thank_you": Row(get=only_residents(), values=in_place, place="forum"),
    "resident.incentives.choose": Row(
        get=only_residents(SEE_OTHER), post=_posted(INVALID), values=_first, place="forum"
    ),
    "resident.incentives.contact": Row(
        get=only_residents(SEE_OTHER), post=_posted(INVALID), values=in_place, place="forum"
    ),
    "resident.incentives.forget_contact": Row(post=_posted(SEE_OTHER), values=in_place, place="forum"),
    "officer.incentives.offer": Row(get=only("officer"), values=in_place, place="draft"),
    "officer.incentives.plan": Row(
        get=only("officer"),
        post=_kept(WRONG_MOMENT),
        values=in_place,
        data={**OLD, "for_whom": "panel"},
        place="draft",
    ),
    "officer.incentives.add": Row(
        get=only("officer"),
        post=_kept(WRONG_MOMENT),
        values=in_place,
        data={**OLD, **VOUCHER},
        place="draft",
    ),
    "officer.incentives.change": Row(
        get=only("officer"), post=_kept(WRONG_MOMENT), values=_choice, data={**OLD, **VOUCHER}, place="draft"
    ),
    "officer.incentives.remove": Row(
        get=only("officer"), post=_kept(WRONG_MOMENT), values=_choice, data=OLD, place="draft"
    ),
    "officer.incentives.ledger": Row(get=only("officer"), post=_kept(INVALID), values=in_place),
    "officer.incentives.find": Row(get=only("officer"), post=_kept(INVALID), values=in_place),
    "officer.incentives.collect": Row(post=_kept(NOT_FOUND), values=in_place),
    "officer.incentives.undo": Row(post=_kept(NOT_FOUND), values=in_place),
    "officer.incentives.file": Row(post=_kept(OK), values=in_place),
}
