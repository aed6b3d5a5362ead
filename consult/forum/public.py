"""Reading the forum: everybody may, once the summaries are out."""

import re
from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from consult import clock
from consult.access import Action, Moment, allows, require
from consult.accounts import keys
from consult.consultations.entrance import Here, here
from consult.consultations.leaving import ways_out_at
from consult.consultations.models import StageKind
from consult.consultations.timeline import When, current_line, timeline
from consult.db import db
from consult.errors import NotFound
from consult.extensions import csrf
from consult.forum import digests, drafts, newer_posts, queries, reply_pages, threads, visits
from consult.forum.digest_mail import STOP_PATH
from consult.forum.forms import ReplyForm
from consult.forum.grouping.placing import place_if_due
from consult.forum.grouping.queries import find_own_copy, is_to_be_placed
from consult.forum.prompts import latest_prompts
from consult.forum.reading import note_reading
from consult.forum.rules import stamped
from consult.forum.search_page import get_search_page
from consult.forum.searching import ASKED_LONGEST
from consult.forum.standpoints import has_answered
from consult.forum.starting import residents_start
from consult.forum.thread_page import ThreadPage, get_thread_page
from consult.web import opened
from consult.web.plain_text import clean_line

blueprint = Blueprint("forum", __name__)
TOKEN = re.compile(r"[0-9a-f]{64}")  # that stops e-mails
PRINTED_MOST = 500  # contributions on the page of a whole topic
# As long as the summaries are being prepared, whatever the dates say.
STILL_TO_COME = {StageKind.FORUM.value: When.NEXT, StageKind.FOLLOW_UP.value: When.LATER}


@blueprint.get("/consultations/<slug>/forum/")
def topics(slug: str) -> Any:
    """What the facilitator asks, and the topics, with what is new in each for whoever takes part."""
    place = here()
    me = place.actor.participant_id
    lines = timeline(place.consultation.stages, clock.now())
    if me is not None and place.standing.moment is Moment.SUMMARISING:
        # There is no forum yet, so the address leads nowhere; but whoever takes part is told why.
        due = next((line.opens_at for line in lines if line.kind == StageKind.FORUM), None)
        page = render_template(
            "public/forum/preparing.html",
            consultation=place.consultation,
            opens_at=due if due is not None and due > clock.now() else None,
            lines=[replace(line, when=STILL_TO_COME.get(line.kind, line.when)) for line in lines],
        )
        return make_response(page, NotFound.status)
    require(place.actor, Action.READ_FORUM, place.standing)
    dated = latest_prompts(place.consultation, 2)
    can_post = allows(place.actor, Action.POST, place.standing)
    return render_template(
        "public/forum/topics.html",
        consultation=place.consultation,
        current=current_line(lines),
        topics=_topics(place, me),
        prompt=queries.find_prompt(place.consultation),
        dated=dated[0] if dated else None,
        has_earlier=len(dated) > 1,
        takes_part=me is not None,
        has_answered=me is not None and has_answered(me),
        can_post=can_post,
        can_start=can_post and residents_start(place.consultation.id),
        can_speak=allows(place.actor, Action.POST_OFFICIALLY, place.standing),
        can_set_up=allows(place.actor, Action.SET_UP_FORUM, place.standing),
    )


@blueprint.get("/consultations/<slug>/forum/prompts")
def prompts(slug: str) -> str:
    """What the council has asked people to think about, the latest first."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    return render_template(
        "public/forum/prompts.html",
        consultation=place.consultation,
        takes_part=place.actor.participant_id is not None,
        prompts=latest_prompts(place.consultation),
    )


@blueprint.get("/consultations/<slug>/forum/<thread>")
def thread(slug: str, thread: str) -> Any:
    """One topic: the summary or question that opens it, and what people say, fifty posts a page.

    Who takes part in a group is led to its own copy of a summary that everybody can read.
    """
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    me = place.actor.participant_id
    try:
        page = _page_of(place, thread)
    except NotFound:
        copy = find_own_copy(place.consultation, thread, me) if me is not None else None
        if copy is None:
            raise
        return redirect(url_for(".thread", slug=slug, thread=copy))
    if page.is_copied and me is not None and is_to_be_placed(place.consultation, me):
        return redirect(url_for(".topics", slug=slug))  # where they are put into a group
    may_post = allows(place.actor, Action.POST, place.standing)
    can_post = may_post and page.is_open and not page.is_copied
    config = current_app.config["CONSULT"]
    draft = drafts.opened(page.sealed_draft, page.draft_kept_at, config=config) if can_post else None
    form = ReplyForm(formdata=None, text=draft.words if draft else "") if can_post else None
    if form is not None:
        reply_pages.wire(form, slug, page.address)
    made = render_template(
        "public/forum/thread.html",
        consultation=place.consultation,
        thread=page,
        takes_part=me is not None,
        can_post=can_post,
        can_edit=may_post,
        can_withdraw=allows(place.actor, Action.WITHDRAW_OWN_POST, place.standing),
        can_speak=allows(place.actor, Action.POST_OFFICIALLY, place.standing)
        and page.is_open
        and not page.is_copied,
        can_facilitate=allows(place.actor, Action.FACILITATE, place.standing),
        can_answer=allows(place.actor, Action.ANSWER, place.standing),
        form=form,
        draft=draft,
        **ways_out_at(url_for("resident.forum.reply", slug=slug, thread=page.address)) if can_post else {},
        opened=opened.stamp(me, stamped(page.address)) if can_post and me is not None else None,
        newest=newer_posts.as_text(page.newest_at),
        numbers=threads.page_numbers(page.page, page.pages),
        address_of=lambda number: _address_of(slug, page, number),
    )
    _note(me, place.standing.id, page)
    return made


@blueprint.get("/consultations/<slug>/forum/<thread>/newer")
def newer(slug: str, thread: str) -> Any:
    """How many posts have come since the page was made; a script asks, and nobody need be there for it."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    after = newer_posts.as_instant(request.args.get("after"))
    count = newer_posts.count_newer(place.consultation, thread, place.actor.participant_id, after)
    if not count:
        return Response(status=204)
    return render_template("public/forum/_newer.html", slug=slug, thread=thread, count=count)


@blueprint.get("/consultations/<slug>/forum/<thread>/print")
def print_thread(slug: str, thread: str) -> str:
    """One topic as a whole, to print: as it was said, with nothing to press."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    me = place.actor.participant_id
    page = get_thread_page(
        place.consultation,
        thread,
        me,
        order=threads.Order.OLDEST,
        whole=PRINTED_MOST,
        visits=visits.kept_visits() if me is not None else None,
        lot=_visitors_lot() if me is None else "",
        is_over=place.standing.moment is not Moment.FORUM,
    )
    made = render_template(
        "public/forum/print.html",
        consultation=place.consultation,
        thread=page,
        takes_part=me is not None,
        made_at=clock.now(),
        most=PRINTED_MOST,
    )
    _note(me, place.standing.id, page)
    return made


@csrf.exempt  # type: ignore[untyped-decorator]
@blueprint.route(f"{STOP_PATH}<token>", methods=["GET", "POST"])
def stop_mail(token: str) -> Any:
    """Stop the e-mails about replies: asked once, and done for whoever has the token, signed in or not.

    Programs that look at every link of a mail only get the question. The button of a mail program sends
    the same form without having seen it, so no token of a page is asked for; what the answer says is the
    same for a token that is nobody's.
    """
    if not TOKEN.fullmatch(token):
        raise NotFound
    if request.method == "POST":
        digests.stop_mails(token)
        db.session.commit()
    return render_template("public/forum/stop_mail.html", token=token, is_done=request.method == "POST")


@blueprint.get("/consultations/<slug>/forum/search")
def search(slug: str) -> Any:
    """Look for words in what everybody can read; what no box of ours takes is searched as far as it would."""
    place = here()
    require(place.actor, Action.READ_FORUM, place.standing)
    me, typed = place.actor.participant_id, clean_line(request.args.get("q"))
    page = get_search_page(place.consultation, typed, page=request.args.get("page"), participant_id=me)
    made = render_template(
        "public/forum/search.html",
        consultation=place.consultation,
        takes_part=me is not None,
        typed=typed[:ASKED_LONGEST],
        search=page,
        numbers=threads.page_numbers(page.page, page.pages),
        address_of=lambda number: url_for(".search", slug=slug, q=typed[:ASKED_LONGEST], page=number),
    )
    return make_response(made, 400 if len(typed) > ASKED_LONGEST else 200)


def _topics(place: Here, me: int | None) -> list[queries.Topic]:
    """The topics for this reader, who is put into a group first if that is due.

    Only who is in no group gets what groups have copies of; where nobody does, nothing more is asked.
    """
    topics = queries.list_topics(place.consultation, me)
    is_open = place.standing.moment is Moment.FORUM
    if me is None or not is_open or not any(topic.is_copied for topic in topics):
        return topics
    is_placed = place_if_due(place.consultation, me)
    return queries.list_topics(place.consultation, me) if is_placed else topics


def _page_of(place: Here, thread: str) -> ThreadPage:
    me = place.actor.participant_id
    return get_thread_page(
        place.consultation,
        thread,
        me,
        order=threads.as_order(request.args.get("order")),
        page=request.args.get("page"),
        post=request.args.get("post"),
        to_new="new" in request.args,
        visits=visits.kept_visits() if me is not None else None,
        lot=_visitors_lot() if me is None else "",
        is_over=place.standing.moment is not Moment.FORUM,
    )


def _note(participant_id: int | None, consultation_id: int, page: ThreadPage) -> None:
    """That somebody has read the thread is known, and what was new in it stays so for this visit."""
    if participant_id is None:
        return
    if page.since is not None and page.new:
        visits.keep_visit(page.thread_id, page.since)
    shown = page.presented if page.presented and not page.presented.is_logged else None
    note_reading(
        participant_id, consultation_id, page.thread_id, is_first=page.is_first_reading, presented=shown
    )


def _address_of(slug: str, page: ThreadPage, number: int) -> str:
    """Where the page of that number of the same thread is, in the same order."""
    order = page.order.value if page.order is not threads.Order.FEWEST else None
    return url_for(".thread", slug=slug, thread=page.address, page=number, order=order)


def _visitors_lot() -> str:
    """What the order of positions follows from for somebody of whom nothing is known or noted."""
    seen = f"{request.remote_addr} {request.user_agent.string}"
    return keys.keyed_hash(seen, config=current_app.config["CONSULT"], purpose=keys.ORDERS)
