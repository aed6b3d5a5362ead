"""The sections of a consultation for its analyst: what stands in the navigation of every page."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from consult.consultations.models import Consultation
from consult.words import N_

SECTIONS = (
    ("analyst.analysis.overview", N_("What changed")),
    ("analyst.analysis.reasoning", N_("Groups and reasoning")),
    ("analyst.analysis.weights", N_("Who stayed, and weights")),
    ("analyst.exports.downloads", N_("Downloads")),
)
WHILE_OPEN = frozenset({"analyst.analysis.weights"})


def sections(consultation: Consultation, here: str, *, is_over: bool = True) -> dict[str, Any]:
    """Give a template the consultation and its navigation.

    ``here`` is the endpoint of the section; before all is over only those that tell nothing of answers.
    """
    return {
        "consultation": consultation,
        "navigation": [
            (gettext(text), url_for(endpoint, slug=consultation.slug), endpoint == here)
            for endpoint, text in SECTIONS
            if is_over or endpoint in WHILE_OPEN
        ],
        "navigation_title": gettext("Your consultations"),
        "navigation_href": url_for("analyst.analysis.home"),
    }
