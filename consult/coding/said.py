"""The words of short answers that say what they are about.

Own rules and no library's list: lists of stop words made for searching throw away "not", "nothing" and
"without", and in an answer to an unfinished sentence these are the position. Words are cut to a common
beginning ("helpful", "helped" and "helping" meet), which only groups texts: people read whole words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_LISTED = """
    a an the this that these those here there
    i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers
    herself it its itself they them their theirs themselves one
    im ive id ill youre youve youd youll hes shes weve wed theyre theyve theyd its thats theres whats
    who whom whose which what when where why how
    and or but if so because as than then although though while until unless whether either
    of at by for with about between into through during before after above below to from up down in out on
    off over under again upon per via
    am is are was were be been being have has had having do does did doing done
    would could should can will shall may might must
    very really just also too some any all both each every few more most much many other others another such
    only own same quite rather even ever always
    get got gets getting go goes going let lets etc
    think thinks thought feel feels felt say says said
"""
FUNCTION_WORDS = frozenset(_LISTED.split())
"""English words that hold a sentence together; every way of saying no stays."""

ENDINGS = (
    *(("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("ements", ""), ("ement", "")),
    *(("nesses", ""), ("ness", ""), ("ingly", ""), ("edly", ""), ("ies", "y"), ("ied", "y")),
    *(("ings", ""), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", "")),
)
SHORTEST_BEGINNING = 3
FEWEST_SHARING, LONGEST_OPENING = 5, 8
SHARE_OF_SAID, SHARE_OF_UNSAID = 0.5, 0.2
"""Of answers that share an opening: half, for it may be a position; one in five where it only leads in."""
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


def tokens(text: str) -> list[str]:
    """Split a text into its words, in small letters, "don't" being one."""
    return _WORD.findall(text.casefold().translate(_APOSTROPHES))


def without_openings(answers: Sequence[list[str]], stem: Sequence[str]) -> list[list[str]]:
    """Cut from each answer what it repeats of the stem, and then the opening that many answers share.

    An answer that is nothing but an opening stays as it is.
    """
    unsaid = FUNCTION_WORDS | set(stem)
    cut = [_without_stem(answer, stem) for answer in answers]
    while opening := _shared_opening(cut, unsaid):
        n = len(opening)
        cut = [a[n:] if len(a) > n and tuple(a[:n]) == opening else a for a in cut]
    return cut


def _without_stem(answer: list[str], stem: Sequence[str]) -> list[str]:
    """Cut the longest end of the stem with which the answer begins, of two words or more."""
    for n in range(min(len(stem), len(answer) - 1), 1, -1):
        if answer[:n] == list(stem[-n:]):
            return answer[n:]
    return answer


def _shared_opening(answers: Sequence[list[str]], unsaid: frozenset[str]) -> tuple[str, ...]:
    """The longest opening of two words or more with which many answers begin and go on."""
    for n in range(LONGEST_OPENING, 1, -1):
        begun = Counter(tuple(answer[:n]) for answer in answers if len(answer) > n)
        for opening, many in begun.most_common(LONGEST_OPENING):
            share = SHARE_OF_UNSAID if unsaid.issuperset(opening) else SHARE_OF_SAID
            if many >= max(FEWEST_SHARING, share * len(answers)):
                return opening
    return ()


def beginnings(words: Iterable[str]) -> list[tuple[str, str]]:
    """Give the words that say something, each with the beginning that its forms share."""
    return [(word, beginning(word)) for word in words if word not in FUNCTION_WORDS and len(word) > 1]


def beginning(word: str) -> str:
    """What the forms of one word share: a light cutting of endings, not a dictionary's root."""
    for ending, put in ENDINGS:
        short = len(word) - len(ending) < SHORTEST_BEGINNING
        if not word.endswith(ending) or short or (ending == "s" and word.endswith(("ss", "us", "is"))):
            continue
        word = word.removesuffix(ending) + put
        break
    if len(word) > SHORTEST_BEGINNING + 1 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if len(word) > SHORTEST_BEGINNING:
        word = word.removesuffix("e")
    return word[:-1] + "y" if word.endswith("i") and len(word) > SHORTEST_BEGINNING else word
