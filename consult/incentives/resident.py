"""Your thank-you: choose one for each survey that was sent, with its number, and say where to send it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.access import Action, Role, allows, require
from consult.accounts import kept_forms
from consult.consultations.entrance import Here, here
from consult.consultations.models import WAVES, Consultation
from consult.db import db
from consult.errors import NotFound
from consult.home import Config
from consult.incentives import holders, queries, service, shown, words
from consult.incentives.forms import NOTHING, ChooseForm, ContactForm
from consult.incentives.queries import Offered, Owed
from consult.incentives.rules import DueState
from consult.web import once
from consult.web.rendering import respond

blueprint = Blueprint("incentives", __name__)
blueprint.add_app_template_global(shown.offer_told, "thanks_offered")


@dataclass(frozen=True, slots=True)
class Thanks:
    """What one person may choose for one survey, and what they have chosen."""

    n: int  # in the address: 1 for the starting survey, 2 for the follow-up
    survey: str
    is_sent: bool
    is_earned: bool
    offered: list[Offered]
    due: Owed | None

    @property
    def is_fixed(self) -> bool:
        """Whether nothing else can be chosen any more."""
        return self.due is not None and self.due.state is not DueState.OWED

    @property
    def worth(self) -> str:
        """What is owed, and its worth."""
        return words.worth(self.due.kind, self.due.pence) if self.due else ""

    @property
    def told(self) -> str:
        """What becomes of it."""
        return words.told(self.due.kind, self.due.state) if self.due else ""

    @property
    def is_to_collect(self) -> bool:
        """Whether the person still has to come for it."""
        return (
            self.due is not None
            and self.due.kind in words.HANDED_OVER
            and self.due.state is not DueState.COLLECTED
        )


@blueprint.get("/thank-you")
def thank_you(slug: str) -> Any:
    """What has been chosen, its number, and what can be chosen."""
    place = here()
    require(place.actor, Action.RETURN, place.standing)
    contact = _contact(place)
    return respond(
        "resident/incentives/thank_you.html",
        slug=slug,
        consultation=place.consultation,
        thanks=_thanks(place),
        is_for_panel=queries.is_for_panel(place.consultation.id),
        collected_from=queries.where_collected(place.consultation.id),
        may_choose=allows(place.actor, Action.CLAIM_INCENTIVE, place.standing),
        has_contact=contact is not None,
        contact=contact,
    )


@blueprint.route("/thank-you/<int(min=1,max=2):n>", methods=["GET", "POST"])
def choose(slug: str, n: int) -> Any:
    """Choose one thing for one survey."""
    place = here()
    require(place.actor, Action.CLAIM_INCENTIVE, place.standing)
    wave, there = WAVES[n - 1], url_for(".thank_you", slug=slug)
    thanks = _thanks(place)[n - 1]
    if request.method == "GET" and (not thanks.is_earned or thanks.is_fixed or not thanks.offered):
        return redirect(there, code=303)
    form = ChooseForm(thanks.offered, **_waiting({"choice": thanks.due.key if thanks.due else None}))
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        if form.choice.data == NOTHING:
            service.give_up(place.actor, place.consultation, place.participant_id, wave, config=_config())
        else:
            service.choose(
                place.actor,
                place.consultation,
                place.participant_id,
                wave,
                form.choice.data,
                config=_config(),
            )
        return _saved(place, there)
    return respond("resident/incentives/choose.html", slug=slug, form=form, thanks=thanks)


@blueprint.route("/thank-you/contact", methods=["GET", "POST"])
def contact(slug: str) -> Any:
    """Where to send it, for whoever does not want to come for it."""
    place = here()
    require(place.actor, Action.CLAIM_INCENTIVE, place.standing)
    there = url_for(".thank_you", slug=slug)
    if request.method == "GET" and not any(each.is_earned for each in _thanks(place)):
        return redirect(there, code=303)
    form = ContactForm(**_waiting({}))
    if form.validate_on_submit():
        if again := once.sent_before(there):
            return again
        service.give_contact(
            place.actor, place.consultation, place.participant_id, form.contact.data, config=_config()
        )
        return _saved(place, there)
    return respond("resident/incentives/contact.html", slug=slug, form=form)


@blueprint.post("/thank-you/contact/remove")
def forget_contact(slug: str) -> Response:
    """Nobody is to know where to send it."""
    place = here()
    require(place.actor, Action.CHANGE_CONSENT, place.standing)
    there = url_for(".thank_you", slug=slug)
    if again := once.sent_before(there):
        return again
    service.forget_contact(place.actor, place.consultation, place.participant_id, config=_config())
    db.session.commit()
    flash(_("We have deleted it."), "success")
    return redirect(there, code=303)


@blueprint.app_template_global("thanks_to_choose")
def thanks_to_choose(consultation: Consultation) -> str | None:
    """For the pages that end a survey: ``choose`` or ``chosen`` for who has earned thanks, else None."""
    place = here()
    if Role.RESIDENT not in place.actor.roles_for(place.standing) or not queries.list_incentives(
        consultation.id
    ):
        return None
    earned = [each for each in _thanks(place) if each.is_earned and each.offered]
    if not earned:
        return None
    return "chosen" if all(each.due for each in earned) else "choose"


def _thanks(place: Here) -> list[Thanks]:
    """What this person may choose for each of the two surveys.

    Raises
    ------
    NotFound
        If this consultation offers nothing.
    """
    here_id, me = place.consultation.id, place.participant_id
    rows = queries.list_incentives(here_id)
    if not rows:
        raise NotFound
    sent, earned = queries.list_sent(here_id, me), queries.list_earned(here_id, me)
    dues = queries.list_dues_of(here_id, holders.holder_of(me, config=_config()))
    return [
        Thanks(n, wave.value, wave in sent, wave in earned, queries.offered_in(rows, wave), dues.get(wave))
        for n, wave in enumerate(WAVES, 1)
    ]


def _contact(place: Here) -> str | None:
    return shown.contact_told(place.consultation, place.participant_id, config=_config())


def _waiting(otherwise: dict[str, Any]) -> dict[str, Any]:
    """What was typed on this page before the session ended, for its form; or what stands in the record."""
    typed = kept_forms.restored()
    return {"formdata": typed} if typed else {"data": otherwise}


def _saved(place: Here, there: str) -> Response:
    kept_forms.drop(place.participant_id, request.path)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(there, code=303)


def _config() -> Config:
    config: Config = current_app.config["CONSULT"]
    return config
