"""A published summary as plain text: for copies of the record, for printing, for searching.

Without counts: whoever is to write before they see them must not meet them here. In the language of who
publishes, and it stays in that: it is then a text of the record.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.personal_data import mask
from consult.summaries.rules import order_for
from consult.words import Sentence

TAKEN_BACK = "[…]"


def title_of(content: Mapping[str, Any]) -> str:
    """The title of the thread that presents it."""
    title: str = content["title"]
    return title


def body_of(content: Mapping[str, Any]) -> str:
    """The text of the post that presents it, its positions in an order drawn by lot."""
    by_key = {position["key"]: position for position in content["positions"]}
    opposing = {key: each["opposes"] for key, each in by_key.items() if each["opposes"] in by_key}
    order = order_for(list(by_key), opposing, lot=f"{content['quotations']['seed']} text")
    opening: str = _("People answered this: “%(stem)s” Their views:", stem=content["item"]["stem"])
    return "\n\n".join([opening, *(_position(by_key[key]) for key in order)])


def without(body: str, words: str) -> str:
    """The text without those words of somebody who took them back."""
    return body.replace(_quoted(words), _quoted(TAKEN_BACK))


def masked(text: str, *, ordinary: str) -> str:
    """The text without personal data; the words in its place are in the language of whoever draws it."""
    return mask(text, ordinary=ordinary, tell=_).text


def tell(sentence: Sentence) -> str:
    """The sentence in the language of the page, also what it tells of."""
    values = {name: _(value) if isinstance(value, str) else value for name, value in sentence.values.items()}
    return str(_(sentence.text, **values))


def _position(position: Mapping[str, Any]) -> str:
    parts = [
        position["completion"],
        _("Reasons: %(reasons)s", reasons=position["reasons"]),
        _("Worry: %(worry)s", worry=position["worry"]),
        *(_quoted(each["words"]) for each in position["quotations"] if each["words"]),
    ]
    return "\n".join(parts)


def _quoted(words: str) -> str:
    return f"“{words}”"
