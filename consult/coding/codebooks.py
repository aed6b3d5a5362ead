"""Deeds on the codebook of an item: themes are written, put in order, taken out; a version is frozen.

The themes are a draft; coders work with the last frozen version, which keeps its own words. Deeds of one
consultation come one after the other, because each begins by holding its row. Whoever changes a theme
says which words they saw: if they are others by now, nothing is written and both are shown.
"""

from hashlib import sha256

from sqlalchemy import func, select

from consult import clock
from consult.access import Action, Actor, require
from consult.audit.service import record
from consult.coding.models import Codebook, Theme
from consult.coding.queries import latest_codebook, list_themes, words_of
from consult.coding.rules import MOST_THEMES, ThemeWords, codebook_content, fingerprint, themes_in
from consult.coding.standing import hold_queue, restate
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import Conflict, Invalid
from consult.surveys.models import Item
from consult.surveys.naming import option_key
from consult.words import N_

UP, DOWN = "up", "down"


class EditedMeanwhile(Conflict):
    """Somebody else changed the theme after this person had opened it."""

    default = N_("Somebody else changed this theme while you had it open.")


def add_theme(actor: Actor, consultation: Consultation, item: Item, words: ThemeWords) -> Theme:
    """The codebook of the item holds this theme too, after the others.

    Raises
    ------
    Invalid
        If another theme has its name, or there are as many as one can work with.
    """
    _hold(actor, consultation)
    themes = list_themes(item.id)
    _check_label(words.label, themes)
    if sum(not theme.is_retired for theme in themes) >= MOST_THEMES:
        raise Invalid("There are %(n)s themes. Take one out before you add another.", n=MOST_THEMES)
    last = db.session.scalar(select(func.max(Theme.position)).where(Theme.item_id == item.id))
    theme = Theme(
        item_id=item.id,
        key=option_key(words.label, {theme.key for theme in themes}),
        position=0 if last is None else last + 1,
        **words._asdict(),
    )
    db.session.add(theme)
    db.session.flush()
    _record(actor, consultation, item, "add theme", theme=theme.key)
    return theme


def change_theme(
    actor: Actor, consultation: Consultation, item: Item, theme: Theme, words: ThemeWords, *, seen: str
) -> None:
    """The theme says this from now on; versions that are frozen keep what they say.

    Parameters
    ----------
    seen : str
        The fingerprint of the words that this person saw.

    Raises
    ------
    EditedMeanwhile
        If it says something else by now.
    Invalid
        If another theme has the name.
    """
    _hold(actor, consultation)
    db.session.refresh(theme)
    if words_of(theme) == words:
        return
    if fingerprint(*words_of(theme)) != seen:
        raise EditedMeanwhile
    _check_label(words.label, [other for other in list_themes(item.id) if other.id != theme.id])
    for column, said in words._asdict().items():
        setattr(theme, column, said)
    db.session.flush()
    _record(actor, consultation, item, "change theme", theme=theme.key)


def move_theme(
    actor: Actor, consultation: Consultation, item: Item, theme: Theme, *, way: str, past: str
) -> None:
    """The theme has changed places with its neighbour, the theme with the key ``past``.

    The same move sent twice has one effect.

    Raises
    ------
    EditedMeanwhile
        If that theme does not stand there any more.
    """
    _hold(actor, consultation)
    themes = [each for each in list_themes(item.id) if not each.is_retired]
    keys = [each.key for each in themes]
    if past not in keys or theme.key not in keys:
        raise EditedMeanwhile("Somebody else changed the list while you had it open.")
    here, there, step = keys.index(theme.key), keys.index(past), -1 if way == UP else 1
    if there == here - step:
        return  # the same move has been made already
    if there != here + step:
        raise EditedMeanwhile("Somebody else changed the list while you had it open.")
    places = sorted({each.position for each in themes})
    if len(places) < len(themes):  # themes that came before they had places
        places = list(range(len(themes)))
    themes[here], themes[there] = themes[there], themes[here]
    for each, place in zip(themes, places, strict=True):
        each.position = place
    db.session.flush()
    _record(actor, consultation, item, "move theme", theme=theme.key)


def retire_theme(
    actor: Actor, consultation: Consultation, item: Item, theme: Theme, *, is_retired: bool = True
) -> None:
    """The next version is frozen without the theme, or with it again; its codes stay in the record.

    Raises
    ------
    Invalid
        If a theme that comes back has the name of one that is there.
    """
    _hold(actor, consultation)
    db.session.refresh(theme)
    if theme.is_retired == is_retired:
        return
    if not is_retired:
        _check_label(theme.label, list_themes(item.id))
    theme.is_retired = is_retired
    db.session.flush()
    _record(actor, consultation, item, "retire theme" if is_retired else "restore theme", theme=theme.key)


def freeze_codebook(actor: Actor, consultation: Consultation, item: Item) -> Codebook:
    """Coders work with the themes as they are now; safe to repeat while nothing has changed.

    Texts in which nothing was found but what is taken out wait to be read again.

    Raises
    ------
    Invalid
        If there is no theme.
    """
    _hold(actor, consultation)
    themes = [theme for theme in list_themes(item.id) if not theme.is_retired]
    if not themes:
        raise Invalid("Add a theme first.")
    content = content_of(themes)
    latest = latest_codebook(item.id)
    if latest is not None and latest.content == content:
        return latest
    hold_queue(item.id)
    frozen = new_codebook(item.id, latest.number + 1 if latest else 1, content, by=actor.name)
    db.session.add(frozen)
    db.session.flush()
    if latest is not None:
        before, after = ({key for key, _ in themes_in(each)} for each in (latest.content, content))
        if changed := before ^ after:
            restate(item.id, changed)
    _record(actor, consultation, item, "freeze codebook", number=frozen.number, sha256=frozen.sha256)
    return frozen


def content_of(themes: list[Theme]) -> str:
    """The text of a codebook of these themes."""
    return codebook_content((theme.key, words_of(theme)) for theme in themes)


def new_codebook(item_id: int, number: int, content: str, *, by: str) -> Codebook:
    """Make a version of a codebook, frozen now."""
    return Codebook(
        item_id=item_id,
        number=number,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
        frozen_at=clock.now(),
        frozen_by=by,
    )


def _hold(actor: Actor, consultation: Consultation) -> None:
    """No other deed on this consultation happens until this one is over; it may still be done."""
    require(actor, Action.EDIT_CODEBOOK, standing_of(consultation))
    db.session.refresh(consultation, with_for_update=True)
    require(actor, Action.EDIT_CODEBOOK, standing_of(consultation))


def _check_label(label: str, themes: list[Theme]) -> None:
    if any(theme.label.casefold() == label.casefold() for theme in themes if not theme.is_retired):
        raise Invalid("Another theme has this name. Choose a different one.")


def _record(actor: Actor, consultation: Consultation, item: Item, deed: str, **more: int | str) -> None:
    record(actor, Action.EDIT_CODEBOOK, consultation.slug, deed=deed, item=item.key, **more)
