"""What staff write in a summary, and what people who hold a view say of it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from consult.summaries.models import CountsShown
from consult.summaries.rules import (
    COMPLETION_LONGEST,
    OVERRIDE_LONGEST,
    OVERRIDE_SHORTEST,
    REASONS_LONGEST,
    SUGGESTION_LONGEST,
    TITLE_LONGEST,
    WORRY_LONGEST,
)
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean, clean_line

OFF = {"autocomplete": "off"}
RATINGS = (
    ("5", lazy_gettext("5 – Yes, fully")),
    ("4", lazy_gettext("4 – Mostly")),
    ("3", lazy_gettext("3 – Partly")),
    ("2", lazy_gettext("2 – Not much")),
    ("1", lazy_gettext("1 – No, not at all")),
)
COUNTS = (
    (CountsShown.AFTER_FIRST_POST.value, lazy_gettext("After the reader’s first post")),
    (CountsShown.AT_ONCE.value, lazy_gettext("At once")),
    (
        CountsShown.BY_LOT.value,
        lazy_gettext("By lot: half of the groups at once, the others after the first post"),
    ),
)


class SummaryForm(Form):
    """What holds for the whole summary."""

    version = VersionField()
    title = StringField(
        lazy_gettext("Title"),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Enter a title")),
            Length(max=TITLE_LONGEST, message=lazy_gettext("The title must have 150 characters or fewer")),
        ],
        render_kw=OFF,
    )
    counts_shown = RadioField(
        lazy_gettext("When do readers see how many people hold each view?"),
        description=lazy_gettext(
            "Numbers sway people. By lot, a group gets one or the other; without groups, each reader does."
        ),
        choices=[SelectChoice(value, label) for value, label in COUNTS],
        validate_choice=False,
        validators=[
            AnyOf([value for value, _ in COUNTS], message=lazy_gettext("Choose when readers see numbers"))
        ],
    )
    override = TextAreaField(
        lazy_gettext("Reason to publish although fairness is not shown (optional)"),
        description=lazy_gettext("At least 20 characters. Everybody can read it."),
        filters=[clean],
        validators=[
            Length(
                max=OVERRIDE_LONGEST, message=lazy_gettext("The reason must have 1,000 characters or fewer")
            )
        ],
        render_kw={"rows": 3, **OFF},
    )

    def validate_override(self, field: Any) -> None:
        """A reason says something."""
        if field.data and len(field.data) < OVERRIDE_SHORTEST:
            raise ValidationError(lazy_gettext("The reason must have 20 characters or more"))


class PositionForm(Form):
    """What is written for one position."""

    completion = TextAreaField(
        lazy_gettext("The view"),
        description=lazy_gettext("How its holders finish the sentence."),
        filters=[clean_line],
        validators=[
            Length(max=COMPLETION_LONGEST, message=lazy_gettext("The view must have 300 characters or fewer"))
        ],
        render_kw={"rows": 2, **OFF},
    )
    reasons = TextAreaField(
        lazy_gettext("The best two reasons"),
        description=lazy_gettext(
            "As its holders would say it. Do not copy from people who did not agree to be quoted."
        ),
        filters=[clean],
        validators=[
            Length(
                max=REASONS_LONGEST, message=lazy_gettext("The reasons must have 2,000 characters or fewer")
            )
        ],
        render_kw={"rows": 6, **OFF},
    )
    worry = TextAreaField(
        lazy_gettext("The worry behind it"),
        filters=[clean],
        validators=[
            Length(max=WORRY_LONGEST, message=lazy_gettext("The worry must have 1,000 characters or fewer"))
        ],
        render_kw={"rows": 4, **OFF},
    )
    opposes = SelectField(
        lazy_gettext("Opposes"),
        description=lazy_gettext("Views that oppose each other stand side by side."),
        filters=[lambda chosen: chosen or ""],
        render_kw=OFF,
    )

    def __init__(self, *, others: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.opposes.choices = [("", str(lazy_gettext("None of them"))), *others]


class FairForm(Form):
    """How fair somebody finds an account of their view: which one they read, and its words' version."""

    version = VersionField()
    position = VersionField()
    rating = RadioField(
        lazy_gettext("How fair is it?"),
        choices=[SelectChoice(value, label) for value, label in RATINGS],
        validate_choice=False,
        validators=[
            AnyOf([value for value, _ in RATINGS], message=lazy_gettext("Choose how fair this account is"))
        ],
    )
    suggestion = TextAreaField(
        lazy_gettext("What would you change? (optional)"),
        description=lazy_gettext("Do not include names or contact details."),
        filters=[clean],
        validators=[
            Length(
                max=SUGGESTION_LONGEST,
                message=lazy_gettext("What you write must have 1,000 characters or fewer"),
            )
        ],
        render_kw={"rows": 4, **OFF},
    )


class SureForm(Form):
    """Nothing to type: the button alone says that one is sure."""
