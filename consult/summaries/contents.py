"""Whether a text is the content of a published summary, for those that come from another installation."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from math import isfinite
from typing import Any

from consult.cells import LARGEST, Refusal, as_instant, shown
from consult.stats.reliance import Reading
from consult.summaries.models import CountsShown
from consult.summaries.positions import SUMMARISED_FORMS
from consult.summaries.publishing import FORMAT, Content, digest, fingerprint
from consult.summaries.release import FEWEST_COUNTED, Told
from consult.summaries.service import SEED_BITS

Check = Callable[[object], bool]
LARGEST_SEED = 2**SEED_BITS - 1  # more than the other whole numbers of a bundle may be
_SEED = re.compile(r"0|[1-9][0-9]{0,9}")


def as_content(where: str, text: str) -> Content:
    """The content that this text holds.

    Raises
    ------
    Refusal
        If it is no JSON, of another shape, or words in it do not fit their fingerprint.
    """
    try:
        content: Content = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(where, "this is not JSON text") from None
    fault = _fault(content, SHAPE) or _contradiction(content)
    if fault is not None:
        raise Refusal(where, f"this is not the content of a published summary: see {fault}")
    for position in content["positions"]:
        for quotation in position["quotations"]:
            words, salt = quotation["words"], quotation["salt"]
            if words is not None and fingerprint(words, salt) != quotation["sha256"]:
                raise Refusal(where, f"a quotation of {position['key']} does not fit its hash")
    return content


def as_seed(where: str, text: str) -> int:
    """A seed from which lots are drawn."""
    if not _SEED.fullmatch(text) or int(text) > LARGEST_SEED:
        raise Refusal(where, f"{shown(text)} is not a seed, a whole number from 0 to {LARGEST_SEED}")
    return int(text)


def is_hash_of(sha256: str, content: Content) -> bool:
    """Whether that is the hash with which this content was published."""
    return digest(content) == sha256


def _refuse_constant(_name: str) -> None:
    raise ValueError


def _is_text(value: object) -> bool:
    return type(value) is str and "\0" not in value


def _is_whole(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST


def _is_seed(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_SEED


def _is_number(value: object) -> bool:
    return _is_whole(value) or (type(value) is float and isfinite(value))


def _is_instant(value: object) -> bool:
    try:
        return type(value) is str and as_instant("", value) is not None
    except Refusal:
        return False


def _is_flag(value: object) -> bool:
    return type(value) is bool


def _is_format(value: object) -> bool:
    return type(value) is int and value == FORMAT


def _one_of(values: Collection[str]) -> Check:
    return lambda value: type(value) is str and value in values


class _Maybe:
    """A place that may hold nothing."""

    def __init__(self, shape: object) -> None:
        self.shape = shape


_TOLD = {"told": _one_of(tuple(Told)), "number": _Maybe(_is_whole)}
_QUOTATION = {"id": _is_whole, "words": _Maybe(_is_text), "salt": _Maybe(_is_text), "sha256": _is_text}
_POSITION = {
    "key": _is_text,
    "completion": _is_text,
    "reasons": _is_text,
    "worry": _is_text,
    "opposes": _Maybe(_is_text),
    "reading": _one_of(tuple(Reading)),
    **_TOLD,
    "quotations": [_QUOTATION],
    "fairness": {"mean": _Maybe(_is_number), "is_of_all_holders": _is_flag},
}
SHAPE = {
    "format": _is_format,
    "title": _is_text,
    "item": {"key": _is_text, "stem": _is_text, "form": _one_of([form.value for form in SUMMARISED_FORMS])},
    "completions": _TOLD,
    "positions": [_POSITION],
    "counts_shown": _one_of(tuple(CountsShown)),
    "quotations": {"seed": _is_seed, "longest": _is_whole},
    "codebook": _Maybe(_is_whole),
    "agreement": _Maybe({"alpha": _is_text, "reading": _one_of(tuple(Reading))}),
    "fairness": {"gap": _Maybe(_is_number), "is_fair": _is_flag},
    "override": _Maybe(_is_text),
    "approved_by": _is_text,
    "published_at": _is_instant,
}


def _fault(value: Any, shape: Any, path: str = "") -> str | None:
    """Where the value is of another shape, if anywhere; the whole of it is its beginning."""
    if isinstance(shape, _Maybe):
        return None if value is None else _fault(value, shape.shape, path)
    if isinstance(shape, dict):
        return _fault_of_table(value, shape, path)
    if isinstance(shape, list):
        if type(value) is not list:
            return path
        found = (_fault(each, shape[0], f"{path}[{n}]") for n, each in enumerate(value))
        return next(filter(None, found), None)
    return None if shape(value) else path


def _fault_of_table(value: Any, shape: Mapping[str, Any], path: str) -> str | None:
    if type(value) is not dict or value.keys() - shape.keys():
        return path or "its beginning"
    inside = f"{path}." if path else ""
    found = (
        _fault(value[key], part, f"{inside}{key}") if key in value else f"{inside}{key}"
        for key, part in shape.items()
    )
    return next(filter(None, found), None)


def _contradiction(content: Content) -> str | None:
    """Where a content of the right shape says two things that cannot both be."""
    if not _is_told(content["completions"]):
        return "completions.number"
    keys = [position["key"] for position in content["positions"]]
    if not keys or len(set(keys)) < len(keys):
        return "positions"
    for n, position in enumerate(content["positions"]):
        path = f"positions[{n}]"
        if not _is_told(position):
            return f"{path}.number"
        if position["opposes"] is not None and position["opposes"] not in set(keys) - {position["key"]}:
            return f"{path}.opposes"
        for m, quotation in enumerate(position["quotations"]):
            if (quotation["words"] is None) is not (quotation["salt"] is None):
                return f"{path}.quotations[{m}]"
    return None


def _is_told(told: Content) -> bool:
    number = told["number"]
    if told["told"] != Told.NUMBER:
        return number is None
    return number is not None and number >= FEWEST_COUNTED
