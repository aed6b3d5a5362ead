"""`participants.csv`: who took part, where they came from, and who they said they are."""

from array import array
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from consult.bundles.channels import read_channels
from consult.bundles.intake import Intake
from consult.bundles.sheets import Columns, Row, Sheet
from consult.cells import as_instant, as_key, as_one_of, as_yes_no, shown
from consult.consultations.models import Arm, Origin, Participant, Track
from consult.consultations.service import NewParticipant, add_group, add_participants
from consult.db import db
from consult.recruitment.models import Demographic
from consult.recruitment.rules import PREFER_NOT, NewChannel
from consult.recruitment.service import Said, add_channels, record_demographics

NAME = "participants.csv"
OWN = ("joined_at", "channel", "group", "arm", "track", "language", "quote")
_EMPTY, _PREFER_NOT, _FIRST_OPTION = range(3)

Answers = dict[str, "array[int]"]  # demographic key → code by place


def read_participants(intake: Intake, demographics: list[Demographic]) -> None:
    """The participants are in the record, in the order of the file, with what they said of themselves."""
    manifest = intake.manifest
    sheet = intake.sheet(
        NAME,
        Columns(("participant",), (*OWN, *manifest.categories)),
        takes_any_column=not manifest.is_whole,
    )
    channels = read_channels(intake)
    if sheet is None:
        intake.knows_people = False
        return
    said: Answers = {key: array("i") for key in manifest.categories}
    places = {
        demographic.key: {option.key: n for n, option in enumerate(demographic.options, _FIRST_OPTION)}
        for demographic in manifest.demographics
    }
    intake.write(
        "participants",
        partial(add_participants, origin=Origin.BUNDLE),
        _people(intake, sheet, channels, said, places),
    )
    for (key,) in sheet.found_aside("participant") if sheet.places else ():
        intake.people.setdefault(key, len(intake.people))
    # Of whoever could not be read it cannot be said that they refused.
    intake.may_quote += b"\1" * (len(intake.people) - len(intake.may_quote))
    intake.knows_people = sheet.is_whole
    intake.ids = array("q", [0] * len(intake.people))
    if intake.is_writing and intake.consultation:
        intake.ids = array(
            "q",
            db.session.scalars(
                select(Participant.id)
                .where(Participant.consultation_id == intake.consultation.id)
                .order_by(Participant.position)
            ),
        )
        intake.write("demographics", record_demographics, _said(intake, demographics, said))


def _people(
    intake: Intake,
    sheet: Sheet,
    channels: dict[str, int],
    said: Answers,
    places: dict[str, dict[str, int]],
) -> Iterator[NewParticipant]:
    groups: dict[str, int] = {}
    for row in sheet.rows():
        key = row.take(as_key, "participant")
        if key is not None and key in intake.people:
            row.refuse_whole(f"{shown(key)} stands twice")
        elif key is not None:
            intake.people[key] = len(intake.people)
            intake.may_quote.append(row["quote"] not in {"", "no"})
        joined_at = row.take_if_given(as_instant, "joined_at")
        channel = row.take_if_given(as_key, "channel")
        group = row.take_if_given(as_key, "group")
        if group is not None and key is not None:
            intake.group_of[intake.people[key]] = group
        arm = row.take_if_given(partial(as_one_of, values=tuple(Arm)), "arm")
        track = row.take_if_given(partial(as_one_of, values=tuple(Track)), "track")
        language = row.take_if_given(as_key, "language")
        quote = row.take_if_given(as_yes_no, "quote")
        for name, codes in said.items():
            codes.append(_code(intake, row, name, places))
        if row.is_sound and key is not None:
            yield NewParticipant(
                key,
                joined_at,
                _channel(intake, channels, channel),
                _group(intake, groups, group),
                arm,
                track,
                language,
                quote,
            )


def _code(intake: Intake, row: Row, name: str, places: dict[str, dict[str, int]]) -> int:
    """What somebody said to one demographic question, as a small number."""
    said = row[name]
    if not said:
        return _EMPTY
    if said == PREFER_NOT:
        return _PREFER_NOT
    place = places.get(name, {}).get(said)
    if place is None and intake.manifest.categories[name] is not None:
        row.refuse(name, f"{shown(said)} is not an option of this question")
    return place or _EMPTY


def _channel(intake: Intake, channels: dict[str, int], key: str | None) -> int | None:
    if key is not None and key not in channels and intake.is_writing and intake.consultation:
        [added] = add_channels(intake.actor, intake.consultation, [NewChannel(key, label=key)])
        channels[key] = added.id
        intake.counts["channels"] = len(channels)
    return channels.get(key) if key is not None else None


def _group(intake: Intake, groups: dict[str, int], key: str | None) -> int | None:
    if key is not None and key not in groups and intake.is_writing and intake.consultation:
        groups[key] = add_group(intake.actor, intake.consultation, key).id
    return groups.get(key) if key is not None else None


def _said(intake: Intake, demographics: list[Demographic], said: Answers) -> Iterator[Said]:
    for demographic in demographics:
        options = [option.id for option in demographic.options]
        for place, code in enumerate(said[demographic.key]):
            if code == _PREFER_NOT:
                yield intake.ids[place], demographic.id, None
            elif code != _EMPTY:
                yield intake.ids[place], demographic.id, options[code - _FIRST_OPTION]
