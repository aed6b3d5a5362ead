"""Groups of short answers that say alike things, as a first proposal of themes.

Situation: an answer to an unfinished sentence has three to twenty words, most answers share no word with
most others, and nothing may leave the machine, so no ready-made model of language helps. Choice: what the
stem or many answers begin with is cut off (`said`); each word gets a place by the company that it keeps in
these answers (`word_vectors`), each answer the mean of its words' places, and k-means groups the directions.
Themes are named by the words that tell them apart (class-based TF-IDF) and by the answers nearest to their
middle, no two of one person.

Why this one: beside one human label each for 10,334 answers of patients (`bench/themes.py`), nine groups of
all of them gave these NMI and purity. Majority label 0 and .33; TF-IDF and k-means .16 to .21 and .45 to
.50 by the start (with the usual English stop list .04 to .10, because it throws "nothing" away); TF-IDF,
SVD, k-means .19 and .52, with pairs of words no better; NMF .19 and .52; a mixture of multinomials .13 to
.25 by the start; word vectors with rare words weighted up (SIF) .24 and .53; the plain mean of word vectors
.25 and .54, from every start. One question at a time it is above that floor in NMI for each of five, by
little for two, and below it in purity for one (.53 and .55). Samples of 300 answers to one question: .19
for TF-IDF and k-means, .21 for SVD and for NMF, .22 for this. So the plain mean, which is also the simplest
of its kind. The price: it says nothing for fewer than ten answers, and an answer about two things lies
between them. What would change it is a small model of language that an installation may hold.

The number of themes: of those tried, the largest that is nearly as stable as the most stable one, because
whoever makes a codebook joins two themes with a stroke and cannot see the one that was never split off.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from consult.coding.said import beginnings, tokens, without_openings
from consult.coding.word_vectors import Floats, answer_vectors
from consult.errors import Invalid
from consult.words import N_

FEWEST_TEXTS = 10
FEWEST_THEMES, MOST_THEMES = 4, 12  # of those that are tried
TEXTS_A_THEME = 5  # on average, at least
STARTS = 10
HALVES, SAMPLE = 6, 1500  # drawn to see whether the same themes come out
AS_STABLE = 0.8  # of the most stable number's score
WORDS, QUOTATIONS = 8, 4
QUOTED_WORDS = range(4, 41)
SEED = 20261122

TOO_FEW = N_("Themes are suggested from %(n)s answers or more that share words. There are fewer.")
TOO_ALIKE = N_("There are too few different answers for so many themes. Enter a smaller number.")

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tried:
    """How far ``k`` themes came out again from random halves of the answers: 1 is always, 0 as by chance."""

    k: int
    score: float


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    """A group of answers: words that tell it from the others, and places of answers, the nearest first."""

    words: tuple[str, ...]
    central: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Themes, the largest first; ``left_out`` are answers without usable words.

    ``chosen`` is how many were looked for, and ``is_asked`` whether somebody asked for that number.
    """

    themes: tuple[SuggestedTheme, ...]
    chosen: int
    is_asked: bool
    tried: tuple[Tried, ...]
    n_used: int
    left_out: tuple[int, ...]


class _Answers:
    """The answers that can be grouped: those with a word that a second answer has too."""

    def __init__(self, texts: Sequence[str], stem: str) -> None:
        cut = without_openings([tokens(text) for text in texts], tokens(stem))
        said = [beginnings(words) for words in cut]
        in_answers = Counter(b for words in said for b in {b for _, b in words})
        shared = sorted(b for b, many in in_answers.items() if many > 1)
        number = {b: n for n, b in enumerate(shared)}
        held = [[number[b] for _, b in words if b in number] for words in said]
        self.texts = texts
        self.places = [place for place, words in enumerate(held) if words]
        self.words = [held[place] for place in self.places]
        self.n_words = len(shared)
        forms = Counter((number[b], word) for words in said for word, b in words if b in number)
        often = sorted(forms.items(), key=lambda form: (form[1], -len(form[0][1]), form[0][1]))
        self.form = {number: word for (number, word), _ in often}  # the commonest form of each

    def __len__(self) -> int:
        return len(self.places)


def suggested_themes(texts: Sequence[str], *, stem: str, k: int | None = None) -> Suggested:
    """Give the groups that the answers to one unfinished sentence fall into.

    Parameters
    ----------
    texts : sequence of str, shape (n_texts,)
        As people typed them, blank ones too.
    stem
        The unfinished sentence, which some people copy out.
    k : int, optional
        How many groups. Without it several numbers are tried and one is chosen (see ``reasons``).

    Raises
    ------
    Invalid
        If fewer than 10 answers share words with others, or there are fewer different ones than ``k``.
    """
    answers = _Answers(texts, stem)
    if len(answers) < FEWEST_TEXTS:
        raise Invalid(TOO_FEW, n=FEWEST_TEXTS)
    different = len({tuple(sorted(set(words))) for words in answers.words})
    if k is not None and different < k:
        raise Invalid(TOO_ALIKE)
    with threadpool_limits(limits=1):  # sums in one order: the same last digit with any number of cores
        vectors = answer_vectors(answers.words, answers.n_words)
        tried = () if k is not None else _tried(vectors, different)
        chosen = k if k is not None else _chosen(tried, different)
        labels, near = _grouped(vectors, chosen)
    groups = [np.flatnonzero(labels == group) for group in np.unique(labels)]
    groups.sort(key=lambda own: (-len(own), int(own[0])))
    words = _telling_words(answers, groups)
    themes = tuple(_theme(answers, own, near, telling) for own, telling in zip(groups, words, strict=True))
    left_out = sorted(set(range(len(texts))) - set(answers.places))
    return Suggested(themes, chosen, k is not None, tried, len(answers), tuple(left_out))


def _fitted(vectors: Floats, k: int, *, starts: int, seed: int) -> KMeans:
    with warnings.catch_warnings():
        # Different words can have one place: there are fewer groups then, which is said by their number.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(k, n_init=starts, random_state=seed).fit(vectors)


def _grouped(vectors: Floats, k: int) -> tuple[Labels, Floats]:
    """The group of each answer, and how near it is to the middle of that group."""
    model = _fitted(vectors, k, starts=STARTS, seed=SEED)
    labels: Labels = model.labels_.astype(np.int64)
    near: Floats = (vectors * model.cluster_centers_[labels]).sum(axis=1)
    return labels, near


def _tried(vectors: Floats, different: int) -> tuple[Tried, ...]:
    """How stable each number of themes is.

    Each of several random halves is grouped by itself, everybody goes to the nearest group, and the results
    are compared with each other by the adjusted Rand index.
    """
    dice = np.random.default_rng(SEED)
    n = len(vectors)
    sample = vectors[np.sort(dice.choice(n, SAMPLE, replace=False))] if n > SAMPLE else vectors
    halves = [np.sort(dice.permutation(len(sample))[: (len(sample) + 1) // 2]) for _ in range(HALVES)]
    most = min(MOST_THEMES, different // 2, n // TEXTS_A_THEME)
    found = []
    for k in range(min(FEWEST_THEMES, max(most, 2)), most + 1):
        runs = [
            _fitted(sample[half], k, starts=2, seed=SEED + turn).predict(sample)
            for turn, half in enumerate(halves)
        ]
        scores = [adjusted_rand_score(*pair) for pair in combinations(runs, 2)]
        found.append(Tried(k, round(float(np.mean(scores)), 4)))
    return tuple(found)


def _chosen(tried: Sequence[Tried], different: int) -> int:
    """The largest number of themes that is nearly as stable as the most stable one."""
    if not tried:
        return min(2, different)
    enough = AS_STABLE * max(each.score for each in tried)
    return max(each.k for each in tried if each.score >= enough)


def _telling_words(answers: _Answers, groups: Sequence[NDArray[np.intp]]) -> list[tuple[str, ...]]:
    """Words that tell each group from the others, by class-based TF-IDF, each used by two people of it."""
    used = [Counter(word for place in own for word in set(answers.words[place])) for own in groups]
    everywhere = sum(used, Counter())
    average = everywhere.total() / len(groups)
    found = []
    for counts in used:
        whole = counts.total()
        weight = {w: n / whole * log(1 + average / everywhere[w]) for w, n in counts.items() if n > 1}
        best = sorted(weight, key=lambda w: (-weight[w], w))[:WORDS]
        found.append(tuple(answers.form[w] for w in best))
    return found


def _theme(answers: _Answers, own: NDArray[np.intp], near: Floats, words: tuple[str, ...]) -> SuggestedTheme:
    order = own[np.lexsort((own, -near[own].round(9)))]
    members = tuple(answers.places[place] for place in order)
    return SuggestedTheme(words, _central(answers, order), members)


def _central(answers: _Answers, order: NDArray[np.intp]) -> tuple[int, ...]:
    """The nearest answers that differ in words: those as long as a sentence before others."""
    different: dict[tuple[int, ...], int] = {}
    for place in order:
        different.setdefault(tuple(sorted(set(answers.words[place]))), answers.places[place])
    said = list(different.values())
    whole = [place for place in said if len(answers.texts[place].split()) in QUOTED_WORDS]
    others = [place for place in said if place not in set(whole)]
    others.sort(key=lambda place: len(answers.texts[place].split()) >= QUOTED_WORDS.stop)
    return tuple((whole[:QUOTATIONS] + others)[:QUOTATIONS])
