"""What people type in the forum, and staff for it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.forum.rules import SEED_LONGEST, TEXT_LONGEST, TITLE_LONGEST
from consult.web.forms import Form
from consult.web.plain_text import clean, clean_line

OFF = {"autocomplete": "off"}
LONGEST_VERSION = 9  # digits


class VersionField(HiddenField):  # type: ignore[misc]
    """Which version somebody saw; 0, which none is, for anything that is no number: not for them to mend."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        sent = valuelist[0] if valuelist else ""
        is_number = sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_VERSION
        self.data = int(sent) if is_number else 0


class ReplyForm(Form):
    """What somebody says. ``anyway`` comes with the button that posts what looks like contact data."""

    to = HiddenField(filters=[clean_line])
    text = TextAreaField(
        _l("What would you say to someone who sees this differently?"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=_l("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )


class EditForm(Form):
    """Other words for one's own post, and the version that they replace."""

    version = VersionField()
    text = TextAreaField(
        _l("Your post"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=_l("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )


class SeedForm(Form):
    """A summary of what people said; ``version`` is 0 for a new one."""

    version = VersionField(default=0)
    title = StringField(
        _l("Title"),
        description=_l("What it is about, in a few words."),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Enter a title")),
            Length(max=TITLE_LONGEST, message=_l("The title must have 150 characters or fewer")),
        ],
        render_kw=OFF,
    )
    body = TextAreaField(
        _l("What people said"),
        description=_l(
            "Set the views side by side, each in about as many words. "
            "Do not say which one is right, and do not name anybody."
        ),
        filters=[clean],
        validators=[
            DataRequired(_l("Write what people said")),
            Length(max=SEED_LONGEST, message=_l("The summary must have 10,000 characters or fewer")),
        ],
        render_kw={"rows": 14, **OFF},
    )
    item = SelectField(
        _l("Which question does it come from?"),
        description=_l("People can see the question, and about how many answered it."),
        filters=[lambda chosen: chosen or ""],
        render_kw=OFF,
    )

    def __init__(self, *, items: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.item.choices = [("", str(_l("None, or several"))), *items]


class SureForm(Form):
    """Nothing to type: the button alone says that one is sure."""


class SpeakForm(Form):
    """What the council says in the forum."""

    title = StringField(
        _l("Title"),
        description=_l("What it is about, in a few words."),
        filters=[clean_line],
        validators=[Length(max=TITLE_LONGEST, message=_l("The title must have 150 characters or fewer"))],
        render_kw=OFF,
    )
    text = TextAreaField(
        _l("What the council says"),
        filters=[clean],
        validators=[
            DataRequired(_l("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=_l("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )

    def __init__(self, *, needs_title: bool, **values: Any) -> None:
        super().__init__(**values)
        if needs_title:
            self.title.validators = [DataRequired(_l("Enter a title")), *self.title.validators]
