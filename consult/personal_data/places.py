"""Where somebody lives, when they were born, what they drive. On a text that is flat."""

import re
from collections.abc import Iterator

from consult.personal_data.spans import Kind, Span

_INWARD = r"[abd-hjlnp-uw-z]"
_POSTCODE = re.compile(
    r"(?<![^\W_])(?:gir[ ]?0aa|[a-z]{1,2}[ ]?\d[a-z\d]?[ \t\n._,/-]{0,3}\d(?!st\b|nd\b|rd\b|th\b|hr\b|ft\b)"
    rf"{_INWARD}[ ]?{_INWARD})(?![^\W_])",
    re.IGNORECASE,
)
# Run together with a word: in capitals, or without any space.
_RUN_TOGETHER = re.compile(
    r"(?:(?<![^\W_])|(?<=[a-z]))[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{2}(?=[a-z]|(?![^\W_]))"
    rf"|(?<![^\W_])[a-z]{{1,2}}\d[a-z\d]?\d(?!st|nd|rd|th|mph|min|hrs){_INWARD}{{2}}(?=[a-z]{{3,20}}\b)"
)
# "S W 1 A 1 A A", "SW1A 1 AA": only in capitals.
_SPACED = re.compile(
    r"(?<![^\W_])[A-Z][ ]?[A-Z]?[ ]?\d[ ]?[A-Z\d]?[ ]{1,2}\d[ ]?[ABD-HJLNP-UW-Z]"
    r"[ ]?[ABD-HJLNP-UW-Z](?![^\W_])"
)
# With the letter for the nought of its second half: "SW1A OAA", but not "the A1 off".
_WITH_LETTER = re.compile(rf"(?<![^\W_])[a-z]{{1,2}}\d[a-z\d]?[ ]?o{_INWARD}{{2}}(?![^\W_])", re.IGNORECASE)
_WORDS_WITH_O = frozenset("one off old our out own odd oar oat ode owe ore opt oft ohh oops ons odds".split())  # noqa: SIM905  (a list of literals is hundreds of lines)
_STREETS = "street|road|lane|avenue|crescent|terrace|gardens|grove|mews|close|drive"
_ANY_STREET = (
    f"(?i:{_STREETS}|st|rd|ln|ave|av|dr|ct|cl|cres|gdns|court|place|pl|square|sq|way|walk|row|hill|parade|rise"
    "|view|park|green|gate|yard|wharf|house|tower|cottages?|villas?|buildings?|heights|vale|croft|mount|bank|fold"
    "|wynd|vennel|brae|ffordd|heol|stryd|lodge|quay|circus|chase|path|end|estate)"
)
_SAID = "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty)"
_NUMBERED = (
    r"(?<![\w£$€.,:/])(?:(?:flat|unit|apartment|apt|no|number)\.?[ ]?)?\d{1,4}[a-z]?(?:[-/]\d{1,4}[a-z]?)?"
)
_CAPITAL_STREET = re.compile(
    rf"(?:{_NUMBERED.replace('(?:flat|', '(?i:flat|')}|\b(?i:{_SAID})),?[ ](?:St\.[ ])?"
    rf"(?:[A-Z][\w'’-]{{0,30}}[ ]){{1,3}}{_ANY_STREET}\b"
)
_SMALL_STREET = re.compile(
    rf"(?:{_NUMBERED}|\b{_SAID}),?[ ](?P<words>(?:[^\W\d][\w'’-]{{0,30}}[ ]){{1,2}})(?:{_STREETS}|rd"
    rf"|ave|cres|gdns)\b"
    r"(?![ ](?:banks?|shops?|stores?|names?|chains?|pubs?|lights?|signs?|works|closures?|traders?)\b)",
    re.IGNORECASE,
)
_LIVE_AT = re.compile(
    r"\b(?:live|living|lives|reside|address(?:[ ]is)?|home[ ]is|stay|house[ ]is|from|we['’]re|i['’]m"
    r"|am)[ ]?(?::|at|in|on|is)?[ ]"
    rf"(?P<where>(?:(?:flat|no|number|apartment|apt)\.?[ ]?)?\d{{1,4}}[a-z]?,?[ ]{{1,3}}"
    rf"(?!min|mile|year|hour|day|met|yard|per|of\b|to\b)(?:[^\W\d][\w'’-]{{1,30}}[ ]){{0,2}}"
    rf"{_ANY_STREET})\b",
    re.IGNORECASE,
)
_STREET_FIRST = re.compile(
    rf"\b(?:[A-Z][\w'’-]{{1,30}}[ ]){{1,3}}{_ANY_STREET},?[ ](?i:number|no|nr|house"
    rf"|flat)\.?[ ]?\d{{1,4}}[a-z]?\b"
)
_FLAT = re.compile(r"\b(?:flat|apartment|apt)[ ]?\d{1,4}[a-z]?\b", re.IGNORECASE)
_NO_STREET_NAME = frozenset(
    """
    the our my this that these those a an in on of off down up your their his her its every each any
    some people cars car houses homes bus buses train vans lorries bikes shops pubs minute minutes
    min mins mile miles hour hours day days week weeks month months year years m km metre metres
    yard yards lane lanes way mph main side busy quiet narrow wide new old different other more to
    from at and or with per percent pm am st nd rd th near along across between into onto for main
    residential local nice clean safe dirty dark empty dead single one two three four shared private
    public whole next last first is are was were be have has had
    """.split()  # noqa: SIM905  (a list of literals is hundreds of lines)
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|date[ ]of[ ]birth|born(?:[ ]on)?|birth[ ]?day|birth[ ]?date)\b[^\d\n]{0,20}?"
    rf"(?P<date>\d{{1,2}}(?:st|nd|rd|th)?(?:[ ./-]{{0,3}}(?:of[ ])?(?:{_MONTHS})"
    rf"|[ ./-]{{1,3}}\d{{1,2}})(?:[ ,./-]{{1,3}}\d{{2,4}})?"
    rf"|(?:{_MONTHS})[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{6,8}})(?!\d)",
    re.IGNORECASE,
)
_BORN_IN_WORDS = re.compile(
    rf"\b(?:born(?:[ ]on)?|birthday(?:[ ]is)?)[ ](?:the[ ])?(?P<date>(?:{_MONTHS})[ ]\d{{1,2}}(?:st|nd"
    rf"|rd|th)?)\b",
    re.IGNORECASE,
)
_PLATE = re.compile(r"(?<![^\W_])(?P<plate>[A-Z]{2}\d\d[ ]?[A-Z]{3})(?![^\W_])")
_PLATE_TOGETHER = re.compile(r"(?<![^\W_])(?P<plate>[a-z]{2}\d\d[a-z]{3})(?![^\W_])")
_PLATE_AFTER_CUE = re.compile(
    r"\b(?:reg(?:istration)?|plates?|number[ ]plate|licence[ ]plate|reg[ ](?:no|number)|vrn|car|van"
    r"|driver|bmw|audi|ford|vehicle)"
    r"\b[^\d\n]{0,25}?(?<![^\W_])(?P<plate>[a-z]{2}\d\d[ -]?[a-z]{3}|[a-z]\d{1,3}[ -]?[a-z]{3}"
    r"|[a-z]{3}[ -]?\d{1,3}[a-z]"
    r"|[a-z]{2,3}[ ]?\d{4})(?![^\W_])",
    re.IGNORECASE,
)
_UNITS = frozenset("mph kph min hrs kms cms pcs mls the and for but was are has ish".split())  # noqa: SIM905  (a list of literals is hundreds of lines)


def places_in(text: str) -> Iterator[Span]:
    """Every postcode, address, date of birth and number plate in the text; some may overlap."""
    for kind, part, patterns in _FOUND:
        for pattern in patterns:
            yield from (Span(kind, *each.span(part)) for each in pattern.finditer(text))
    if not text.isupper():
        yield from (Span(Kind.POSTCODE, *each.span()) for each in _SPACED.finditer(text))
    for found in _WITH_LETTER.finditer(text):
        if found[0][-3:].casefold() not in _WORDS_WITH_O:
            yield Span(Kind.POSTCODE, *found.span())
    for found in _SMALL_STREET.finditer(text):
        if not _NO_STREET_NAME & set(found["words"].casefold().split()):
            yield Span(Kind.ADDRESS, *found.span())
    yield from _plates(text)


def _plates(text: str) -> Iterator[Span]:
    for pattern in (_PLATE, _PLATE_TOGETHER, _PLATE_AFTER_CUE):
        for found in pattern.finditer(text):
            if found["plate"][-3:].casefold() not in _UNITS:
                yield Span(Kind.VEHICLE, *found.span("plate"))


_FOUND: tuple[tuple[Kind, str | int, tuple[re.Pattern[str], ...]], ...] = (
    (Kind.POSTCODE, 0, (_POSTCODE, _RUN_TOGETHER)),
    (Kind.ADDRESS, 0, (_CAPITAL_STREET, _STREET_FIRST, _FLAT)),
    (Kind.ADDRESS, "where", (_LIVE_AT,)),
    (Kind.BIRTH, "date", (_BORN, _BORN_IN_WORDS)),
)
