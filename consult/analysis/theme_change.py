"""How often each theme of an open item was found before and after, with the noise of its coders beside it.

Coders differ on one and the same text, so some themes seem to come and go although nobody changed their
mind. The share of double-read texts on which two coders differ about a theme is what coding alone makes
of two readings of an unchanged view (METHOD 2.3): it stands beside every share that changed.
"""

from collections import Counter, defaultdict
from collections.abc import Container
from itertools import combinations
from typing import Any

from sqlalchemy import select

from consult.coding.final import FinalCodes, final_codes
from consult.coding.models import Code, Judgement, Outcome, Theme
from consult.coding.rules import ADJUDICATED
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
        people in one of whose texts alone the theme was found; ``noise`` the share of double-read
        texts on which two coders differ about it, null where no text was read twice.
    """
    codes = {wave: final_codes(item.id, wave) for wave in WAVES}
    authors = _authors(item.id)
    by_person = {
        wave: {authors[answer]: themes for answer, themes in found.themes.items()}
        for wave, found in codes.items()
    }
    pre, post = by_person[Wave.PRE], by_person[Wave.POST]
    paired = sorted(pre.keys() & post.keys())
    counted = {answer for found in codes.values() for answer in found.texts}
    n_double, differ = coder_noise(item.id, counted)
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
        "n_double": n_double,
        "themes": [
            {
                "theme": theme.key,
                "label": theme.label,
                **_shares(theme.id, pre, post, paired),
                "noise": differ[theme.id] / n_double if n_double else None,
            }
            for theme in themes
        ],
    }


def coder_noise(item_id: int, counted: Container[int]) -> tuple[int, Counter[int]]:
    """Count the pairs of readings of one text by two coders, and by theme those in which only one has it.

    Only of texts that count: ``counted`` holds the ids of their answers.
    A text that a coder read a second time, among those of the follow-up, makes a pair as well. What was
    decided between coders is no reading, and a text that somebody could not code has none of theirs.
    """
    themes: dict[tuple[int, str, bool], set[int]] = defaultdict(set)
    for answer, coder, is_again, theme in db.session.execute(
        select(Code.answer_id, Code.coder, Code.is_again, Code.theme_id).where(Code.item_id == item_id)
    ):
        themes[answer, coder, is_again].add(theme)
    read: dict[int, list[set[int]]] = defaultdict(list)
    for answer, coder, is_again in db.session.execute(
        select(Judgement.answer_id, Judgement.coder, Judgement.is_again).where(
            Judgement.item_id == item_id,
            Judgement.outcome == Outcome.CODED,
            Judgement.coder != ADJUDICATED,
        )
    ):
        if answer in counted:
            read[answer].append(themes.get((answer, coder, is_again), set()))
    n_pairs, differ = 0, Counter[int]()
    for readings in read.values():
        for one, other in combinations(readings, 2):
            n_pairs += 1
            differ.update(one ^ other)
    return n_pairs, differ


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
