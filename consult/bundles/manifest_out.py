"""Writing `consultation.toml`: keys in the order of the format, what is by default left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import tomli_w
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consult.analysis.models import Plan, PlannedItem
from consult.bundles.about import about_table, presented_value
from consult.bundles.manifest import FORMAT
from consult.consultations.models import WAVES, Consultation
from consult.consultations.rules import STAGE_ORDER
from consult.recruitment.models import AskedAt, Demographic, DemographicOption
from consult.surveys.models import NUMBER_FORMS, Item
from consult.surveys.rules import default_role, default_waves
from consult.uktime import uk_time

_ABOUT_IT = ("standard", "base", "source")  # what a question about the person may say of itself


class _LocalTime(datetime):
    """A local time that the writer puts down with a T between date and time."""

    def __str__(self) -> str:
        return self.isoformat()


def manifest_text(session: Session, consultation: Consultation) -> str:
    """What the consultation is and asks, as TOML."""
    content: dict[str, Any] = {"format": FORMAT, "slug": consultation.slug, "title": consultation.title}
    if consultation.summary:
        content["summary"] = consultation.summary
    if consultation.source:
        content["source"] = consultation.source
    content["state"] = consultation.state.value
    plan = _plan(session, consultation.id)
    if plan is not None:
        content["plan"] = plan
    stages = _stages(session, consultation)
    if stages:
        content["stages"] = stages
    about = about_table(consultation)
    if about:
        content["about"] = about
    demographics = _demographics(session, consultation.id)
    if demographics:
        content["demographics"] = demographics
    items = _items(session, consultation.id)
    if items:
        content["items"] = items
    return tomli_w.dumps(content)


def _plan(session: Session, consultation_id: int) -> dict[str, Any] | None:
    plan = session.get(Plan, consultation_id)
    if plan is None:
        return None
    lines = session.execute(
        select(Item.key, PlannedItem.primary_position, PlannedItem.delta)
        .join(Item, Item.id == PlannedItem.item_id)
        .where(PlannedItem.consultation_id == consultation_id)
        .order_by(Item.position)
    ).all()
    content: dict[str, Any] = {}
    if plan.names_primary:
        primary = [(place, key) for key, place, _delta in lines if place is not None]
        content["primary"] = [key for _place, key in sorted(primary)]
    if plan.names_delta:
        content["delta"] = {key: delta for key, _place, delta in lines if delta is not None}
    return content


def _stages(session: Session, consultation: Consultation) -> dict[str, Any]:
    stages = {stage.kind.value: stage for stage in consultation.stages}
    content: dict[str, dict[str, Any]] = {
        kind: {
            "opens": _LocalTime.fromisoformat(uk_time(stages[kind].opens_at).isoformat()),
            "closes": _LocalTime.fromisoformat(uk_time(stages[kind].closes_at).isoformat()),
        }
        for kind in STAGE_ORDER
        if kind in stages
    }
    if "forum" in content:
        for presented in presented_value(session, consultation):
            content["forum"]["presented"] = presented
    return content


def _demographics(session: Session, consultation_id: int) -> list[dict[str, Any]]:
    found = session.scalars(
        select(Demographic)
        .where(Demographic.consultation_id == consultation_id)
        .options(selectinload(Demographic.options))
        .order_by(Demographic.position)
    ).all()
    keys = {demographic.id: demographic.key for demographic in found}
    return [
        {
            "key": demographic.key,
            "question": demographic.question,
            **({"why": demographic.why} if demographic.why else {}),
            **({"asked": demographic.asked.value} if demographic.asked is not AskedAt.JOINING else {}),
            **{name: said for name in _ABOUT_IT if (said := getattr(demographic, name))},
            "options": [_category(option, keys) for option in demographic.options],
        }
        for demographic in found
    ]


def _category(option: DemographicOption, keys: Mapping[int, str]) -> dict[str, Any]:
    return {
        "key": option.key,
        "label": option.label,
        **({"leads_to": keys[option.leads_to_id]} if option.leads_to_id is not None else {}),
        **({"implied": True} if option.is_implied else {}),
    }


def _items(session: Session, consultation_id: int) -> list[dict[str, Any]]:
    found = session.scalars(
        select(Item)
        .where(Item.consultation_id == consultation_id)
        .options(selectinload(Item.options), selectinload(Item.points), selectinload(Item.asked))
        .order_by(Item.position)
    )
    return [_item(item) for item in found]


def _item(item: Item) -> dict[str, Any]:
    form, role = item.form.value, item.role.value
    content: dict[str, Any] = {"key": item.key, "form": form}
    if role != default_role(form):
        content["role"] = role
    content["stem"] = item.stem
    asked = {asked.wave for asked in item.asked}
    waves = tuple(wave.value for wave in WAVES if wave in asked)
    if waves != default_waves(form, role):
        content["waves"] = list(waves)
    if item.form in NUMBER_FORMS:
        content["scale"] = _scale(item)
    if item.ordered:
        content["ordered"] = True
    if item.other:
        content["other"] = True
    if item.options:
        content["options"] = [{"key": option.key, "label": option.label} for option in item.options]
    for option in item.options:
        if option.is_correct:
            content["correct"] = option.key
    return content


def _scale(item: Item) -> dict[str, Any]:
    scale: dict[str, Any] = {"min": item.scale_min, "max": item.scale_max}
    words = {"low": item.low_label, "high": item.high_label, "favour_from": item.favour_from}
    scale.update({key: value for key, value in words.items() if value is not None})
    if item.reversed:
        scale["reversed"] = True
    if any(point.label is not None for point in item.points):
        scale["labels"] = [point.label or "" for point in item.points]
    return scale
