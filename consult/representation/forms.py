"""What officers type about the panel: its size, how many of whom, a file of figures, a limit to raise."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from consult.panel.models import RETENTION
from consult.panel.rules import Limits
from consult.panel.setting import MOST, Wanted
from consult.recruitment.models import Demographic, Target
from consult.representation.number_forms import OFF, NumbersForm, number_fields, wanted_in
from consult.web.forms import Form, VersionField, WholeNumberField
from consult.web.plain_text import clean, clean_line

LONGEST_LINE, LONGEST_REASON = 200, 1000


def _between(least: int, most: int) -> Any:
    return lazy_gettext(
        "Enter a whole number from %(min)d to %(max)d, or leave it empty", min=least, max=most
    )


class PanelForm(Form):
    """How many people the panel holds."""

    version = VersionField()
    size = WholeNumberField(
        lazy_gettext("How many people should the panel hold?"),
        description=lazy_gettext(
            "Leave it empty if you want no panel. Nobody is turned away: whoever finds the panel full takes"
            " part in the open track, and their answers count there."
        ),
        lowest=1,
        highest=MOST,
        message=_between(1, MOST),
        render_kw=OFF,
    )
    retention = WholeNumberField(
        lazy_gettext("Of 100 people who send the starting survey, how many will send the follow-up?"),
        description=lazy_gettext(
            "A guess to plan with. About 70 is usual where people are thanked for staying."
        ),
        default=RETENTION,
        lowest=1,
        highest=100,
        is_needed=True,
        message=lazy_gettext("Enter a number from 1 to 100"),
        render_kw=OFF,
    )


def targets_form(demographic: Demographic, targets: Sequence[Target], *, version: int) -> NumbersForm:
    """The form with four numbers for each category of the question, and where they come from."""
    held = {target.option_id: target for target in targets}
    fields: dict[str, Any] = {
        "version": VersionField(default=version),
        "base": StringField(
            lazy_gettext("Whom these numbers count"),
            description=lazy_gettext("For example: All residents aged 16 and over"),
            filters=[clean_line],
            default=demographic.base,
            validators=[Length(max=LONGEST_LINE)],
            render_kw=OFF,
        ),
        "source": StringField(
            lazy_gettext("Where they come from"),
            description=lazy_gettext("For example: Census 2021, table TS007"),
            filters=[clean_line],
            default=demographic.source,
            validators=[Length(max=LONGEST_LINE)],
            render_kw=OFF,
        ),
    }
    rows = {str(n): option.label for n, option in enumerate(demographic.options)}
    for n, option in enumerate(demographic.options):
        fields |= number_fields(option.label, str(n), _wanted_now(held.get(option.id)))
    made: NumbersForm = type("TargetsForm", (NumbersForm,), {**fields, "rows": rows})()
    return made


def wanted_of(form: NumbersForm, demographic: Demographic) -> Mapping[str, Wanted]:
    """What is wanted of each category, by its key, once the form is valid."""
    return {option.key: wanted_in(form, str(n)) for n, option in enumerate(demographic.options)}


class FileForm(Form):
    """A file of figures about who lives here."""

    version = VersionField()
    file = FileField(
        lazy_gettext("Choose the file"),
        description=lazy_gettext(
            "A CSV file: a census download as it comes, or a table with the columns variable, category and"
            " population."
        ),
        validators=[InputRequired(lazy_gettext("Choose the file"))],
    )
    bands = StringField(
        lazy_gettext("Age bands, if the file counts people by age"),
        description=lazy_gettext(
            "For example: 16-24,25-34,35-44,45-54,55-64,65-74,75+. Leave it empty to use the answers of your"
            " question about age."
        ),
        filters=[clean_line],
        validators=[Length(max=LONGEST_LINE)],
        render_kw={"spellcheck": "false", **OFF},
    )
    area = StringField(
        lazy_gettext("Which area, if the file holds many?"),
        description=lazy_gettext("The name of the authority or its code, for example E09000007"),
        filters=[clean_line],
        validators=[Length(max=LONGEST_LINE)],
        render_kw=OFF,
    )


class RaiseForm(Form):
    """A limit that should be higher, and why."""

    to = WholeNumberField(
        lazy_gettext("What should the limit be?"),
        lowest=1,
        highest=MOST,
        is_needed=True,
        message=lazy_gettext("Enter a whole number from %(min)d to %(max)d", min=1, max=MOST),
        render_kw=OFF,
    )
    reason = TextAreaField(
        lazy_gettext("Why?"),
        description=lazy_gettext("The other officer reads this, and it stays in the record."),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Say why")),
            Length(max=LONGEST_REASON, message=lazy_gettext("Enter at most %(max)d characters")),
        ],
        render_kw={"rows": 3, **OFF},
    )


class SureForm(Form):
    """Nothing but that somebody is sure."""


def _wanted_now(target: Target | None) -> Wanted:
    if target is None:
        return Wanted()
    return Wanted(target.population, Limits(target.minimum, target.aim, target.maximum))
