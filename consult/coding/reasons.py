"""Why so many themes are suggested, as a sentence: pages say it in their language, the command in English."""

from collections.abc import Mapping
from typing import Any

from consult.words import N_, Sentence, say

ASKED = N_("Themes: %(n)s, because that many were asked for.")
NO_CHOICE = N_("Themes: %(n)s. There are too few different answers to try other numbers.")
MOST_STABLE = N_(
    "Numbers of themes from %(lowest)s to %(highest)s were tried on random halves of the answers. With"
    " %(n)s themes the halves agree to %(score)s (1 is the same themes each time, 0 is chance), the most of"
    " all."
)
NEARLY_AS_STABLE = N_(
    "Numbers of themes from %(lowest)s to %(highest)s were tried on random halves of the answers. With"
    " %(n)s themes the halves agree to %(score)s (1 is the same themes each time, 0 is chance), not much"
    " less than with the most stable number, %(best)s (%(best_score)s); more themes are proposed because"
    " joining two is easier than finding one that is missing."
)


def reason_for(content: Mapping[str, Any]) -> Sentence:
    """Why the suggestion has as many themes as it has.

    Parameters
    ----------
    content : mapping
        Of a suggestion: ``k`` themes found, the number ``chosen``, whether it ``is_asked`` for, and the
        numbers ``tried`` with their scores.
    """
    if content["is_asked"]:
        return say(ASKED, n=content["k"])
    scores = {each["k"]: each["score"] for each in content["tried"]}
    if len(scores) < 2:  # noqa: PLR2004  (one number is no choice)
        return say(NO_CHOICE, n=content["k"])
    chosen, best = content["chosen"], max(scores, key=lambda k: scores[k])
    values = {
        "lowest": min(scores),
        "highest": max(scores),
        "n": chosen,
        "score": round(scores[chosen], 2),
    }
    if best == chosen:
        return say(MOST_STABLE, **values)
    return say(NEARLY_AS_STABLE, **values, best=best, best_score=round(scores[best], 2))
