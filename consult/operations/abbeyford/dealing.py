"""What is said in each thread: its own lines, loose lines of its topic, short answers that fit anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from consult.operations.abbeyford.scripts import Script, read_forum
from consult.operations.abbeyford.talk import ANYBODY, FACILITATOR, LANGUAGE, VISIBLE, Line, Talk, read_topics

FIRST_DRAWS = 7.0  # a topic's first thread, the one presented back, draws most of the loose lines
STATEMENT = 45  # characters: shorter lines are answers, which nobody nods at
MOST_REPLIES = 2  # that a line may have and still be reacted to
TAKEN_BACK, DOUBTED = 0.03, 0.35
OTHER_SIDE = {"+": "-", "-": "+"}


def dealt_talks(script: Script) -> Iterator[Talk]:
    """The threads in the order in which they are written down, with everything that is said in them."""
    chance = script.chance("dealing")
    words = script.town["forum"]
    dealer = _Dealer(
        chance, script.people["reacts"], _deck(words["agreeing"], chance), _deck(words["doubting"], chance)
    )
    for topic in read_topics(read_forum(script.name)):
        draws = [FIRST_DRAWS, *(chance.expovariate(1) for _ in topic.talks[1:])]
        for line in topic.lines:
            chance.choices(topic.talks, draws)[0].lines.append(line)
        for talk in topic.talks:
            dealer.react(talk.lines, depth=0)
        yield from topic.talks


@dataclass(frozen=True, slots=True)
class _Dealer:
    chance: Random
    reacts: float
    agreeing: Iterator[str]
    doubting: Iterator[str]

    def react(self, lines: list[Line], depth: int) -> None:
        """Some statements are nodded at or doubted, by one or two; a few are taken back."""
        for line in lines:
            self.react(line.replies, depth + 1)
            if len(line.text) <= STATEMENT or line.text.endswith("?") or line.side == FACILITATOR:
                continue
            if not line.replies and line.state == VISIBLE and self.chance.random() < TAKEN_BACK:
                line.state = "withdrawn"
            while self._draws_another(line):
                line.replies.append(self._reaction(line.side, may_doubt=depth == 0))

    def _draws_another(self, line: Line) -> bool:
        is_open = line.state == VISIBLE and len(line.replies) <= MOST_REPLIES
        return is_open and self.chance.random() < self.reacts

    def _reaction(self, side: str, *, may_doubt: bool) -> Line:
        if may_doubt and side in OTHER_SIDE and self.chance.random() < DOUBTED:
            text, said_by = next(self.doubting), OTHER_SIDE[side]
        else:
            text, said_by = next(self.agreeing), self.chance.choice((side, side, ANYBODY))
        found = LANGUAGE.match(text)
        return Line(said_by, text[found.end() :], language=found[1]) if found else Line(said_by, text)


def _deck(cards: list[str], chance: Random) -> Iterator[str]:
    """The cards in a new order each time they have all been dealt."""
    while True:
        yield from chance.sample(cards, len(cards))
