"""A made-up bundle in which every file and every column says something."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.making.bundles import AGE_BAND, HOURS, POLICY, WORDS, csv_text, make_bundle
from tests.making.published import published_files

STAGES: dict[str, Any] = {
    "survey": {"opens": datetime(2026, 1, 5, 9), "closes": datetime(2026, 1, 26, 17)},
    "forum": {
        "opens": datetime(2026, 2, 2, 9),
        "closes": datetime(2026, 3, 29, 0, 30),
        "presented": datetime(2026, 2, 2, 8, 59, 59, 500000, tzinfo=UTC),
    },
    "follow_up": {"opens": datetime(2026, 4, 6, 9), "closes": datetime(2026, 4, 20, 17, 0, 0, 250000)},
}
ABOUT: dict[str, Any] = {
    "decision": "How late shops may sell alcohol.",
    "decided_by": "The made-up licensing committee",
    "decides_on": date(2026, 6, 1),
    "area": "Abbeyford",
    "minimum_age": 16,
    "incentive": "A voucher for the “old” market",
    "use": "The committee reads a report.",
}
PLAN: dict[str, Any] = {"primary": ["agree", "hours"], "delta": {"hours": 0.25, "depth": 1.5}}
ITEMS: tuple[dict[str, Any], ...] = (
    HOURS,
    {
        "key": "depth",
        "form": "scale",
        "stem": "Compared with the valley floor the old pit lies …",
        "scale": {"min": -2, "max": 0, "labels": ["deep", "", "level"], "reversed": True},
    },
    {
        "key": "agree",
        "form": "agreement",
        "role": "consideration",
        "stem": "Late shops keep the high street safe.",
        "scale": {"min": 1, "max": 7},
    },
    WORDS,
    {
        "key": "where",
        "form": "choice",
        "stem": "In the evening I mostly go …",
        "waves": ["pre"],
        "other": True,
        "options": [{"key": "home", "label": "home"}, {"key": "out", "label": "out, somewhere"}],
    },
    {
        "key": "often",
        "form": "choice",
        "stem": "I visit the market …",
        "ordered": True,
        "options": [{"key": "0", "label": "never"}, {"key": "1", "label": "often"}],
    },
    POLICY,
    {
        "key": "fact",
        "form": "knowledge",
        "stem": "A licence in Abbeyford lasts …",
        "options": [{"key": "year", "label": "a year"}, {"key": "life", "label": "for ever"}],
        "correct": "life",
    },
    {
        "key": "learnt",
        "form": "evaluation",
        "stem": "I learnt something useful.",
        "scale": {"min": 0, "max": 10, "low": "not at all", "high": "very much"},
    },
    {"key": "moved", "form": "open", "role": "perceived", "stem": "What changed my view was …"},
)
SECOND: dict[str, Any] = {
    "key": "Ward, as on the letter",
    "question": "Which ward do you live in?",
    "why": "To see which parts of the town are missing.",
    "asked": "after",
    "options": [{"key": "north", "label": "North"}, {"key": "south", "label": "South"}],
}
PARTICIPANTS = (
    ["ada", "2026-01-05T09:00:00Z", "library", "g2", "forum", "panel", "en", "yes", "16-24", "south"],
    ["bo b", "2026-01-05T09:00:00.250000Z", "letter", "g1", "delayed", "open", "cy", "no", "prefer_not", ""],
    ["=cy,\u202e", "", "walk-in", "", "", "", "", "", "", "north"],
    ["day", "", "", "g2", "", "", "", "", "25-64", "prefer_not"],
)
RESPONSES = (
    ["ada", "pre", "hours", "", "answered", 2, "", "2026-01-05T09:01:00Z"],
    ["ada", "pre", "depth", "", "answered", -2, "", ""],
    ["ada", "pre", "words", "", "answered", "", ' =1+1, "the\r\nold"\nmarket\t', "2026-01-05T09:02:00Z"],
    ["ada", "pre", "where", "", "answered", "other", "the allotment", ""],
    ["ada", "pre", "policy", "a", "answered", 1, "", "2026-01-05T09:03:00Z"],
    ["ada", "pre", "policy", "b", "answered", 1, "", "2026-01-05T09:03:01Z"],
    ["ada", "pre", "policy", "c", "answered", 3, "", ""],
    ["ada", "pre", "fact", "", "answered", "year", "", ""],
    ["ada", "post", "hours", "", "prefer_not", "", "", ""],
    ["ada", "post", "learnt", "", "answered", 0, "", ""],
    ["ada", "post", "moved", "", "answered", "", "talking with Bo", ""],
    ["bo b", "pre", "where", "", "answered", "out", "", ""],
    ["bo b", "pre", "often", "", "answered", "0", "", ""],
    ["bo b", "pre", "policy", "", "dont_know", "", "", "2026-01-06T09:00:00Z"],
    ["=cy,\u202e", "pre", "words", "", "skipped", "", "", ""],
    ["=cy,\u202e", "post", "words", "", "answered", "", "x" * 100_000, ""],
)
SUBMISSIONS = (
    ["ada", "pre", "submitted", "2026-01-05T09:10:00Z", "library", "no"],
    ["ada", "post", "submitted", "2026-04-20T16:20:00Z", "own", "yes"],
    ["bo b", "pre", "started", "", "paper", ""],
    ["=cy,\u202e", "pre", "submitted", "", "", ""],
    ["=cy,\u202e", "post", "started", "", "", ""],
    ["day", "pre", "submitted", "", "assisted", ""],
)
POSTS = (
    ["p3", "t1", "p1", "ada", "post", "2026-02-03T10:00:00Z", "", "I see it otherwise.", "visible"],
    [
        "p1",
        "t1",
        "",
        "",
        "seed",
        "2026-02-02T09:00:00Z",
        "What people said",
        "Some of you …\n\nOthers …",
        "visible",
    ],
    ["p9", "t2", "", "day", "post", "2026-02-02T09:00:00.000001Z", "Bins", "", "withdrawn"],
    ["p4", "t1", "p3", "", "facilitator", "2026-02-03T11:00:00Z", "", "Why so?", "hidden"],
    ["p5", "t1", "", "", "post", "2026-02-03T12:00:00Z", "", "From the council", "awaiting"],
)
FILES = {
    "submissions.csv": csv_text(
        ("participant", "wave", "status", "submitted_at", "mode", "late"), SUBMISSIONS
    ),
    "targets.csv": csv_text(
        (
            *("variable", "category", "population", "min", "max"),
            *("aim", "min_flex", "max_flex", "with_variable", "with_category"),
        ),
        (
            ["Ward, as on the letter", "south", 41000, 5, "", "", "", "", "", ""],
            ["age_band", "16-24", 0, "", 9, "", "", 12, "", ""],
            ["age_band", "25-64", 70000, 3, 3, 3, 0, "", "", ""],
            ["Ward, as on the letter", "north", "", 2, 4, 3, "", "", "age_band", "25-64"],
        ),
    ),
    "themes.csv": csv_text(
        ("item", "theme", "label", "description", "include", "exclude", "examples", "retired"),
        (
            ["words", "market", "The market", "Stalls, smells", "bread", "prices", "a stall\nthe square", ""],
            ["where", "market", "Market", "", "", "", "", ""],
            ["words", "cars", "Cars", "", "", "", "", "yes"],
        ),
    ),
    "codes.csv": csv_text(
        ("participant", "wave", "item", "coder", "theme", "again"),
        (
            ["=cy,\u202e", "post", "words", "k2", "market", ""],
            ["ada", "pre", "words", "k1", "market", ""],
            ["ada", "pre", "words", "k2", "market", ""],
            ["ada", "pre", "where", "k1", "market", ""],
            ["ada", "pre", "words", "k1", "market", "yes"],
        ),
    ),
    "judgements.csv": csv_text(
        ("participant", "wave", "item", "coder", "outcome", "note", "again"),
        (
            ["=cy,\u202e", "post", "words", "k1", "cannot_code", "=What?\nNo idea, “k1”", ""],
            ["ada", "pre", "words", "k2", "coded", "Surely", ""],
            ["ada", "pre", "words", "k2", "coded", "", "yes"],
        ),
    ),
    "posts.csv": csv_text(
        ("post", "thread", "parent", "participant", "kind", "created_at", "title", "body", "state"), POSTS
    ),
    **published_files(words="the\r\nold"),
    "channels.csv": csv_text(
        ("channel", "label", "aim", "cost"),
        (
            ["letter", "A letter", "5,000 homes", "2500.00"],
            ["library", "library", "", ""],
            ["fair", "The fair", "", "0"],
        ),
    ),
}


def make_full_bundle(path: Path, *, slug: str = "everything-2026", **more: object) -> Path:
    """Write a bundle that uses every file and every column, and text that is hard to keep."""
    keys: dict[str, object] = {
        "summary": "A *made-up* consultation.\n\nIt has two paragraphs.",
        "source": "Made up for tests",
        "plan": PLAN,
        "stages": STAGES,
        "about": ABOUT,
        **more,
    }
    return make_bundle(
        path,
        slug=slug,
        title="Everything about Abbeyford – “really”",
        items=ITEMS,
        demographics=(AGE_BAND, SECOND),
        participant_columns=(
            *("participant", "joined_at", "channel", "group", "arm", "track", "language", "quote"),
            *("age_band", "Ward, as on the letter"),
        ),
        participants=PARTICIPANTS,
        response_columns=("participant", "wave", "item", "option", "status", "value", "text", "answered_at"),
        responses=RESPONSES,
        files=FILES,
        **keys,
    )
