"""Where somebody can be found: addresses, numbers, postcodes. On a text that is flat."""

from consult.personal_data.figures import figures_in
from consult.personal_data.online import online_in
from consult.personal_data.places import places_in
from consult.personal_data.spans import Span


def contacts_in(text: str) -> list[Span]:
    """Every way to find somebody that stands in the text; some may overlap."""
    return [*online_in(text), *places_in(text), *figures_in(text)]
