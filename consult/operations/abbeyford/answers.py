"""What the people of the sample answer: one item after the other, perhaps not to the end, perhaps twice."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from consult.operations.abbeyford.dates import written
from consult.operations.abbeyford.minds import Mind
from consult.operations.abbeyford.people import Person
from consult.operations.abbeyford.scripts import Row, Script

STATUSES = ("answered", "dont_know", "prefer_not", "skipped")
RATHER_NOT, OVERLOOKS = 0.006, 0.008
MADE_UP = 0.35  # what the forum leaves of somebody's not knowing
MODES, HOW_MANY_OF_EACH = ("own", "library", "assisted", "paper"), (64, 26, 6, 4)
STOPS_AGAIN = 0.03  # of those who come back, how many do not finish
READS_FOR = timedelta(minutes=3)  # what stands before the first item


@dataclass(slots=True)
class Answers:
    """Rows of `responses.csv` and `submissions.csv`, and which themes stand behind which words."""

    script: Script
    chance: Random
    responses: list[Row] = field(default_factory=list)
    submissions: list[Row] = field(default_factory=list)
    themes: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)  # participant, wave, item

    def sit_down(self, person: Person, wave: str, at: datetime) -> None:
        """One person has answered in one wave, as far as they came."""
        items = [item for item in self.script.items if wave == "post" or not _is_asked_after(item)]
        mode = self.chance.choices(MODES, HOW_MANY_OF_EACH)[0]
        stops = person.leaves_early if wave == "pre" else self.chance.random() < STOPS_AGAIN
        in_survey = [
            item for item in items if item.get("role") != "perceived"
        ]  # the rest comes after sending
        before = len(in_survey) // 2 if person.is_half_way else self.chance.randrange(len(in_survey))
        mind = Mind(self.script, person, wave, self.chance)
        at += READS_FOR
        for item in items[:before] if stops else items:
            at += timedelta(seconds=self.chance.randrange(12, 70))
            self._answer(mind, item, at)
        row = {"participant": person.key, "wave": wave, "mode": mode}
        if not stops:
            sent = written(at + timedelta(seconds=30))
            self.submissions.append({**row, "status": "submitted", "submitted_at": sent})
        elif before:
            self.submissions.append({**row, "status": "started", "submitted_at": ""})

    def _answer(self, mind: Mind, item: Row, at: datetime) -> None:
        who = {"participant": mind.person.key, "wave": mind.wave, "item": item["key"]}
        when = {"answered_at": written(at)}
        unsure = mind.person.unsure * (1.0 if mind.wave == "pre" else MADE_UP)
        likely = (1 - unsure - RATHER_NOT - OVERLOOKS, unsure, RATHER_NOT, OVERLOOKS)
        status = self.chance.choices(STATUSES, likely)[0]
        if self.chance.random() > item.get("often", 1.0):
            status = "skipped"
        if status != "answered":
            self.responses.append({**who, "status": status, **when})
            return
        if item["form"] == "open":
            themes, text = mind.words(item)
            self.themes[mind.person.key, mind.wave, item["key"]] = themes
            said = [{"text": text}]
        else:
            said = mind.answer(item)
        self.responses += [{**who, "status": status, **row, **when} for row in said]


def make_answers(script: Script, people: list[Person]) -> Answers:
    """What everybody answered, and how far they came."""
    made = Answers(script, script.chance("answers"))
    for person in people:
        made.sit_down(person, "pre", script.dates.during("survey", person.joined))
        if person.comes_back and script.dates.has_begun("follow_up"):
            made.sit_down(person, "post", script.dates.during("follow_up", made.chance.random()))
    return made


def _is_asked_after(item: Row) -> bool:
    return item["form"] == "evaluation" or item.get("role") == "perceived"
