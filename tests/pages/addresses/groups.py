"""Groups of the forum."""

STAFF = {
    "officer.groups.page": "/officer/{summarising}/groups",
    "officer.groups.page talking": "/officer/{forum}/groups",
    "officer.talk.page": "/officer/{forum}/talk",
    "officer.talk.page early": "/officer/{survey}/talk",
    "officer.talk.page closed": "/officer/{closed}/talk",
    "officer.groups.again": "/officer/{summarising}/groups/again",
}
