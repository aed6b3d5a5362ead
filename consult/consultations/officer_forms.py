"""What officers type about a consultation: its texts, its dates, and why a stage is moved."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from consult.consultations.about import OLDEST, YOUNGEST, About
from consult.consultations.models import Consultation
from consult.consultations.planning import End
from consult.consultations.rules import STAGE_ORDER
from consult.consultations.timetable import LONGEST_REASON
from consult.web.dates import DayField, InstantField, day_parts, instant_parts
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean, clean_line

LONGEST_TITLE, LONGEST_LINE, LONGEST_TEXT = 100, 200, 5000
OFF = {"autocomplete": "off"}
_TOO_LONG = lazy_gettext("Enter at most %(max)d characters")


def _at_most(most: int) -> Length:
    return Length(max=most, message=_TOO_LONG)


class AboutForm(Form):
    """What people are told."""

    version = VersionField()
    title = StringField(
        lazy_gettext("Title"),
        description=lazy_gettext("A few plain words, for example: Late opening hours in Abbeyford"),
        filters=[clean_line],
        validators=[DataRequired(lazy_gettext("Enter a title")), _at_most(LONGEST_TITLE)],
        render_kw=OFF,
    )
    summary = TextAreaField(
        lazy_gettext("What it is about"),
        description=lazy_gettext(
            "Three sentences are enough. Leave a line empty to begin a new paragraph."
            " Write **two stars** around words that matter, and - before each line of a list."
        ),
        filters=[clean],
        validators=[_at_most(LONGEST_TEXT)],
        render_kw={"rows": 8, **OFF},
    )
    decision = TextAreaField(
        lazy_gettext("The decision to be made"),
        description=lazy_gettext("What the council will decide, and that it has not decided yet."),
        filters=[clean],
        validators=[_at_most(LONGEST_TEXT)],
        render_kw={"rows": 3, **OFF},
    )
    decided_by = StringField(
        lazy_gettext("Who decides"),
        description=lazy_gettext("For example: the council’s cabinet"),
        filters=[clean_line],
        validators=[_at_most(LONGEST_LINE)],
        render_kw=OFF,
    )
    decides_on = DayField(
        lazy_gettext("When they decide, if you know"),
        description=lazy_gettext("For example: 27 3 2027"),
        what=lazy_gettext("The date of the decision"),
        may_be_empty=True,
    )
    area = StringField(
        lazy_gettext("Where people live, work or study to take part"),
        description=lazy_gettext("For example: Abbeyford, or the Mill ward"),
        filters=[clean_line],
        validators=[_at_most(LONGEST_LINE)],
        render_kw=OFF,
    )
    minimum_age = StringField(
        lazy_gettext("How old people must be to take part"),
        description=lazy_gettext("In years, %(low)s or more", low=YOUNGEST),
        filters=[clean_line],
        render_kw={"inputmode": "numeric", **OFF},
    )
    incentive = TextAreaField(
        lazy_gettext("What people get for taking part, if anything"),
        filters=[clean],
        validators=[_at_most(LONGEST_TEXT)],
        render_kw={"rows": 2, **OFF},
    )
    use = TextAreaField(
        lazy_gettext("How the council will use what people say"),
        filters=[clean],
        validators=[_at_most(LONGEST_TEXT)],
        render_kw={"rows": 3, **OFF},
    )

    def validate_minimum_age(self, field: StringField) -> None:
        """Refuse what is no age at which one may take part."""
        typed = field.data or ""
        is_age = typed.isascii() and typed.isdigit() and len(typed) < 4  # noqa: PLR2004
        if typed and not (is_age and YOUNGEST <= int(typed) <= OLDEST):
            raise ValidationError(
                lazy_gettext("Enter an age in years from %(low)s to %(high)s", low=YOUNGEST, high=OLDEST)
            )

    def about(self) -> About:
        """What was typed, once the form is valid; an empty box is nothing said."""
        return About(
            title=self.title.data,
            summary=self.summary.data or None,
            decision=self.decision.data or None,
            decided_by=self.decided_by.data or None,
            decides_on=self.decides_on.value,
            area=self.area.data or None,
            minimum_age=int(self.minimum_age.data) if self.minimum_age.data else None,
            incentive=self.incentive.data or None,
            use=self.use.data or None,
        )

    @classmethod
    def showing(cls, consultation: Consultation) -> "AboutForm":
        """The form as the consultation is now; what was typed stands before that."""
        plain = ("title", "summary", "decision", "decided_by", "area", "minimum_age", "incentive", "use")
        values: dict[str, Any] = {name: getattr(consultation, name) for name in plain}
        values["minimum_age"] = str(consultation.minimum_age or "")
        return cls(
            data={**values, "decides_on": day_parts(consultation.decides_on), "version": consultation.version}
        )


WHAT = {
    ("survey", End.OPENS): lazy_gettext("The time when the starting survey opens"),
    ("survey", End.CLOSES): lazy_gettext("The time when the starting survey closes"),
    ("forum", End.OPENS): lazy_gettext("The time when the forum opens"),
    ("forum", End.CLOSES): lazy_gettext("The time when the forum closes"),
    ("follow_up", End.OPENS): lazy_gettext("The time when the follow-up survey opens"),
    ("follow_up", End.CLOSES): lazy_gettext("The time when the follow-up survey closes"),
}
ENDS = {End.OPENS: lazy_gettext("Opens"), End.CLOSES: lazy_gettext("Closes")}


def _end(kind: str, end: End) -> InstantField:
    return InstantField(ENDS[end], what=WHAT[kind, end])


class TimetableForm(Form):
    """When the three stages open and close."""

    version = VersionField()
    survey_opens, survey_closes = _end("survey", End.OPENS), _end("survey", End.CLOSES)
    forum_opens, forum_closes = _end("forum", End.OPENS), _end("forum", End.CLOSES)
    follow_up_opens, follow_up_closes = _end("follow_up", End.OPENS), _end("follow_up", End.CLOSES)

    def timetable(self) -> dict[str, tuple[Any, Any]]:
        """The stages, once the form is valid."""
        return {kind: (self[f"{kind}_opens"].value, self[f"{kind}_closes"].value) for kind in STAGE_ORDER}

    @classmethod
    def showing(cls, consultation: Consultation) -> "TimetableForm":
        """The form as the dates are now; what was typed stands before that."""
        values: dict[str, Any] = {"version": consultation.version}
        for stage in consultation.stages:
            values[f"{stage.kind.value}_opens"] = instant_parts(stage.opens_at)
            values[f"{stage.kind.value}_closes"] = instant_parts(stage.closes_at)
        return cls(data=values)


def _reason() -> TextAreaField:
    return TextAreaField(
        lazy_gettext("Why"),
        description=lazy_gettext("Everybody can read this on the consultation’s page."),
        filters=[clean],
        validators=[
            DataRequired(lazy_gettext("Say why. Everybody can read it")),
            Length(max=LONGEST_REASON, message=_TOO_LONG),
        ],
        render_kw={"rows": 3, **OFF},
    )


class ReasonForm(Form):
    """Why a stage of a published consultation is moved."""

    version = VersionField()
    reason = _reason()


def stage_form(kind: str, *, with_opening: bool, **values: Any) -> ReasonForm:
    """The form for the dates of one stage: both, or only when it closes. Its messages name the stage."""
    # Errors are listed in the order in which fields are made; the reason is made anew, to come last.
    fields: dict[str, Any] = {"opens": _end(kind, End.OPENS)} if with_opening else {}
    fields |= {"closes": _end(kind, End.CLOSES), "reason": _reason()}
    made: ReasonForm = type("StageForm", (ReasonForm,), fields)(**values)
    return made
