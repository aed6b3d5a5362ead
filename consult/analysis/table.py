"""The comparison as a table for people at the command line."""

from textwrap import shorten
from typing import Any

from consult.analysis.words import VERDICTS, number, people, signed

STEM_WIDTH = 44
DOSES = {"topics_read": "topic read", "posts_written": "post written"}
WITH_WEIGHTS = frozenset({"items", "nominal", "reasoning", "weighting"})  # what notes say of weights


def as_table(content: dict[str, Any]) -> str:
    """Lay out the comparison in plain text: one line an item, then rankings, choices and reasoning."""
    n = content["n"]
    lines = [
        (
            f"{content['consultation']}:"
            f" {people(n['pre'])} answered before, {n['post']:,} after, {n['paired']:,} both"
        ),
    ]
    lines += _weights(content)
    lines += _section("", content)
    for part in content.get("by", ()):
        lines += ["", f"{part['value']}: {people(part['n']['paired'])} answered both times"]
        lines += _section("  ", part)
    for entry in content["themes"]:
        lines += ["", *_themes(entry)]
    if content["reasoning"]:
        lines += ["", *_grid(_reasoning(content["reasoning"]))]
    if any(row["slope"] is not None for row in content.get("exposure", ())):
        lines += ["", *_exposure(content["exposure"])]
    notes = [note for note in content["notes"] if "." in note["path"] or "[" in note["path"]]
    if "weighting" in content:
        notes += [note for note in content["notes"] if note["path"] in WITH_WEIGHTS]
    if notes:
        lines += ["", *(f"Note: {note['path']}: {note['reason']}" for note in notes)]
    return "\n".join(lines)


def _weights(content: dict[str, Any]) -> list[str]:
    """What the weights cost, and every change as it is without them."""
    if "weighting" not in content:
        return []
    weighting = content["weighting"]
    report = weighting["report"]
    lines = [
        "",
        (
            f"With weights (version {weighting['version']}): {people(report['n'])} tell as much as"
            f" {number(report['n_eff'], 1)}; one counts for {number(report['least'])} to"
            f" {number(report['greatest'])}"
        ),
    ]
    lines += [f"  {variable['variable']}: {_made_alike(variable)}" for variable in report["variables"]]
    lines += [f"  Not used: {each['reason']}" for each in report["left_out"]]
    head = ["item", "option", "change without weights", "could be", ""]
    rows = [
        [entry["item"], entry["option"] or "", *_moved(entry["unweighted"]), _verdict(entry["unweighted"])]
        for entry in weighting["items"]
    ]
    return [*lines, "", *_grid([head, *rows])] if rows else lines


def _made_alike(variable: dict[str, Any]) -> str:
    if variable["dropped"] == "unanswered":
        return "not used, too many did not answer it"
    if variable["dropped"]:
        return "not used, too few people of its groups stayed"
    together = [" with ".join(group) for group in variable["groups"] if len(group) > 1]
    said = f"off by {100 * variable['largest_error']:.2g} in 100 at most"
    return f"{said}; put together: {', '.join(together)}" if together else said


def _verdict(entry: dict[str, Any]) -> str:
    return VERDICTS.get(entry["verdict"] or "", "")


def _section(indent: str, content: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    if content["items"]:
        head = ["item", "both", "before", "after", "change", "could be", "", "stem"]
        rows = [head, *(_item(entry) for entry in content["items"])]
        lines += ["", *_grid(rows)]
    if content["ranks"]:
        head = ["ranking", "option", "both", "before", "after", "change", "could be"]
        rows = [head, *([e["item"], e["option"], *_change(e)] for e in content["ranks"])]
        lines += ["", *_grid(rows)]
    for entry in content.get("nominal", ()):
        lines += [
            "",
            (
                f"{entry['item']} ({entry['form']}): {people(entry['n_paired'])} answered both times;"
                f" before {entry['counts_pre']}, after {entry['counts_post']}"
            ),
        ]
    return [f"{indent}{line}" if line else "" for line in lines]


def _change(entry: dict[str, Any]) -> list[str]:
    return [
        f"{entry['n_paired']:,}",
        number(entry["mean_pre_paired"] if entry["n_paired"] else entry["mean_pre"]),
        number(entry["mean_post_paired"] if entry["n_paired"] else entry["mean_post"]),
        *_moved(entry),
    ]


def _moved(entry: dict[str, Any]) -> list[str]:
    return [
        signed(entry["mean_change"]),
        "" if entry["ci_low"] is None else f"{signed(entry['ci_low'])} to {signed(entry['ci_high'])}",
    ]


def _item(entry: dict[str, Any]) -> list[str]:
    return [
        entry["item"],
        *_change(entry),
        _verdict(entry),
        shorten(entry["stem"], STEM_WIDTH, placeholder="…"),
    ]


def _themes(entry: dict[str, Any]) -> list[str]:
    """How often each theme of an open item was found, beside how often its coders differ about one text."""
    head = ["theme", "before", "after", "change", "could be", "came or went", "coders differ"]
    rows = [
        [
            theme["label"],
            _in_hundred(theme["share_pre"]),
            _in_hundred(theme["share_post"]),
            _in_hundred(theme["share_change"]),
            ""
            if theme["share_ci_low"] is None
            else f"{_in_hundred(theme['share_ci_low'])} to {_in_hundred(theme['share_ci_high'])}",
            _in_hundred(theme["changed"]),
            _in_hundred(theme["noise"]),
        ]
        for theme in entry["themes"]
    ]
    said = f"{entry['item']} (themes, in 100 people): {people(entry['n_paired'])} answered both times"
    return [said, *_grid([head, *rows])]


def _in_hundred(share: float | None) -> str:
    return "" if share is None else number(100 * share, 0)


def _reasoning(rows: list[dict[str, Any]]) -> list[list[str]]:
    head = ["reason index", "people", "before", "after", "over chance before", "over chance after"]
    return [
        head,
        *(
            [
                row["group"] if row["group"] is not None else "everybody",
                f"{row['n']:,}",
                *(number(row[key], 3) for key in ("dri_pre", "dri_post", "excess_pre", "excess_post")),
            ]
            for row in rows
        ),
    ]


def _exposure(rows: list[dict[str, Any]]) -> list[str]:
    """What people did in the forum beside how they changed, and that this is no effect."""
    head = ["item", "for one more", "people", "points", "could be"]
    lines = [
        [
            row["item"],
            DOSES[row["dose"]],
            f"{row['n']:,}",
            signed(row["slope"]),
            "" if row["ci_low"] is None else f"{signed(row['ci_low'])} to {signed(row['ci_high'])}",
        ]
        for row in rows
        if row["slope"] is not None
    ]
    said = "Last answer of people with the same first answer, by what they did in the forum."
    return [
        said,
        "They chose what they did, so this does not say what the forum did.",
        *_grid([head, *lines]),
    ]


def _grid(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
