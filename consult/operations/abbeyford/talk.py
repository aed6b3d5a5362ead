"""Reading a forum's file: topics, each with lines that fit any of its threads, and its threads.

::

    # Cars and stopping               a topic; lines below it go to any thread of the topic
    + Half the cars only drive by.    a line: who says it (+ or - as they lean, * anybody, @ the facilitator)
      - How do you know?              a reply to it
    ## Blue badges [access]           a thread, presented back from the item of that key,
    Almost everybody who wrote …      with what it opens with; or [+], [-], [*], [facilitator]: who began it
    - There are four bays.            what is said in this thread and no other
    - !hidden Not you again.          a line that is not shown (also !withdrawn, !awaiting)
    * cy: Dw i'n cytuno.              a line by somebody who writes in that language
    - me: I wrote that.               a line by the first participant of the consultation who can be tried
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from consult.forum.rules import STATES
from consult.operations.abbeyford.people import LANGUAGES

VISIBLE = "visible"
ANYBODY, FACILITATOR = "*", "@"
ME = "me"
LANGUAGE = re.compile(rf"({'|'.join((*LANGUAGES, ME))}): ")
_LINE = re.compile(
    rf"(?P<indent> *)(?P<side>[-+*@]) (?:!(?P<state>{'|'.join(STATES)}) )?"
    rf"(?:(?P<language>{'|'.join((*LANGUAGES, ME))}): )?(?P<text>.+)"
)
_THREAD = re.compile(r"## (?P<title>.+) \[(?P<opener>[^\]]+)\]")


@dataclass(slots=True)
class Line:
    """One contribution and the replies to it."""

    side: str
    text: str
    state: str = VISIBLE
    language: str = ""
    replies: list["Line"] = field(default_factory=list)


@dataclass(slots=True)
class Talk:
    """One thread as it is written down: who began it, and what stands in it."""

    title: str
    opener: str
    body: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Topic:
    """Threads about one thing, and the lines that fit any of them."""

    name: str
    lines: list[Line] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)


def read_topics(written: Iterable[str]) -> list[Topic]:
    """The topics of a forum.

    Raises
    ------
    ValueError
        If a line is none of those that a forum's file may hold.
    """
    topics: list[Topic] = []
    above: list[list[Line]] = []  # where a line of each depth goes
    for text in filter(None, written):
        if found := _LINE.fullmatch(text):
            depth = len(found["indent"]) // 2
            line = Line(found["side"], found["text"], found["state"] or VISIBLE, found["language"] or "")
            above[depth].append(line)
            above[depth + 1 :] = [line.replies]
        elif found := _THREAD.fullmatch(text):
            topics[-1].talks.append(Talk(found["title"], found["opener"]))
            above = [topics[-1].talks[-1].lines]
        elif text.startswith("# "):
            topics.append(Topic(text.removeprefix("# ")))
            above = [topics[-1].lines]
        elif topics and topics[-1].talks and not topics[-1].talks[-1].body:
            topics[-1].talks[-1].body = text
        else:
            raise ValueError(f"a forum's file holds no such line: {text}")
    return topics
