"""What people type in the forum, and staff for it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.forum.rules import PROMPT_LONGEST, SEED_LONGEST, TEXT_LONGEST, TITLE_LONGEST, TOLD_LONGEST
from consult.web.dates import DayField
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean, clean_line

OFF = {"autocomplete": "off"}


def _said(
    label: Any, missing: Any, *, longest: int, too_long: Any, rows: int, hint: Any = ""
) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        filters=[clean],
        validators=[DataRequired(missing), Length(max=longest, message=too_long)],
        render_kw={"rows": rows, **OFF},
    )


_TOO_LONG = lazy_gettext("What you write must have 1,000 characters or fewer")
_POST_TOO_LONG = lazy_gettext("Your post must have 2,000 characters or fewer")


def _post_text() -> TextAreaField:
    return _said(
        lazy_gettext("What would you say to someone who sees this differently?"),
        lazy_gettext("Write what you want to say"),
        longest=TEXT_LONGEST,
        too_long=_POST_TOO_LONG,
        rows=6,
    )


def _asks() -> BooleanField:
    return BooleanField(
        lazy_gettext("This is a question for the council"),
        description=lazy_gettext(
            "The council answers it here within 48 hours. Weekends and bank holidays do not count."
        ),
        render_kw=OFF,
    )


class ReplyForm(Form):
    """What somebody says. ``anyway`` comes with the button that posts what looks like contact data."""

    to = HiddenField(filters=[clean_line])
    text = _post_text()
    asks = _asks()


class StartForm(Form):
    """A topic of one's own: what it is called, and what one says in it first."""

    title = StringField(
        lazy_gettext("What is your topic?"),
        description=lazy_gettext("A few words, so that others know what it is about."),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Write what your topic is")),
            Length(max=TITLE_LONGEST, message=lazy_gettext("Your topic must have 150 characters or fewer")),
        ],
        render_kw=OFF,
    )
    text = _said(
        lazy_gettext("What do you want to say about it?"),
        lazy_gettext("Write what you want to say"),
        longest=TEXT_LONGEST,
        too_long=_POST_TOO_LONG,
        rows=6,
        hint=lazy_gettext("What would you say to someone who sees this differently?"),
    )
    asks = _asks()


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


class AnswerForm(Form):
    """What the council answers to a question."""

    text = _said(
        lazy_gettext("The council's answer"),
        lazy_gettext("Write the answer"),
        longest=TEXT_LONGEST,
        too_long=_POST_TOO_LONG,
        rows=6,
    )


class DeclineForm(Form):
    """Why something is no question for the council, for whoever asked it."""

    told = _said(
        lazy_gettext("Why is it not a question for the council?"),
        lazy_gettext("Write why it is not a question for the council"),
        longest=TOLD_LONGEST,
        too_long=_TOO_LONG,
        rows=3,
        hint=lazy_gettext("The writer reads this, and nobody else. Say who can answer it, if you know."),
    )


class ConcludeForm(Form):
    """With which words the council closes a topic."""

    text = _said(
        lazy_gettext("The conclusion"),
        lazy_gettext("Write the conclusion"),
        longest=TEXT_LONGEST,
        too_long=_POST_TOO_LONG,
        rows=8,
        hint=lazy_gettext("Say what was talked about, where people agree and where they do not."),
    )


class ReopenForm(Form):
    """Why people can reply in a topic again."""

    why = _said(
        lazy_gettext("Why is it opened again?"),
        lazy_gettext("Write why it is opened again"),
        longest=TOLD_LONGEST,
        too_long=_TOO_LONG,
        rows=3,
        hint=lazy_gettext("Everybody can read this in the topic."),
    )


class PromptForm(Form):
    """Something to think about, from that day on; ``version`` is 0 for a new one."""

    version = VersionField(default=0)
    text = _said(
        lazy_gettext("What do you ask people to think about?"),
        lazy_gettext("Write what you ask people to think about"),
        longest=PROMPT_LONGEST,
        too_long=_TOO_LONG,
        rows=4,
        hint=lazy_gettext("Ask openly, and do not say which view is right."),
    )
    appears_on = DayField(
        lazy_gettext("When does it appear?"),
        what=lazy_gettext("The day"),
        description=lazy_gettext("It appears at the beginning of that day."),
    )
    lead = SelectField(
        lazy_gettext("Which topic does it lead to?"),
        filters=[lambda chosen: chosen or ""],
        render_kw=OFF,
    )

    def __init__(self, *, leads: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.lead.choices = [("", str(lazy_gettext("None"))), *leads]
