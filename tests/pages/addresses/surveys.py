"""Answering; what comes after the first item is walked through in `test_survey_in_browser`."""

RESIDENT = {
    "resident.surveys.survey": "/consultations/{survey}/survey/1",
    "resident.surveys.waiting": "/consultations/{survey}/next",
    "resident.surveys.waiting summarising": "/consultations/{summarising}/next",
    "resident.surveys.waiting forum": "/consultations/{forum}/next",
    "resident.surveys.waiting follow-up": "/consultations/{follow_up}/next",
    "resident.surveys.support": "/consultations/{survey}/support",
}
WALKED = {
    "resident.surveys.survey_about_you",
    "resident.surveys.check_survey",
    "resident.surveys.survey_sent",
    "resident.surveys.follow_up",
    "resident.surveys.check_follow_up",
    "resident.surveys.follow_up_sent",
    "resident.surveys.your_views",
}
NOT_PAGES = {"resident.surveys.carry_on"}
