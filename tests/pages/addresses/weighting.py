"""Who stayed, and weights."""

STAFF = {
    "analyst.analysis.weights": "/analyst/{closed}/weights",
    "analyst.analysis.weights version": "/analyst/{closed}/weights?version=1",
    "analyst.analysis.weights while open": "/analyst/{follow_up}/weights",
}
