"""What officers type to write an item, to approve or remove it, and to correct a typing error.

The fields follow the form of the item, and there is one for each option. So the class is made for each
request; adding, removing and moving an option send the whole form, without scripts.
"""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from consult.surveys import item_words
from consult.surveys.correcting import Text
from consult.surveys.rules import SCALED, TAKES, NewItem
from consult.surveys.typed_items import (
    OFFERED_POINTS,
    TypedItem,
    TypedOption,
    item_of,
    usual_role,
    wrong_with,
)
from consult.web.forms import Form, VersionField
from consult.web.plain_text import clean_line

FIRST_OPTIONS = 3  # boxes for options on an empty page
LONGEST_REASON = 500
_OFF = {"autocomplete": "off"}
_FREE_ROLES = ("attitude", "consideration", "preference", "evaluation", "perceived")


class ItemForm(Form):
    """One item; ``kind`` is its form, ``taken`` are the keys of the others, ``held`` is it as it was."""

    kind = ""
    n_options = 0
    n_between = 0

    version = VersionField()
    stem = TextAreaField(lazy_gettext("The sentence"), filters=[clean_line], render_kw={"rows": 3, **_OFF})
    key = StringField(
        lazy_gettext("Short name"),
        description=lazy_gettext(
            "It stands in addresses and downloads. Leave it empty and we make one from the sentence."
        ),
        filters=[clean_line],
        render_kw={"spellcheck": "false", **_OFF},
    )

    def __init__(self, *, taken: Collection[str] = (), held: NewItem | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.taken, self.held = frozenset(taken), held
        self.stem.description = item_words.FORMS[self.kind].how
        if "role" in self:
            roles = dict.fromkeys((*_FREE_ROLES, *([held.role] if held else [])))
            self.role.choices = [SelectChoice(role, item_words.ROLES[role]) for role in roles]
        if "points" in self:
            self.points.choices = [SelectChoice(str(n), str(n)) for n in sorted(self.sizes)]
        if "correct" in self:
            self.correct.choices = [SelectChoice(str(n), self._option_name(n)) for n in range(self.n_options)]

    @property
    def sizes(self) -> set[int]:
        """How many points a scale may have: what is offered, and what this item has."""
        scale = self.held.scale if self.held else None
        return {*OFFERED_POINTS, *({scale.max - scale.min + 1} if scale else ())}

    @property
    def typed(self) -> TypedItem:
        """What stands in the fields."""
        texts = ("role", "waves", "correct", "points", "first", "low", "high", "favour_from")
        flags = ("ordered", "other", "reversed")
        more: dict[str, Any] = {name: self[name].data or "" for name in texts if name in self}
        more |= {name: bool(self[name].data) for name in flags if name in self}
        return TypedItem(
            form=self.kind,
            stem=self.stem.data,
            key=self.key.data,
            options=[
                TypedOption(self[f"option_{n}"].data, self[f"option_key_{n}"].data or "")
                for n in range(self.n_options)
            ],
            between=[self[f"between_{n}"].data for n in range(self.n_between)],
            **more,
        )

    @property
    def item(self) -> NewItem:
        """The item that was typed, once the form holds."""
        return item_of(self.typed, taken=self.taken, held=self.held)

    def _option_name(self, n: int) -> str:
        label = self[f"option_{n}"].data
        name: str = gettext("Option %(n)s", n=n + 1)
        return f"{name}: {label}" if label else name

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether an item was typed; everything that is wrong is at its field."""
        super().validate(extra_validators)
        for wrong in wrong_with(self.typed, taken=self.taken, sizes=self.sizes):
            name = wrong.field if wrong.field in self else "stem"
            self[name].errors = [*self[name].errors, gettext(wrong.sentence, **wrong.values)]
        return not self.errors


def item_form(kind: str, *, n_options: int = FIRST_OPTIONS, n_between: int = 3) -> type[ItemForm]:
    """Make the class of form for an item of this form, with so many boxes for options or words."""
    takes = TAKES[kind]
    fields: dict[str, Any] = {"kind": kind}
    if "options" in takes:
        fields["n_options"] = n_options
        for n in range(n_options):
            fields[f"option_{n}"] = _line(lazy_gettext("Option %(n)s", n=n + 1))
            fields[f"option_key_{n}"] = HiddenField()
    if kind in SCALED:
        fields |= _scale_fields()
        fields["n_between"] = n_between
        for n in range(n_between):
            fields[f"between_{n}"] = _line(lazy_gettext("Words for point %(n)s", n=n + 2))
    if "ordered" in takes:
        fields["ordered"] = BooleanField(
            lazy_gettext("The options have an order"),
            description=lazy_gettext(
                "Such as never, sometimes, often. Everybody then sees them in this order."
            ),
        )
        fields["other"] = BooleanField(
            lazy_gettext("Offer “something else”"),
            description=lazy_gettext("People can write an ending of their own."),
        )
    if "correct" in takes:
        fields["correct"] = RadioField(lazy_gettext("Which option is right?"), validate_choice=False)
    if kind not in {"knowledge", "evaluation"}:
        fields["role"] = RadioField(
            lazy_gettext("What is this question about?"), default=usual_role(kind), validate_choice=False
        )
    if kind != "evaluation":
        fields["waves"] = RadioField(
            lazy_gettext("When is it asked?"),
            description=lazy_gettext("Only what is asked in both surveys shows how people’s views change."),
            choices=[SelectChoice(waves, words) for waves, words in item_words.WAVES.items()],
            default="both",
            validate_choice=False,
        )
    return type("ItemForm", (ItemForm,), fields)


def _scale_fields() -> dict[str, Any]:
    return {
        "points": SelectField(lazy_gettext("How many points does the scale have?"), validate_choice=False),
        "first": _line(
            lazy_gettext("First number"),
            description=lazy_gettext("Usually 1; or 0 for a scale from 0 to 10."),
        ),
        "low": _line(lazy_gettext("Words for the first point")),
        "high": _line(lazy_gettext("Words for the last point")),
        "favour_from": _line(
            lazy_gettext("From which point on is somebody in favour?"),
            description=lazy_gettext(
                "For example 4 on a scale from 1 to 5. We then count how many people are in favour. "
                "Leave it empty if the scale has no such side."
            ),
        ),
        "reversed": BooleanField(
            lazy_gettext("This scale runs the other way round from most"),
            description=lazy_gettext(
                "Turn about half of the scales and statements round, so that saying yes to "
                "everything does not look like an opinion."
            ),
        ),
    }


def _line(label: Any, **more: Any) -> StringField:
    return StringField(label, filters=[clean_line], render_kw=_OFF, **more)


class KindForm(Form):
    """Which form a new item has."""

    form = RadioField(
        lazy_gettext("What kind of question do you want to add?"),
        choices=[
            SelectChoice(form, words.name, render_kw={"hint": item_words.hint(words)})
            for form, words in item_words.FORMS.items()
        ],
        validators=[AnyOf(item_words.FORMS, message=lazy_gettext("Choose a kind of question"))],
        validate_choice=False,
    )


class ApprovalForm(Form):
    """That somebody has read every sentence of one version of an item."""

    version = VersionField()
    reads_well = BooleanField(
        lazy_gettext("I have read every sentence, and these all read well"),
        validators=[InputRequired(lazy_gettext("Tick the box when every sentence reads well"))],
    )


class VersionForm(Form):
    """Which version of an item somebody saw when they decided."""

    version = VersionField()


class CorrectionForm(Form):
    """Every text of an item, to be corrected; ``n_texts`` of them, in the order of `correcting.texts_of`."""

    n_texts = 0

    version = VersionField()
    reason = TextAreaField(
        lazy_gettext("What was wrong?"),
        description=lazy_gettext("Everybody can read this, with the old and the new words."),
        filters=[clean_line],
        validators=[
            DataRequired(lazy_gettext("Say what was wrong")),
            Length(max=LONGEST_REASON, message=lazy_gettext("Enter 500 characters or fewer")),
        ],
        render_kw={"rows": 2, **_OFF},
    )
    same_meaning = BooleanField(
        lazy_gettext("I confirm that the meaning is unchanged"),
        validators=[InputRequired(lazy_gettext("Confirm that the meaning is unchanged"))],
    )

    def words(self) -> list[str]:
        """What was typed for each text."""
        return [self[f"text_{n}"].data for n in range(self.n_texts)]


def correction_form(texts: Sequence[Text], option_numbers: dict[str, str]) -> type[CorrectionForm]:
    """Make the class of form with a box for each text of an item."""
    fields: dict[str, Any] = {"n_texts": len(texts)}
    now = Markup(gettext("Now: <bdi>%(words)s</bdi>"))  # noqa: S704  (our sentence; the words are escaped into it)
    for n, text in enumerate(texts):
        fields[f"text_{n}"] = StringField(
            item_words.part_name(text.part, option_numbers),
            description=now % {"words": text.words},
            default=text.words,
            filters=[clean_line],
            validators=[Length(max=500, message=gettext("Enter 500 characters or fewer"))],
            render_kw=_OFF,
        )
    return type("CorrectionForm", (CorrectionForm,), fields)
