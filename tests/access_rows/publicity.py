"""Publicity: officers of the consultation alone, but for the address that leads to joining."""

from typing import Any

from tests.access_table import (
    INVALID,
    MOVED,
    OK,
    REFUSED,
    WRONG_MOMENT,
    Row,
    Scene,
    everybody,
    in_place,
    only,
)
from tests.making.publicity import CHANNEL


def _channel(scene: Scene) -> dict[str, Any]:
    return {"slug": scene.slug, "channel": CHANNEL}


def _shown() -> Row:
    return Row(get=only("officer"), values=_channel, place="survey")


def _edited(post: int) -> Row:
    return Row(
        get=only("officer"),
        post=only("officer", status=post, visitor=REFUSED),
        values=_channel,
        place="survey",
        data={"label": "Mill Road", "kind": "library", "version": "0"},
    )


ROWS: dict[str, Row] = {
    "public.publicity.arrive": Row(get=everybody(MOVED), values=_channel, place="survey"),
    "officer.publicity.page": Row(get=only("officer", status=OK), values=in_place, place="survey"),
    "officer.publicity.add": Row(
        get=only("officer"),
        post=only("officer", status=INVALID, visitor=REFUSED),
        values=in_place,
        place="survey",
    ),
    "officer.publicity.channel": _shown(),
    "officer.publicity.change": _edited(WRONG_MOMENT),
    "officer.publicity.remove": _edited(WRONG_MOMENT),
    "officer.publicity.poster": _shown(),
    "officer.publicity.letter": _shown(),
    "officer.publicity.poster_pdf": _shown(),
    "officer.publicity.letter_pdf": _shown(),
}
