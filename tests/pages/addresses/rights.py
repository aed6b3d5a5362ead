"""What is held about oneself, and what one can do about it."""

RESIDENT = {
    "resident.rights.about_me": "/consultations/{forum}/about-me",
    "resident.rights.about_me shown": "/consultations/{forum}/about-me?show=about-you",
    "resident.rights.consent": "/consultations/{forum}/about-me/agreed",
    "resident.rights.new_code": "/consultations/{forum}/about-me/new-code",
    "resident.rights.download": "/consultations/{forum}/about-me/download",
    "resident.rights.download in follow-up": "/consultations/{follow_up}/about-me/download",
    "resident.rights.withdraw": "/consultations/{forum}/about-me/withdraw",
    "resident.rights.withdraw sure": "/consultations/{forum}/about-me/withdraw?answers=delete",
}
