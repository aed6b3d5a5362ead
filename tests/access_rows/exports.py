"""Downloads."""

from tests.access_table import (
    REFUSED,
    Row,
    in_place,
    only,
)

ROWS: dict[str, Row] = {
    "analyst.exports.downloads": Row(get=only("analyst", "officer"), values=in_place),
    "analyst.exports.download": Row(
        post=only("analyst", "officer", visitor=REFUSED), values=in_place, data={"kind": "csv"}
    ),
}
