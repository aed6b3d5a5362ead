"""Who says what in the sample's forum, and when.

The lines are written down (`talk`); chance says into which thread of its topic a loose line goes, who
speaks, who nods or doubts, and at what time. A person speaks for the side that they lean to, and
whoever is answered goes on speaking when the answer is answered: a thread is people talking.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import exp
from random import Random

from consult.operations.abbeyford.dates import written
from consult.operations.abbeyford.dealing import dealt_talks
from consult.operations.abbeyford.people import Person
from consult.operations.abbeyford.scripts import Row, Script, one_of_each, read_forum
from consult.operations.abbeyford.talk import ANYBODY, FACILITATOR, ME, Line, Talk, read_topics
from consult.operations.abbeyford.voices import in_voice

SIDES = {"+": 1.0, "-": -1.0}
LEANS = 0.9  # how much the side of a line decides who says it
GOES_ON = 0.85  # how often whoever was answered is the one who answers back
LONG = 9  # posts, from which on the facilitator asks something
AWAITING_FROM = 0.97  # of the stage: what waits for a moderator is fresh


@dataclass(slots=True)
class Said:
    """One post as it was said: by whom (none: the council), at which share of the stage, to which post."""

    line: Line
    writer: Person | None
    share: float = 0.0
    answers: "Said | None" = None
    key: str = ""


@dataclass(slots=True)
class Forum:
    """One consultation's forum while it is being made."""

    script: Script
    writers: list[Person]
    chance: Random
    by_language: dict[str, list[Person]] = field(default_factory=dict)
    prompts: Counter[str] = field(default_factory=Counter)

    def writer(self, line: Line, before: Person | None, earlier: Person | None, side: str) -> Person | None:
        """Who says a line, after ``before`` and, before that, ``earlier``, who spoke for ``side``."""
        if line.side == FACILITATOR:
            return None
        if earlier and line.side == side and not line.language and self.chance.random() < GOES_ON:
            return earlier
        among = [p for p in self.by_language.get(line.language, ()) if p is not before] or self.writers
        lean = SIDES.get(line.side, 0.0) * LEANS
        weights = [person.how_often * exp(lean * person.wish) for person in among]
        return self.chance.choices(among, weights)[0]


def make_posts(script: Script, people: list[Person]) -> list[Row]:
    """Every post of the forum, the earlier first; none before it has begun."""
    writers = [person for person in people if person.writes]
    if not script.dates.has_begun("forum") or not writers:
        return []
    forum = Forum(script, writers, script.chance("forum"))
    for person in writers:
        forum.by_language.setdefault("" if person.language == "en" else person.language, []).append(person)
        if person.key == script.tries[0]["participant"]:
            forum.by_language[ME] = [person]
    posts: list[tuple[datetime, Row]] = []
    for number, talk in enumerate(dealt_talks(script), start=1):
        thread = f"thread-{number:02d}"
        posts += [(at, {"thread": thread, **row}) for at, row in _thread(forum, thread, talk)]
    return [row for _, row in sorted(posts, key=lambda post: post[0])]


def presented_items(script: Script) -> dict[str, str]:
    """The item whose answers a thread presents, by the key of the thread; only such threads."""
    keys = {item["key"] for item in script.items}
    talks = (talk for topic in read_topics(read_forum(script.name)) for talk in topic.talks)
    return {f"thread-{n:02d}": talk.opener for n, talk in enumerate(talks, start=1) if talk.opener in keys}


def _thread(forum: Forum, thread: str, talk: Talk) -> Iterator[tuple[datetime, Row]]:
    """One thread's posts: what it opens with, and then what is said, in the order in which it was said."""
    chance = forum.chance
    opening = Line(talk.opener if talk.opener in {*SIDES, ANYBODY} else FACILITATOR, talk.body)
    begins = _begins(talk.opener, chance)
    opener = Said(opening, forum.writer(opening, None, None, ""), begins, key=f"{thread}-00")
    seed = "facilitator" if talk.opener == "facilitator" else "seed"
    yield _row(forum, opener, kind="post" if opener.writer else seed, title=talk.title)
    said = _in_turn(forum, talk, opener)
    shares = sorted(begins + (AWAITING_FROM - begins) * chance.random() ** 1.5 for _ in said)
    for number, (post, share) in enumerate(zip(said, shares, strict=True), start=1):
        post.key, post.share = f"{thread}-{number:02d}", share
        if post.line.state == "awaiting":
            post.share = AWAITING_FROM + (1 - AWAITING_FROM) * chance.random()
        yield _row(forum, post, kind="post" if post.writer else "facilitator")


def _begins(opener: str, chance: Random) -> float:
    """When a thread begins: summaries with the forum, the facilitator when much has been said."""
    if opener == "facilitator":
        return 0.55 + 0.2 * chance.random()
    return 0.6 * chance.random() if opener in {*SIDES, ANYBODY} else 0.0


def _in_turn(forum: Forum, talk: Talk, opener: Said) -> list[Said]:
    """Everything that is said in a thread, whatever is answered before its answer."""
    chance = forum.chance
    waiting: list[tuple[Line, Said, Said | None]] = [(line, opener, None) for line in talk.lines]
    said: list[Said] = []
    while waiting:
        line, answered, earlier = waiting.pop(chance.randrange(len(waiting)))
        side = earlier.line.side if earlier else ""
        writer = forum.writer(line, answered.writer, earlier.writer if earlier else None, side)
        post = Said(line, writer, answers=None if answered is opener else answered)
        said.append(post)
        waiting += [(reply, post, answered) for reply in line.replies]
    if len(said) >= LONG:
        said.append(Said(Line(FACILITATOR, _prompt(forum)), None))
    return said


def _prompt(forum: Forum) -> str:
    """A question that the facilitator has asked no more often than any other."""
    prompts: list[str] = forum.script.town["forum"]["prompts"]
    fewest = min(forum.prompts[prompt] for prompt in prompts)
    prompt = forum.chance.choice([p for p in prompts if forum.prompts[p] == fewest])
    forum.prompts[prompt] += 1
    return prompt


def _row(forum: Forum, post: Said, *, kind: str, title: str = "") -> tuple[datetime, Row]:
    at = forum.script.dates.during("forum", post.share)
    text = one_of_each(post.line.text, forum.chance)
    if post.writer and not post.line.language:
        text = in_voice(text, post.writer.voice)
    return at, {
        "post": post.key,
        "parent": post.answers.key if post.answers else "",
        "participant": post.writer.key if post.writer else "",
        "kind": kind,
        "created_at": written(at),
        "title": title,
        "body": text,
        "state": post.line.state,
    }
