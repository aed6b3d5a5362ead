"""Where somebody can be found online: e-mail and web addresses, however said; handles. On a flat text."""

import re
from collections.abc import Iterator

from consult.personal_data.ordinary import ORDINARY
from consult.personal_data.spans import Kind, Span

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'&")
_DOMAIN = r"[^\W_](?:[\w-]{0,62})(?:[ ]?\.[ ]?[\w-]{2,63}){1,6}"
_AFTER_AT = re.compile(rf"[ ]{{0,2}}{_DOMAIN}")
_HANDLE = re.compile(r"(?=[\w.]{0,40}[^\W\d])[\w.-]{2,80}")
_BEFORE_AT = r"(?<![\w.+-])[\w.+-]{1,64}(?:[ ](?:dot|underscore|dash|hyphen|full[ ]stop)[ ][\w+-]{1,64}){0,4}"
_AT = (
    r"(?:[ ]?[\[({<*_|~-]{1,2}[ ]?(?:at|a|@)[ ]?[\])}>*_|~-]{1,2}[ ]?"
    r"|[ ](?:at(?:[ ]the[ ]rate(?:[ ]of)?)?|@)[ ])"
)
_DOT = (
    r"(?:[ ]?[\[({<*_-][ ]?(?:dot|\.|d0t)[ ]?[\])}>*_-][ ]?|[ ](?:dot|full[ ]stop|point)[ ]"
    r"|\.|[ ]?\.[ ]?(?=(?:com|co|uk|org|net|example)\b))"
)
# "zara at example dot org": "dot", brackets or a full stop say that it is none of the usual "at".
_SPOKEN_MAIL = re.compile(rf"{_BEFORE_AT}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,5}}", re.IGNORECASE)
# Who carries mail says so too, and the end of an address without its dot.
_ENDING = r"(?:com|net|org|co[ ]?uk|org[ ]?uk|ac[ ]?uk|me[ ]?uk|co|uk|ie)"
_CARRIED = re.compile(
    rf"{_BEFORE_AT}{_AT}(?:"
    r"(?:gmail|googlemail|g[ ]mail|hotmail|hot[ ]mail|outlook|yahoo|ymail|rocketmail|icloud|msn|aol"
    r"|btinternet|btopenworld"
    r"|virginmedia|virgin[ ]media|talktalk|protonmail|tiscali|ntlworld|blueyonder|gmx|plusnet"
    r"|fastmail|tutanota)"
    rf"(?:(?:{_DOT}|[ ]){_ENDING})?|[\w-]{{2,63}}[ ](?:com|co[ ]uk|org[ ]uk|ac[ ]uk|org|net))\b",
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
_NETWORKS = (
    r"(?:insta(?:gram)?|ig|twitter|x\.com|snap(?:chat)?|tik[ ]?tok|facebook|fb|whatsapp|telegram"
    r"|linkedin|discord|skype"
    r"|threads|bluesky|mastodon|youtube|reddit|twitch|messenger|signal)"
)
_NETWORK = re.compile(
    rf"\b{_NETWORKS}\b(?:[ ](?:handle|name|page|me|account|user|username|profile|i['’]?m|my|under"
    rf"|it['’]?s)){{0,2}}"
    r"[ ]?(?P<said>[:=@-]|[ ]as[ ]|[ ]is[ ]|[ ]called[ ]|[ ])[ ]?(?P<handle>[\w.@-]{2,80})",
    re.IGNORECASE,
)
_ON_NETWORK = re.compile(
    rf"(?<![\w.@'’-])(?P<handle>[\w.@-]{{3,80}})[ ](?:on|over[ ]on|at)[ ](?:my[ ])?{_NETWORKS}\b",
    re.IGNORECASE,
)
_FOUND_UNDER = re.compile(
    r"\b(?:user ?name|handle|follow me|add me|dm me|dm|my (?:insta|snap|handle|username|profile))"
    r"[ ]?(?P<said>[:=]|[ ]?is[ ]|[ ]as[ ]|[ ]at[ ])[ ]?(?P<handle>[\w.@-]{3,80})",
    re.IGNORECASE,
)


def online_in(text: str) -> Iterator[Span]:
    """Every address and handle in the text; some may overlap."""
    yield from _mails(text)
    yield from _webs(text)
    yield from _handles(text)


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
    for pattern in (_SPOKEN_MAIL, _CARRIED):
        yield from (Span(Kind.E_MAIL, *each.span()) for each in pattern.finditer(text))


def _webs(text: str) -> Iterator[Span]:
    for found in _WEB.finditer(text):
        address = found[0].rstrip(".,;:!?)\"'")
        if not _OFFICIAL.fullmatch(address):
            yield Span(Kind.WEB, found.start(), found.start() + len(address))


def _handles(text: str) -> Iterator[Span]:
    """Names on networks: sure where something announces them or where no word looks like that."""
    for found in _NETWORK.finditer(text):
        said, handle = found["said"].strip().casefold(), found["handle"].rstrip(".")
        is_said = said in {"as", "called"} or (said == "is" and _is_mine(text, found.start()))
        if (
            (said and said in ":=@-")
            or _looks_made(handle)
            or (is_said and handle.casefold() not in ORDINARY)
        ):
            yield Span(Kind.WEB, *found.span("handle"))
    for found in _ON_NETWORK.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()].casefold()
        is_said = re.search(r"(?:i['’]m|\bim|i am|\bas|add me|\bme|it['’]s)[ :]{1,2}$", before)
        if _looks_made(found["handle"]) or (is_said and found["handle"].casefold() not in ORDINARY):
            yield Span(Kind.WEB, *found.span("handle"))
    for found in _FOUND_UNDER.finditer(text):
        if found["handle"].casefold() not in ORDINARY:
            yield Span(Kind.WEB, *found.span("handle"))


def _is_mine(text: str, start: int) -> bool:
    return text[max(0, start - 4) : start].strip().casefold() == "my"


def _looks_made(handle: str) -> bool:
    return any(char.isdigit() or char in "_@." for char in handle) and any(map(str.isalpha, handle))
