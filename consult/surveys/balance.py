"""What is worth a second look in an item, and in all items together. Advice never stops anybody.

The rules are those of METHOD: one idea, no ready-made reason, words at both ends, as much room against
as in favour, endings of like length, statements in both directions, one kind of scale, not too many.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from consult.surveys.reading_age import WARN_ABOVE, jargon_in, reading_age
from consult.surveys.rules import SCALED, NewItem, NewScale
from consult.surveys.sentences import is_unfinished, sentences
from consult.words import N_

MOST_SCALED, MOST_OPEN = 12, 3
LONGEST_TO_SHORTEST = 2.0  # how much longer than the shortest ending the longest may be
SHORT_ENDING = 12  # characters; below it a difference in length tells nobody anything
FEW_STATEMENTS = 4  # from so many on about half of them should be put the other way round
LEAST_SHARE = 0.25

_REASON = re.compile(r"\b(because|despite|although|due to|in order to)\b", re.IGNORECASE)
_TWO_IDEAS = re.compile(r"\b(and|as well as)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|never|no longer|cannot)\b|n['’]t\b", re.IGNORECASE)
_STOPS = frozenset({"open", "choice", "scale", "rank"})  # forms whose stem is an unfinished sentence


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to look at: a sentence for the officer, with its values by name."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


def item_advice(item: NewItem) -> Iterator[Advice]:
    """What is worth a second look in one item."""
    yield from _about_stem(item)
    yield from _about_words(item)
    if item.scale:
        yield from _about_scale(item.scale)
    yield from _about_lengths([option.label for option in item.options])


def survey_advice(items: Sequence[NewItem]) -> Iterator[Advice]:
    """What is worth a second look in all the items of a consultation together."""
    before = [item for item in items if "pre" in item.waves]
    scaled = [item for item in before if item.form in SCALED]
    n_open = sum(item.form == "open" for item in before)
    if items and not any("post" in item.waves for item in before):
        yield Advice(N_("Nothing is asked in both surveys, so you will not learn what changed."))
    if len(scaled) > MOST_SCALED:
        yield Advice(
            N_("The starting survey has %(n)s questions with a scale. People tire after %(most)s."),
            {"n": len(scaled), "most": MOST_SCALED},
        )
    if n_open > MOST_OPEN:
        yield Advice(
            N_(
                "The starting survey has %(n)s questions to answer in one’s own words. "
                "People tire after %(most)s."
            ),
            {"n": n_open, "most": MOST_OPEN},
        )
    yield from _about_directions(scaled)
    yield from _about_mixture(scaled)


def _about_stem(item: NewItem) -> Iterator[Advice]:
    stem = item.stem
    if item.form in _STOPS and not is_unfinished(stem):
        yield Advice(N_("The sentence does not stop in the middle. End it with … where people go on."))
    if item.form == "agreement" and is_unfinished(stem):
        yield Advice(N_("People agree or disagree with a whole sentence. End it with a full stop."))
    if found := _REASON.search(stem):
        yield Advice(
            N_("“%(word)s” gives a reason that not everybody shares. Leave it out."),
            {"word": found[0].lower()},
        )
    if found := _TWO_IDEAS.search(stem):
        yield Advice(
            N_("“%(word)s” may join two ideas. If somebody could say yes to one only, make two questions."),
            {"word": found[0].lower()},
        )
    if item.form == "agreement" and _NEGATION.search(stem):
        yield Advice(N_("To disagree with a “not” is hard to follow. Say it without one if you can."))


def _about_words(item: NewItem) -> Iterator[Advice]:
    said = [sentence.text for sentence in sentences(item)]
    ages = [age for age in map(reading_age, said) if age is not None]
    if ages and max(ages) > WARN_ABOVE:
        yield Advice(
            N_("One sentence is hard to read: age %(age)s. Use shorter words or fewer of them."),
            {"age": max(ages)},
        )
    for word, plain in jargon_in(" ".join(said)).items():
        yield Advice(
            N_("“%(word)s” is a word of offices. Can you say it another way, such as “%(plain)s”?"),
            {"word": word, "plain": plain},
        )


def _about_scale(scale: NewScale) -> Iterator[Advice]:
    labels = scale.labels or ("",)
    if not (scale.low or labels[0]) or not (scale.high or labels[-1]):
        yield Advice(N_("One end of the scale has no words. People need to know what both ends mean."))
    if scale.favour_from is None:
        return
    points, in_favour = scale.max - scale.min + 1, scale.max - scale.favour_from + 1
    if in_favour != points // 2:
        yield Advice(
            N_(
                "%(for_it)s of the %(points)s points count as in favour. "
                "An even scale has as many against as in favour."
            ),
            {"for_it": in_favour, "points": points},
        )


def _about_lengths(labels: Sequence[str]) -> Iterator[Advice]:
    lengths = sorted(map(len, labels))
    if len(lengths) > 1 and lengths[-1] > SHORT_ENDING and lengths[-1] > LONGEST_TO_SHORTEST * lengths[0]:
        yield Advice(
            N_(
                "The longest option is more than twice as long as the shortest. "
                "A longer option can look like the better one."
            )
        )


def _about_directions(scaled: Sequence[NewItem]) -> Iterator[Advice]:
    """People who tend to say yes say it to everything, so half of the items go the other way."""
    statements = [item.scale.reversed for item in scaled if item.form == "agreement" and item.scale]
    if len(statements) > 1 and _is_one_way(statements):
        yield Advice(
            N_("Most statements point the same way. Put about half of them the other way round."),
        )
    others = [item.scale.reversed for item in scaled if item.form == "scale" and item.scale]
    if len(others) >= FEW_STATEMENTS and _is_one_way(others):
        yield Advice(N_("Most scales run the same way. Turn about half of them round."))


def _is_one_way(are_reversed: Sequence[bool]) -> bool:
    share = sum(are_reversed) / len(are_reversed)
    if len(are_reversed) < FEW_STATEMENTS:
        return share in {0, 1}
    return not LEAST_SHARE <= share <= 1 - LEAST_SHARE


def _about_mixture(scaled: Sequence[NewItem]) -> Iterator[Advice]:
    sizes = sorted({item.scale.max - item.scale.min + 1 for item in scaled if item.scale})
    for fewer, more in [*pairwise(sizes)][:1]:
        yield Advice(
            N_("Some scales have %(fewer)s points and some %(more)s. Use one length for all."),
            {"fewer": fewer, "more": more},
        )
