"""How often each theme of an open item was found before and after, with the noise of its coders beside it.

Coders differ on one and the same text, so some themes seem to come and go although nobody changed their
mind. The share of pairs of readings of one text by two coders that differ about a theme is what coding alone
makes of two readings of an unchanged view (METHOD 2.3): it stands beside every share that changed. A coder
who read a text twice differs from themselves less, so those readings are told apart.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import select

from consult.coding.final import FinalCodes, final_codes
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.coding.rules import ADJUDICATED, Reading, standing_readings
from consult.coding.standing import themes_in_use
from consult.consultations.models import WAVES, Wave
from consult.db import db
from consult.stats.shares import Fourfold, share_change
from consult.surveys.models import Answer, Item

Content = dict[str, Any]
OF_PAIRS = ("share_change", "share_ci_low", "share_ci_high", "p_mcnemar", "changed")


def theme_change(item: Item) -> Content:
    """Compare the themes of one item before and after: one entry of ``themes`` in `consult compare`.

    Returns
    -------
    dict
        ``n_pre``, ``n_post``: texts whose themes are known, of people who sent that wave; ``n_paired``:
        people of whom both are. Shares are of these; ``share_change`` is after minus before of the
        paired people with Newcombe's interval, ``p_mcnemar`` mid-p; ``changed`` the share of paired
        people in one of whose texts alone the theme was found; ``noise`` the share of the ``n_double``
        pairs of readings by two coders that differ about it, null where there are none. ``n_again``:
        how often a coder read a text a second time; ``n_again_differ``: and found other themes. Themes
        that the codebook does not hold any more are not told.
    """
    used = themes_in_use([item.id])[item.id]
    codes = {wave: final_codes(item.id, wave) for wave in WAVES}
    authors = _authors(item.id)
    by_person = {
        wave: {authors[answer]: themes for answer, themes in found.themes.items()}
        for wave, found in codes.items()
    }
    pre, post = by_person[Wave.PRE], by_person[Wave.POST]
    paired = sorted(pre.keys() & post.keys())
    counted = {answer for found in codes.values() for answer in found.texts}
    noise = coder_noise(item.id, counted, used)
    themes = db.session.scalars(
        select(Theme).where(Theme.item_id == item.id).order_by(Theme.position, Theme.id)
    ).all()
    return {
        "item": item.key,
        "stem": item.stem,
        "n_pre": len(pre),
        "n_post": len(post),
        "n_paired": len(paired),
        "left_out": {wave.value: _left_out(codes[wave]) for wave in WAVES},
        "n_double": noise.n_pairs,
        "n_again": noise.n_again,
        "n_again_differ": noise.n_again_differ,
        "themes": [
            {
                "theme": theme.key,
                "label": theme.label,
                **_shares(theme.id, pre, post, paired),
                "noise": noise.differ[theme.id] / noise.n_pairs if noise.n_pairs else None,
            }
            for theme in themes
            if theme.id in used
        ],
    }


class Noise(NamedTuple):
    """How far two readings of one text differ: of two coders, and of one coder who read it again."""

    n_pairs: int
    differ: Counter[int]  # by theme: the pairs of two coders of whom only one has it
    n_again: int
    n_again_differ: int


def coder_noise(item_id: int, counted: Container[int], used: Collection[int]) -> Noise:
    """Count the pairs of readings of one text by two coders, and those of one coder apart.

    Only of texts that count, with the themes that do: ``counted`` holds the ids of answers, ``used`` of
    themes. What was decided between coders is no reading. Who could not code a text did not find what
    somebody else found there; where neither could, there is nothing to compare.
    """
    themes: dict[tuple[int, str, bool], set[int]] = defaultdict(set)
    for answer, coder, is_again, theme in db.session.execute(
        select(Code.answer_id, Code.coder, Code.is_again, Code.theme_id).where(Code.item_id == item_id)
    ):
        themes[answer, coder, is_again].add(theme)
    read: dict[tuple[int, bool], dict[str, Reading]] = defaultdict(dict)
    for answer, coder, is_again, outcome in db.session.execute(
        select(Judgement.answer_id, Judgement.coder, Judgement.is_again, Judgement.outcome).where(
            Judgement.item_id == item_id, Judgement.coder != ADJUDICATED
        )
    ):
        if answer in counted:
            held = frozenset(themes.get((answer, coder, is_again), ()))
            read[answer, is_again][coder] = Reading(outcome, held)
    by_answer: dict[int, list[tuple[str, Reading]]] = defaultdict(list)
    for (answer, _), by_coder in read.items():
        by_answer[answer] += standing_readings(by_coder, used).items()
    return _noise_of(by_answer.values())


def _noise_of(texts: Iterable[Sequence[tuple[str, Reading]]]) -> Noise:
    n_pairs, n_again, n_again_differ, differ = 0, 0, 0, Counter[int]()
    for readings in texts:
        for (coder, one), (other_coder, other) in combinations(readings, 2):
            if one.outcome == other.outcome == Outcome.CANNOT_CODE:
                continue
            if coder == other_coder:
                n_again += 1
                n_again_differ += one != other
            else:
                n_pairs += 1
                differ.update(one.themes ^ other.themes)
    return Noise(n_pairs, differ, n_again, n_again_differ)


def _authors(item_id: int) -> dict[int, int]:
    found = db.session.execute(
        select(Answer.id, Answer.participant_id).where(Answer.item_id == item_id, Answer.text.is_not(None))
    )
    return dict(found.all())


def _left_out(codes: FinalCodes) -> dict[str, int]:
    return {
        "cannot_code": len(codes.cannot_code),
        "disputed": len(codes.disputed),
        "unread": len(codes.unread),
    }


def _shares(
    theme: int, pre: dict[int, frozenset[int]], post: dict[int, frozenset[int]], paired: list[int]
) -> Content:
    count_pre, count_post = (sum(theme in each for each in wave.values()) for wave in (pre, post))
    seen = Counter((theme in pre[person], theme in post[person]) for person in paired)
    found: Content = {
        "count_pre": count_pre,
        "count_post": count_post,
        "share_pre": count_pre / len(pre) if pre else None,
        "share_post": count_post / len(post) if post else None,
        "both": seen[True, True],
        "only_pre": seen[True, False],
        "only_post": seen[False, True],
        "neither": seen[False, False],
        **dict.fromkeys(OF_PAIRS),
    }
    if paired:
        table = Fourfold(found["both"], found["only_pre"], found["only_post"], found["neither"])
        change = share_change(table)
        found |= {
            "share_change": change.difference,
            "share_ci_low": change.low,
            "share_ci_high": change.high,
            # With nobody on either diagonal the mid-p is that of a coin never thrown.
            "p_mcnemar": 1.0 if change.p_mid is None else change.p_mid,
            "changed": (found["only_pre"] + found["only_post"]) / len(paired),
        }
    return found
