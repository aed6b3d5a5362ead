"""How people type: most with care, some without capitals, some with the slips that everybody makes."""

import re

SLIPS = {
    "because": "becuase",
    "business": "buisness",
    "definitely": "definately",
    "different": "diffrent",
    "evening": "evning",
    "friend": "freind",
    "people": "poeple",
    "really": "realy",
    "receive": "recieve",
    "tomorrow": "tommorow",
    "traffic": "trafic",
    "would": "woud",
    "you are": "your",
    "I am": "Im",
    "do not": "dont",
    "it is": "its",
    "the same": "teh same",
    "a lot": "alot",
}
_SLIP = re.compile(rf"\b({'|'.join(SLIPS)})\b")


def in_voice(text: str, voice: str) -> str:
    """The text as this person types it."""
    if voice == "lower":
        return text.lower().removesuffix(".")
    if voice == "typing":
        return _SLIP.sub(lambda found: SLIPS[found[0]], text, count=2)
    return text
