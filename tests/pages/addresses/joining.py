"""Joining a consultation."""

OPEN = {
    "public.recruitment.join": "/consultations/{survey}/join",
    "public.recruitment.join closed": "/consultations/{forum}/join",
    "public.recruitment.withdrawn": "/withdrawn",
}
RESIDENT = {
    "public.recruitment.join already": "/consultations/{survey}/join",
    "resident.recruitment.name": "/consultations/{survey}/join/name",
    "resident.recruitment.about_you": "/consultations/{survey}/join/about-you/1",
    "resident.recruitment.code": "/consultations/{survey}/join/code",
}
# Shown only while a code waits to be written down: a journey of its own.
WALKED = {"resident.recruitment.slip"}
