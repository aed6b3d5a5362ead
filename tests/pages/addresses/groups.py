"""Groups of the forum."""

STAFF = {
    "officer.groups.page": "/officer/{summarising}/groups",
    "officer.groups.page talking": "/officer/{forum}/groups",
    "officer.groups.again": "/officer/{summarising}/groups/again",
}
