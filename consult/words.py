"""Marking sentences for translators where nothing can be translated yet.

Rules and services know no request and so no language. They write the English sentence; whoever
shows it translates it. A sentence that is raised as a domain error is found by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in English and what it tells of, by name: whoever shows it translates it as a whole."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        said = {name: f"{v:,}" if type(v) is int else v for name, v in self.values.items()}
        return self.text % said if said else self.text


def say(text: str, **values: object) -> Sentence:
    """Make a sentence of its text and its values."""
    return Sentence(text, values)


def N_(sentence: str) -> str:  # noqa: N802  (the name that every tool for translators knows)
    """Return the sentence as it is; it stands in the catalogue."""
    return sentence


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  (the same, where there is a number)
    """Return both sentences as they are; they stand in the catalogue with a form for each kind of number."""
    return one, many
