"""A file of figures about who lives here, brought in by an officer or an analyst of a draft."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from consult.access import Action
from consult.consultations.oversight import overseen
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Invalid
from consult.panel.importing import import_targets
from consult.panel.refused import FileRefused
from consult.representation.forms import FileForm
from consult.representation.saving import saved, saved_before, shown
from consult.web import once
from consult.web.forms import refuse

MOST_BYTES = 5_000_000
FEW_MEGABYTES = 6_000_000  # a file of 5 MB, and the form around it


def room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A file may be larger than the forms of residents; this is asked before the form is read."""
    if endpoint is not None and endpoint.endswith(".representation.bring_in"):
        request.max_content_length = FEW_MEGABYTES


def bring_in(slug: str, **frame: str) -> Any:
    """How many of whom, from a file; it leads back to the page of the same audience."""
    place = overseen(slug, Action.IMPORT_MARGINS)
    consultation, there = place.consultation, url_for(".page", slug=slug)
    form = FileForm(data={"version": consultation.version})
    meanwhile, problems = False, list[str]()
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            imported = import_targets(
                place.actor,
                consultation,
                form.file.data.read(MOST_BYTES + 1),
                area=form.area.data or None,
                bands=form.bands.data or None,
                version=form.version.data,
            )
        except EditedMeanwhile:
            meanwhile = saved_before(form, consultation)
        except FileRefused as refusal:
            db.session.rollback()
            problems = list(refusal.lines(_("The file")))
            form.file.errors = [_("The file cannot be used. What is wrong stands below")]
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.bands, refusal)
        else:
            done = _("The figures are in. Look at them, and say how many people you want.")
            return saved(there, done, *imported.notices)
    return shown("bring_in", consultation, form, meanwhile=meanwhile, problems=problems, **frame)
