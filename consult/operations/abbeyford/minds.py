"""How one person of the sample makes up their mind: the same person both times, not the same mood.

An answer comes from a person's wish, as strongly as the item pulls, and from noise. The forum moves
those who came back by the item's ``shift``; ``split`` moves people apart. Items without either do not
move: a sample in which everything moves teaches the wrong thing.
"""

from dataclasses import dataclass
from math import exp
from random import Random

from consult.operations.abbeyford.people import Person
from consult.operations.abbeyford.scripts import Row, Script
from consult.operations.abbeyford.voices import in_voice

FIVE_POINTS = 4  # steps from the first to the last: answers are thought of on five points, then stretched
SAYS_OTHER = 0.05
SAYS_TWO = 0.3
ANDS = (" and ", ", ", " and also ")
UNSURE = 0.6  # how far a liking for an option wavers when options are ranked


@dataclass(frozen=True, slots=True)
class Mind:
    """One person in one wave."""

    script: Script
    person: Person
    wave: str
    chance: Random

    @property
    def moved(self) -> float:
        """How strongly the forum has worked on them by now."""
        return self.person.moves if self.wave == "post" else 0.0

    def answer(self, item: Row) -> list[Row]:
        """What they answer to an item that is not open: one row, or one for each place of a ranking."""
        match item["form"]:
            case "rank":
                places = enumerate(self._ranked(item), start=1)
                return [{"option": option, "value": place} for place, option in places]
            case "choice":
                return [self._chosen(item)]
            case "knowledge":
                return [{"value": self._known(item)}]
            case _:
                return [{"value": self._point(item)}]

    def words(self, item: Row) -> tuple[list[str], str]:
        """The themes that they write about, and how they put it."""
        themes: list[Row] = item["themes"]
        own = [theme for theme in themes if self.person.language in theme]
        if own:
            theme = self.chance.choice(own)
            return [theme["key"]], theme[self.person.language]
        liking = [exp(self._liking(theme)) for theme in themes]
        first, second = self.chance.choices(themes, liking, k=2)
        text = self.chance.choice(first["texts"])
        if not item.get("pairs") or first is second or self.chance.random() > SAYS_TWO:
            return [first["key"]], in_voice(text, self.person.voice)
        text = text.rstrip("!.") + self.chance.choice(ANDS) + self.chance.choice(second["texts"])
        return [first["key"], second["key"]], in_voice(text, self.person.voice)

    def _point(self, item: Row) -> int:
        scale, lean = self.script.scale(item), item["lean"]
        pull = lean["pull"] * (1 + lean.get("split", 0.0) * self.moved)
        score = lean["base"] + pull * self.person.wish + lean["shift"] * self.moved
        score += self.chance.gauss(0, self.script.people["noise"])
        lowest, highest = scale["min"], scale["max"]
        value = round(lowest + (score - 1) * (highest - lowest) / FIVE_POINTS)
        return int(min(highest, max(lowest, value)))

    def _chosen(self, item: Row) -> Row:
        if item.get("other") and self.chance.random() < SAYS_OTHER:
            return {"value": "other", "text": in_voice(self.chance.choice(item["others"]), self.person.voice)}
        liking = [exp(self._liking(option)) for option in item["options"]]
        return {"value": self.chance.choices(item["options"], liking)[0]["key"]}

    def _known(self, item: Row) -> str:
        before, after = item["knows"]
        knows = self.chance.random() < (after if self.moved else before)
        known: str = item["correct"] if knows else self.chance.choice(item["options"])["key"]
        return known

    def _ranked(self, item: Row) -> list[str]:
        liking = {
            option["key"]: self._liking(option) + self.chance.gauss(0, UNSURE) for option in item["options"]
        }
        return sorted(liking, key=liking.__getitem__, reverse=True)

    def _liking(self, option: Row) -> float:
        """How much they like an option or a theme; what the forum adds comes after it."""
        liking: float = option.get("like", 0.0) + option.get("lean", 0.0) * self.person.wish
        return liking + float(option.get("after", 0.0)) * self.moved
