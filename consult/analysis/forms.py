"""What analysts choose when weights are made."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from consult.recruitment.models import Demographic
from consult.web.forms import Form
from consult.weighting.rules import COLLAPSE, TRIM, Settings


class WeightsForm(Form):
    """How weights are made: from what, and with which precautions."""

    variables = SelectMultipleField(
        lazy_gettext("Bring people into line with"),
        description=lazy_gettext(
            "Questions of which it is known how many people of every group live here. Each one more makes"
            " weights more unequal."
        ),
        validators=[DataRequired(lazy_gettext("Choose at least one question"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    together = BooleanField(
        lazy_gettext("Put thin groups together"),
        description=lazy_gettext(
            "Groups of fewer than 20 people, and people who would count for more than 5 times what they do."
        ),
    )
    trim = BooleanField(
        lazy_gettext("Cut extreme weights"),
        description=lazy_gettext("Nobody counts for more than 3 people or for less than 0.3."),
    )
    for_staying = BooleanField(
        lazy_gettext("Make up for people who left"),
        description=lazy_gettext(
            "People who are like those who did not come back count for more. What people are like is taken"
            " from what they said of themselves and in the starting survey."
        ),
    )

    def settings(self) -> Settings:
        """What was chosen; every question is as good as none named."""
        keys = [key for key, _ in self.variables.choices]
        chosen = tuple(key for key in keys if key in self.variables.data)
        return Settings(
            variables=None if len(chosen) == len(keys) else chosen,
            trim=TRIM if self.trim.data else None,
            collapse=COLLAPSE if self.together.data else None,
            for_staying=bool(self.for_staying.data),
        )


def weights_form(usable: Sequence[Demographic]) -> WeightsForm:
    """The form for these questions, with the method's own choice ticked."""
    keys = [each.key for each in usable]
    form = WeightsForm(data={"variables": keys, "together": True, "trim": True, "for_staying": False})
    form.variables.choices = [(each.key, each.question) for each in usable]
    return form
