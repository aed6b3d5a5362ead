"""A page is judged by its text alone: well-formed, complete, nothing that the content policy would refuse.

`problems_of(page)` returns sentences, and an empty list for a good page. It needs no browser, no Java and no
network, so a test client can call it on every response that it fetches. What only a browser can see is in
`axe`, what only a full conformance checker can see is in `nu`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import html5lib
from html5lib.constants import E as PARSE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ALLOWED_SCRIPTS: Final = frozenset({"GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="})
REFERENCES: Final = (
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "data-aria-controls",
    "form",
    "headers",
    "list",
)
LOADS: Final = (
    "src",
    "srcset",
    "poster",
    "data",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "hx-put",
    "hx-patch",
    "hx-delete",
)
CONTROLS: Final = frozenset({"input", "select", "textarea"})
NAMELESS_INPUTS: Final = frozenset({"hidden", "submit", "reset", "button", "image"})
ERROR: Final = "Error: "


def problems_of(html: str, *, fragment: bool = False) -> list[str]:
    """Everything that is wrong with a page, or with a part of a page if `fragment`; empty if nothing is.

    A fragment may point at ids of the page around it, so its references are not followed. It has no title.
    """
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parseFragment(html) if fragment else parser.parse(html)
    problems = [
        f"not well-formed at line {line}: {PARSE_ERRORS[code] % values}"
        for (line, _), code, values in parser.errors
    ]
    page = _Page(root)
    problems += _ids(page)
    problems += _controls(page, fragment=fragment)
    problems += _groups(page)
    problems += _forms(page)
    problems += _pictures(page)
    problems += _inline(page)
    problems += _addresses(page)
    problems += _components(page, fragment=fragment)
    if not fragment:
        problems += _document(page)
        problems += _references(page)
    return problems


class _Page:
    """The elements of one document, with the ways of looking at them that the checks share."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements: list[Element] = [element for element in root.iter() if isinstance(element.tag, str)]
        self.parents: dict[Element, Element] = {child: parent for parent in self.elements for child in parent}
        self.ids = [element.get("id", "") for element in self.elements if element.get("id") is not None]

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements with one of these tags, in document order."""
        return (element for element in self.elements if element.tag in tags)

    def with_class(self, name: str) -> Iterator[Element]:
        """The elements that have this class, in document order."""
        return (element for element in self.elements if name in element.get("class", "").split())

    def inside(self, element: Element, tag: str) -> bool:
        """Whether `element` stands inside an element with this tag."""
        parent = self.parents.get(element)
        while parent is not None:
            if parent.tag == tag:
                return True
            parent = self.parents.get(parent)
        return False


def text_of(element: Element) -> str:
    """The text inside an element, with each run of white space as one space."""
    return " ".join("".join(element.itertext()).split())


def _named(element: Element) -> str:
    """How a sentence names an element: its tag and what tells it from others."""
    tag = str(element.tag).rpartition("}")[2]
    told = [f'{name}="{element.get(name)}"' for name in ("id", "name", "href", "src") if element.get(name)]
    return f"<{' '.join([tag, *told[:2]])}>"


def _document(page: _Page) -> Iterator[str]:
    html = next(page.all("html"))
    if not html.get("lang"):
        yield "<html> has no lang"
    headings = [text_of(element) for element in page.all("h1")]
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1, not one"
    if sum(1 for _ in page.all("main")) != 1:
        yield "the page has not exactly one main"
    titles = list(page.all("title"))
    title = text_of(titles[0]) if titles else ""
    if not title:
        yield "the page has no title"
        return
    has_errors = any(page.with_class("govuk-error-summary"))
    error = _error_word(page, html.get("lang") or "")
    if has_errors != title.startswith(error):
        yield f'title "{title}" must begin with "{error}" if the page has an error summary, and only then'
    if len(headings) == 1:
        told = title.removeprefix(error)
        if titles[0].get("data-discreet") is not None:
            if headings[0] and headings[0] in told:
                yield f'title "{title}" is said to be discreet, but has the words of the h1'
        elif not headings[0] or not told.startswith(headings[0]):
            yield f'title "{title}" does not begin with the h1 "{headings[0]}"'


def _error_word(page: _Page, language: str) -> str:
    """What the title of a page with errors begins with; in another language, what its messages begin with."""
    if language.startswith("en"):
        return ERROR
    hidden = [
        text_of(part)
        for message in page.with_class("govuk-error-message")
        for part in message.iter()
        if part.get("class") == "govuk-visually-hidden"
    ]
    return f"{hidden[0]} " if hidden else ERROR


def _ids(page: _Page) -> Iterator[str]:
    for name, times in Counter(page.ids).items():
        if times > 1:
            yield f'id "{name}" is there {times} times'
        if not name or re.search(r"\s", name):
            yield f'id "{name}" is empty or has a space'


def _references(page: _Page) -> Iterator[str]:
    known = set(page.ids)
    for element in page.elements:
        for attribute in REFERENCES:
            value = element.get(attribute)
            if value is None:
                continue
            if not value.split():
                yield f"{attribute} of {_named(element)} is empty"
            for name in value.split():
                if name not in known:
                    yield f'{attribute} of {_named(element)} points at "{name}", which is not there'
        href = element.get("href", "")
        if href.startswith("#") and href[1:] not in known:
            yield f"{_named(element)} leads to nothing on this page"


def _controls(page: _Page, *, fragment: bool) -> Iterator[str]:
    for label in page.all("label"):
        target = label.get("for")
        if target is not None and target not in page.ids and not fragment:
            yield f'label "{text_of(label)}" is for "{target}", which is not there'
        if not text_of(label):
            yield f'label for "{target}" is empty'
    labelled = {element.get("for") for element in page.all("label")}
    for element in page.all(*CONTROLS):
        is_nameless = element.tag == "input" and element.get("type") in NAMELESS_INPUTS
        if not (
            is_nameless or element.get("id") in labelled or _is_told(element) or page.inside(element, "label")
        ):
            yield f"{_named(element)} has no label"
    for element in page.all("button", "a"):
        if not (
            text_of(element) or _is_told(element) or any(image.get("alt") for image in element.iter("img"))
        ):
            yield f"{_named(element)} has no words"


def _groups(page: _Page) -> Iterator[str]:
    for element in page.all("fieldset"):
        if not any(text_of(legend) for legend in element.iter("legend")):
            yield f"{_named(element)} has no legend"
    for element in page.elements:
        if element.get("required") is not None and element.tag not in CONTROLS:
            yield f"{_named(element)} cannot be required"


def _is_told(element: Element) -> bool:
    return any(element.get(name) for name in ("aria-label", "aria-labelledby", "title"))


def _forms(page: _Page) -> Iterator[str]:
    for form in page.all("form"):
        posts = form.get("method", "get").lower() == "post"
        has_token = any(
            field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input")
        )
        if posts and not has_token:
            yield f"{_named(form)} posts without a csrf_token"
        if not posts and has_token:
            yield f"{_named(form)} shows its csrf_token in the address"
        if posts and form.get("novalidate") is None:
            yield f"{_named(form)} leaves checking to the browser: it needs novalidate"


def _pictures(page: _Page) -> Iterator[str]:
    for element in page.all("img"):
        if element.get("alt") is None:
            yield f"{_named(element)} has no alt"
    svg = "{http://www.w3.org/2000/svg}"
    for element in page.all(f"{svg}svg"):
        title = element.find(f"{svg}title")
        told = element.get("aria-label") or element.get("aria-labelledby")
        if element.get("aria-hidden") != "true" and not (
            element.get("role") == "img" and (told or (title is not None and text_of(title)))
        ):
            yield f'{_named(element)} is neither hidden nor a picture with a name (role="img" and title)'


def _inline(page: _Page) -> Iterator[str]:
    for element in page.elements:
        tag = str(element.tag).rpartition("}")[2]
        if tag == "style":
            yield "a <style> stands in the page"
        if tag == "script" and element.get("src") is None:
            digest = base64.b64encode(hashlib.sha256("".join(element.itertext()).encode()).digest()).decode()
            if digest not in ALLOWED_SCRIPTS:
                yield f"an inline script is not the allowed one: sha256-{digest}"
        for name in element.keys():  # noqa: SIM118 - an element is a sequence of its children, its attributes are its keys
            if name == "style":
                yield f"{_named(element)} has a style attribute"
            if str(name).startswith("on") or str(name).startswith("hx-on"):
                yield f"{_named(element)} has {name}, an inline script"


def _addresses(page: _Page) -> Iterator[str]:
    for element in page.elements:
        for name, value in element.items():
            address = str(value).strip()
            if re.match(r"(javascript|vbscript):", address, re.IGNORECASE):
                yield f"{_named(element)} has a script as its {name}"
            is_link = element.tag in {"a", "area"} and name == "href"
            is_loaded = name in LOADS or (name == "href" and not is_link) or str(name).endswith("}href")
            if not (is_link or is_loaded):
                continue
            for one in address.split(",") if name == "srcset" else [address]:
                if not _leads_abroad(one.strip()):
                    continue
                if is_loaded:
                    yield f"{_named(element)} loads from another host"
                elif "external" not in element.get("rel", "").split():
                    yield f'{_named(element)} leads to another host: if that is meant, say rel="external"'
        if element.get("target") not in {None, "_self"}:
            yield f'{_named(element)} opens another window: target="{element.get("target")}"'


def _leads_abroad(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return bool(parts.netloc) or parts.scheme in {"http", "https", "ftp"}


def _components(page: _Page, *, fragment: bool) -> Iterator[str]:
    described = {name for element in page.elements for name in element.get("aria-describedby", "").split()}
    for kind in ("govuk-hint", "govuk-error-message"):
        for element in page.with_class(kind):
            if not text_of(element) and "govuk-character-count__status" not in element.get("class", ""):
                yield f"an empty {kind} stands in the page"
    for element in page.with_class("govuk-error-message"):
        if element.get("id") not in described:
            yield f'error "{text_of(element)}" belongs to no field: no aria-describedby names it'
    if fragment:
        return
    focusable = {*CONTROLS, "a", "button", "summary"}
    for summary in page.with_class("govuk-error-summary"):
        for link in summary.iter("a"):
            target = link.get("href", "").removeprefix("#")
            found = next((element for element in page.elements if element.get("id") == target), None)
            if found is not None and found.tag not in focusable and found.get("tabindex") is None:
                yield f'error "{text_of(link)}" leads to {_named(found)}, which cannot take the focus'
