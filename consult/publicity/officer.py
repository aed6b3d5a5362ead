"""Publicity: the channels, their posters and letters, and what each has brought."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult import clock
from consult.access import Action, allows
from consult.consultations.models import State
from consult.consultations.oversight import Overseen, overseen
from consult.consultations.setting_up import EditedMeanwhile
from consult.db import db
from consult.errors import Invalid
from consult.publicity import links, service
from consult.publicity.forms import ChannelForm, RemovalForm
from consult.publicity.funnel import lines_of, steps_begun
from consult.publicity.pdf import pdf_of
from consult.publicity.queries import get_channel, list_channels
from consult.publicity.sheets import sheet_of
from consult.publicity.words import KINDS, pounds
from consult.recruitment.models import Channel
from consult.recruitment.slip import picture_of
from consult.web import once
from consult.web.forms import refuse
from consult.web.rendering import respond

blueprint = Blueprint("publicity", __name__)
MEANWHILE = 409


@blueprint.get("/<slug>/publicity")
def page(slug: str) -> Any:
    """The channels, and how far the people came that each has brought."""
    place = overseen(slug, Action.VIEW_CHANNELS)
    channels = list_channels(place.consultation.id)
    is_draft = place.consultation.state is State.DRAFT
    return respond(
        "officer/publicity/page.html",
        channels=channels,
        lines=[] if is_draft else lines_of(place.consultation, channels),
        is_draft=is_draft,
        n_steps=steps_begun(place.consultation, clock.now()),
        addresses={each.id: links.written(links.address_of(place.consultation, each)) for each in channels},
        **_known(place),
    )


@blueprint.route("/<slug>/publicity/new", methods=["GET", "POST"])
def add(slug: str) -> Any:
    """One more channel."""
    place = overseen(slug, Action.EDIT_CHANNELS)
    form = ChannelForm()
    if form.validate_on_submit():
        token = once.token_of(request.form)
        led_to = once.claim(token)
        if led_to is not None:
            return redirect(led_to, code=303)
        try:
            made = service.add_channel(place.actor, place.consultation, form.about())
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.label, refusal)
        else:
            there = url_for(".channel", slug=slug, channel=made.key)
            once.settle(token, there)
            return _saved(_("The channel is added. Here is what you can hand out."), there)
    return respond("officer/publicity/edit.html", form=form, channel=None, meanwhile=None, **_known(place))


@blueprint.get("/<slug>/publicity/channels/<path:channel>")
def channel(slug: str, channel: str) -> Any:
    """One channel: its address, its picture, its poster and its letter."""
    place, found = _found(slug, channel)
    address = links.address_of(place.consultation, found)
    return respond(
        "officer/publicity/channel.html",
        channel=found,
        address=links.written(address),
        whole_address=address,
        picture=picture_of(address),
        is_draft=place.consultation.state is State.DRAFT,
        **_known(place),
    )


@blueprint.route("/<slug>/publicity/channels/<path:channel>/change", methods=["GET", "POST"])
def change(slug: str, channel: str) -> Any:
    """What the channel is called, whom it should bring, what it costs."""
    place, found = _found(slug, channel, Action.EDIT_CHANNELS)
    form = ChannelForm.showing(found)
    there = url_for(".page", slug=slug)
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        try:
            service.change_channel(
                place.actor, place.consultation, found, form.about(), version=form.version.data
            )
        except EditedMeanwhile:
            return _changed_meanwhile("edit", place, found, form)
        except Invalid as refusal:
            db.session.rollback()
            refuse(form.label, refusal)
        else:
            return _saved(_("Saved."), there)
    return respond("officer/publicity/edit.html", form=form, channel=found, meanwhile=None, **_known(place))


@blueprint.route("/<slug>/publicity/channels/<path:channel>/remove", methods=["GET", "POST"])
def remove(slug: str, channel: str) -> Any:
    """A channel goes, as long as nobody has come by it."""
    there = url_for(".page", slug=slug)
    place = overseen(slug, Action.EDIT_CHANNELS)
    # Before it is looked for: whoever sends this twice finds it gone the second time.
    if request.method == "POST" and (again := once.sent_before(there)):
        return again
    found = get_channel(place.consultation, channel)
    form = RemovalForm(data={"version": service.version_of_channel(found)})
    if form.validate_on_submit():
        try:
            service.remove_channel(place.actor, place.consultation, found, version=form.version.data)
        except EditedMeanwhile:
            return _changed_meanwhile("remove", place, found, form)
        return _saved(_("The channel is removed."), there)
    if request.method == "POST":
        db.session.rollback()
    return respond("officer/publicity/remove.html", form=form, channel=found, meanwhile=None, **_known(place))


@blueprint.get("/<slug>/publicity/channels/<path:channel>/poster")
def poster(slug: str, channel: str) -> Any:
    """The poster, to be printed from the browser."""
    return _shown(slug, channel, is_letter=False)


@blueprint.get("/<slug>/publicity/channels/<path:channel>/letter")
def letter(slug: str, channel: str) -> Any:
    """The letter, to be printed from the browser."""
    return _shown(slug, channel, is_letter=True)


@blueprint.get("/<slug>/publicity/channels/<path:channel>/poster.pdf")
def poster_pdf(slug: str, channel: str) -> Any:
    """The poster as a file."""
    return _file(slug, channel, is_letter=False)


@blueprint.get("/<slug>/publicity/channels/<path:channel>/letter.pdf")
def letter_pdf(slug: str, channel: str) -> Any:
    """The letter as a file."""
    return _file(slug, channel, is_letter=True)


def _shown(slug: str, key: str, *, is_letter: bool) -> Response:
    place, found = _found(slug, key)
    return respond(
        "officer/publicity/sheet.html",
        channel=found,
        sheet=sheet_of(place.consultation, found, is_letter=is_letter),
        picture=picture_of(links.address_of(place.consultation, found)),
        **_known(place),
    )


def _file(slug: str, key: str, *, is_letter: bool) -> Response:
    place, found = _found(slug, key)
    answer = make_response(pdf_of(sheet_of(place.consultation, found, is_letter=is_letter)))
    answer.mimetype = "application/pdf"
    name = f"{slug}-{'letter' if is_letter else 'poster'}.pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _found(slug: str, key: str, action: Action = Action.VIEW_CHANNELS) -> tuple[Overseen, Channel]:
    place = overseen(slug, action)
    return place, get_channel(place.consultation, key)


def _known(place: Overseen) -> dict[str, Any]:
    """What every page here is given."""
    return {
        "consultation": place.consultation,
        "slug": place.consultation.slug,
        "kinds": KINDS,
        "pounds": pounds,
        "can_edit": allows(place.actor, Action.EDIT_CHANNELS, place.standing),
    }


def _changed_meanwhile(name: str, place: Overseen, found: Channel, form: Any) -> Response:
    """Somebody else was first: theirs is shown, and what was typed can be saved in its place."""
    db.session.rollback()
    db.session.refresh(found)
    form.version.data = service.version_of_channel(found)
    answer = respond(
        f"officer/publicity/{name}.html", form=form, channel=found, meanwhile=found, **_known(place)
    )
    answer.status_code = MEANWHILE
    return answer


def _saved(sentence: str, there: str) -> Any:
    db.session.commit()
    flash(sentence, "success")
    return redirect(there, code=303)
