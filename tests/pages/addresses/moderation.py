"""Looking after the forum."""

OPEN = {
    "public.moderation.report": "/consultations/{forum}/forum/posts/t1-1/report",
    "public.moderation.reported": "/consultations/{forum}/forum/reported",
    "public.moderation.account": "/consultations/{forum}/forum/looked-after",
}
RESIDENT = {
    "public.moderation.report resident": "/consultations/{forum}/forum/posts/t1-1/report",
    "public.moderation.reported resident": "/consultations/{forum}/forum/reported",
    "resident.moderation.hidden": "/consultations/{forum}/forum/posts/hidden-1/hidden",
    "resident.moderation.message": "/consultations/{forum}/forum/message",
    "resident.moderation.hidden answered": "/consultations/{forum}/forum/posts/hidden-2/hidden",
}
STAFF = {
    "moderator.moderation.queue": "/moderator/{forum}/queue",
    "moderator.moderation.decide": "/moderator/{forum}/posts/t1-1",
    "moderator.moderation.decide hidden": "/moderator/{forum}/posts/hidden-1",
    "moderator.moderation.answer": "/moderator/{forum}/appeals/1",
    "moderator.moderation.reply": "/moderator/{forum}/messages/1",
    "moderator.moderation.stop": "/moderator/{forum}/posts/t1-1/stop",
    "moderator.moderation.decisions": "/moderator/{forum}/decisions",
    "moderator.moderation.read_first": "/moderator/{forum}/read-first",
}
NOT_PAGES = {"moderator.moderation.following"}  # it leads to what comes next
