"""What officers type about a channel."""

import re
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from consult.cells import Refusal, as_pounds
from consult.publicity.service import About, version_of_channel
from consult.publicity.words import KINDS
from consult.recruitment.models import Channel, ChannelKind
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean_line

OFF = {"autocomplete": "off"}
LONGEST_LABEL, LONGEST_AIM = 100, 200
_TOO_LONG = lazy_gettext("Enter at most %(max)d characters")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")  # 1,250 but not 1,25


class ChannelForm(Form):
    """One way by which people hear of the consultation."""

    version = VersionField()
    label = StringField(
        lazy_gettext("What is it called?"),
        description=lazy_gettext("For example: Mill Road Library, or Letter to people in the Mill ward"),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Enter a name")),
            Length(max=LONGEST_LABEL, message=_TOO_LONG),
        ],
        render_kw=OFF,
    )
    kind = RadioField(
        lazy_gettext("What kind of way is it?"),
        validate_choice=False,
        validators=[
            AnyOf([kind.value for kind in ChannelKind], message=lazy_gettext("Choose what kind of way it is"))
        ],
    )
    aim = StringField(
        lazy_gettext("Whom should it bring?"),
        description=lazy_gettext("For example: older people who do not go online. You can leave it empty."),
        filters=[clean_line],
        validators=[Length(max=LONGEST_AIM, message=_TOO_LONG)],
        render_kw=OFF,
    )
    cost = StringField(
        lazy_gettext("What does it cost, in pounds?"),
        description=lazy_gettext(
            "For example: 250 or 249.50. Leave it empty if you do not know, and enter 0 if it is free."
        ),
        filters=[clean_line],
        render_kw={"inputmode": "decimal", **OFF},
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, gettext(words)) for kind, words in KINDS.items()]

    def validate_cost(self, field: StringField) -> None:
        """Refuse what is no amount in pounds."""
        if field.data:
            try:
                as_pounds("cost", _plain(field.data))
            except Refusal:
                raise ValidationError(gettext("Enter an amount in pounds, like 250 or 249.50")) from None

    def about(self) -> About:
        """What was typed, once the form is valid."""
        return About(
            label=self.label.data,
            kind=ChannelKind(self.kind.data),
            aim=self.aim.data or None,
            cost=_plain(self.cost.data) or None,
        )

    @classmethod
    def showing(cls, channel: Channel) -> "ChannelForm":
        """The form as the channel is now; what was typed stands before that."""
        return cls(
            data={
                "version": version_of_channel(channel),
                "label": channel.label,
                "kind": channel.kind.value,
                "aim": channel.aim or "",
                "cost": channel.cost or "",
            }
        )


class RemovalForm(Form):
    """That a channel is to go, as it was shown."""

    version = VersionField()


def _plain(cost: str) -> str:
    """An amount as the record keeps it: without the sign, and without what sets thousands apart."""
    return _THOUSANDS.sub("", cost.removeprefix("£").strip())
