"""The public pages of consultations."""

from tests.access_table import OK, Row, everybody, in_place

ROWS: dict[str, Row] = {
    "public.consultations.home": Row(get=everybody(OK)),
    "public.consultations.health": Row(get=everybody(OK)),
    "public.consultations.page": Row(get=everybody(OK), values=in_place),
    **{
        f"public.consultations.{name}": Row(get=everybody(OK))
        for name in ("privacy", "accessibility", "cookies", "methods")
    },
}
