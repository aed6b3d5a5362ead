"""The forum: reading, writing, summaries."""

from tests.access_table import (
    INVALID,
    NOT_FOUND,
    OK,
    REFUSED,
    SEE_OTHER,
    Row,
    Scene,
    Statuses,
    everybody,
    in_place,
    only,
    only_residents,
)

NO_CONTENT = 204


def in_thread(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "thread": scene.thread}


def somebody_elses(scene: Scene) -> dict[str, str]:
    """A post that the resident of the scene did not write."""
    return {"slug": scene.slug, "post": "t1-1"}


def a_mail(_scene: Scene) -> dict[str, str]:
    return {"token": "0" * 64}


def no_draft(scene: Scene) -> dict[str, object]:
    return {"slug": scene.slug, "number": 999}


def no_seed(scene: Scene) -> dict[str, str]:
    return {"slug": scene.slug, "thread": "nothing"}


def who_draft(status: int = OK, **more: int) -> Statuses:
    """Analysts come through the door, to read drafts; they write none."""
    return {**only("moderator", "officer", status=status, **more), "analyst elsewhere": NOT_FOUND}


def posting(status: int) -> Statuses:
    return only_residents(status, visitor=REFUSED, elsewhere=REFUSED)


ROWS: dict[str, Row] = {
    "moderator.forum.home": Row(get=only("moderator", "officer", "analyst", elsewhere=OK)),
    "public.forum.topics": Row(get=everybody(OK), values=in_place, place="forum"),
    "public.forum.thread": Row(get=everybody(OK), values=in_thread, place="forum"),
    "public.forum.print_thread": Row(get=everybody(OK), values=in_thread, place="forum"),
    # Nothing has come since: said without a page.
    "public.forum.newer": Row(get=everybody(NO_CONTENT), values=in_thread, place="forum"),
    "public.forum.search": Row(get=everybody(OK), values=in_place, place="forum"),
    "resident.forum.reply": Row(
        get=only_residents(),
        post=posting(SEE_OTHER),
        values=in_thread,
        place="forum",
        data={"text": "I see it otherwise."},
    ),
    # A draft that is nobody's: one's own leads back to the list.
    "resident.forum.throw_away": Row(post=posting(NOT_FOUND), values=no_draft, place="forum"),
    "resident.forum.edit": Row(
        get=only_residents(NOT_FOUND),
        post=posting(NOT_FOUND),
        values=somebody_elses,
        place="forum",
        data={"text": "Not mine", "version": "1"},
    ),
    "resident.forum.withdraw": Row(
        get=only_residents(NOT_FOUND), post=posting(NOT_FOUND), values=somebody_elses, place="forum"
    ),
    "resident.forum.mail": Row(
        get=only_residents(),
        post=posting(SEE_OTHER),
        values=in_place,
        place="forum",
        data={"address": "quiet.heron@mail.example"},
    ),
    # Whoever has the link of a mail may stop it; the answer says nothing of whether it was somebody's.
    "public.forum.stop_mail": Row(get=everybody(OK), post=everybody(OK), values=a_mail),
    "resident.forum.unlike": Row(get=only_residents(), values=in_place, place="forum"),
    "resident.forum.mine": Row(get=only_residents(), values=in_place, place="forum"),
    "moderator.forum.seeds": Row(
        get=only("moderator", "officer", "analyst"), values=in_place, place="summarising"
    ),
    # Before there is anything to publish: the officer is told so.
    "moderator.forum.publish": Row(
        get={
            **only("officer", elsewhere=NOT_FOUND),
            "moderator elsewhere": NOT_FOUND,
            "analyst elsewhere": NOT_FOUND,
        },
        post={
            **only("officer", status=INVALID, visitor=REFUSED),
            "moderator elsewhere": NOT_FOUND,
            "analyst elsewhere": NOT_FOUND,
        },
        values=in_place,
        place="summarising",
    ),
    "moderator.forum.add_seed": Row(
        get=who_draft(),
        post=who_draft(SEE_OTHER, visitor=REFUSED),
        values=in_place,
        place="summarising",
        data={"title": "Hours", "body": "Some want more, some fewer.", "version": "0", "item": "hours"},
    ),
    "moderator.forum.edit_seed": Row(
        get=who_draft(NOT_FOUND),
        post=who_draft(NOT_FOUND, visitor=REFUSED),
        values=no_seed,
        place="summarising",
        data={"title": "Hours", "body": "Others want fewer.", "version": "1"},
    ),
    "moderator.forum.move_seed": Row(
        post=who_draft(NOT_FOUND, visitor=REFUSED),
        values=no_seed,
        place="summarising",
        data={"move": "up"},
    ),
    "moderator.forum.remove_seed": Row(
        get=who_draft(NOT_FOUND),
        post=who_draft(NOT_FOUND, visitor=REFUSED),
        values=no_seed,
        place="summarising",
    ),
    "moderator.forum.speak": Row(
        get=who_draft(),
        post=who_draft(SEE_OTHER, visitor=REFUSED),
        values=in_place,
        place="forum",
        data={"title": "What is new?", "text": "Tell us about your street."},
    ),
}
