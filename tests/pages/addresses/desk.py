"""The officer's desk."""

STAFF = {
    "officer.desk.home": "/officer/",
    "officer.desk.create": "/officer/new",
    "officer.desk.overview": "/officer/{survey}/",
    "officer.desk.overview draft": "/officer/{draft}/",
    "officer.desk.overview summarising": "/officer/{summarising}/",
    "officer.desk.overview closed": "/officer/{closed}/",
    "officer.desk.people": "/officer/{draft}/people",
    "officer.desk.people fixed": "/officer/{survey}/people",
    "officer.desk.rehearse": "/officer/{draft}/rehearse",
    "officer.desk.publish": "/officer/{draft}/publish",
    "officer.consultations.about": "/officer/{draft}/about",
    "officer.consultations.about fixed": "/officer/{survey}/about",
    "officer.consultations.timetable": "/officer/{draft}/timetable",
    "officer.consultations.timetable fixed": "/officer/{survey}/timetable",
    "officer.consultations.extend": "/officer/{survey}/timetable/forum",
    "officer.consultations.extend over": "/officer/{summarising}/timetable/survey",
    "officer.consultations.close": "/officer/{survey}/timetable/survey/close",
}
