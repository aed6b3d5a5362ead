"""Why weights were not made, in words that can be translated: every reason, one after the other."""

import json
from collections.abc import Sequence

from consult.cells import shown
from consult.errors import Invalid
from consult.words import N_, Sentence, say

NO_TARGETS = N_("There are no weights: this consultation has no targets to rake to.")
NOT_EVERY_GROUP = N_(
    "%(variable)s: nobody has said how many people live here of %(groups)s, and it is needed of every group."
)
NOBODY_LIVES = N_("%(variable)s: every group has 0 people living here.")
INTERLOCKED = N_("%(variable)s: its targets are for two questions at once, which weights are not made from.")
NOT_A_VARIABLE = N_("%(variable)s: it is not asked, or it has no targets.")
NOBODY_STAYED = N_("Nobody sent in both surveys, so there is nobody to weight.")
EMPTY_GROUP = N_(
    "%(variable)s: people of %(group)s live here and none of them sent in both surveys."
    " Let thin groups be put together, or leave this question out."
)
NOBODY_OF_GROUP = N_(
    "%(variable)s: people of %(group)s took part and nobody of that group lives here, so the two are not"
    " counted alike."
)
TOO_SILENT = N_(
    "%(variable)s: more than %(percent)s of 100 people who sent in both surveys did not answer it."
)
ONE_GROUP = N_(
    "%(variable)s: too few people of its groups sent in both surveys."
    " Put together, they would all be in one group."
)
CONTRADICTING = N_(
    "No weights fit all of %(variables)s at once: among the people who stayed they contradict each other."
    " Leave one of them out."
)
SEPARATED = N_(
    "The chance of staying cannot be worked out from %(columns)s: some of these belong only to people who"
    " stayed, or only to people who left. Make the weights without making up for people who left."
)
ENTANGLED = N_(
    "The chance of staying cannot be worked out: %(columns)s follow from other answers."
    " Make the weights without making up for people who left."
)
MOST_NAMES = 8  # in one sentence


class WeightsRefused(Invalid):
    """Weights cannot be made; ``reasons`` say why, of each question that stands in the way."""

    def __init__(self, *reasons: Sentence) -> None:
        self.reasons = reasons
        super().__init__("\n".join(map(str, reasons)))

    @property
    def message(self) -> str:
        """Every reason in English, one a line."""
        return self.sentence

    def as_json(self) -> str:
        """The reasons for another process, which reads them with `reasons_from`."""
        return json.dumps([[reason.text, dict(reason.values)] for reason in self.reasons])


def reasons_from(told: str) -> list[Sentence] | None:
    """Read the reasons that another process gave in its last line; None if it said something else."""
    try:
        return [Sentence(text, values) for text, values in json.loads(told.strip().rpartition("\n")[2])]
    except (ValueError, TypeError):
        return None


def why(text: str, **names: object) -> Sentence:
    """Make one reason; names of questions and groups are shown safely."""
    return say(text, **{key: shown(name) if isinstance(name, str) else name for key, name in names.items()})


def listed(names: Sequence[str]) -> str:
    """Names in a row, the first few where they are many."""
    more = f" (+ {len(names) - MOST_NAMES})" if len(names) > MOST_NAMES else ""
    return ", ".join(map(shown, names[:MOST_NAMES])) + more
