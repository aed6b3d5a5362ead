"""The form of one question about the person, for the pages of joining and those after the items.

Continuing without choosing is allowed: then nothing is stored. "Prefer not to say" is an answer. The
implied option of a further question is never offered.
"""

from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from consult.recruitment.models import Demographic, ParticipantDemographic
from consult.recruitment.rules import PREFER_NOT
from consult.web.forms import Form

SKIP = "skip"  # the value of the button that leaves the question out
TWO_AT_ONCE = "\n"  # the key of no option


class OneAnswerField(RadioField):  # type: ignore[misc]
    """Radio buttons, of which a browser sends one: whoever sends two has not answered."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the one that was sent."""
        sent = {each.strip() for each in valuelist}
        if len(sent) > 1:
            self.data = TWO_AT_ONCE
        else:
            super().process_formdata(valuelist)


class AboutYouForm(Form):
    """One question about the person; ``chosen`` is an option's key, `PREFER_NOT`, or None."""

    # What is not in the list is refused below, in our words.
    said = OneAnswerField(validate_choice=False, coerce=lambda typed: str(typed).strip())

    @property
    def chosen(self) -> str | None:
        """What was chosen, if anything."""
        chosen: str | None = self.said.data or None
        return chosen

    def validate_said(self, field: RadioField) -> None:
        """Refuse what is not one of the answers."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Choose one of the answers in the list, or skip this question"))


def question_page_form(
    demographic: Demographic, *, said: ParticipantDemographic | None = None, **values: Any
) -> AboutYouForm:
    """Make the form of one question; ``said`` is what the person answered before."""
    form = AboutYouForm(data={"said": _key_of(demographic, said)}, **values)
    form.said.label.text = demographic.question
    form.said.description = demographic.why or ""
    form.said.choices = [
        *(SelectChoice(option.key, option.label) for option in demographic.options if not option.is_implied),
        SelectChoice(PREFER_NOT, _("Prefer not to say")),
    ]
    return form


def _key_of(demographic: Demographic, said: ParticipantDemographic | None) -> str | None:
    if said is None:
        return None
    keys = {option.id: option.key for option in demographic.options if not option.is_implied}
    return PREFER_NOT if said.option_id is None else keys.get(said.option_id)
