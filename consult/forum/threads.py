"""In which order a thread is read, and in which pages. Plain values in, decisions out.

Choice: posts stand in the order of a tree read from top to bottom, and a page holds the next fifty of
that order, wherever it cuts the tree; whoever answers a post of an earlier page says so with a link. A
page of whole branches would have no upper size: one branch may hold ten thousand replies, or be five
thousand deep. Nothing here calls itself, so the depth of a conversation has no limit.

Nothing is folded away either. A long branch says how many replies follow and leads past them, which costs
whoever reads on nothing. A closed ``<details>`` would: only newer browsers open one for a link to a post
in it, and those of a library are not new; a branch that goes over two pages would be half open; and what
nobody opens is what nobody reads, which is the wrong way round for people who disagree.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

PAGE = 50
DEEPEST_INDENT = 3
LONG_BRANCH = 5  # replies that one is led past
PAGES_AROUND = 2  # how many numbers of pages stand on either side of this one


class Order(StrEnum):
    """Which of the contributions to a thread come first; answers always follow what they answer."""

    FEWEST = "fewest"
    NEWEST = "newest"
    OLDEST = "oldest"


class Node(NamedTuple):
    """A post, as far as its place goes; ``stands`` unless this reader gets nothing of it.

    That the council replied to a view does not make it one that people have heard.
    """

    id: int
    parent_id: int | None
    created_at: datetime
    stands: bool = True
    is_official: bool = False


class Line(NamedTuple):
    """A post in its place: what it answers (none: the thread), how deep, how many answers hang on it."""

    id: int
    parent_id: int | None
    depth: int
    replies: int

    @property
    def level(self) -> int:
        """How far it is indented."""
        return min(self.depth, DEEPEST_INDENT)


def as_order(asked: str | None) -> Order:
    """The order of that name, or the usual one: a view that nobody has answered comes first."""
    return Order(asked) if asked in set(Order) else Order.FEWEST


def as_page(asked: str | None, pages: int) -> int:
    """The page of that number; the first for what is no number, the last for what is too high."""
    is_number = asked is not None and asked.isascii() and asked.isdigit() and len(asked) <= len("999999")
    return min(max(int(asked), 1), pages) if is_number and asked else 1


def reading_order(nodes: Iterable[Node], *, opener: int | None, order: Order) -> list[Line]:
    """The contributions to a thread in the order in which they are read, without the post that opens it.

    Parameters
    ----------
    opener : int or None
        The post that opens the thread: to answer it is to speak to the thread.
    """
    known = {node.id: node for node in nodes if node.id != opener}
    answers: dict[int, list[Node]] = {}
    roots: list[Node] = []
    for node in sorted(known.values(), key=lambda node: (node.created_at, node.id)):
        if node.parent_id in known:
            answers.setdefault(node.parent_id, []).append(node)
        else:
            roots.append(node)
    branches = [_branch(root, answers) for root in roots]
    standing = [branch for branch in branches if branch]
    if order is Order.NEWEST:
        standing.reverse()
    elif order is Order.FEWEST:
        # stable: of equals, who has waited longest
        standing.sort(key=lambda branch: sum(not known[line.id].is_official for line in branch[1:]))
    return [line for branch in standing for line in branch]


def _branch(root: Node, answers: dict[int, list[Node]]) -> list[Line]:
    """A contribution and all that hangs on it; empty if this reader gets nothing of it."""
    order: list[tuple[Node, int]] = []
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        order.append((node, depth))
        waiting.extend((answer, depth + 1) for answer in reversed(answers.get(node.id, ())))
    below: dict[int, int] = {}  # how many standing posts hang on each
    lines: list[Line] = []
    for node, depth in reversed(order):
        replies = below.pop(node.id, 0)
        if not node.stands and not replies:
            continue
        parent_id = node.parent_id if depth else None
        lines.append(Line(node.id, parent_id, depth, replies))
        if parent_id is not None:
            below[parent_id] = below.get(parent_id, 0) + replies + 1
    return lines[::-1]


def page_count(lines: Sequence[Line]) -> int:
    """How many pages there are; an empty thread has one."""
    return max(1, -(-len(lines) // PAGE))


def page_of(lines: Sequence[Line], post_id: int) -> int:
    """The page on which that post stands; the first if it stands on none."""
    return next((n // PAGE + 1 for n, line in enumerate(lines) if line.id == post_id), 1)


def on_page(lines: Sequence[Line], page: int) -> Sequence[Line]:
    """The part of the order that stands on that page."""
    return lines[(page - 1) * PAGE : page * PAGE]


def after_page(lines: Sequence[Line], page: int) -> Sequence[Line]:
    """The part of the order that stands on the pages after that one."""
    return lines[page * PAGE :]


def after_branch(lines: Sequence[Line], n: int) -> Line | None:
    """What comes after that contribution and all its replies; none if they are few, or if nothing does.

    Only of what speaks to the thread itself: in a long exchange of two every reply would lead to one place.
    """
    line, following = lines[n], n + lines[n].replies + 1
    is_long = line.depth == 0 and line.replies >= LONG_BRANCH
    return lines[following] if is_long and following < len(lines) else None


def page_numbers(current: int, pages: int) -> list[int | None]:
    """The numbers of pages to lead to: the ends and those around this one, none for what is left out."""
    if pages == 1:
        return []
    near = range(current - PAGES_AROUND, current + PAGES_AROUND + 1)
    numbers = [n for n in range(1, pages + 1) if n in {1, pages} or n in near]
    found: list[int | None] = []
    for before, n in zip([0, *numbers], numbers, strict=False):
        found += [None, n] if n > before + 1 else [n]
    return found
