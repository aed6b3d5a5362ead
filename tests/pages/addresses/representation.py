"""Who we need."""

STAFF = {
    "officer.representation.page": "/officer/{survey}/who-we-need",
    "officer.representation.page draft": "/officer/{draft}/who-we-need",
    "officer.representation.page forum": "/officer/{forum}/who-we-need",
    "analyst.representation.page": "/analyst/{survey}/who-takes-part",
    "analyst.representation.page draft": "/analyst/{draft}/who-takes-part",
    "analyst.representation.bring_in": "/analyst/{draft}/who-takes-part/file",
    "officer.representation.panel": "/officer/{draft}/who-we-need/panel",
    "officer.representation.groups": "/officer/{draft}/who-we-need/groups/age_band",
    "officer.two_questions.choose": "/officer/{draft}/who-we-need/two-questions",
    "officer.two_questions.choose wrong": "/officer/{draft}/who-we-need/two-questions?one=sex&other=sex",
    "officer.two_questions.numbers": "/officer/{draft}/who-we-need/two-questions/numbers"
    "?one=age_band&other=sex",
    "officer.representation.bring_in": "/officer/{draft}/who-we-need/file",
    "officer.representation.raise_limit": "/officer/{survey}/who-we-need/raise",
    "officer.representation.change": "/officer/{survey}/who-we-need/changes/2",
}
