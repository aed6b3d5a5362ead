"""Thanks."""

RESIDENT = {
    "resident.incentives.thank_you": "/consultations/{forum}/thank-you",
    "resident.incentives.thank_you follow-up": "/consultations/{follow_up}/thank-you",
    "resident.incentives.choose": "/consultations/{forum}/thank-you/1",
    "resident.incentives.contact": "/consultations/{forum}/thank-you/contact",
}
STAFF = {
    "officer.incentives.offer": "/officer/{draft}/thanks",
    "officer.incentives.offer fixed": "/officer/{survey}/thanks",
    "officer.incentives.offer summarising": "/officer/{summarising}/thanks",
    "officer.incentives.plan": "/officer/{draft}/thanks/who",
    "officer.incentives.add": "/officer/{draft}/thanks/add",
    "officer.incentives.change": "/officer/{draft}/thanks/choice-1/change",
    "officer.incentives.remove": "/officer/{draft}/thanks/choice-1/remove",
    "officer.incentives.ledger": "/officer/{survey}/thanks/list",
    "officer.incentives.ledger all": "/officer/{survey}/thanks/list?show=all",
    "officer.incentives.find": "/officer/{survey}/thanks/number",
}
