"""Summaries of views."""

STAFF = {
    "moderator.summaries.items": "/moderator/{summarising}/summaries",
}
# They need a summary that has been begun: tests/summaries looks at them.
WALKED = {
    "moderator.summaries.summary",
    "moderator.summaries.remove",
    "moderator.summaries.quoted",
    "moderator.summaries.texts",
    "resident.summaries.account",
}
