"""A consultation with an unfinished sentence, what people wrote to it, and what coders made of it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from consult import clock
from consult.uktime import uk_time
from tests.making.bundles import HOURS, csv_text, make_bundle
from tests.making.places import DAY, WHEN

SLUG, ITEM, STEM = "bars-2026", "why", "When I think about late bars near my home, I …"
WHY = {"key": ITEM, "form": "open", "stem": STEM}
SPOKEN = {
    "noise": (
        "cannot sleep for the noise",
        "hear shouting and loud music at night",
        "lie awake, music is loud",
    ),
    "litter": (
        "see broken glass and litter",
        "find litter and glass on the pavement",
        "step over broken glass",
    ),
    "trade": ("am glad of jobs and trade", "see jobs for young people", "want local trade and jobs to grow"),
    "buses": ("wish for night buses", "miss the last bus home", "walk because no bus runs at night"),
}
ENDINGS = ("", " every weekend", ", as my neighbours do", " and I said so before", " in my street")


def completions(people: int) -> list[str]:
    """What so many made-up people wrote: four themes in turn, in different words."""
    sentences = list(zip(*SPOKEN.values(), strict=True))
    return [sentences[n // 4 % 3][n % 4] + ENDINGS[n // 12 % len(ENDINGS)] for n in range(people)]


def make_completions(
    path: Path,
    texts: Iterable[str] = (),
    *,
    moment: str | None = None,
    codes: Sequence[Sequence[str]] = (),
    themes: Sequence[str] = tuple(SPOKEN),
    post: Mapping[int, str] | None = None,
    **more: Any,
) -> Path:
    """Write the consultation as a bundle: closed without dates, or at that moment now.

    ``codes`` are rows of person, wave, coder and theme; ``post`` is what some wrote in the follow-up.
    """
    written = list(texts)
    answers = [
        [f"p{n}", "pre", ITEM, "", "answered", "", text] for n, text in enumerate(written) if text.strip()
    ]
    answers += [[f"p{n}", "post", ITEM, "", "answered", "", text] for n, text in (post or {}).items()]
    if moment is not None:
        now = clock.now().replace(minute=0, second=0, microsecond=0)
        times = [uk_time(now + days * DAY) for days in WHEN[moment]]
        kinds = ("survey", "forum", "follow_up")
        more["stages"] = {
            kind: {"opens": times[2 * n], "closes": times[2 * n + 1]} for n, kind in enumerate(kinds)
        }
        more["state"] = "published"
    columns = ("participant", "wave", "item", "coder", "theme")
    files = {
        "themes.csv": csv_text(("item", "theme", "label"), [[ITEM, key, key.title()] for key in themes]),
        "codes.csv": csv_text(columns, [[who, wave, ITEM, coder, key] for who, wave, coder, key in codes]),
    }
    return make_bundle(
        path,
        **{"slug": SLUG, **more},
        title="Late bars in Abbeyford",
        items=(WHY, HOURS),
        demographics=(),
        participant_columns=("participant",),
        participants=[[f"p{n}"] for n in range(max(len(written), 1))],
        responses=answers,
        files=files,
    )
