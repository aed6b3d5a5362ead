"""The forum."""

OPEN = {
    "public.forum.topics": "/consultations/{forum}/forum/",
    "public.forum.thread": "/consultations/{forum}/forum/t1",
    "public.forum.thread over": "/consultations/{follow_up}/forum/t1?order=newest",
    "public.forum.print_thread": "/consultations/{forum}/forum/t1/print",
    "public.forum.stop_mail": "/stop-mail/0000000000000000000000000000000000000000000000000000000000000000",
    "public.forum.search": "/consultations/{forum}/forum/search",
    "public.forum.search found": "/consultations/{forum}/forum/search?q=sleep+friday",
}
RESIDENT = {
    "public.forum.topics resident": "/consultations/{forum}/forum/",
    "public.forum.thread resident": "/consultations/{forum}/forum/t1",
    "public.forum.print_thread resident": "/consultations/{forum}/forum/t1/print",
    "public.forum.search resident": "/consultations/{forum}/forum/search?q=sl",
    "resident.forum.reply": "/consultations/{forum}/forum/t1/reply?to=t1-2",
    "resident.forum.reply draft": "/consultations/{forum}/forum/t1/reply?to=t1-1",
    "resident.forum.mail": "/consultations/{forum}/forum/mail",
    "resident.forum.mine": "/consultations/{forum}/forum/mine",
    "resident.forum.unlike": "/consultations/{forum}/forum/unlike",
    "resident.forum.unlike topic": "/consultations/{forum}/forum/unlike?thread=t1",
}
STAFF = {
    "public.forum.thread staff": "/consultations/{forum}/forum/t1",
    "moderator.forum.home": "/moderator/",
    "moderator.forum.seeds": "/moderator/{summarising}/seeds",
    "moderator.forum.add_seed": "/moderator/{summarising}/seeds/new",
    "moderator.forum.add_seed from answers": "/moderator/{summarising}/seeds/new?item=hours",
    "moderator.forum.publish": "/moderator/{summarising}/seeds/publish",
    "moderator.forum.speak": "/moderator/{forum}/speak",
    "moderator.forum.speak answer": "/moderator/{forum}/speak?thread=t1&to=t1-1",
}
# They need a post or a draft of one's own: tests/forum looks at them.
WALKED = {
    "public.forum.newer",  # no page: what one asks by itself
    "resident.forum.edit",
    "resident.forum.withdraw",
    "moderator.forum.edit_seed",
    "moderator.forum.remove_seed",
}
