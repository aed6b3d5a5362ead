"""What every form shares: how a refusal of the service gets to its field."""

from typing import Any

from wtforms import Field, StringField

from consult.errors import DomainError


class UnrepeatedField(StringField):  # type: ignore[misc]
    """A field whose value is never printed back: a code that somebody typed."""

    def _value(self) -> str:
        return ""


def refuse(field: Field, refusal: DomainError) -> None:
    """The form has an error at ``field``, in the words of the service; `respond` then makes it 422."""
    errors: Any = field.errors
    field.errors = [*errors, refusal.message]
