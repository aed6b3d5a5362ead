"""What officers type at the desk: a new consultation, what people are asked about themselves, a moment."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import MultipleFileField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from consult.consultations.models import Consultation
from consult.consultations.officer_forms import LONGEST_TITLE
from consult.consultations.setting_up import LONGEST_SLUG, check_slug
from consult.desk.rehearsing import Step
from consult.errors import DomainError
from consult.web.dates import InstantField, instant_parts
from consult.web.forms import Form, VersionField
from consult.web.languages import translated
from consult.web.plain_text import clean_line

LONGEST_TOPIC = 60
TEMPLATE, COPY, FILES = "template", "copy", "files"
OTHER_TIME = "other"
OFF = {"autocomplete": "off"}
_BETWEEN = re.compile(r"[^a-z0-9]+")


def slug_of(title: str) -> str:
    """An address made of the words of a title; empty if it has no letter or digit that an address takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = _BETWEEN.sub("-", plain.replace("'", "")).strip("-")
    return (
        words
        if len(words) <= LONGEST_SLUG
        else words[:LONGEST_SLUG].rpartition("-")[0] or words[:LONGEST_SLUG]
    )


class NewConsultationForm(Form):
    """A new consultation, and what it begins with."""

    start = RadioField(
        lazy_gettext("What to start from"),
        choices=[],
        default=TEMPLATE,
    )
    title = StringField(
        lazy_gettext("Title"),
        description=lazy_gettext("A few plain words, for example: Late opening hours in Abbeyford"),
        filters=[clean_line],
        validators=[Length(max=LONGEST_TITLE, message=lazy_gettext("Enter at most %(max)d characters"))],
        render_kw=OFF,
    )
    slug = StringField(
        lazy_gettext("Address"),
        description=lazy_gettext(
            "The last part of the address of its page: small letters, numbers and hyphens."
            " Leave it empty and we make it from the title. It cannot be changed later."
        ),
        filters=[clean_line],
        render_kw={"spellcheck": "false", **OFF},
    )
    topic = StringField(
        lazy_gettext("The topic, as the questions name it"),
        description=lazy_gettext(
            "It stands in every question, for example: the old bus depot. You can also write it in later."
        ),
        filters=[clean_line],
        validators=[Length(max=LONGEST_TOPIC, message=lazy_gettext("Enter at most %(max)d characters"))],
        render_kw=OFF,
    )
    source = SelectField(lazy_gettext("Which one to copy"), choices=[], validate_choice=False)
    files = MultipleFileField(
        lazy_gettext("Files to bring in"),
        description=lazy_gettext(
            "Choose consultation.toml and participants.csv together, and targets.csv and channels.csv"
            " if you have them. 5 MB at most. Title and address come from the files."
        ),
    )

    def __init__(self, *, mine: Sequence[Consultation], **values: Any) -> None:
        super().__init__(**values)
        self.mine = {consultation.slug: consultation for consultation in mine}
        self.start.choices = [
            SelectChoice(
                TEMPLATE,
                gettext("Our ready consultation in three stages"),
                render_kw={"hint": gettext("Questions to fill in with your topic, and dates to begin with")},
            ),
            *([SelectChoice(COPY, gettext("A copy of one of mine"))] if mine else []),
            SelectChoice(
                FILES,
                gettext("Files from another installation"),
                render_kw={"hint": gettext("A draft that was written out as a folder of files")},
            ),
        ]
        self.source.choices = [
            SelectChoice("", gettext("Choose one")),
            *(SelectChoice(consultation.slug, consultation.title) for consultation in mine),
        ]

    @property
    def wanted_slug(self) -> str:
        """The address that was typed, or one made of the title."""
        return self.slug.data or slug_of(self.title.data or "")

    def validate_title(self, field: StringField) -> None:
        """A title is needed unless the files bring one."""
        if self.start.data != FILES and not field.data:
            raise ValidationError(lazy_gettext("Enter a title"))

    def validate_slug(self, field: StringField) -> None:
        """An address is needed that can be one."""
        if self.start.data == FILES or not self.title.data:
            return
        if not self.wanted_slug:
            raise ValidationError(lazy_gettext("Enter an address, like late-hours-2027"))
        field.data = self.wanted_slug
        try:
            check_slug(self.wanted_slug)
        except DomainError as refusal:
            raise ValidationError(translated(refusal)) from None

    def validate_source(self, field: SelectField) -> None:
        """A copy is of one of one's own."""
        if self.start.data == COPY and self.mine and field.data not in self.mine:
            raise ValidationError(lazy_gettext("Choose which one to copy"))

    def validate_files(self, field: MultipleFileField) -> None:
        """Files are needed where nothing else is started from."""
        if self.start.data == FILES and not any(file and file.filename for file in field.data or ()):
            raise ValidationError(lazy_gettext("Choose the files"))


STEPS = {
    "before": lazy_gettext("The day before it opens"),
    "survey": lazy_gettext("The starting survey opens"),
    "summarising": lazy_gettext("The starting survey has closed, summaries are being written"),
    "forum": lazy_gettext("The forum opens"),
    "between": lazy_gettext("The forum has closed"),
    "follow_up": lazy_gettext("The follow-up survey opens"),
    "after": lazy_gettext("Everything has closed"),
}


class RehearseForm(Form):
    """The moment to rehearse."""

    step = RadioField(lazy_gettext("Which moment do you want to see?"), choices=[], default="survey")
    when = InstantField(lazy_gettext("Date"), what=lazy_gettext("The time to rehearse"))

    def __init__(self, steps: Sequence[Step], *, told: Any) -> None:
        self.steps = {step.name: step.at for step in steps}
        super().__init__(data={"step": "survey", "when": instant_parts(steps[0].at) if steps else {}})
        self.step.choices = [
            *(SelectChoice(step.name, STEPS[step.name], render_kw={"hint": told(step.at)}) for step in steps),
            SelectChoice(OTHER_TIME, lazy_gettext("Another time")),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Look at the date only where it is meant."""
        if not self.step.validate(self):
            return False
        del extra_validators
        return bool(self.step.data != OTHER_TIME or self.when.validate(self))

    @property
    def at(self) -> Any:
        """The instant that was chosen, once the form is valid."""
        return self.steps[self.step.data] if self.step.data != OTHER_TIME else self.when.value


class PublishForm(Form):
    """The consultation's title, typed to confirm."""

    version = VersionField()
    title = StringField(
        lazy_gettext("Type the title of the consultation to confirm"),
        filters=[clean_line],
        render_kw={"spellcheck": "false", **OFF},
    )

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(data={"version": consultation.version, "title": ""})
        self.expected = consultation.title

    def validate_title(self, field: StringField) -> None:
        """Take the title in any case and with any spaces, and nothing else."""
        if not field.data:
            raise ValidationError(lazy_gettext("Type the title to confirm"))
        if field.data.casefold() != clean_line(self.expected).casefold():
            raise ValidationError(lazy_gettext("This is not the title. Type it as it stands above"))
