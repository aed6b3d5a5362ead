"""The sections of a consultation for its analyst: what stands in the navigation of every page."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from consult.access import Moment
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.words import N_

CODING = "analyst.coding.home"
SECTIONS = (
    ("analyst.analysis.overview", N_("What changed")),
    ("analyst.analysis.reasoning", N_("Groups and reasoning")),
    ("analyst.analysis.weights", N_("Who stayed, and weights")),
    (CODING, N_("Coding")),
    ("analyst.exports.downloads", N_("Downloads")),
)
WHILE_OPEN = frozenset({"analyst.analysis.weights", CODING})


def sections(consultation: Consultation, here: str, *, is_over: bool = True) -> dict[str, Any]:
    """Give a template the consultation and its navigation.

    ``here`` is the endpoint of the section; before all is over only those that tell nothing of answers,
    and those in which they are read for the forum.
    """
    is_draft = standing_of(consultation).moment is Moment.DRAFT
    return {
        "consultation": consultation,
        "navigation": [
            (gettext(text), url_for(endpoint, slug=consultation.slug), endpoint == here)
            for endpoint, text in SECTIONS
            if (is_over or endpoint in WHILE_OPEN) and not (is_draft and endpoint == CODING)
        ],
        "navigation_title": gettext("Your consultations"),
        "navigation_href": url_for("analyst.analysis.home"),
    }
