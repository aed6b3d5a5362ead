"""What officers and analysts type to write a codebook, to start coding, and to judge a text."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import FileField, HiddenField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from consult.coding.judging import Judged
from consult.coding.models import Outcome, Theme
from consult.coding.queries import words_of
from consult.coding.rules import (
    AGAIN_PERCENT,
    CANNOT_CODE,
    FEWEST_AGAIN_PERCENT,
    FEWEST_DOUBLE_PERCENT,
    ThemeWords,
    fingerprint,
)
from consult.coding.turns import OwnReading
from consult.web.forms import Form, VersionField, WholeNumberField
from consult.web.plain_text import clean, clean_line

LONGEST_LABEL, LONGEST_WORDS = 100, 1000
MOST_SUGGESTED = 20
NONE = "none"  # the box for a text that holds none of the themes
PREFIX = "theme "  # before the key of a theme, so that no key can be one of the other boxes
_OFF = {"autocomplete": "off"}
_TOO_LONG = lazy_gettext("Enter at most 1,000 characters")


def _words(label: Any, hint: Any, rows: int = 3) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        filters=[clean],
        validators=[Length(max=LONGEST_WORDS, message=_TOO_LONG)],
        render_kw={"rows": rows, **_OFF},
    )


class ThemeForm(Form):
    """Everything that the codebook says of one theme; ``seen`` is a sign of the words as they were."""

    seen = HiddenField()
    label = StringField(
        lazy_gettext("Name of the theme"),
        description=lazy_gettext("A few words that its holders would choose, like “Too loud at night”."),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Enter a name")),
            Length(max=LONGEST_LABEL, message=lazy_gettext("Enter at most 100 characters")),
        ],
        render_kw=_OFF,
    )
    description = _words(
        lazy_gettext("What it means"),
        lazy_gettext("One or two sentences, for somebody who has read no text yet."),
    )
    include = _words(lazy_gettext("What belongs to it"), lazy_gettext("Also cases of which one could doubt."))
    exclude = _words(
        lazy_gettext("What does not belong to it"), lazy_gettext("And which theme it belongs to instead.")
    )
    examples = _words(
        lazy_gettext("Examples"),
        lazy_gettext(
            "One on each line, in your own words. Copy nothing from an answer: its writer may not want to"
            " be quoted, and what stands here stays when they take their answers back."
        ),
        rows=4,
    )

    @property
    def words(self) -> ThemeWords:
        """What was typed."""
        lines = filter(None, (clean_line(line) for line in (self.examples.data or "").splitlines()))
        return ThemeWords(
            self.label.data,
            self.description.data or None,
            self.include.data or None,
            self.exclude.data or None,
            "\n".join(lines) or None,
        )


def theme_form(theme: Theme) -> ThemeForm:
    """The form with the theme as it is now."""
    words = words_of(theme)
    return ThemeForm(data={**words._asdict(), "seen": fingerprint(*words)})


class MarkForm(Form):
    """A form without fields of its own."""


class SuggestForm(Form):
    """How many themes the machine looks for; empty for as many as it finds best."""

    k = WholeNumberField(
        lazy_gettext("How many themes"),
        lowest=2,
        highest=MOST_SUGGESTED,
        description=lazy_gettext("Leave it empty to try several numbers and see the best."),
        message=lazy_gettext("Enter a whole number from 2 to 20, or nothing"),
    )


class StartForm(Form):
    """How the texts are shared out."""

    double_percent = WholeNumberField(
        lazy_gettext("How many of 100 texts two people read"),
        lowest=FEWEST_DOUBLE_PERCENT,
        highest=100,
        is_needed=True,
        description=lazy_gettext(
            "At least 20. Two people always read at least 100 texts, if there are as many."
        ),
        message=lazy_gettext("Enter a whole number from 20 to 100"),
    )
    again_percent = WholeNumberField(
        lazy_gettext("How many of 100 texts are read again after the follow-up"),
        lowest=FEWEST_AGAIN_PERCENT,
        highest=100,
        is_needed=True,
        description=lazy_gettext(
            "At least 5, so that nobody can tell when a text was written. They show whether people read as"
            " they did before. 10 is usual."
        ),
        message=lazy_gettext("Enter a whole number from 5 to 100"),
    )


def start_form() -> StartForm:
    """The form with what is usual."""
    return StartForm(data={"double_percent": FEWEST_DOUBLE_PERCENT, "again_percent": AGAIN_PERCENT})


class ReadingForm(Form):
    """What somebody says of one text: its themes, or that it has none, or that it cannot be coded."""

    place = VersionField()
    codebook = VersionField()
    held = SelectMultipleField(
        lazy_gettext("Which themes does this text hold?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(
        lazy_gettext("Note (not needed)"),
        filters=[clean],
        validators=[Length(max=LONGEST_WORDS, message=_TOO_LONG)],
        render_kw={"rows": 2, **_OFF},
    )

    def validate_held(self, field: SelectMultipleField) -> None:
        """Take themes, or one of the other two boxes alone."""
        chosen = set(field.data)
        if not chosen:
            raise ValidationError(lazy_gettext("Choose a theme, or say that the text holds none of them"))
        if chosen & {NONE, CANNOT_CODE} and len(chosen) > 1:
            raise ValidationError(lazy_gettext("Choose themes, or one of the two last boxes, but not both"))

    @property
    def judged(self) -> Judged:
        """What was said, once the form is valid."""
        keys = frozenset(value.removeprefix(PREFIX) for value in self.held.data if value.startswith(PREFIX))
        outcome = Outcome.CANNOT_CODE if CANNOT_CODE in self.held.data else Outcome.CODED
        return Judged(self.place.data, outcome, keys, self.note.data or None)


class DecidingForm(ReadingForm):
    """The same of a text about which coders differ; ``seen`` is a sign of the decision that was there."""

    seen = HiddenField()


def reading_form(
    themes: Sequence[tuple[str, ThemeWords]],
    *,
    codebook: int,
    place: int | None = None,
    said: OwnReading | None = None,
) -> ReadingForm:
    """The form for a text with the themes of this version, filled in with what was ``said`` before."""
    held = _boxes(said) if said else []
    form = ReadingForm(
        data={"place": place, "codebook": codebook, "held": held, "note": said.note if said else ""}
    )
    _offer(form, themes)
    return form


def deciding_form(
    themes: Sequence[tuple[str, ThemeWords]],
    *,
    codebook: int,
    place: int | None = None,
    said: OwnReading | None = None,
    seen: str = "",
) -> DecidingForm:
    """The form for a decision, filled in with what was decided before."""
    held = _boxes(said) if said else []
    note = said.note if said else ""
    form = DecidingForm(data={"place": place, "codebook": codebook, "held": held, "note": note, "seen": seen})
    _offer(form, themes)
    return form


def _offer(form: ReadingForm, themes: Sequence[tuple[str, ThemeWords]]) -> None:
    form.held.choices = [
        *((PREFIX + key, words.label) for key, words in themes),
        (NONE, lazy_gettext("None of these themes")),
        (CANNOT_CODE, lazy_gettext("I cannot code this text")),
    ]


def _boxes(said: OwnReading) -> list[str]:
    if said.outcome is Outcome.CANNOT_CODE:
        return [CANNOT_CODE]
    return sorted(PREFIX + key for key in said.themes) or [NONE]


class ColumnsForm(Form):
    """A table with the columns id and codes."""

    codebook = VersionField()
    file = FileField(
        lazy_gettext("The file with your codes"),
        description=lazy_gettext("A CSV file with the columns id and codes. Other columns are left alone."),
        validators=[DataRequired(lazy_gettext("Choose a file"))],
        render_kw={"accept": ".csv"},
    )
