"""The analyst's pages."""

from tests.access_table import (
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    in_place,
    only,
)

ROWS: dict[str, Row] = {
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
}
