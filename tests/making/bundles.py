"""Bundles: folders of files that `consult load` reads."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w

Rows = Iterable[Sequence[object]]

HOURS: dict[str, Any] = {
    "key": "hours",
    "form": "scale",
    "stem": "The number of places in Abbeyford selling alcohol late at night should be …",
    "scale": {"min": 1, "max": 5, "low": "cut a lot", "high": "increased a lot", "favour_from": 4},
}
WORDS: dict[str, Any] = {
    "key": "words",
    "form": "open",
    "stem": "What I like most about the high street is …",
}
POLICY: dict[str, Any] = {
    "key": "policy",
    "form": "rank",
    "role": "preference",
    "stem": "My order of preference is …",
    "options": [
        {"key": "a", "label": "Fewer licences"},
        {"key": "b", "label": "Earlier closing"},
        {"key": "c", "label": "No change"},
    ],
}
ITEMS = (HOURS, WORDS, POLICY)
AGE_BAND: dict[str, Any] = {
    "key": "age_band",
    "question": "Which age group are you in?",
    "options": [{"key": "16-24", "label": "16 to 24"}, {"key": "25-64", "label": "25 to 64"}],
}
PEOPLE = (["ada", "16-24"], ["bo", "25-64"], ["cy", "prefer_not"])
RESPONSES = (
    ["ada", "pre", "hours", "", "answered", "2", ""],
    ["ada", "pre", "words", "", "answered", "", "the old market"],
    ["ada", "pre", "policy", "a", "answered", "1", ""],
    ["ada", "pre", "policy", "b", "answered", "2", ""],
    ["ada", "pre", "policy", "c", "answered", "3", ""],
    ["ada", "post", "hours", "", "answered", "4", ""],
    ["bo", "pre", "hours", "", "dont_know", "", ""],
    ["bo", "pre", "policy", "", "skipped", "", ""],
    ["bo", "post", "hours", "", "answered", "5", ""],
)
RESPONSE_COLUMNS = ("participant", "wave", "item", "option", "status", "value", "text")


def csv_text(columns: Sequence[str], rows: Rows) -> str:
    """A CSV file as text, with a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def make_bundle(
    path: Path,
    *,
    slug: str = "licensing-2026",
    title: str = "Late licences in Abbeyford",
    state: str = "closed",
    items: Sequence[Mapping[str, Any]] = ITEMS,
    demographics: Sequence[Mapping[str, Any]] = (AGE_BAND,),
    participants: Rows = PEOPLE,
    participant_columns: Sequence[str] = ("participant", "age_band"),
    responses: Rows = RESPONSES,
    response_columns: Sequence[str] = RESPONSE_COLUMNS,
    files: Mapping[str, str] | None = None,
    **more: object,
) -> Path:
    """Write a bundle folder at ``path`` and return it.

    ``files`` holds further files by name, as text, and may replace the usual ones; ``more`` holds
    further keys of `consultation.toml`, such as ``plan`` and ``stages``.
    """
    path.mkdir(parents=True, exist_ok=True)
    content: dict[str, object] = {"format": 1, "slug": slug, "title": title, "state": state, **more}
    content["demographics"] = [dict(demographic) for demographic in demographics]
    content["items"] = [dict(item) for item in items]
    texts = {
        "consultation.toml": tomli_w.dumps(content),
        "participants.csv": csv_text(participant_columns, participants),
        "responses.csv": csv_text(response_columns, responses),
        **(files or {}),
    }
    for name, text in texts.items():
        (path / name).write_bytes(text.encode())
    return path


def make_large_bundle(path: Path, *, people: int, items: int = 20, slug: str = "large-2026") -> Path:
    """Write a bundle in which everybody answered ``items`` scale items in both waves."""
    make_bundle(
        path,
        slug=slug,
        title="A large one",
        items=[{**HOURS, "key": f"item-{n}"} for n in range(items)],
        demographics=(),
        participant_columns=("participant",),
        participants=([f"person-{n:06d}"] for n in range(people)),
        responses=(),
    )
    with (path / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("participant", "wave", "item", "option", "status", "value"))
        for person in range(people):
            writer.writerows(
                (f"person-{person:06d}", wave, f"item-{n}", "", "answered", 1 + (person + n) % 5)
                for wave in ("pre", "post")
                for n in range(items)
            )
    return path
