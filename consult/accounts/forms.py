"""What staff type in order to set up signing in and to sign in."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.accounts.rules import EMAIL_LONGEST, LONGEST, SHORTEST, password_problem
from consult.web.forms import Form, UnrepeatedField
from consult.web.languages import translated

CODE_KW = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _printable(typed: str | None) -> str | None:
    """What is printed back into the page holds nothing that a page may not hold, such as a NUL."""
    return "".join(sign for sign in typed if sign.isprintable()) if typed else typed


class SignInForm(Form):
    """The first step of signing in."""

    email = EmailField(
        _("E-mail address"),
        validators=[
            InputRequired(_("Enter your e-mail address")),
            Length(max=EMAIL_LONGEST, message=_("Your e-mail address is too long")),
        ],
        filters=[_printable],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[
            InputRequired(_("Enter your password")),
            Length(max=LONGEST, message=_("Your password has %(n)s characters or fewer", n=LONGEST)),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """The second step of signing in."""

    code = UnrepeatedField(
        _("Enter the 6 numbers that your app shows"),
        description=_("Open the app that you set up for this service. The numbers change every 30 seconds."),
        validators=[InputRequired(_("Enter the 6 numbers that your app shows"))],
        render_kw=CODE_KW,
    )


class SetUpForm(Form):
    """A new password and proof that the app works. ``names`` are what a password may not be made of."""

    password = PasswordField(
        _("Choose a password"),
        description=_(
            "It must have %(n)s characters or more. Three words that have nothing to do "
            "with each other are easy to keep in mind.",
            n=SHORTEST,
        ),
        validators=[InputRequired(_("Choose a password"))],
        render_kw={"autocomplete": "new-password"},
    )
    code = UnrepeatedField(
        _("Enter the 6 numbers that your app shows"),
        description=_("They change every 30 seconds."),
        validators=[InputRequired(_("Enter the 6 numbers that your app shows"))],
        render_kw=CODE_KW,
    )

    def __init__(self, *, names: Iterable[str], **values: Any) -> None:
        super().__init__(**values)
        self.names = tuple(names)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is too short or easy to guess."""
        problem = password_problem(field.data or "", names=self.names)
        if problem:
            raise ValidationError(translated(problem))
