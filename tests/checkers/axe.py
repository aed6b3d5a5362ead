"""A page is judged in a browser by axe-core: its rules for WCAG 2.2 AA, best practice, and target size.

axe finds about a third of what is wrong, so it is the floor and not the bar. Two traps are closed here:
`target-size` is off unless it is switched on, and a rule that could not decide ("incomplete") is no pass;
`run_axe` can return those too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SWITCHED_ON: Final = (
    "target-size",
    "css-orientation-lock",
    "focus-order-semantics",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "td-has-header",
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a page breaks, and where."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.help}: " + " | ".join(self.places)


def axe_source() -> str:
    """The vendored axe-core."""
    return SOURCE.read_text(encoding="utf-8")


def run_axe(page: Page, *, incomplete: bool = False) -> list[Violation]:
    """The rules that the open page breaks, with `incomplete` also those that axe could not decide.

    axe is put in by the browser's debugger, which a strict content security policy does not stop.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe_source())
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": True} for rule in SWITCHED_ON},
        "resultTypes": ["violations", "incomplete"],
    }
    result: dict[str, list[dict[str, Any]]] = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")
    found = result["violations"] + (result["incomplete"] if incomplete else [])
    return [
        Violation(
            one["id"],
            one["impact"] or "unknown",
            one["help"],
            tuple(node["html"][:200] for node in one["nodes"]),
        )
        for one in found
    ]
