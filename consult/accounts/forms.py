"""What staff type in order to set up signing in and to sign in."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.accounts.rules import EMAIL_LONGEST, LONGEST, SHORTEST, password_problem
from consult.web.forms import UnrepeatedField

CODE_KW = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _printable(typed: str | None) -> str | None:
    """What is printed back into the page holds nothing that a page may not hold, such as a NUL."""
    return "".join(sign for sign in typed if sign.isprintable()) if typed else typed


class SignInForm(FlaskForm):  # type: ignore[misc]
    """The first step of signing in."""

    email = EmailField(
        "E-mail address",
        validators=[
            InputRequired("Enter your e-mail address"),
            Length(max=EMAIL_LONGEST, message="Your e-mail address is too long"),
        ],
        filters=[_printable],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password"),
            Length(max=LONGEST, message=f"Your password has {LONGEST} characters or fewer"),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = UnrepeatedField(
        "Enter the 6 numbers that your app shows",
        description="Open the app that you set up for this service. The numbers change every 30 seconds.",
        validators=[InputRequired("Enter the 6 numbers that your app shows")],
        render_kw=CODE_KW,
    )


class SetUpForm(FlaskForm):  # type: ignore[misc]
    """A new password and proof that the app works. ``names`` are what a password may not be made of."""

    password = PasswordField(
        "Choose a password",
        description=f"It must have {SHORTEST} characters or more. Three words that have nothing to do "
        "with each other are easy to keep in mind.",
        validators=[InputRequired("Choose a password")],
        render_kw={"autocomplete": "new-password"},
    )
    code = UnrepeatedField(
        "Enter the 6 numbers that your app shows",
        description="They change every 30 seconds.",
        validators=[InputRequired("Enter the 6 numbers that your app shows")],
        render_kw=CODE_KW,
    )

    def __init__(self, *, names: Iterable[str], **values: Any) -> None:
        super().__init__(**values)
        self.names = tuple(names)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that is too short or easy to guess."""
        problem = password_problem(field.data or "", names=self.names)
        if problem:
            raise ValidationError(problem)
