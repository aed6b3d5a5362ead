"""The council in its forum."""

OPEN = {"public.forum.prompts": "/consultations/{forum}/forum/prompts"}
RESIDENT = {
    "public.forum.prompts resident": "/consultations/{forum}/forum/prompts",
    "resident.forum.start": "/consultations/{forum}/forum/start",
    "resident.forum.reply closed": "/consultations/{forum}/forum/closed-1/reply",
    "public.forum.thread closed": "/consultations/{forum}/forum/closed-1",
}
STAFF = {
    "moderator.facilitation.asked": "/moderator/{forum}/asked",
    "moderator.facilitation.answer": "/moderator/{forum}/topics/t1/posts/t1-2/answer",
    "moderator.facilitation.decline": "/moderator/{forum}/topics/t1/posts/t1-2/not-for-us",
    "moderator.facilitation.pin": "/moderator/{forum}/topics/t1/posts/t1-1/pin",
    "moderator.facilitation.conclude": "/moderator/{forum}/topics/t1/close",
    "moderator.facilitation.reopen": "/moderator/{forum}/topics/closed-1/reopen",
    "moderator.facilitation.all_prompts": "/moderator/{forum}/prompts",
    "moderator.facilitation.add_prompt": "/moderator/{forum}/prompts/new",
    "moderator.facilitation.change_prompt": "/moderator/{forum}/prompts/{prompt}",
    "moderator.facilitation.remove_prompt": "/moderator/{forum}/prompts/{prompt}/remove",
}
