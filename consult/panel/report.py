"""Who is here beside who should be, as a table for people at the command line."""

from collections.abc import Iterator, Sequence
from typing import Any

HEAD = ("", "live here", "share", "here", "share", "gap", "people", "ratio", "min", "aim", "max", "state")
CROSSED_HEAD = ("", "live here", "here", "min", "aim", "max", "state")
NONE = "–"


def as_table(content: dict[str, Any]) -> str:
    """Lay out the standing in plain text: a table a question, and what it means under it."""
    panel = content["panel"]
    places = "no size" if panel["size"] is None else f"{panel['size']:,} places"
    told = f"panel of {places}, {panel['filled']:,} taken, {panel['waiting']:,} waiting"
    lines = [f"{content['consultation']}: {told if panel['size'] or panel['filled'] else 'no panel'}"]
    if not content["variables"]:
        lines += ["", "There are no targets yet."]
    for variable in content["variables"]:
        lines += ["", *_variable(variable)]
    if content.get("interlocked"):
        lines += ["", "Two questions at once", *_grid([CROSSED_HEAD, *map(_cell, content["interlocked"])])]
    return "\n".join(lines)


def _variable(variable: dict[str, Any]) -> Iterator[str]:
    words = "; ".join(variable[key] for key in ("base", "source") if variable[key])
    yield f"{variable['variable']}{f' ({words})' if words else ''}"
    yield (
        f"{variable['n']:,} {'person' if variable['n'] == 1 else 'people'} here,"
        f" {variable['missing']:,} without an answer"
    )
    yield from _grid([HEAD, *map(_row, variable["categories"])])
    if variable["people_to_swap"] is None:
        return
    told = [
        f"people to swap {variable['people_to_swap']:.1f}",
        f"CV of participation {variable['cv_participation']:.2f}",
    ]
    if variable["p"] is not None:
        told.append(f"chi-square {variable['chi2']:.2f}, p {variable['p']:.3f}")
    if variable["price_of_weighting"] is not None:
        told.append(
            f"price of weighting {variable['price_of_weighting']:.2f}"
            f" (as good as {variable['forecast_effective_n']:.0f} people)"
        )
    yield "; ".join(told)


def _row(category: dict[str, Any]) -> tuple[str, ...]:
    return (
        category["category"],
        _whole(category["population"]),
        _share(category["share_population"]),
        _whole(category["n"]),
        _share(category["share"]),
        _signed(category["gap"], 100, 1, " pts"),
        _signed(category["gap_people"], 1, 1, ""),
        NONE if category["ratio"] is None else f"{category['ratio']:.2f}",
        *(_whole(category[key]) for key in ("min", "target", "max")),
        category["state"],
    )


def _cell(cell: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{cell['variable']} {cell['category']} + {cell['with_variable']} {cell['with_category']}",
        *(_whole(cell[key]) for key in ("population", "n", "min", "target", "max")),
        cell["state"],
    )


def _whole(number: int | None) -> str:
    return NONE if number is None else f"{number:,}"


def _share(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.1f}%"


def _signed(number: float | None, times: int, places: int, unit: str) -> str:
    return NONE if number is None else f"{times * number:+.{places}f}{unit}".replace("-", "−")


def _grid(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        first, *numbers, last = (
            cell.ljust(width) if n in {0, len(row) - 1} else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(["  " + first, *numbers, last]).rstrip()
