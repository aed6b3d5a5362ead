"""What officers write with a little markdown, as a page shows it: the template filter `rich`.

Officers get paragraphs, headings, lists, emphasis and links; no HTML of their own, no pictures and no
tables. Markdown is rendered with HTML switched off, and what comes out still goes through a short list
of what is allowed, so that a fault in one of the two does no harm. Residents' text never comes here: it
is plain, always.
"""

import re
from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

CLASSES = {
    "p": {"govuk-body"},
    "ul": {"govuk-list", "govuk-list--bullet"},
    "ol": {"govuk-list", "govuk-list--number"},
    "h2": {"govuk-heading-m"},
    "h3": {"govuk-heading-s"},
    "a": {"govuk-link"},
}
TAGS = frozenset({*CLASSES, "li", "strong", "em", "br", "blockquote"})
SCHEMES = frozenset({"http", "https", "mailto"})
# The page has its one h1 already: what an officer writes begins below it.
LEVELS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
NOT_TAKEN = ["image", "code", "fence", "backticks", "html_block", "html_inline", "hr", "reference"]
HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
ABROAD = re.compile(r"(?:https?:|mailto:)", re.IGNORECASE)


def rich(text: str | None) -> Markup:
    """The text as HTML that is safe on any page; empty for none."""
    if not text:
        return Markup()
    html = nh3.clean(
        _markdown().render(text),
        tags=set(TAGS),
        attributes={"a": {"href", "rel"}},
        attribute_filter=_kept,
        allowed_classes=CLASSES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return Markup(html)  # noqa: S704  (the one reviewed place: cleaned in the line above)


def _kept(tag: str, name: str, value: str) -> str | None:
    """Only links that say where they lead: abroad with their scheme, or a plain path of this site."""
    if (tag, name) != ("a", "href"):
        return value
    return value if ABROAD.match(value) or HERE.fullmatch(value) else None


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Ours).disable(NOT_TAKEN)


class _Ours(RendererHTML):
    """The usual HTML with the classes of our pages; links to other sites say so."""

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        for token in tokens:
            _dress(token)
        return super().render(tokens, options, env)


def _dress(token: Token) -> None:
    token.tag = LEVELS.get(token.tag, token.tag)
    if token.nesting == 1 and token.tag in CLASSES:
        token.attrSet("class", " ".join(sorted(CLASSES[token.tag])))
    if token.nesting == 1 and token.tag == "a" and ABROAD.match(str(token.attrGet("href") or "")):
        token.attrSet("rel", "external noopener")
    for child in token.children or ():
        _dress(child)
