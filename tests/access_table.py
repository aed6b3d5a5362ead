"""Who gets what from every route: the expectations that `test_access` tries by real requests.

One entry for each endpoint. A new route needs one, else a test fails. For each method of the route
it says which status each kind of person gets; `values` fill the address, `data` the form. A person
"elsewhere" holds the role in another consultation than the one in the address.

    "analyst.analysis.overview": Row(get=only("analyst", "officer"), values=lambda s: {"slug": s.slug}),
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.access import CONSULTATION_ROLES, Role

HERE = tuple(role.value for role in CONSULTATION_ROLES)
ELSEWHERE = tuple(f"{role} elsewhere" for role in HERE)
VISITOR, ADMINISTRATOR = Role.VISITOR.value, Role.ADMINISTRATOR.value
EVERYBODY = (VISITOR, *HERE, *ELSEWHERE, ADMINISTRATOR)

OK, MOVED, SEE_OTHER, REFUSED, NOT_FOUND, WRONG_MOMENT, INVALID = 200, 302, 303, 403, 404, 409, 422

Statuses = Mapping[str, int]


@dataclass(frozen=True)
class Scene:
    """What there is when the requests are made: a closed and compared consultation, by its slug."""

    slug: str


@dataclass(frozen=True)
class Row:
    """What one endpoint answers."""

    get: Statuses | None = None
    post: Statuses | None = None
    values: Callable[[Scene], dict[str, Any]] = lambda _scene: {}
    data: dict[str, str] = field(default_factory=dict)
    ends_session: bool = False

    def expected(self) -> dict[str, Statuses]:
        """The expectations by method."""
        both = {"GET": self.get, "POST": self.post}
        return {method: statuses for method, statuses in both.items() if statuses is not None}


def everybody(status: int, **others: int) -> Statuses:
    """All get ``status``, except those named."""
    return {**dict.fromkeys(EVERYBODY, status), **others}


def only(
    *roles: str,
    status: int = OK,
    visitor: int = MOVED,
    others: int = REFUSED,
    elsewhere: int = NOT_FOUND,
) -> Statuses:
    """Those who hold one of ``roles`` here get ``status``; who holds one elsewhere knows of nothing here."""
    return {
        **dict.fromkeys(EVERYBODY, others),
        VISITOR: visitor,
        **{f"{role} elsewhere": elsewhere for role in roles if f"{role} elsewhere" in ELSEWHERE},
        **dict.fromkeys(roles, status),
    }


def in_place(scene: Scene) -> dict[str, Any]:
    """The address of the consultation of the scene."""
    return {"slug": scene.slug}


TABLE: dict[str, Row] = {
    "public.consultations.home": Row(get=everybody(OK)),
    "public.consultations.health": Row(get=everybody(OK)),
    "staff.accounts.home": Row(get=everybody(OK, visitor=MOVED)),
    "staff.accounts.set_up": Row(
        get=everybody(NOT_FOUND), post=everybody(NOT_FOUND), values=lambda _scene: {"token": "not-a-link"}
    ),
    "staff.accounts.sign_in": Row(
        get=everybody(SEE_OTHER, visitor=OK), post=everybody(SEE_OTHER, visitor=INVALID)
    ),
    "staff.accounts.code": Row(get=everybody(SEE_OTHER), post=everybody(SEE_OTHER)),
    "staff.accounts.sign_out": Row(post=everybody(SEE_OTHER), ends_session=True),
    "staff.accounts.signed_out": Row(get=everybody(OK)),
    # The list is of one's own consultations, so that a role elsewhere sees that other place alone.
    "analyst.analysis.home": Row(get=only("analyst", "officer", elsewhere=OK)),
    "analyst.analysis.overview": Row(get=only("analyst", "officer"), values=in_place),
    "analyst.analysis.reasoning": Row(get=only("analyst", "officer"), values=in_place),
    "analyst.analysis.item": Row(
        get=only("analyst", "officer"),
        values=lambda scene: {"slug": scene.slug, "key": "hours"},
    ),
    "analyst.analysis.make_comparison": Row(
        post=only("analyst", "officer", status=SEE_OTHER, visitor=REFUSED), values=in_place
    ),
    "analyst.exports.downloads": Row(get=only("analyst", "officer"), values=in_place),
    "analyst.exports.download": Row(
        post=only("analyst", "officer", visitor=REFUSED), values=in_place, data={"kind": "csv"}
    ),
}
