"""Reading the themes that were suggested for an item; plain Python, for pages."""

import json
from typing import Any

from sqlalchemy import select

from consult.coding.models import ThemeSuggestion
from consult.coding.reasons import reason_for
from consult.coding.texts import texts_by_key
from consult.db import db

Content = dict[str, Any]


def latest(item_id: int) -> Content | None:
    """Give the themes that were suggested last for the item, as `consult themes --json` prints them.

    What people wrote is read from their answers: a suggestion keeps no copy of it, so that a text that
    its writer has deleted is gone from here too.
    """
    stored = db.session.scalar(
        select(ThemeSuggestion.content)
        .where(ThemeSuggestion.item_id == item_id)
        .order_by(ThemeSuggestion.made_at.desc(), ThemeSuggestion.id.desc())
        .limit(1)
    )
    if stored is None:
        return None
    content: Content = json.loads(stored)
    content["reason"] = str(reason_for(content))
    texts = texts_by_key(item_id, {key for theme in content["themes"] for key in theme["quoted"]})
    for theme in content["themes"]:
        theme["quoted"] = [key for key in theme["quoted"] if key in texts]
        theme["quotations"] = [texts[key] for key in theme["quoted"]]
    return content


def without_texts(content: Content) -> Content:
    """The same suggestion without what people wrote and without sentences of ours: what is stored."""
    themes = [{**theme, "quotations": []} for theme in content["themes"]]
    return {**{part: told for part, told in content.items() if part != "reason"}, "themes": themes}
