"""Marking sentences for translators where nothing can be translated yet.

Rules and services know no request and so no language. They write the English sentence; whoever
shows it translates it. A sentence that is raised as a domain error is found by itself.
"""


def N_(sentence: str) -> str:  # noqa: N802  (the name that every tool for translators knows)
    """Return the sentence as it is; it stands in the catalogue."""
    return sentence


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  (the same, where there is a number)
    """Return both sentences as they are; they stand in the catalogue with a form for each kind of number."""
    return one, many
