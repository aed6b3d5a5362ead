"""What a post may be, and how posts hang together. Plain values in, decisions out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
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
