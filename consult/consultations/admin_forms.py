"""Forms of administrators."""

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import EmailField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from consult.access import CONSULTATION_ROLES, Role
from consult.web.forms import Form

EVERYWHERE = ""
ROLE_NAMES = {
    Role.OFFICER: lazy_gettext("Officer"),
    Role.MODERATOR: lazy_gettext("Moderator"),
    Role.ANALYST: lazy_gettext("Analyst"),
    Role.ASSISTANT: lazy_gettext("Assistant"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}


class RoleForm(Form):
    """A role, and where it is held."""

    role = SelectField(
        lazy_gettext("Role"),
        choices=[
            SelectChoice(role.value, ROLE_NAMES[role]) for role in (*CONSULTATION_ROLES, Role.ADMINISTRATOR)
        ],
        validators=[InputRequired(lazy_gettext("Choose a role"))],
    )
    consultation = SelectField(
        lazy_gettext("Consultation"),
        choices=[],
        description=lazy_gettext("An administrator has none. An officer without one may set up new ones"),
    )

    def __init__(self, places: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.consultation.choices = [
            SelectChoice(EVERYWHERE, lazy_gettext("None")),
            *(SelectChoice(slug, title) for slug, title in places),
        ]


class NewStaffForm(RoleForm):
    """Somebody new, or a further role of somebody known."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        validators=[InputRequired(lazy_gettext("Enter an e-mail address, like name@example.org"))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
