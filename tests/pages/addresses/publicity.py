"""Publicity."""

_CHANNEL = "/officer/{survey}/publicity/channels/mill-library"
STAFF = {
    "officer.publicity.page": "/officer/{follow_up}/publicity",
    "officer.publicity.page draft": "/officer/{draft}/publicity",
    "officer.publicity.add": "/officer/{survey}/publicity/new",
    "officer.publicity.channel": _CHANNEL,
    "officer.publicity.channel draft": "/officer/{draft}/publicity/channels/mill-library",
    "officer.publicity.change": f"{_CHANNEL}/change",
    "officer.publicity.remove": f"{_CHANNEL}/remove",
    "officer.publicity.poster": f"{_CHANNEL}/poster",
    "officer.publicity.letter": f"{_CHANNEL}/letter",
}
NOT_PAGES = {"public.publicity.arrive", "officer.publicity.poster_pdf", "officer.publicity.letter_pdf"}
