"""Choosing a language."""

from tests.access_table import SEE_OTHER, Row, everybody

ROWS: dict[str, Row] = {"public.languages.choose": Row(post=everybody(SEE_OTHER), data={"language": "en_GB"})}
