"""A poster or a letter as a PDF that a screen reader can read: tagged, titled, in its language.

Typst sets it. What officers wrote goes to the template as data (one input of JSON), never into its source,
so that no text can be taken for a command. The template is asked to fill one side and no more: it sets
everything smaller until it fits.

The letters come from the fonts of the server. Where it has none for some of the words, there is no PDF rather
than one with empty boxes in it; the page to print has the letters of the officer's own computer.
"""

import json
from dataclasses import asdict
from typing import Final

import typst

from consult.errors import Conflict
from consult.home import HOME
from consult.publicity.sheets import Sheet
from consult.words import N_

TEMPLATE = HOME / "templates" / "officer" / "publicity" / "sheet.typ"
STANDARD: Final = "ua-1"  # PDF/UA: what makes a PDF accessible; Typst refuses to write one that is not
NO_FONT: Final = "could not be displayed with font"
NO_LETTERS = N_(
    "This file cannot be made, because our computer has no letters for some of its words."
    " Go back and print it from your browser instead."
)


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF of one page; the same sheet makes the same bytes.

    Raises
    ------
    Conflict
        If the server has no letters for some of the words.
    """
    try:
        return typst.compile(str(TEMPLATE), sys_inputs=inputs_of(sheet), format="pdf", pdf_standards=STANDARD)
    except typst.TypstError as error:
        if NO_FONT in str(error):
            raise Conflict(NO_LETTERS) from error
        raise


def inputs_of(sheet: Sheet) -> dict[str, str]:
    """What the template is given."""
    return {"sheet": json.dumps(asdict(sheet), ensure_ascii=False)}
