"""`posts.csv`: what was said in the forum."""

from collections.abc import Iterator
from functools import partial

from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import Refusal, as_instant, as_key, as_one_of, shown
from consult.forum.rules import KINDS, STATES, NewPost, check_author, reply_problems
from consult.forum.service import add_posts

NAME = "posts.csv"
COLUMNS = Columns(
    ("post", "thread", "parent", "participant", "kind", "created_at", "body"), ("title", "state", "group")
)
VISIBLE, SEED = "visible", "seed"


def read_posts(intake: Intake) -> None:
    """The posts are in the record, in the order of the file."""
    sheet = intake.sheet(NAME, COLUMNS)
    if sheet is None:
        return
    # A parent may come later, so the file is read twice: to see that it holds together, and to
    # write it without keeping its words.
    _check(intake, sheet)
    again = intake.sheet(NAME, COLUMNS)
    if again is not None and intake.is_writing:
        intake.write("posts", add_posts, _posts(intake, again))


def _check(intake: Intake, sheet: Sheet) -> None:
    posts: dict[str, tuple[str, str | None]] = {}  # thread and parent by key
    lines: dict[str, int] = {}
    groups: dict[str, str] = {}  # of each thread; empty: it is everybody's
    for row in sheet.rows():
        _post(intake, row)
        _check_group(intake, row, groups)
        intake.threads.add(row["thread"])
        key = row["post"]
        if key in posts:
            row.refuse_whole(f"{shown(key)} stands twice")
        elif key:
            posts[key] = row["thread"], row["parent"] or None
            lines[key] = row.line
        if row["kind"] == SEED and not row["parent"]:
            intake.seeded.add(row["thread"])
    intake.knows_threads = sheet.is_whole and not sheet.set_aside
    aside = {key for (key,) in sheet.found_aside("post")} if sheet.places else set()
    for key, refusal in reply_problems(posts) if sheet.is_whole else ():
        intake.knows_threads = False
        if posts[key][1] not in aside:
            intake.problems.refusal(NAME, lines[key], refusal)


def _check_group(intake: Intake, row: Row, groups: dict[str, str]) -> None:
    """Nobody writes in the thread of another group; who is in none had left."""
    group = row["group"]
    if groups.setdefault(row["thread"], group) != group:
        row.refuse("group", f"{shown(row['thread'])} is the thread of another group")
    place = intake.people.get(row["participant"])
    theirs = intake.group_of.get(place, group) if place is not None else group
    if group and theirs != group:
        row.refuse("participant", f"{shown(row['participant'])} is in another group")


def _posts(intake: Intake, sheet: Sheet) -> Iterator[NewPost]:
    for row in sheet.rows():
        post = _post(intake, row)
        if post is not None:
            yield post


def _post(intake: Intake, row: Row) -> NewPost | None:
    key, thread = row.take(as_key, "post"), row.take(as_key, "thread")
    parent = row.take_if_given(as_key, "parent")
    kind = row.take(partial(as_one_of, values=KINDS), "kind")
    state = row.take_if_given(partial(as_one_of, values=STATES), "state") or VISIBLE
    created_at = row.take(as_instant, "created_at")
    group = row.take_if_given(as_key, "group")
    place = _author(intake, row, kind)
    if not row.is_sound or key is None or thread is None or kind is None or created_at is None:
        return None
    author = None if place is None else intake.ids[place]
    title = row["title"] or None
    return NewPost(key, thread, parent, author, kind, state, created_at, title, row["body"], group)


def _author(intake: Intake, row: Row, kind: str | None) -> int | None:
    """The place of the participant who wrote; None for staff."""
    if not row["participant"]:
        return None
    try:
        check_author(kind or "post", has_participant=True)
    except Refusal as refusal:
        row.refuse(refusal.where, refusal.sentence)
        return None
    return intake.person(row)
