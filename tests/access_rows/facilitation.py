"""The council in its forum: questions for it, pins, conclusions, prompts."""

from tests.access_table import (
    INVALID,
    NOT_FOUND,
    OK,
    REFUSED,
    Row,
    Scene,
    Statuses,
    everybody,
    in_place,
    only,
    only_residents,
)


def a_post(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "thread": "t1", "post": "t1-1"}


def a_thread(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "thread": "t1"}


def no_prompt(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "number": 999}


OF_OTHERS = {"analyst elsewhere": NOT_FOUND}


def answering(status: int, **more: int) -> Statuses:
    return {**only("moderator", "officer", status=status, **more), **OF_OTHERS}


def officers(status: int = OK, **more: int) -> Statuses:
    return {**only("officer", status=status, **more), **OF_OTHERS, "moderator elsewhere": NOT_FOUND}


ROWS: dict[str, Row] = {
    "public.forum.prompts": Row(get=everybody(OK), values=in_place, place="forum"),
    # The council of the scene lets nobody begin topics; see tests/moderation.
    "resident.forum.start": Row(
        get=only_residents(REFUSED),
        post=only_residents(REFUSED, visitor=REFUSED, elsewhere=REFUSED),
        values=in_place,
        place="forum",
        data={"title": "Taxis", "text": "Where do they stop?"},
    ),
    "moderator.facilitation.asked": Row(get=answering(OK), values=in_place, place="forum"),
    # The post of the scene asks the council nothing.
    "moderator.facilitation.answer": Row(
        get=answering(NOT_FOUND),
        post=answering(NOT_FOUND, visitor=REFUSED),
        values=a_post,
        data={"text": "Yes, from May."},
        place="forum",
    ),
    "moderator.facilitation.decline": Row(
        get=answering(NOT_FOUND),
        post=answering(NOT_FOUND, visitor=REFUSED),
        values=a_post,
        data={"told": "Ask the bus company."},
        place="forum",
    ),
    "moderator.facilitation.pin": Row(
        get=officers(), post=officers(303, visitor=REFUSED), values=a_post, data={"do": "pin"}, place="forum"
    ),
    "moderator.facilitation.conclude": Row(
        get=officers(),
        post=officers(INVALID, visitor=REFUSED),
        values=a_thread,
        data={"text": ""},
        place="forum",
    ),
    "moderator.facilitation.reopen": Row(
        get=officers(),
        post=officers(INVALID, visitor=REFUSED),
        values=a_thread,
        data={"why": ""},
        place="forum",
    ),
    "moderator.facilitation.all_prompts": Row(get=officers(), values=in_place, place="forum"),
    "moderator.facilitation.add_prompt": Row(
        get=officers(),
        post=officers(INVALID, visitor=REFUSED),
        values=in_place,
        data={"text": ""},
        place="forum",
    ),
    "moderator.facilitation.change_prompt": Row(
        get=officers(NOT_FOUND),
        post=officers(NOT_FOUND, visitor=REFUSED),
        values=no_prompt,
        data={"text": ""},
        place="forum",
    ),
    "moderator.facilitation.remove_prompt": Row(
        get=officers(NOT_FOUND), post=officers(NOT_FOUND, visitor=REFUSED), values=no_prompt, place="forum"
    ),
}
