"""The analyst's pages."""

STAFF = {
    "analyst.analysis.home": "/analyst/",
    "analyst.analysis.overview": "/analyst/{closed}/",
    "analyst.analysis.item": "/analyst/{closed}/items/c0",
    "analyst.analysis.item by group": "/analyst/{closed}/items/c1?by=group",
    "analyst.analysis.item choice": "/analyst/{closed}/items/pick",
    "analyst.analysis.item ranking": "/analyst/{closed}/items/rank",
    "analyst.analysis.item open": "/analyst/{closed}/items/mind",
    "analyst.analysis.item evaluation": "/analyst/{closed}/items/feel",
    "analyst.analysis.reasoning": "/analyst/{closed}/reasoning",
    "analyst.exports.downloads": "/analyst/{closed}/downloads",
}
