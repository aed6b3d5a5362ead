"""Short answers put into groups, as plain values: what `consult themes` and the child of a page both call."""

from typing import Any

from consult.child import reply
from consult.coding.clustering import suggested_themes

Content = dict[str, Any]


def grouped(question: Content) -> Content:
    """Give the groups of ``texts`` that finish ``stem``, ``k`` of them or as many as fit."""
    found = suggested_themes(question["texts"], stem=question["stem"], k=question["k"])
    return {
        "chosen": found.chosen,
        "is_asked": found.is_asked,
        "tried": [{"k": tried.k, "score": tried.score} for tried in found.tried],
        "n_used": found.n_used,
        "themes": [
            {"words": list(theme.words), "central": list(theme.central), "members": list(theme.members)}
            for theme in found.themes
        ],
        "left_out": list(found.left_out),
    }


if __name__ == "__main__":
    reply(grouped)
