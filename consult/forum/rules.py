"""What a post may be, and how posts hang together. Plain values in, decisions out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from consult.cells import Refusal, shown

KINDS = ("seed", "post", "facilitator")
STATES = ("visible", "awaiting", "hidden", "withdrawn")


class NewPost(NamedTuple):
    """One contribution; the keys of its thread and parent instead of rows."""

    key: str
    thread: str
    parent: str | None
    participant_id: int | None
    kind: str
    state: str
    created_at: datetime
    title: str | None
    body: str
    group: str | None = None  # who talks in its thread; none: everybody


class NewReading(NamedTuple):
    """That somebody opened a thread: when first, when last, and how often."""

    participant_id: int
    thread: str
    first_read_at: datetime
    last_read_at: datetime
    reads: int


class NewPresenting(NamedTuple):
    """That a thread presents a summary; ``completions`` is how many had answered the item then, if known."""

    thread: str
    item_id: int
    summary_id: int
    completions: int | None = None


def check_author(kind: str, *, has_participant: bool) -> None:
    """Seeds and the facilitator speak for the council, never for a participant.

    Raises
    ------
    Refusal
        If such a post names one.
    """
    if has_participant and kind != "post":
        raise Refusal("participant", f"must be empty where the kind is {kind}")


def reply_problems(posts: Mapping[str, tuple[str, str | None]]) -> Iterator[tuple[str, Refusal]]:
    """Posts whose parent is none, or stands in another thread, or leads back to the post itself.

    Parameters
    ----------
    posts : mapping of key to (thread, key of the parent or None)

    Yields
    ------
    key and Refusal
        Once for each post at fault; of a circle of replies every member is at fault.
    """
    is_sound: dict[str, bool] = {}
    for key, (thread, parent) in posts.items():
        if parent is None:
            continue
        if parent not in posts:
            yield key, Refusal("parent", f"there is no post {shown(parent)}")
        elif posts[parent][0] != thread:
            yield key, Refusal("parent", f"{shown(parent)} stands in another thread")
        elif _is_in_a_circle(key, posts, is_sound):
            yield key, Refusal("parent", "the replies go round in a circle")


def _is_in_a_circle(key: str, posts: Mapping[str, tuple[str, str | None]], is_sound: dict[str, bool]) -> bool:
    """Whether following parents from ``key`` comes back to it; remembers what led out."""
    trail: dict[str, None] = {}
    at: str | None = key
    while at is not None and at in posts and at not in is_sound:
        if at in trail:
            members = list(trail)
            for member in members[: members.index(at)]:
                is_sound[member] = True  # hangs on a circle, but is no part of it
            for member in members[members.index(at) :]:
                is_sound[member] = False
            return not is_sound[key]
        trail[at] = None
        at = posts[at][1]
    is_sound.update(dict.fromkeys(trail, True))
    return not is_sound[key]


# --- what residents write on the pages

TEXT_LONGEST = 2000
TITLE_LONGEST = 150
SEED_LONGEST = 10_000
PROMPT_LONGEST = 1000
TOLD_LONGEST = 1000  # what the council tells one writer, or everybody when it opens a topic again
EDIT_FOR = timedelta(minutes=15)
POSTS_WITHIN, POSTS_MOST = timedelta(minutes=10), 20

_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# pages that stand beside the threads
_TAKEN = frozenset(
    {"mine", "posts", "prompts", "reported", "looked-after", "search", "start", "unlike", "drafts", "mail"}
    | {"message"}
)
_BY_ID = re.compile(r"~([1-9][0-9]{0,8})")


def address(key: str, row_id: int) -> str:
    """What names a thread or a post in an address and as an anchor.

    Its key; but a bundle's key may hold anything, also a slash, and is then named by its row.
    """
    return key if _PLAIN_KEY.fullmatch(key) and key not in _TAKEN else f"~{row_id}"


def row_of(named: str) -> int | None:
    """The row that an address names by its number; none if it names a key."""
    found = _BY_ID.fullmatch(named)
    return int(found[1]) if found else None


def stamped(thread: str) -> str:
    """What the stamp in a form that answers in this thread is for."""
    return f"reply/{thread}"


def stamped_to_start() -> str:
    """What the stamp in the form that begins a thread is for; no thread has this address."""
    return "start"


def can_edit(created_at: datetime, now: datetime) -> bool:
    """Whether the writer may still change the words of a post."""
    return now < created_at + EDIT_FOR


def wait_to_post(lately: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long somebody must wait who has posted so often lately; none if they may post now.

    Parameters
    ----------
    lately : sequence of datetime
        When their posts of the last ten minutes were made, the newest first.
    """
    if len(lately) < POSTS_MOST:
        return None
    return max(lately[POSTS_MOST - 1] + POSTS_WITHIN - now, timedelta(seconds=1))
