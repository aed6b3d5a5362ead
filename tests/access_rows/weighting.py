"""Who stayed, and weights."""

from tests.access_table import INVALID, REFUSED, Row, in_place, only

ROWS: dict[str, Row] = {
    "analyst.analysis.weights": Row(
        get=only("analyst", "officer"),
        # Nothing is chosen: who may make weights is told so.
        post=only("analyst", "officer", status=INVALID, visitor=REFUSED),
        values=in_place,
    ),
}
