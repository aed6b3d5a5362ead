"""The sections of a consultation for its analyst: what stands in the navigation of every page."""

from typing import Any

from flask import url_for

from consult.consultations.models import Consultation

SECTIONS = (
    ("analyst.analysis.overview", "What changed"),
    ("analyst.analysis.reasoning", "Groups and reasoning"),
    ("analyst.exports.downloads", "Downloads"),
)


def sections(consultation: Consultation, here: str) -> dict[str, Any]:
    """Give a template the consultation and its navigation; ``here`` is the endpoint of the section."""
    return {
        "consultation": consultation,
        "navigation": [
            (text, url_for(endpoint, slug=consultation.slug), endpoint == here) for endpoint, text in SECTIONS
        ],
        "navigation_title": "Your consultations",
        "navigation_href": url_for("analyst.analysis.home"),
    }
