"""Reading the items that people answer in words, their themes, and the versions of their codebooks."""

from collections.abc import Collection

from sqlalchemy import func, select

from consult.coding.models import Code, Codebook, Theme
from consult.coding.rules import ThemeWords
from consult.consultations.models import Consultation
from consult.db import db
from consult.errors import NotFound
from consult.surveys.models import Form, Item


def list_open_items(consultation: Consultation) -> list[Item]:
    """List the open items in their order, and those with themes that take other words too."""
    has_themes = select(Theme.id).where(Theme.item_id == Item.id).exists()
    return list(
        db.session.scalars(
            select(Item)
            .where(Item.consultation_id == consultation.id, (Item.form == Form.OPEN) | has_themes)
            .order_by(Item.position)
        )
    )


def has_open_items(consultation: Consultation) -> bool:
    """Whether the consultation asks for words of one's own."""
    asked = select(Item.id).where(Item.consultation_id == consultation.id, Item.form == Form.OPEN)
    return bool(db.session.scalar(select(asked.exists())))


def get_item(consultation: Consultation, key: str) -> Item:
    """Get the item of that key, if it takes words.

    Raises
    ------
    NotFound
        If the consultation has none such.
    """
    item = db.session.scalar(select(Item).where(Item.consultation_id == consultation.id, Item.key == key))
    if item is None or not (item.form is Form.OPEN or item.other):
        raise NotFound
    return item


def list_themes(item_id: int) -> list[Theme]:
    """List the themes of the item in their order, those that were taken out too."""
    wanted = select(Theme).where(Theme.item_id == item_id).order_by(Theme.position, Theme.id)
    return list(db.session.scalars(wanted))


def get_theme(item: Item, theme_id: int) -> Theme:
    """Get the theme of the item with this id.

    Raises
    ------
    NotFound
        If the item has none such.
    """
    theme = db.session.scalar(select(Theme).where(Theme.item_id == item.id, Theme.id == theme_id))
    if theme is None:
        raise NotFound
    return theme


def words_of(theme: Theme) -> ThemeWords:
    """What the codebook says of the theme now."""
    return ThemeWords(theme.label, theme.description, theme.include, theme.exclude, theme.examples)


def list_codebooks(item_id: int) -> list[Codebook]:
    """List the frozen versions of the item's codebook, the newest first."""
    wanted = select(Codebook).where(Codebook.item_id == item_id).order_by(Codebook.number.desc())
    return list(db.session.scalars(wanted))


def latest_codebook(item_id: int) -> Codebook | None:
    """Find the version that coders work with."""
    wanted = select(Codebook).where(Codebook.item_id == item_id).order_by(Codebook.number.desc()).limit(1)
    return db.session.scalar(wanted)


def latest_contents(item_ids: Collection[int]) -> list[tuple[int, str]]:
    """The version that coders work with, as its text, of each item that has one."""
    newest = select(func.max(Codebook.id)).where(Codebook.item_id.in_(item_ids)).group_by(Codebook.item_id)
    rows = db.session.execute(select(Codebook.item_id, Codebook.content).where(Codebook.id.in_(newest)))
    return [(item_id, content) for item_id, content in rows]


def get_codebook(item: Item, number: int) -> Codebook:
    """Get one frozen version.

    Raises
    ------
    NotFound
        If there is none of that number.
    """
    wanted = select(Codebook).where(Codebook.item_id == item.id, Codebook.number == number)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def latest_numbers(item_ids: Collection[int]) -> dict[int, int]:
    """The number of the last frozen version of each item that has one."""
    rows = db.session.execute(
        select(Codebook.item_id, func.max(Codebook.number))
        .where(Codebook.item_id.in_(item_ids))
        .group_by(Codebook.item_id)
    )
    return dict(rows.all())


def count_themes(item_ids: Collection[int]) -> dict[int, int]:
    """How many themes are in use, of each item that has any."""
    rows = db.session.execute(
        select(Theme.item_id, func.count())
        .where(Theme.item_id.in_(item_ids), Theme.is_retired.is_(False))
        .group_by(Theme.item_id)
    )
    return dict(rows.all())


def count_codes(item_id: int) -> dict[int, int]:
    """How many codes each theme of the item has been given, of those that have any."""
    rows = db.session.execute(
        select(Code.theme_id, func.count()).where(Code.item_id == item_id).group_by(Code.theme_id)
    )
    return dict(rows.all())
