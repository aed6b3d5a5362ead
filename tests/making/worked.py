"""The worked example of the method as a bundle: twenty-eight people, of whom twenty stayed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.making.bundles import HOURS, csv_text, make_bundle
from tests.stats.cases import reference

EXAMPLE = "golden/worked_example.json"
SLUG = "worked"
AS_ASKED: Mapping[str, Mapping[str, str]] = {
    "sex": {"F": "F", "M": "M"},
    "age": {"16-34": "16-34", "35-64": "35-64", "65+": "65+"},
    "eth": {"White": "White", "Minority ethnic": "Minority ethnic"},
}
YOUNG: Mapping[str, Mapping[str, str]] = {
    "sex": AS_ASKED["sex"],
    "age": {"16-34": "16-34", "35-64": "older", "65+": "older"},
}
"""As the example's model of staying tells people apart."""


def example() -> Any:
    return reference(EXAMPLE)


def people() -> list[dict[str, Any]]:
    """Everybody of the example, those who stayed first."""
    data = example()["data"]
    return [*data["respondents"], *data["dropouts_t1_only"]]


def margins(asked: Mapping[str, Mapping[str, str]] = AS_ASKED) -> dict[str, dict[str, int]]:
    """How many of 10,000 people live here, by question and group."""
    found: dict[str, dict[str, int]] = {}
    for name, groups in asked.items():
        counts = found.setdefault(name, dict.fromkeys(groups.values(), 0))
        for group, share in example()["data"]["population_margins"][name].items():
            counts[groups[group]] += round(10_000 * share)
    return found


def worked_bundle(
    path: Path, *, asked: Mapping[str, Mapping[str, str]] = AS_ASKED, has_targets: bool = True, **more: Any
) -> Path:
    """Write the example as a bundle; ``asked`` says what people are asked of themselves."""
    answers: list[Sequence[object]] = []
    for who in people():
        answers += [
            (who["id"], wave, "hours", "", "answered", who[given], "")
            for wave, given in (("pre", "t1"), ("post", "t3"))
            if who.get(given) is not None
        ]
    targets = [
        (name, group, count) for name, counts in margins(asked).items() for group, count in counts.items()
    ]
    return make_bundle(
        path,
        slug=SLUG,
        items=[HOURS],
        demographics=[_question(name, groups.values()) for name, groups in asked.items()],
        participants=[
            [who["id"], *(groups[who[name]] for name, groups in asked.items())] for who in people()
        ],
        participant_columns=("participant", *asked),
        responses=answers,
        files={"targets.csv": csv_text(("variable", "category", "population"), targets)}
        if has_targets
        else {},
        **more,
    )


def talked_bundle(path: Path) -> Path:
    """Write the example with its discussion groups and what was written in them, as many words as it says."""
    worked_bundle(path)
    rows = [
        [who["id"], who["sex"], who["age"], who["eth"], f"group-{who['group']}" if "group" in who else ""]
        for who in people()
    ]
    columns = ("participant", *AS_ASKED, "group")
    (path / "participants.csv").write_text(csv_text(columns, rows), encoding="utf-8")
    posts, threads = [], {}
    for n, post in enumerate(example()["data"]["forum_posts"]):
        parent, is_staff = post["parent"] or "", post["author"] == "MOD"
        threads[post["id"]] = threads.get(parent, post["id"])
        words = " ".join(["word"] * post["words"])
        author, kind = ("", "seed") if is_staff else (post["author"], "post")
        at = f"2026-02-02T10:{n:02}:00Z"
        posts.append(
            [post["id"], threads[post["id"]], parent, author, kind, at, "T" if is_staff else "", words]
        )
    names = ("post", "thread", "parent", "participant", "kind", "created_at", "title", "body")
    (path / "posts.csv").write_text(csv_text(names, posts), encoding="utf-8")
    return path


def _question(name: str, groups: Iterable[str]) -> dict[str, Any]:
    options = [{"key": group, "label": group} for group in dict.fromkeys(groups)]
    return {"key": name, "question": f"What is your {name}?", "options": options}
