"""Looking after the forum: reports, decisions, appeals, who may post."""

from tests.access_table import (
    INVALID,
    MOVED,
    NOT_FOUND,
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    Scene,
    everybody,
    in_place,
    only,
    only_residents,
)


def a_post(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "post": "t1-1"}


def an_appeal(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "number": 999}


WHO_LOOKS_AFTER = ("moderator", "officer")
OF_OTHERS = {"analyst elsewhere": NOT_FOUND}
ROWS: dict[str, Row] = {
    "public.moderation.report": Row(
        get=everybody(OK, analyst=REFUSED, administrator=REFUSED),
        post=everybody(SEE_OTHER, analyst=REFUSED, administrator=REFUSED),
        values=a_post,
        data={"concern": "attack", "words": ""},
        place="forum",
    ),
    "public.moderation.reported": Row(get=everybody(OK), values=in_place, place="forum"),
    "public.moderation.account": Row(get=everybody(OK), values=in_place, place="forum"),
    "resident.moderation.hidden": Row(
        get=only_residents(NOT_FOUND),
        post=only_residents(NOT_FOUND, visitor=REFUSED, elsewhere=REFUSED),
        values=a_post,
        data={"words": "It is right."},
        place="forum",
    ),
    "resident.moderation.message": Row(
        get=only_residents(OK),
        post=only_residents(SEE_OTHER, visitor=REFUSED, elsewhere=REFUSED),
        values=in_place,
        data={"words": "It is too loud in here."},
        place="forum",
    ),
    "moderator.moderation.following": Row(
        get={**only(*WHO_LOOKS_AFTER, status=MOVED), **OF_OTHERS}, values=in_place, place="forum"
    ),
    "moderator.moderation.reply": Row(
        get={**only(*WHO_LOOKS_AFTER, status=NOT_FOUND), **OF_OTHERS},
        post={**only(*WHO_LOOKS_AFTER, status=NOT_FOUND, visitor=REFUSED), **OF_OTHERS},
        values=an_appeal,
        data={"answer": "We shall be quieter."},
        place="forum",
    ),
    "moderator.moderation.seen_to": Row(
        post={**only(*WHO_LOOKS_AFTER, status=NOT_FOUND, visitor=REFUSED), **OF_OTHERS},
        values=a_post,
        place="forum",
    ),
    "moderator.moderation.queue": Row(
        get={**only(*WHO_LOOKS_AFTER), **OF_OTHERS}, values=in_place, place="forum"
    ),
    "moderator.moderation.decisions": Row(
        get={**only(*WHO_LOOKS_AFTER), **OF_OTHERS}, values=in_place, place="forum"
    ),
    # What is hidden, and whether, is private: analysts here find nothing either.
    "moderator.moderation.decide": Row(
        get={**only(*WHO_LOOKS_AFTER), **OF_OTHERS, "analyst": NOT_FOUND},
        post={**only(*WHO_LOOKS_AFTER, status=INVALID, visitor=REFUSED), **OF_OTHERS},
        values=a_post,
        data={"verdict": "", "version": "1"},
        place="forum",
    ),
    "moderator.moderation.answer": Row(
        get={**only("officer", status=NOT_FOUND), **OF_OTHERS, "moderator elsewhere": NOT_FOUND},
        post={
            **only("officer", status=NOT_FOUND, visitor=REFUSED),
            **OF_OTHERS,
            "moderator elsewhere": NOT_FOUND,
        },
        values=an_appeal,
        data={"outcome": "upheld", "answer": "It stands."},
        place="forum",
    ),
    "moderator.moderation.stop": Row(
        get={**only(*WHO_LOOKS_AFTER), **OF_OTHERS},
        post={**only(*WHO_LOOKS_AFTER, status=INVALID, visitor=REFUSED), **OF_OTHERS},
        values=a_post,
        data={"told": ""},
        place="forum",
    ),
    "moderator.moderation.let_post": Row(
        post={**only(*WHO_LOOKS_AFTER, status=SEE_OTHER, visitor=REFUSED), **OF_OTHERS},
        values=a_post,
        place="forum",
    ),
    "moderator.moderation.read_first": Row(
        get={**only("officer"), **OF_OTHERS, "moderator elsewhere": NOT_FOUND},
        post={
            **only("officer", status=SEE_OTHER, visitor=REFUSED),
            **OF_OTHERS,
            "moderator elsewhere": NOT_FOUND,
        },
        values=in_place,
        data={"checked": "none"},
        place="forum",
    ),
}
