"""In which order somebody sees options: their own random one, the same in both waves.

The order is not stored but worked out anew from the person's seed and the keys, so that the follow-up
cannot differ from the survey, and an option that an officer adds before publishing moves no other.
What has an order of its own keeps it: ordered choices and scales. "Something else" is no option and
always comes last.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

SHUFFLED = frozenset({"choice", "rank", "knowledge"})

T = TypeVar("T")


def in_own_order(
    options: Iterable[T],
    key_of: Callable[[T], str],
    *,
    seed: int | None,
    item_key: str,
    form: str,
    ordered: bool,
) -> list[T]:
    """List the options as this person sees them; as defined where they have an order or there is no seed."""
    listed = list(options)
    if seed is None or ordered or form not in SHUFFLED:
        return listed
    return sorted(listed, key=lambda option: _place(seed, item_key, key_of(option)))


def _place(seed: int, item_key: str, option_key: str) -> bytes:
    # Keys hold no line break, so that no two of them can be read as others.
    return sha256(f"{seed}\n{item_key}\n{option_key}".encode()).digest()
