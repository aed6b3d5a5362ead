"""Public pages of consultations."""

OPEN = {
    "public.consultations.home": "/",
    "public.consultations.page": "/consultations/{survey}/",
    "public.consultations.page forum": "/consultations/{forum}/",
    "public.consultations.page closed": "/consultations/{closed}/",
    "public.consultations.privacy": "/privacy",
    "public.consultations.accessibility": "/accessibility",
    "public.consultations.cookies": "/cookies",
    "public.consultations.methods": "/methods",
    "error": "/no-such-page",
}
STAFF = {"public.consultations.page draft": "/consultations/{draft}/"}
NOT_PAGES = {"public.consultations.health"}
