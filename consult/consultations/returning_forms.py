"""What somebody types who comes back."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, StringField

from consult.web.forms import Form

CODE_KW = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "autocorrect": "off"}
YES, NO = "yes", "no"


class OneField(StringField):  # type: ignore[misc]
    """A text that is sent once: two of the same name are none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the one value, without what a page may not hold, such as a NUL."""
        only = valuelist[0] if len(valuelist) == 1 else ""
        self.data = "".join(sign for sign in only if sign.isprintable())


class _OnThisComputer(Form):
    """A form that begins a session: a shared computer closes it sooner, and is what we take it for."""

    shared = RadioField(
        _("Are you using a shared computer?"),
        description=_("For example, in a library. Choose “Yes” if you are not sure."),
        choices=[
            SelectChoice(YES, _("Yes")),
            SelectChoice(NO, _("No, this is my own computer, tablet or phone")),
        ],
        default=YES,
        validate_choice=False,
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        if self.shared.data != NO:
            self.shared.data = YES

    @property
    def is_shared(self) -> bool:
        """Whether others use this computer too."""
        return bool(self.shared.data != NO)


class ReturnForm(_OnThisComputer):
    """Coming back with the code."""

    code = OneField(
        _("Your return code"), description=_("For example, 7KQ4-WD2M-XP9C"), render_kw=dict(CODE_KW)
    )


class LostForm(_OnThisComputer):
    """Coming back with the serial, because the code is lost."""

    serial = OneField(
        _("The number on the other part of your slip"),
        description=_("It begins with S. For example, S-4KQ7-2DWM-9PXC"),
        render_kw=dict(CODE_KW),
    )
