"""What officers choose about the questions about people: when each is asked, in what detail, which wards."""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2s
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from consult.desk.people import Askable, Chosen
from consult.recruitment.models import AskedAt
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean_line

NOT_ASKED = "no"
_PLAIN = re.compile(r"[a-z0-9_]+")
FEWEST_LINES, MOST_LINES, LONGEST_LINE = 2, 150, 100
WHEN = "question_"
DETAIL = "detail_"
LINES = "lines_"


class Lines:
    """Refuse what cannot be a list of options, one a line, where the question is asked."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, when: str) -> None:
        self.when = when

    def __call__(self, form: Form, field: Field) -> None:
        """Look at the lines."""
        if form[self.when].data == NOT_ASKED:
            raise StopValidation
        lines = lines_of(field.data)
        if len(lines) < FEWEST_LINES:
            raise StopValidation(lazy_gettext("Enter the wards, one on each line"))
        if len(lines) > MOST_LINES:
            raise StopValidation(lazy_gettext("Enter at most %(n)s wards", n=MOST_LINES))
        if any(len(line) > LONGEST_LINE for line in lines):
            raise StopValidation(lazy_gettext("Enter at most %(n)s characters for each ward", n=LONGEST_LINE))
        if len({line.casefold() for line in lines}) < len(lines):
            raise StopValidation(lazy_gettext("Enter each ward once"))


class OneOfTwo:
    """Refuse to ask a question together with the one that it stands in place of."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Form, field: Field) -> None:
        """Look at both."""
        if NOT_ASKED not in {field.data, form[self.other].data}:
            raise StopValidation(lazy_gettext("Ask only one of the two questions about age"))


def people_form(questions: Sequence[Askable], *, version: int) -> Form:
    """The form that asks of each question about people when it is asked, if at all."""
    fields: dict[str, Any] = {"version": VersionField(default=version)}
    known = {each.question.key for each in questions}
    for each in questions:
        n = suffix(each.question.key)
        instead_of = each.ready.instead_of if each.ready else None
        other = f"{WHEN}{suffix(instead_of)}" if instead_of and instead_of in known else None
        fields[f"{WHEN}{n}"] = RadioField(
            each.question.question,
            choices=[
                SelectChoice(AskedAt.JOINING.value, lazy_gettext("Ask when people join")),
                SelectChoice(AskedAt.AFTER.value, lazy_gettext("Ask after the survey questions")),
                SelectChoice(NOT_ASKED, lazy_gettext("Do not ask")),
            ],
            default=each.when.value if each.when else NOT_ASKED,
            validators=[OneOfTwo(other)] if other else [],
        )
        if each.has_choice_of_detail:
            fields[f"{DETAIL}{n}"] = BooleanField(
                lazy_gettext("Then ask for more detail within the group they chose"),
                default=each.is_in_detail,
            )
        if each.takes_options:
            fields[f"{LINES}{n}"] = TextAreaField(
                lazy_gettext("The wards, one on each line"),
                description=lazy_gettext("Only needed if you ask this question."),
                default="\n".join(option.label for option in each.question.options),
                render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false"},
                validators=[Lines(f"{WHEN}{n}")],
            )
    made: Form = type("PeopleForm", (Form,), fields)()
    return made


def choices_of(form: Form, questions: Sequence[Askable]) -> dict[str, Chosen]:
    """What the officer wants of each question, by its key, once the form is valid."""
    return {
        each.question.key: Chosen(
            when=None if form[f"{WHEN}{n}"].data == NOT_ASKED else AskedAt(form[f"{WHEN}{n}"].data),
            is_in_detail=each.has_choice_of_detail and bool(form[f"{DETAIL}{n}"].data),
            lines=tuple(lines_of(form[f"{LINES}{n}"].data)) if each.takes_options else (),
        )
        for each, n in ((each, suffix(each.question.key)) for each in questions)
    }


def suffix(key: str) -> str:
    """How the fields of a question end, which is the same whatever else is asked."""
    return key if _PLAIN.fullmatch(key) else f"x{blake2s(key.encode(), digest_size=6).hexdigest()}"


def lines_of(typed: str | None) -> list[str]:
    """The lines that say something."""
    return [line for line in map(clean_line, (typed or "").splitlines()) if line]
