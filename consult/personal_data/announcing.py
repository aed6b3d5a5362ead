"""Words that announce a name, and what of the words behind them is one. On a text that is flat."""

import re
from collections.abc import Callable, Iterator

from consult.personal_data.first_names import FIRST_NAMES
from consult.personal_data.ordinary import CAPITAL, FIRST_NAMES_TOO, FUNCTION, ORDINARY, SMALL
from consult.personal_data.spans import Span
from consult.personal_data.surnames import SURNAMES_TOO
from consult.personal_data.wordforms import bare, is_large, is_ordinary, may_be_called, run

# What comes is a name, however it is typed.
_SURE = re.compile(
    r"\b(?:my (?:full |first |last |sur|maiden |middle |christian )?name(?:['’]s| is|s)?"
    r"|(?:full |first |last |sur)?names? ?[:=]|(?<![^\n])name -|signed(?: by)?[:,]?|i(?:['’]m"
    r"| am) called|they call me|known as)"
    r"[ \t:,-]{1,3}",
    re.IGNORECASE,
)
# A title: at least one word is a name, and all that begin with a capital.
_TITLE = re.compile(
    r"(?<![\w'’])(?P<title>(?i:mr|mrs|ms|mx|mister|missus|rev|revd|reverend|cllr|pcso)"
    r"|Miss(?=\.?[ ][^\W\d])"
    r"|MISS(?=\.?[ ][^\W\d])|(?i:dr|doctor|prof|professor|councillor|pastor|imam|rabbi|sgt|nurse"
    r"|auntie|aunty|uncle|pc)"
    r"(?=\.?[ ]?[^\W\d])|Sir|Dame|Lady|Father|Sister|Brother|Canon|Lord|Nan|Granny|Madam|Master)"
    r"(?:\.[ \t]{0,2}|[ \t]{1,3}|[ ]?\n)"
)
_MISS = re.compile(
    r"\b(?:ask|see|by|with|from|about|for|called|told|saw|met|teacher|neighbour|is|was|or"
    r"|said) (?P<title>miss) (?=[^\W\d])"
)
_ALWAYS_A_NAME = frozenset("mr mrs mx mister missus cllr rev revd reverend pcso".split())  # noqa: SIM905  (a list of literals is hundreds of lines)
# What comes may be a name: if it begins with a capital, or stands beside a way to find somebody.
_MAYBE = re.compile(
    r"(?<![\w'’])(?i:i['’]?m|i am|call me|ask for|speak to|speak with|talk to|contact|this is"
    r"|it['’]?s me|it['’]s|its"
    r"|the name(?:['’]s| is)|names|regards|love from|lots of love|love|kisses|best wishes|all the best"
    r"|yours(?: sincerely| faithfully| truly)?|sincerely|faithfully|thanks|many thanks|thank you"
    r"|cheers|from|attn|fao|c/o"
    r"|care of|email|e-mail|message|dm|text|ring|phone|tell|see|ask|hi|hello|hey|dear|say hi to|reach|find)"
    r"[ \t,:.-]{0,3}\n{0,2}[ ]?"
)
_ANNOUNCES = frozenset(
    {
        *("i'm", "i’m", "im", "i am", "call me", "ask for", "it's me", "love from", "it’s me", "speak to"),
        *("the name's", "the name’s", "the name is", "attn", "fao", "c/o", "care of", "speak with"),
    }
)
_WEAK = frozenset(
    {"it's", "it’s", "its", "love", "tell", "see", "ask", "find", "reach", "hi", "hello", "hey"}
)
_LOOSE = 3


def after_sure_words(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """What follows on "my name is" and the like."""
    is_shouted = text.isupper()
    for cue in _SURE.finditer(text):
        yield from run(
            text,
            cue.end(),
            lambda word, n: (
                not is_ordinary(word, kept)
                or may_be_called(word, is_shouted=is_shouted)
                or (n == 0 and bare(word) in SMALL | FIRST_NAMES_TOO)
            ),
        )


def after_titles(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """What follows on Mr, Dr and the like, also if it is a word."""
    is_shouted = text.isupper()
    for pattern in (_TITLE, _MISS):
        for cue in pattern.finditer(text):
            yield from run(text, cue.end(), _takes_after(cue, text, kept, is_shouted=is_shouted))


def _takes_after(
    cue: re.Match[str], text: str, kept: frozenset[str], *, is_shouted: bool
) -> Callable[[str, int], bool]:
    title = cue["title"].casefold()
    needs_capital = title in {
        *(
            "father",
            "sister",
            "brother",
            "nan",
            "granny",
            "uncle",
            "auntie",
            "aunty",
            "doctor",
            "nurse",
            "councillor",
        ),
        *(
            "pastor",
            "imam",
            "rabbi",
            "professor",
            "lord",
            "lady",
            "master",
            "sir",
            "dame",
            "canon",
            "madam",
            "pc",
        ),
    }
    has_article = bool(
        re.search(
            r"\b(?:my|the|our|a|your|their|every|no|any|local)[ ]$",
            text[max(0, cue.start() - 8) : cue.start()].casefold(),
        )
    )

    def takes(word: str, n: int) -> bool:
        plain, is_capital = bare(word), is_large(word) and not is_shouted
        if plain in FUNCTION or plain == "and":
            return False
        if n > 0:
            return is_capital or (is_large(word) and not is_ordinary(word, kept))
        if needs_capital:
            known = plain in FIRST_NAMES or plain in SURNAMES_TOO - {"may", "will", "long", "new"}
            return (is_capital and (known or plain not in ORDINARY)) or (
                plain in FIRST_NAMES and not has_article
            )
        if is_capital or title in _ALWAYS_A_NAME:
            return True
        return not is_ordinary(word, kept) or (
            plain in SURNAMES_TOO and not (has_article and plain in {"may", "will"})
        )

    return takes


def after_words(text: str, kept: frozenset[str], *, also_small: bool = False) -> Iterator[Span]:
    """What follows on "ask for", "regards" and the like, if it looks like a name."""
    is_shouted = text.isupper()
    for cue in _MAYBE.finditer(text):
        said = cue[0].strip(" \t,:.-\n")
        is_loud = said.isupper() and len(said) > _LOOSE
        announces = said.casefold() in _ANNOUNCES

        def takes(
            word: str, n: int, *, announces: bool = announces, is_loud: bool = is_loud, said: str = said
        ) -> bool:
            plain = bare(word)
            if n == 0 and plain in FIRST_NAMES and plain not in kept and (announces or word[0].isupper()):
                return True
            if (
                n == 0
                and plain in FIRST_NAMES_TOO | SMALL
                and word[0].isupper()
                and announces
                and not (is_shouted or is_loud)
            ):
                return plain not in {"christian", "british"} and plain not in CAPITAL
            if (
                n > 0
                and may_be_called(word, is_shouted=is_shouted or is_loud)
                and plain not in kept - SURNAMES_TOO
            ):
                return True
            if is_ordinary(word, kept):
                return False
            if also_small:
                return said.casefold() not in _WEAK or word[0].isupper()
            return announces and word[0].isupper() and not (is_shouted or is_loud)

        yield from run(text, cue.end(), takes)
