"""Who gets what from every route: the expectations that `test_access` tries by real requests.

One entry for each endpoint, in the module of its room under `access_rows`. A new route needs one, else
a test fails. For each method of the route it says which status each kind of person gets; `values` fill
the address, `data` the form. A person "elsewhere" holds the role in another consultation than the one
in the address. Residents are visitors to staff's pages, and get what visitors get unless a row says else.

    "analyst.analysis.overview": Row(get=only("analyst", "officer"), values=lambda s: {"slug": s.slug}),
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.access import CONSULTATION_ROLES, Role

HERE = tuple(role.value for role in CONSULTATION_ROLES)
ELSEWHERE = tuple(f"{role} elsewhere" for role in HERE)
VISITOR, ADMINISTRATOR = Role.VISITOR.value, Role.ADMINISTRATOR.value
RESIDENT, RESIDENT_ELSEWHERE = Role.RESIDENT.value, f"{Role.RESIDENT.value} elsewhere"
EVERYBODY = (VISITOR, RESIDENT, RESIDENT_ELSEWHERE, *HERE, *ELSEWHERE, ADMINISTRATOR)

OK, MOVED, SEE_OTHER, REFUSED, NOT_FOUND, WRONG_MOMENT, INVALID = 200, 302, 303, 403, 404, 409, 422

Statuses = Mapping[str, int]


@dataclass(frozen=True)
class Scene:
    """What there is when the requests are made.

    ``slug`` is the consultation of the row's place, and the resident takes part in that one. Everything
    in it that a row may name stands in the making: items ``hours``, ``mind``, ``pick`` and so on.
    """

    slug: str
    participant_id: int = 0
    thread: str = ""


@dataclass(frozen=True)
class Row:
    """What one endpoint answers."""

    get: Statuses | None = None
    post: Statuses | None = None
    values: Callable[[Scene], dict[str, Any]] = lambda _scene: {}
    data: dict[str, str] = field(default_factory=dict)
    place: str = "closed"  # or draft, survey, summarising, forum, follow_up: which moment the scene shows
    ends_session: bool = False

    def expected(self) -> dict[str, Statuses]:
        """The expectations by method."""
        both = {"GET": self.get, "POST": self.post}
        return {method: statuses for method, statuses in both.items() if statuses is not None}


def everybody(status: int, **others: int) -> Statuses:
    """All get ``status``, except those named."""
    if "visitor" in others:
        others = {"resident": others["visitor"], "resident_elsewhere": others["visitor"], **others}
    return {**dict.fromkeys(EVERYBODY, status), **{name.replace("_", " "): of for name, of in others.items()}}


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
        **dict.fromkeys((VISITOR, RESIDENT, RESIDENT_ELSEWHERE), visitor),
        **{f"{role} elsewhere": elsewhere for role in roles if f"{role} elsewhere" in ELSEWHERE},
        **dict.fromkeys(roles, status),
    }


def only_residents(
    status: int = OK, *, visitor: int = MOVED, others: int = REFUSED, elsewhere: int = MOVED
) -> Statuses:
    """Who takes part here gets ``status``; strangers are led to the first page, staff here refused."""
    return {
        **dict.fromkeys(EVERYBODY, others),
        **dict.fromkeys((VISITOR, *ELSEWHERE), visitor),
        RESIDENT_ELSEWHERE: elsewhere,
        RESIDENT: status,
    }


def in_place(scene: Scene) -> dict[str, Any]:
    """The address of the consultation of the scene."""
    return {"slug": scene.slug}
