"""What people type in the forum, and staff for it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.forum.rules import SEED_LONGEST, TEXT_LONGEST, TITLE_LONGEST
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean, clean_line

OFF = {"autocomplete": "off"}


class ReplyForm(Form):
    """What somebody says. ``anyway`` comes with the button that posts what looks like contact data."""

    to = HiddenField(filters=[clean_line])
    text = TextAreaField(
        lazy_gettext("What would you say to someone who sees this differently?"),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=lazy_gettext("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )


class MailForm(Form):
    """Where somebody wants to be told of replies."""

    address = EmailField(
        lazy_gettext("Your e-mail address"),
        filters=[clean_line],
        validators=[DataRequired(lazy_gettext("Enter an e-mail address, like name@example.org"))],
        render_kw={**OFF, "spellcheck": "false", "autocapitalize": "none"},
    )


class EditForm(Form):
    """Other words for one's own post, and the version that they replace."""

    version = VersionField()
    text = TextAreaField(
        lazy_gettext("Your post"),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=lazy_gettext("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )


class SeedForm(Form):
    """A summary of what people said; ``version`` is 0 for a new one."""

    version = VersionField(default=0)
    title = StringField(
        lazy_gettext("Title"),
        description=lazy_gettext("What it is about, in a few words."),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Enter a title")),
            Length(max=TITLE_LONGEST, message=lazy_gettext("The title must have 150 characters or fewer")),
        ],
        render_kw=OFF,
    )
    body = TextAreaField(
        lazy_gettext("What people said"),
        description=lazy_gettext(
            "Set the views side by side, each in about as many words. "
            "Do not say which one is right, and do not name anybody."
        ),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Write what people said")),
            Length(
                max=SEED_LONGEST, message=lazy_gettext("The summary must have 10,000 characters or fewer")
            ),
        ],
        render_kw={"rows": 14, **OFF},
    )
    item = SelectField(
        lazy_gettext("Which question does it come from?"),
        description=lazy_gettext("People can see the question, and about how many answered it."),
        filters=[lambda chosen: chosen or ""],
        render_kw=OFF,
    )

    def __init__(self, *, items: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.item.choices = [("", str(lazy_gettext("None, or several"))), *items]


class SureForm(Form):
    """Nothing to type: the button alone says that one is sure."""


class SpeakForm(Form):
    """What the council says in the forum."""

    title = StringField(
        lazy_gettext("Title"),
        description=lazy_gettext("What it is about, in a few words."),
        filters=[clean_line],
        validators=[
            Length(max=TITLE_LONGEST, message=lazy_gettext("The title must have 150 characters or fewer"))
        ],
        render_kw=OFF,
    )
    text = TextAreaField(
        lazy_gettext("What the council says"),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Write what you want to say")),
            Length(max=TEXT_LONGEST, message=lazy_gettext("Your post must have 2,000 characters or fewer")),
        ],
        render_kw={"rows": 6, **OFF},
    )

    def __init__(self, *, needs_title: bool, **values: Any) -> None:
        super().__init__(**values)
        if needs_title:
            self.title.validators = [DataRequired(lazy_gettext("Enter a title")), *self.title.validators]
