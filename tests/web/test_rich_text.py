"""What officers write with a little markdown, as pages show it."""

import re
import time

import pytest

from consult.web.rich_text import TAGS, rich
from tests.checkers.html import problems_of

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "![x](https://evil.example/pixel.png)",
    '<https://evil.example/"onmouseover=alert(1)>',
    "[x]: javascript:alert(1)\n\n[x]",
    "<style>*{display:none}</style>",
    '<p style="position:fixed">x</p>',
    "<iframe src=https://evil.example></iframe>",
    "\n\n    <svg onload=alert(1)>",
    "`<b>`",
)


def test_paragraphs_lists_emphasis_and_headings_look_like_ours():
    assert rich("# One\n\nTwo **three** *four*\n\n- a\n- b\n\n1. c") == (
        '<h2 class="govuk-heading-m">One</h2>\n'
        '<p class="govuk-body">Two <strong>three</strong> <em>four</em></p>\n'
        '<ul class="govuk-list govuk-list--bullet">\n<li>a</li>\n<li>b</li>\n</ul>\n'
        '<ol class="govuk-list govuk-list--number">\n<li>c</li>\n</ol>\n'
    )


def test_a_link_abroad_says_so_and_one_of_ours_does_not():
    assert 'rel="external noopener"' in rich("[x](https://example.org/)")
    ours = rich("[x](/privacy)")
    assert 'href="/privacy"' in ours
    assert "rel" not in ours


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_written_runs_loads_or_leads_astray(text):
    html = rich(text)
    assert problems_of(html, fragment=True) == []
    for tag, attributes in re.findall(r"<(\w+)([^>]*)>", html):
        assert tag in TAGS
        assert set(re.findall(r'(\w+)="', attributes)) <= {"class", "href", "rel"}
    for href in re.findall(r'href="([^"]*)"', html):
        assert href.startswith("https://") or re.match(r"/(?![/\\])", href), href


def test_no_text_is_nothing():
    assert rich(None) == rich("") == ""


def test_what_was_written_as_markup_can_still_be_read():
    assert "&lt;b&gt;late&lt;/b&gt;" in rich("<b>late</b>")


@pytest.mark.parametrize("text", ["`" * 5000, "[" * 5000, "*a" * 2500, ">" * 5000, "- " * 2500, "(" * 5000])
def test_no_text_of_the_longest_length_takes_long(text):
    began = time.process_time()
    rich(text)
    assert time.process_time() - began < 1
