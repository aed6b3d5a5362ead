"""Where somebody can be found: addresses, numbers, postcodes. On a text that is flat."""

import re
from collections.abc import Iterator

import phonenumbers

from consult.personal_data.spans import Kind, Span

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'&")
_DOMAIN = r"[^\W_](?:[\w-]{0,62})(?:[ ]?\.[ ]?[\w-]{2,63}){1,6}"
_AFTER_AT = re.compile(rf"[ ]{{0,2}}{_DOMAIN}")
_HANDLE = re.compile(r"(?=[\w.]{0,40}[^\W\d])[\w.-]{2,80}")
# "zara at example dot org": "dot", brackets or a full stop say that it is none of the usual "at".
_SPOKEN_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:[ ](?:dot|underscore|dash)[ ][\w+-]{1,64}){0,4}"
    r"[ ]?(?:[\[({<][ ]?at[ ]?[\])}>]|[ ]at[ ])[ ]?"
    r"[\w-]{1,63}(?:(?:[ ]?[\[({][ ]?(?:dot|\.)[ ]?[\])}][ ]?|[ ]dot[ ]|\.)[\w-]{2,63}){1,5}",
    re.IGNORECASE,
)
_TOP = (
    "com|org|net|uk|io|me|info|biz|eu|london|scot|wales|cymru|online|site|blog|page|example|test|invalid"
    "|co|ie|app|dev|tv|ly"
)
_WEB = re.compile(
    rf"(?<![\w@.-])(?:https?://[^\s<>\"]{{1,2000}}|www\.[^\s<>\"]{{1,2000}}"
    rf"|[a-z0-9][a-z0-9-]{{0,62}}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\.(?:{_TOP})\b(?:/[^\s<>\"]{{0,2000}})?)",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(r"(?:https?://)?(?:www\.)?[\w.-]{0,100}\.(?:gov|nhs|police)\.uk/?", re.IGNORECASE)
_NETWORK = re.compile(
    r"\b(?:insta(?:gram)?|twitter|snap(?:chat)?|tiktok|facebook|fb|whatsapp|telegram|linkedin|discord|skype)\b"
    r"(?:[ ](?:handle|name|page|me|is|as|account)){0,2}[ ]?(?P<said>[:=@-]|[ ])[ ]?(?P<handle>[\w.@-]{2,80})",
    re.IGNORECASE,
)

_FIGURES = re.compile(r"(?<![\w£$€.])(?:\+[ ]?|\(\+?)?\d(?:[\s().,/_*·•-]{0,4}\d){6,24}(?!\w)")
_AFTER_CUE = re.compile(
    r"\b(?:tel|phone|telephone|mobile|mob|cell|fax|call|ring|text|whatsapp|number|nr|contact)\b\D{0,20}?"
    r"(?P<figures>\d(?:[ .-]{0,2}\d){4,14})(?![\d%])",
    re.IGNORECASE,
)
_WORD = (
    r"(?:zero|nought|naught|oh|o|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|hundred"
    r"|\d{1,5})"
)
_SPOKEN = re.compile(rf"(?<!\w){_WORD}(?:[\s,.-]{{1,3}}{_WORD}){{2,24}}(?!\w)", re.IGNORECASE)
_MONEY = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_YEARS = re.compile(r"(?:(?:1[89]|20)\d\d[^\w]{1,3}){1,}(?:1[89]|20)\d\d")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{2}|\d{4})")
_INSURANCE = re.compile(
    r"(?<![^\W_])(?P<area>[a-z][ ]?[a-z])[ .-]{0,2}\d\d[ .-]{0,2}\d\d[ .-]{0,2}\d\d"
    r"(?:[ .-]{0,2}(?P<end>[a-z])\b|(?!\w))",
    re.IGNORECASE,
)
_SHORT_WORDS = frozenset(
    "in on to at of by my is or so us we up no an as be do go he if it me ok am pm".split()  # noqa: SIM905
)
_POSTCODE = re.compile(
    r"(?<![^\W_])(?:gir[ ]?0aa|[a-z]{1,2}\d[a-z\d]?[ \t\n._-]{0,3}\d(?!st\b|nd\b|rd\b|th\b|hr\b|ft\b)"
    r"[abd-hjlnp-uw-z][ ]?[abd-hjlnp-uw-z])(?![^\W_])",
    re.IGNORECASE,
)
_STREETS = "street|road|lane|avenue|crescent|terrace|gardens|grove|mews|close|drive"
_ANY_STREET = (
    f"(?i:{_STREETS}|st|rd|ln|ave|dr|ct|court|place|pl|square|sq|way|walk|row|hill|parade|rise|view|park|green"
    "|gate|yard|wharf|house|tower|cottages?|villas?|buildings?|heights)"
)
_NUMBERED = (
    r"(?<![\w£$€.,:/])(?:(?:flat|unit|apartment|apt|no|number)\.?[ ])?\d{1,4}[a-z]?(?:[-/]\d{1,4}[a-z]?)?"
)
_CAPITAL_STREET = re.compile(
    rf"{_NUMBERED.replace('(?:flat|', '(?i:flat|')},?[ ](?:[A-Z][\w'’-]{{0,30}}[ ]){{1,3}}{_ANY_STREET}\b"
)
_SMALL_STREET = re.compile(
    rf"{_NUMBERED},?[ ](?P<words>(?:[^\W\d][\w'’-]{{0,30}}[ ]){{1,2}})(?:{_STREETS}|rd|ave)\b"
    r"(?![ ](?:banks?|shops?|stores?|names?|chains?|pubs?|lights?|signs?|works|closures?|traders?)\b)",
    re.IGNORECASE,
)
_FLAT = re.compile(r"\b(?:flat|apartment|apt)[ ]\d{1,4}[a-z]?\b", re.IGNORECASE)
_NO_STREET_NAME = frozenset(
    """
    the our my this that these those a an in on of off down up your their his her its every each any
    some people cars car houses homes bus buses train vans lorries bikes shops pubs minute minutes
    min mins mile miles hour hours day days week weeks month months year years m km metre metres
    yard yards lane lanes way mph main side busy quiet narrow wide new old different other more to
    from at and or with per percent pm am st nd rd th near along across between into onto for main
    residential local nice clean safe dirty dark empty dead single one two three four shared private
    public whole next last first
    """.split()  # noqa: SIM905  (a list of literals is 100 lines)
)
NHS_FIGURES, LONG_FIGURES = 10, 9


def contacts_in(text: str) -> list[Span]:
    """Every way to find somebody that stands in the text; some may overlap."""
    return [
        *_mails(text),
        *_webs(text),
        *_streets(text),
        *_insurances(text),
        *_numbers(text),
        *(Span(Kind.POSTCODE, *each.span()) for each in _POSTCODE.finditer(text)),
    ]


def _mails(text: str) -> Iterator[Span]:
    done = 0
    for at in re.finditer("@", text):
        right = _AFTER_AT.match(text, at.end())
        start = at.start()
        gap = text[max(0, start - 2) : start]
        start -= len(gap) - len(gap.rstrip(" ")) if right else 0
        word_end = start
        while start > done and text[start - 1] in _LOCAL:
            start -= 1
        if right and start < word_end:
            done = right.end()
            yield Span(Kind.E_MAIL, start, done)
            continue
        handle = _HANDLE.match(text, at.end())
        if handle:
            done = handle.end()
            yield Span(Kind.WEB, start, done)
    yield from (Span(Kind.E_MAIL, *each.span()) for each in _SPOKEN_MAIL.finditer(text))


def _webs(text: str) -> Iterator[Span]:
    for found in _WEB.finditer(text):
        address = found[0].rstrip(".,;:!?)\"'")
        if not _OFFICIAL.fullmatch(address):
            yield Span(Kind.WEB, found.start(), found.start() + len(address))
    for found in _NETWORK.finditer(text):
        is_sure = found["said"] in ":=@" or any(char.isdigit() or char in "_@" for char in found["handle"])
        if is_sure or "." in found["handle"].rstrip("."):
            yield Span(Kind.WEB, *found.span("handle"))


def _streets(text: str) -> Iterator[Span]:
    yield from (Span(Kind.ADDRESS, *each.span()) for each in _CAPITAL_STREET.finditer(text))
    yield from (Span(Kind.ADDRESS, *each.span()) for each in _FLAT.finditer(text))
    for found in _SMALL_STREET.finditer(text):
        if not _NO_STREET_NAME & set(found["words"].casefold().split()):
            yield Span(Kind.ADDRESS, *found.span())


def _insurances(text: str) -> Iterator[Span]:
    for found in _INSURANCE.finditer(text):
        area, end = found["area"].replace(" ", ""), found["end"]
        is_word = area.casefold() in _SHORT_WORDS
        is_typed_close = end is not None and text[found.end() - 2].isdigit()
        if (area.isupper() and not is_word) or (end is not None and (not is_word or is_typed_close)):
            yield Span(Kind.INSURANCE, *found.span())


def _numbers(text: str) -> Iterator[Span]:
    for found in _FIGURES.finditer(text):
        kind = _kind_of(found[0])
        if kind:
            yield Span(kind, *found.span())
    yield from (Span(Kind.PHONE, *each.span("figures")) for each in _AFTER_CUE.finditer(text))
    for found in _SPOKEN.finditer(text):
        if _spoken_figures(found[0]) >= LONG_FIGURES and any(map(str.isalpha, found[0])):
            yield Span(Kind.PHONE, *found.span())


def _kind_of(typed: str) -> Kind | None:
    """What a run of figures is; none for money, years and measures."""
    figures = re.sub(r"\D", "", typed)
    groups = [len(group) for group in re.findall(r"\d+", typed)]
    if _MONEY.fullmatch(typed) or _YEARS.fullmatch(typed.strip()) or _DATE.fullmatch(typed):
        return None
    if len(figures) == NHS_FIGURES and figures[0] != "0" and (groups == [3, 3, 4] or _is_checked(figures)):
        return Kind.NHS
    if any(sign in typed for sign in ".,/") and min(groups) < 2:  # noqa: PLR2004  (0.5, 0.25 are measures)
        return None
    if _is_dialled(typed, figures):
        return Kind.PHONE
    if len(figures) >= LONG_FIGURES and (len(groups) == 1 or set(groups) == {4}):
        return Kind.NUMBER
    return None


def _is_dialled(typed: str, figures: str) -> bool:
    international = typed.lstrip("( ").startswith("+") or figures.startswith("00")
    if international or figures.startswith("0"):
        return LONG_FIGURES <= len(figures) <= 18 and not figures.startswith("000")  # noqa: PLR2004
    if figures.startswith("44") and len(figures) == 12:  # noqa: PLR2004  (a country and ten figures)
        return True
    if figures.startswith("7") and len(figures) == 10:  # noqa: PLR2004  (a mobile without its nought)
        return True
    if any(sign in typed for sign in ",/.") and min(map(len, re.findall(r"\d+", typed))) < 3:  # noqa: PLR2004
        return False  # prices and measures
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(figures, "GB"))
    except phonenumbers.NumberParseException:
        return False


def _is_checked(figures: str) -> bool:
    """Whether the last figure is the one that follows from the nine before, as in every NHS number."""
    rest = 11 - sum(int(figure) * (10 - place) for place, figure in enumerate(figures[:9])) % 11
    return (0 if rest == 11 else rest) == int(figures[9])  # noqa: PLR2004  (the method counts modulo 11)


def _spoken_figures(said: str) -> int:
    count, times = 0, 1
    for word in re.findall(r"\w+", said.casefold()):
        if word in {"double", "treble", "triple"}:
            times = 2 if word == "double" else 3
            continue
        count += len(word) if word.isdigit() else 2 if word == "hundred" else times
        times = 1
    return count
