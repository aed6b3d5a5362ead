"""Published summaries as files of a bundle."""

import json
from collections.abc import Sequence
from typing import Any

from consult.summaries.publishing import digest, fingerprint
from tests.making.bundles import csv_text

SUMMARY_COLUMNS = (
    *("item", "thread", "title", "counts_shown", "seed", "published_at"),
    *("approved_by", "override", "completions", "content", "sha256"),
)
POSITION_COLUMNS = ("item", "position", "completion", "reasons", "worry", "opposes")
QUOTATION_COLUMNS = ("item", "position", "participant", "wave", "words", "state")
TITLE = "What people like, “really”"
OVERRIDE = "The survey closed late:\nnobody could be asked."
SALT = "0123456789abcdef01234567"
SEED = 1_234_567
WORDS = {
    "market": ("… the =market", 'It is old,\nand "ours".', "That it goes."),
    "quiet": ("… the quiet", "Sleep.", ""),
}


def make_content(
    item: str = "words",
    form: str = "open",
    quoted: Sequence[tuple[str, str]] = (("market", "the old market"),),
    **more: Any,
) -> dict[str, Any]:
    """The content of a summary with two positions that oppose each other."""
    return {
        "format": 1,
        "title": TITLE,
        "item": {"key": item, "stem": "What I like most is …", "form": form},
        "completions": {"told": "number", "number": 20},
        "positions": [
            _position("market", "quiet", quoted, told="number", number=15),
            _position("quiet", None, quoted, told="few", number=None),
        ],
        "counts_shown": "by_lot",
        "quotations": {"seed": SEED, "longest": 40},
        "codebook": 1,
        "agreement": {"alpha": "0.81", "reading": "counts"},
        "fairness": {"gap": 0.75, "is_fair": False},
        "override": OVERRIDE,
        "approved_by": "officer",
        "published_at": "2026-02-02T08:59:59Z",
        **more,
    }


def _position(
    key: str, opposes: str | None, quoted: Sequence[tuple[str, str]], **told: object
) -> dict[str, Any]:
    completion, reasons, worry = WORDS[key]
    return {
        "key": key,
        "completion": completion,
        "reasons": reasons,
        "worry": worry,
        "opposes": opposes,
        "reading": "counts",
        **told,
        "quotations": [
            {"id": 7 + n, "words": words, "salt": SALT, "sha256": fingerprint(words, SALT)}
            for n, (position, words) in enumerate(quoted)
            if position == key
        ],
        "fairness": {"mean": 4.2 if key == "market" else None, "is_of_all_holders": key != "market"},
    }


def summary_row(content: dict[str, Any], *, thread: str = "t1", sha256: str | None = None) -> list[object]:
    """The row of `summaries.csv` that says the same as the content."""
    return [
        content["item"]["key"],
        thread,
        TITLE,
        "by_lot",
        SEED,
        "2026-02-02T08:59:59.500000Z",
        "officer-7",
        OVERRIDE,
        21,
        json.dumps(content, ensure_ascii=False, sort_keys=True),
        sha256 or digest(content),
    ]


def position_rows(item: str = "words") -> list[list[str]]:
    """The rows of `positions.csv`, among them one that is not published: nobody held it in the end."""
    return [
        [item, "market", *WORDS["market"], "quiet"],
        [item, "cars", "… no cars", "", "", ""],
        [item, "quiet", *WORDS["quiet"], ""],
    ]


def published_files(
    person: str = "ada", words: str = "the old market", content: dict[str, Any] | None = None
) -> dict[str, str]:
    """The three files of one summary that quotes one person."""
    said = content or make_content(quoted=[("market", words)])
    return {
        "summaries.csv": csv_text(SUMMARY_COLUMNS, [summary_row(said)]),
        "positions.csv": csv_text(POSITION_COLUMNS, position_rows()),
        "quotations.csv": csv_text(
            QUOTATION_COLUMNS, [["words", "market", person, "pre", words, "accepted"]]
        ),
    }
