"""What people choose and type to report a post, to decide about one, and to answer a decision."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from consult.forum.models import Checked
from consult.moderation.rules import (
    CONCERNS_TOLD,
    NEEDS_REASON,
    REASONS_TOLD,
    VERDICTS_TOLD,
    WORDS_LONGEST,
    Concern,
    Reason,
    Verdict,
)
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean

OFF = {"autocomplete": "off", "rows": 4}
_SHORT_ENOUGH = Length(
    max=WORDS_LONGEST, message=lazy_gettext("What you write must have 1,000 characters or fewer")
)


class ReportForm(Form):
    """What worries somebody about a post."""

    concern = RadioField(
        lazy_gettext("What worries you about it?"),
        choices=[SelectChoice(concern.value, lazy_gettext(told)) for concern, told in CONCERNS_TOLD.items()],
        validators=[InputRequired(lazy_gettext("Choose what worries you"))],
        validate_choice=False,
    )
    words = TextAreaField(
        lazy_gettext("Do you want to tell us more?"),
        description=lazy_gettext("You do not have to. Only moderators read it."),
        filters=[clean],
        validators=[_SHORT_ENOUGH],
        render_kw=OFF,
    )

    def validate_concern(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in set(Concern):
            raise ValidationError(gettext("Choose from the answers in the list"))

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse "something else" without a word of what it is."""
        if self.concern.data == Concern.OTHER and not field.data:
            raise ValidationError(gettext("Write what worries you"))


class DecideForm(Form):
    """What a moderator decides, why, and what the writer is told; ``version`` is of what they have read."""

    version = VersionField()
    verdict = RadioField(
        lazy_gettext("What do you decide?"),
        validators=[InputRequired(lazy_gettext("Choose what you decide"))],
        validate_choice=False,
    )
    reason = RadioField(
        lazy_gettext("If it is not to be shown: why?"),
        description=lazy_gettext("The writer reads this, and it is counted in public."),
        choices=[SelectChoice(reason.value, lazy_gettext(told)) for reason, told in REASONS_TOLD.items()],
        validate_choice=False,
    )
    note = TextAreaField(
        lazy_gettext("What else do you want to tell the writer?"),
        description=lazy_gettext("You do not have to. Say what they could write instead."),
        filters=[clean],
        validators=[_SHORT_ENOUGH],
        render_kw=OFF,
    )

    def offer(self, verdicts: Sequence[Verdict]) -> None:
        """These can be decided now."""
        self.verdict.choices = [(verdict.value, gettext(VERDICTS_TOLD[verdict])) for verdict in verdicts]

    def validate_verdict(self, field: RadioField) -> None:
        """Refuse what is no decision; whether it can be decided now is asked of the post itself."""
        if field.data not in set(Verdict):
            raise ValidationError(gettext("Choose from the answers in the list"))

    def validate_reason(self, field: RadioField) -> None:
        """Refuse to hide a post without a reason of the list."""
        if self.verdict.data not in NEEDS_REASON:
            return
        if field.data not in set(Reason):
            raise ValidationError(gettext("Choose why it is not to be shown"))


class AppealForm(Form):
    """Why the writer thinks that the decision is wrong."""

    words = TextAreaField(
        lazy_gettext("Why should it be shown?"),
        description=lazy_gettext("Another person than the one who decided reads it."),
        filters=[clean],
        validators=[DataRequired(lazy_gettext("Write why it should be shown")), _SHORT_ENOUGH],
        render_kw=OFF,
    )


class AnswerForm(Form):
    """Whether a decision stands, and what the writer is told."""

    outcome = RadioField(
        lazy_gettext("What do you decide?"),
        choices=[
            SelectChoice("overturned", lazy_gettext("Show the post again")),
            SelectChoice("upheld", lazy_gettext("The decision stands: the post stays hidden")),
        ],
        validators=[InputRequired(lazy_gettext("Choose what you decide"))],
        validate_choice=False,
    )
    answer = TextAreaField(
        lazy_gettext("What do you tell the writer?"),
        filters=[clean],
        validators=[DataRequired(lazy_gettext("Write what you tell the writer")), _SHORT_ENOUGH],
        render_kw=OFF,
    )

    def validate_outcome(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in {"overturned", "upheld"}:
            raise ValidationError(gettext("Choose from the answers in the list"))


class MessageForm(Form):
    """What somebody wants to tell the moderators."""

    words = TextAreaField(
        lazy_gettext("What do you want to tell the moderators?"),
        description=lazy_gettext("Only moderators read it. Do not write your return code."),
        filters=[clean],
        validators=[DataRequired(lazy_gettext("Write what you want to tell the moderators")), _SHORT_ENOUGH],
        render_kw=OFF,
    )


class MessageAnswerForm(Form):
    """What the moderators answer."""

    answer = TextAreaField(
        lazy_gettext("What do you answer?"),
        description=lazy_gettext("Only the person who wrote to you reads it."),
        filters=[clean],
        validators=[DataRequired(lazy_gettext("Write your answer")), _SHORT_ENOUGH],
        render_kw=OFF,
    )


class SuspendForm(Form):
    """Why somebody may not post any more, in words for them."""

    told = TextAreaField(
        lazy_gettext("Why may they not post any more?"),
        description=lazy_gettext("They read this. Say what happened, and nothing about who they are."),
        filters=[clean],
        validators=[DataRequired(lazy_gettext("Write why they may not post any more")), _SHORT_ENOUGH],
        render_kw=OFF,
    )


class CheckedForm(Form):
    """Which posts a moderator reads before everybody else can, and whether residents begin topics."""

    checked = RadioField(
        lazy_gettext("Does a moderator read posts before everybody else can?"),
        choices=[
            SelectChoice(Checked.NONE.value, lazy_gettext("No. Moderators read what is reported")),
            SelectChoice(Checked.FIRST.value, lazy_gettext("Yes, the first post of each person")),
            SelectChoice(Checked.ALL.value, lazy_gettext("Yes, every post")),
        ],
        validators=[InputRequired(lazy_gettext("Choose which posts are read first"))],
        validate_choice=False,
    )
    residents_start = BooleanField(
        lazy_gettext("Residents may start topics of their own"),
        description=lazy_gettext(
            "They stand after the topics of the council, in the order in which they began."
        ),
    )

    def validate_checked(self, field: RadioField) -> None:
        """Refuse what is not in the list."""
        if field.data not in set(Checked):
            raise ValidationError(gettext("Choose from the answers in the list"))
