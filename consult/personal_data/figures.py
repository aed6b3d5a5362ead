"""Numbers by which somebody can be found: of phones, banks, the NHS, National Insurance. On a flat text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

import phonenumbers

from consult.personal_data.spans import Kind, Span

# A run of figures, as long as it goes; what of it is a number is decided group by group.
_RUN = re.compile(
    r"(?P<money>[£$€][ ]?)?(?P<all>(?:\+[ ]?|\(\+?)?\d(?:(?:[\s().,/_*·•|~=-]{0,4}|:(?=\d{3}))\d)*+)"
)
_MONEY = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)")
_TIME = re.compile(r"[0-2]?\d\.[0-5]\d(?![.\d])")
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")
_YEARS = re.compile(r"(?:(?:1[89]|20)\d\d[^\w]{1,3}){1,20}(?:1[89]|20)\d\d(?!\d)")
_DECIMAL = re.compile(r"\d\.\d{2,}(?![.\d])")
NHS_FIGURES, LONG_FIGURES, UNBROKEN, CARD_FIGURES, CARD_GROUP, MOST_FIGURES = 10, 9, 7, 12, 4, 18
# Groups that tell what they are: of the NHS, of bank cards.
_SHAPES = (
    ((3, 3, 4), Kind.NHS),
    ((4, 6, 5), Kind.NUMBER),
    ((4, 4, 4, 4), Kind.NUMBER),
    ((4, 4, 4), Kind.NUMBER),
)
# How a number without its nought is written: 1632 960123, 20 7946 0123.
_WITHOUT_NOUGHT = frozenset({(4, 6), (4, 3, 3), (2, 4, 4), (2, 8), (3, 7), (4, 2, 4), (3, 3, 2, 2)})

# What is said before decides what the figures are; at least so many of them.
_CUED = (
    (
        Kind.PHONE,
        5,
        (
            r"tel|phone|telephone|mobile|mob|cell|fax|call|ring|text|whatsapp|dial|number(?![ ]of)|nr|contact"
            r"|(?:my|the|our|his|her|their|phone|home|house|mobile)[ ]no|no\.?[ ]is|no\.?:"
        ),
    ),
    (Kind.NHS, 8, r"nhs"),
    (
        Kind.NUMBER,
        6,
        r"sort[ ]?code|account|acct?|a/c|card|iban|passport|licence[ ]no|policy|customer|reference",
    ),
    (Kind.NUMBER, 4, r"pin(?:[ ](?:number|no|code|is))"),
    (Kind.NUMBER, 3, r"cvv|cvc|cv2|security[ ]code"),
)
_AFTER_CUES = tuple(
    (
        kind,
        re.compile(
            rf"\b(?:{cues})\b[^\d\[\]¶]{{0,20}}?(?P<figures>\d(?:[ ./-]{{0,3}}\d)"
            rf"{{{least - 1},18}})(?![\d%])",
            re.IGNORECASE,
        ),
    )
    for kind, least, cues in _CUED
)
_SINGLE = "oo|zero|nought|naught|ought|oh|o|one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?:{_SINGLE}|{_TEENS}|{_TENS}|double|treble|triple|hundred|\d{{1,6}})"
_JOINT = r"(?:[\s,.-]{1,3}(?:(?:dash|hyphen|space|dot|stroke|slash|then)[ ])?)"
_SPOKEN = re.compile(rf"(?<!\w){_WORD}(?:{_JOINT}{_WORD}){{1,24}}(?!\w)", re.IGNORECASE)
_SAID_BEFORE = re.compile(
    r"\b(?:tel|phone|telephone|mobile|mob|call|ring|text|whatsapp|number|reach|dial)\b[^.!?\n]{0,20}$",
    re.IGNORECASE,
)
_INSURANCE = re.compile(
    r"(?<![^\W_])(?P<area>[a-z][ .-]?[a-z])[ ./-]{0,2}\d[ ]?\d[ ./-]{0,2}\d[ ]?\d[ ./-]{0,2}\d[ ]?\d"
    r"(?:[ ./-]{0,2}(?P<end>[a-z])(?![^\W_])|(?!\w))",
    re.IGNORECASE,
)
_INSURANCE_AFTER_CUE = re.compile(
    r"\b(?:n\.?i\.?(?:[ ](?:no|number|nr))?|nino|national[ ]insurance(?:[ ](?:no|number"
    r"|nr))?)\b[^\d\n]{0,15}?"
    r"(?P<all>(?:(?<!\w)[a-z][ .-]?[a-z][ ./-]{0,2})?\d(?:[ ./-]{0,2}\d){5}[ ./-]{0,2}[a-z]?)(?![^\W_])",
    re.IGNORECASE,
)
_DRIVER = re.compile(r"(?<!\w)[a-z9]{5}[ ]?\d{6}[ ]?[a-z9]{2}[ ]?\d[a-z]{2}(?!\w)", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)gb\d\d[ ]?[a-z]{4}(?:[ ]?\d){14}(?!\w)", re.IGNORECASE)
_SHORT_WORDS = frozenset(
    "in on to at of by my is or so us we up no an as be do go he if it me ok am pm".split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)


def figures_in(text: str) -> Iterator[Span]:
    """Every number in the text by which somebody can be found; some may overlap."""
    for run in _RUN.finditer(text):
        yield from _pieces(run)
    for kind, cued in _AFTER_CUES:
        for found in cued.finditer(text):
            if kind is not Kind.PHONE or not (
                _DATE.fullmatch(found["figures"]) or _YEARS.fullmatch(found["figures"])
            ):
                yield Span(kind, *found.span("figures"))
    for found in _SPOKEN.finditer(text):
        least = 6 if _SAID_BEFORE.search(text, max(0, found.start() - 40), found.start()) else LONG_FIGURES
        if _spoken_figures(found[0]) >= least and any(map(str.isalpha, found[0])):
            yield Span(Kind.PHONE, *found.span())
    yield from _insurances(text)
    for pattern in (_DRIVER, _IBAN):
        yield from (Span(Kind.NUMBER, *each.span()) for each in pattern.finditer(text))


def _insurances(text: str) -> Iterator[Span]:
    for found in _INSURANCE.finditer(text):
        area, end = re.sub(r"\W", "", found["area"]), found["end"]
        is_word = area.casefold() in _SHORT_WORDS
        is_typed_close = end is not None and text[found.end() - 2].isdigit()
        if (area.isupper() and not is_word) or (end is not None and (not is_word or is_typed_close)):
            yield Span(Kind.INSURANCE, *found.span())
    yield from (Span(Kind.INSURANCE, *each.span("all")) for each in _INSURANCE_AFTER_CUE.finditer(text))


def _pieces(run: re.Match[str]) -> Iterator[Span]:
    """The numbers in a run of figures: each as long as it can be, what is none of them left out."""
    typed, offset = run["all"], run.start("all")
    if sum(map(str.isdigit, typed[:40])) < UNBROKEN:
        return
    groups = [each.span() for each in re.finditer(r"\d+", typed)]
    sums = [0, *accumulate(end - start for start, end in groups)]
    at = _past_money(typed, groups) if run["money"] else 0
    if at == 0 and _is_valid_whole(typed, sums[-1]):
        yield Span(Kind.PHONE, offset, offset + len(typed))
        return
    while at < len(groups):
        passed = _passed(typed, groups, at)
        if passed:
            at += passed
            continue
        kind, end = _number_from(typed, groups, sums, at)
        if kind is None:
            at += 1
            continue
        start = 0 if at == 0 else groups[at][0]
        yield Span(kind, offset + start, offset + groups[end - 1][1])
        at = end


def _past_money(typed: str, groups: list[tuple[int, int]]) -> int:
    """How many groups a sum of money has at its beginning."""
    if typed.startswith("0") and groups[0][1] > LONG_FIGURES:
        return 0
    count = 1
    while count < len(groups) and typed[groups[count - 1][1] : groups[count][0]] in {",", "."}:
        count += 1
    return count


def _passed(typed: str, groups: list[tuple[int, int]], at: int) -> int:
    """How many groups from there are a date, a time, years or a round sum, and nobody's number."""
    start = groups[at][0]
    if groups[at][1] - start > 4:  # noqa: PLR2004  (the shape of what is looked for)
        return 0
    for pattern in (_MONEY, _DATE, _TIME, _DECIMAL, _YEARS):
        found = pattern.match(typed, start)
        if found and not (pattern is _MONEY and typed[start] == "0"):
            return len(re.findall(r"\d+", found[0]))
    return 0


def _number_from(
    typed: str, groups: list[tuple[int, int]], sums: list[int], at: int
) -> tuple[Kind | None, int]:
    """What begins at that group, and the group before which it ends."""
    past = bisect_right(sums, sums[at] + MOST_FIGURES)
    ends = range(at + 1, past)
    lengths = tuple(end - start for start, end in groups[at : max(past - 1, at + 1)])
    for shape, kind in _SHAPES:
        if lengths[: len(shape)] == shape and (kind is not Kind.NHS or typed[groups[at][0]] != "0"):
            return kind, at + len(shape)
    count = sums[ends[-1]] - sums[at] if ends else 0
    end = _end_of_dialled(typed, groups, sums, at, ends) if count >= LONG_FIGURES else None
    if end:
        return Kind.PHONE, end
    if lengths[0] >= UNBROKEN:
        return (Kind.NHS if _is_nhs(typed[slice(*groups[at])]) else Kind.NUMBER), at + 1
    if count >= NHS_FIGURES:
        signs = typed[groups[at][0] : groups[ends[-1] - 1][1]]
        if not set(signs) & set(".,/"):
            return _kind_of_all(re.sub(r"\D", "", signs), lengths), ends[-1]
    return None, at


def _kind_of_all(figures: str, lengths: tuple[int, ...]) -> Kind | None:
    if _is_nhs(figures):
        return Kind.NHS
    is_long = len(figures) >= CARD_FIGURES and (max(lengths) >= CARD_GROUP or set(lengths) == {1})
    return Kind.NUMBER if is_long else None


def _end_of_dialled(
    typed: str, groups: list[tuple[int, int]], sums: list[int], at: int, ends: Sequence[int]
) -> int | None:
    """Where a number ends that could be dialled from that group on; none if it could not."""
    start = groups[at][0]
    if typed[start] not in "0123478" and "+" not in typed[max(0, start - 2) : start]:
        return None
    figures = re.sub(r"\D", "", typed[start : groups[ends[-1] - 1][1]])
    lengths = tuple(end - start for start, end in groups[at : ends[-1]])
    is_abroad = figures.startswith("00") or "+" in typed[max(0, start - 2) : start]
    last = next((end for end in ends if sums[end] - sums[at] in {10, 11}), ends[-1])
    if is_abroad or figures.startswith("0"):
        dotted = any(sign in typed[start : groups[last - 1][1]] for sign in ".,/")
        is_measure = dotted and min(lengths) < 2 and set(lengths) != {1}  # noqa: PLR2004  (the shape of what is looked for)
        return None if figures.startswith("000") or is_measure else ends[-1] if is_abroad else last
    if figures.startswith("44"):
        return next((end for end in ends if sums[end] - sums[at] in {12, 13}), None)
    ten = next((end for end in ends if sums[end] - sums[at] == 10), None)  # noqa: PLR2004  (the shape of what is looked for)
    if ten and figures[0] == "7" and not any(sign in typed[start : groups[ten - 1][1]] for sign in ",/"):
        return ten
    return ten if ten and figures[0] in "1238" and lengths[: ten - at] in _WITHOUT_NOUGHT else None


def _is_valid_whole(typed: str, count: int) -> bool:
    """Whether all of it is a number of this country as it stands, without its nought."""
    if not 9 <= count <= 11 or typed[0] in "0(+":  # noqa: PLR2004  (the shape of what is looked for)
        return False
    if any(sign in typed for sign in ",/.") and min(map(len, re.findall(r"\d+", typed))) < 3:  # noqa: PLR2004  (the shape of what is looked for)
        return False  # prices and measures
    if _MONEY.fullmatch(typed) or _YEARS.fullmatch(typed) or len(re.findall(r"\d+", typed)) == 1:
        return False
    if tuple(map(len, re.findall(r"\d+", typed))) == (3, 3, 4):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(re.sub(r"\D", "", typed), "GB"))
    except phonenumbers.NumberParseException:
        return False


def _is_nhs(figures: str) -> bool:
    """Whether the last figure is the one that follows from the nine before, as in every NHS number."""
    if len(figures) != NHS_FIGURES or figures[0] == "0":
        return False
    rest = 11 - sum(int(figure) * (10 - place) for place, figure in enumerate(figures[:9])) % 11
    return (0 if rest == 11 else rest) == int(figures[9])  # noqa: PLR2004  (the shape of what is looked for)


def _spoken_figures(said: str) -> int:
    count, times, is_after_tens = 0, 1, False
    for word in re.findall(r"\w+", said.casefold()):
        if word in {"double", "treble", "triple"}:
            times = 2 if word == "double" else 3
            continue
        if word.isdigit():
            count += len(word)
        elif word == "hundred" or word in _TEENS.split("|") or word in _TENS.split("|"):
            count += 2
        elif word in _SINGLE.split("|") and not is_after_tens:
            count += times
        is_after_tens = word in _TENS.split("|")
        times = 1
    return count
