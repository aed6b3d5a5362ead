"""A bundle with any fault is refused whole, every fault is named where it stands, and nothing changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from consult.access import OPERATOR
from consult.bundles.problems import BundleRefused
from consult.bundles.service import dump_bundle, load_bundle
from consult.consultations.queries import get_consultation
from consult.db import db
from tests.making.bundles import make_bundle
from tests.making.full_bundle import make_full_bundle
from tests.making.record import counts_of

RESPONSES = "responses.csv"
NO_OFFSET = "is not a time with an offset, such as 2026-01-05T09:00:00Z"
TOO_FINE = "has more than six digits after the seconds"
MISPLACED = "stands where none may: put the cell in quotation marks"
FORMS = ("open", "choice", "scale", "agreement", "evaluation", "rank", "knowledge")
FIRST = b"ada,pre,hours,,answered,2,,2026-01-05T09:01:00Z\r\n"  # line 2 of the responses


MIXED = "this ranking is answered in one row and not answered in another"


def swap(old: str, new: str, file: str = RESPONSES) -> tuple[str, bytes, bytes]:
    return file, old.encode(), new.encode()


# What is changed in the full bundle, and every line that the refusal says.
CELLS: dict[str, tuple[tuple[str, bytes, bytes], list[str]]] = {
    "off the scale": (
        swap("hours,,answered,2,", "hours,,answered,9,"),
        ["responses.csv:2: value: 9 is not on the scale from 1 to 5"],
    ),
    "below a scale from below zero": (
        swap("depth,,answered,-2", "depth,,answered,-3"),
        ["responses.csv:3: value: -3 is not on the scale from -2 to 0"],
    ),
    "minus zero": (
        swap("depth,,answered,-2", "depth,,answered,-0"),
        ["responses.csv:3: value: -0 is not a whole number"],
    ),
    "Arabic digits": (
        swap("hours,,answered,2,", "hours,,answered,٣,"),
        ["responses.csv:2: value: ٣ is not a whole number"],
    ),
    "a space before a number": (
        swap("hours,,answered,2,", "hours,,answered, 3,"),
        ["responses.csv:2: value:  3 is not a whole number"],
    ),
    "a leading zero": (
        swap("hours,,answered,2,", "hours,,answered,03,"),
        ["responses.csv:2: value: 03 is not a whole number"],
    ),
    "a decimal": (
        swap("hours,,answered,2,", "hours,,answered,3.0,"),
        ["responses.csv:2: value: 3.0 is not a whole number"],
    ),
    "a plus": (
        swap("hours,,answered,2,", "hours,,answered,+3,"),
        ["responses.csv:2: value: +3 is not a whole number"],
    ),
    "an exponent": (
        swap("hours,,answered,2,", "hours,,answered,1e0,"),
        ["responses.csv:2: value: 1e0 is not a whole number"],
    ),
    "a number of many digits": (
        swap("hours,,answered,2,", f"hours,,answered,{'9' * 5000},"),
        [f"responses.csv:2: value: {'9' * 60}… is too large"],
    ),
    "answered without a value": (
        swap("hours,,answered,2,", "hours,,answered,,"),
        ["responses.csv:2: value: must not be empty where the status is answered"],
    ),
    "a value that was not answered": (
        swap("hours,,answered,2,", "hours,,dont_know,2,"),
        ["responses.csv:2: value: must be empty where the status is dont_know"],
    ),
    "text that was not answered": (
        swap("words,,skipped,,,", "words,,skipped,,hello,"),
        ["responses.csv:18: text: must be empty where the status is skipped"],
    ),
    "text beside a number": (
        swap("hours,,answered,2,,", "hours,,answered,2,because,"),
        ["responses.csv:2: text: this answer takes no text"],
    ),
    "blank words": (
        swap("moved,,answered,,talking with Bo,", "moved,,answered,, \u00a0 ,"),
        ["responses.csv:14: text: must not be empty"],
    ),
    "a value for an open item": (
        swap("moved,,answered,,", "moved,,answered,1,"),
        ["responses.csv:14: value: must be empty: an open item is answered in the column text"],
    ),
    "something else without words": (
        swap("other,the allotment,", "other,,"),
        [
            "responses.csv:7: text: must not be empty",
            "codes.csv:5: participant: there is no answer in words to code",
        ],
    ),
    "something else where it is not offered": (
        swap("often,,answered,0,", "often,,answered,other,"),
        ["responses.csv:16: value: other is not an option of this item"],
    ),
    "words beside an option": (
        swap("where,,answered,out,,", "where,,answered,out,far,"),
        ["responses.csv:15: text: this answer takes no text"],
    ),
    "an unknown option": (
        swap("fact,,answered,year", "fact,,answered,decade"),
        ["responses.csv:11: value: decade is not an option of this item"],
    ),
    "an unknown status": (
        swap("hours,,answered,2,", "hours,,Answered,2,"),
        ["responses.csv:2: status: Answered is not one of answered, dont_know, prefer_not, skipped"],
    ),
    "an unknown wave": (
        swap("ada,pre,hours", "ada,before,hours"),
        ["responses.csv:2: wave: before is not one of pre, post"],
    ),
    "an unknown item": (
        swap("ada,pre,hours", "ada,pre,hour"),
        ["responses.csv:2: item: there is no item hour"],
    ),
    "an unlisted participant": (
        swap("ada,pre,hours", "dee,pre,hours"),
        ["responses.csv:2: participant: there is no participant dee"],
    ),
    "a wave in which the item is not asked": (
        swap("bo b,pre,where", "bo b,post,where"),
        ["responses.csv:15: wave: the item where is not asked in wave post"],
    ),
    "an option where none belongs": (
        swap("hours,,answered,2,", "hours,a,answered,2,"),
        ["responses.csv:2: option: only rankings name an option here"],
    ),
    "a time without an offset": (
        swap("2026-01-05T09:01:00Z", "2026-01-05T09:01:00"),
        [f"responses.csv:2: answered_at: 2026-01-05T09:01:00 {NO_OFFSET}"],
    ),
    "a date that does not exist": (
        swap("2026-01-05T09:01:00Z", "2026-02-30T09:01:00Z"),
        ["responses.csv:2: answered_at: 2026-02-30T09:01:00Z is a time that does not exist"],
    ),
    "seven digits after the seconds": (
        swap("2026-01-05T09:01:00Z", "2026-01-05T09:01:00.1234567Z"),
        [f"responses.csv:2: answered_at: 2026-01-05T09:01:00.1234567Z {TOO_FINE}"],
    ),
    "the same answer twice": (
        (RESPONSES, FIRST, FIRST + FIRST),
        ["responses.csv:3: participant: this answer stands twice"],
    ),
    "a second answer after a faulty one": (
        (RESPONSES, FIRST, FIRST.replace(b",2,", b",9,") + FIRST),
        [
            "responses.csv:2: value: 9 is not on the scale from 1 to 5",
            "responses.csv:3: participant: this answer stands twice",
        ],
    ),
    "a ranking that lacks an option": (
        swap("ada,pre,policy,b,answered,1,,2026-01-05T09:03:01Z\r\n", ""),
        ["responses.csv:8: option: the ranking lacks b"],
    ),
    "a place off the list": (
        swap("policy,c,answered,3", "policy,c,answered,4"),
        ["responses.csv:10: value: 4 is not a place from 1 to 3"],
    ),
    "an option ranked twice": (
        swap("policy,b,answered,1", "policy,a,answered,1"),
        ["responses.csv:9: participant: a is ranked twice"],
    ),
    "an unknown option in a ranking": (
        swap("policy,b,answered,1", "policy,d,answered,1"),
        ["responses.csv:9: option: d is not an option of this item"],
    ),
    "a ranking answered without an option": (
        swap("policy,b,answered,1", "policy,,answered,1"),
        ["responses.csv:9: option: must not be empty where a ranking is answered"],
    ),
    "a ranking half of which is not answered": (
        swap("policy,b,answered,1", "policy,b,skipped,"),
        ["responses.csv:9: option: must be empty where the status is skipped"],
    ),
    "a ranking answered and skipped": (
        swap("ada,pre,policy,b,answered,1,,", "ada,pre,policy,,skipped,,,"),
        [f"responses.csv:9: status: {MIXED}"],
    ),
    "a row after a whole ranking": (
        swap("ada,pre,fact,,answered,year", "ada,pre,policy,,skipped,"),
        [f"responses.csv:11: status: {MIXED}"],
    ),
    "a ranking skipped and then answered": (
        swap("ada,pre,policy,a,answered,1,,", "ada,pre,policy,,skipped,,,"),
        [f"responses.csv:9: status: {MIXED}"],
    ),
    "several faults in one row": (
        swap("hours,,answered,2,,", "hours,a,dont_know,9,words,"),
        [
            "responses.csv:2: option: only rankings name an option here",
            "responses.csv:2: value: must be empty where the status is dont_know",
            "responses.csv:2: text: must be empty where the status is dont_know",
        ],
    ),
    "a number off the scale beside words in an unknown wave": (
        swap("ada,pre,hours,,answered,2,,", "ada,mid,hours,,answered,9,words,"),
        [
            "responses.csv:2: wave: mid is not one of pre, post",
            "responses.csv:2: text: this answer takes no text",
            "responses.csv:2: value: 9 is not on the scale from 1 to 5",
        ],
    ),
    "too few cells": (
        swap("hours,,answered,2,,2026-01-05T09:01:00Z", "hours,,answered,2,"),
        ["responses.csv:2: participant: the row has 7 cells and the header 8"],
    ),
    "too many cells": (
        swap("hours,,answered,2,", "hours,,answered,2,,"),
        ["responses.csv:2: participant: the row has 9 cells and the header 8"],
    ),
    "an empty line in between": (
        (RESPONSES, FIRST, FIRST + b"\r\n"),
        ["responses.csv:3: participant: the line is empty"],
    ),
    "a quotation mark inside a cell": (
        swap("talking with Bo", 'talking with "Bo"'),
        [f"responses.csv:14: participant: a quotation mark {MISPLACED}"],
    ),
    "a quotation mark that is not closed": (
        swap("talking with Bo", '"talking with Bo'),
        ["responses.csv:14: participant: a quotation mark is not closed, or stands where none may"],
    ),
    "a lone carriage return": (
        swap("talking with Bo", "talking\rwith Bo"),
        [f"responses.csv:14: participant: a line break {MISPLACED}"],
    ),
    "not UTF-8": (
        (RESPONSES, b"talking with Bo", b"caf\xe9"),
        ["responses.csv:14: participant: the row is not UTF-8 text"],
    ),
    "a NUL": (
        swap("talking with Bo", "talking\0with Bo"),
        ["responses.csv:14: text: must not hold a NUL character"],
    ),
    "a cell of more than 1 MB": (
        swap("talking with Bo", "x" * (1024 * 1024 + 1)),
        ["responses.csv:14: text: is longer than 1 MB"],
    ),
    "an unknown column": (
        swap("text,answered_at", "text,mood", RESPONSES),
        ["responses.csv:1: mood: there is no such column in this file"],
    ),
    "a column without a name": (
        swap("text,answered_at", "text, ", RESPONSES),
        ["responses.csv:1: column 8: there is no such column in this file"],
    ),
    "a column twice": (
        swap("text,answered_at", "text,text", RESPONSES),
        ["responses.csv:1: text: this column stands twice"],
    ),
    "a missing column": (
        swap("status,value", "state,value", RESPONSES),
        [
            "responses.csv:1: state: there is no such column in this file",
            "responses.csv:1: status: this column is missing",
        ],
    ),
    "a participant twice": (
        swap("day,,", "ada,,", "participants.csv"),
        [
            "participants.csv:5: participant: ada stands twice",
            "submissions.csv:7: participant: there is no participant day",
            "posts.csv:6: participant: there is no participant day",
        ],
    ),
    "a space after an id": (
        swap("day,,", "day ,,", "participants.csv"),
        [
            "participants.csv:5: participant: must not begin or end with a space",
            "submissions.csv:7: participant: there is no participant day",
            "posts.csv:6: participant: there is no participant day",
        ],
    ),
    "an unlisted demographic value": (
        swap("25-64,prefer_not", "26-64,prefer_not", "participants.csv"),
        ["participants.csv:5: age_band: 26-64 is not an option of this question"],
    ),
    "an unknown arm": (
        swap("delayed", "late", "participants.csv"),
        ["participants.csv:3: arm: late is not one of forum, delayed"],
    ),
    "an unknown track": (
        swap("g1,delayed,open", "g1,delayed,closed", "participants.csv"),
        ["participants.csv:3: track: closed is not one of open, panel"],
    ),
    "a quote that is neither yes nor no": (
        swap("cy,no", "cy,false", "participants.csv"),
        ["participants.csv:3: quote: false is not one of yes, no"],
    ),
    "an empty participants file": (
        ("participants.csv", b"*", b""),
        ["participants.csv: the file is empty; it needs at least a header"],
    ),
    "a submission twice": (
        swap("ada,post,submitted", "ada,pre,submitted", "submissions.csv"),
        ["submissions.csv:3: participant: this person and wave stand twice"],
    ),
    "an unknown mode": (
        swap(",paper,", ",fax,", "submissions.csv"),
        ["submissions.csv:4: mode: fax is not one of own, library, assisted, paper"],
    ),
    "an unknown submission status": (
        swap("bo b,pre,started", "bo b,pre,done", "submissions.csv"),
        ["submissions.csv:4: status: done is not one of started, submitted"],
    ),
    "a target of no question": (
        swap("age_band,16-24", "age,16-24", "targets.csv"),
        ["targets.csv:3: variable: there is no demographic question age"],
    ),
    "a target of no category": (
        swap("age_band,16-24", "age_band,10-15", "targets.csv"),
        ["targets.csv:3: category: 10-15 is not an option of age_band"],
    ),
    "a target twice": (
        swap("age_band,16-24", "age_band,25-64", "targets.csv"),
        ["targets.csv:4: variable: this category stands twice"],
    ),
    "a population below zero": (
        swap("70000", "-1", "targets.csv"),
        ["targets.csv:4: population: -1 is less than 0"],
    ),
    "a least above the most": (
        swap("70000,3,3", "70000,3,2", "targets.csv"),
        ["targets.csv:4: max: 2 is less than min, which is 3"],
    ),
    "no population and no limit": (
        swap("north,,2,4,3", "north,,,,3", "targets.csv"),
        ["targets.csv:5: population: must not be empty"],
    ),
    "an aim above the most": (
        swap("70000,3,3,3", "70000,3,3,4", "targets.csv"),
        ["targets.csv:4: aim: 4 is more than max, which is 3"],
    ),
    "a draw that may take more than it may go without": (
        swap("3,3,3,0", "3,3,3,4", "targets.csv"),
        ["targets.csv:4: min_flex: 4 is more than min, which is 3"],
    ),
    "a draw that may take fewer than the most": (
        swap(",9,,,12", ",9,,,8", "targets.csv"),
        ["targets.csv:3: max_flex: 8 is less than max, which is 9"],
    ),
    "a target crossed with no question": (
        swap("age_band,25-64\r\n", "age,25-64\r\n", "targets.csv"),
        ["targets.csv:5: with_variable: there is no demographic question age"],
    ),
    "a target crossed with no category": (
        swap("age_band,25-64\r\n", "age_band,65+\r\n", "targets.csv"),
        ["targets.csv:5: with_category: 65+ is not an option of age_band"],
    ),
    "a target crossed with half a category": (
        swap("age_band,25-64\r\n", "age_band,\r\n", "targets.csv"),
        ["targets.csv:5: with_category: must not be empty: with_variable and with_category belong together"],
    ),
    "a target crossed with its own question": (
        swap(
            '"Ward, as on the letter",north,,2,4,3,,,age_band,25-64',
            "age_band,16-24,,2,4,3,,,age_band,25-64",
            "targets.csv",
        ),
        ["targets.csv:5: with_variable: a question cannot be crossed with itself"],
    ),
    "a theme of an item without words": (
        swap("where,market,Market", "often,market,Market", "themes.csv"),
        [
            "themes.csv:4: item: this item takes no text, so it has no themes",
            "codes.csv:5: theme: there is no theme market of the item where",
        ],
    ),
    "a theme twice": (
        swap("where,market,Market", "words,market,Market", "themes.csv"),
        [
            "themes.csv:4: theme: market stands twice for this item",
            "codes.csv:5: theme: there is no theme market of the item where",
        ],
    ),
    "a theme without a label": (
        swap("where,market,Market", "where,market,", "themes.csv"),
        ["themes.csv:4: label: must not be empty"],
    ),
    "a code of an unknown theme": (
        swap("ada,pre,words,k1,market", "ada,pre,words,k1,stalls", "codes.csv"),
        ["codes.csv:3: theme: there is no theme stalls of the item words"],
    ),
    "a code of an answer that nobody gave": (
        swap("ada,pre,words,k1,market", "ada,post,words,k1,market", "codes.csv"),
        ["codes.csv:3: participant: there is no answer in words to code"],
    ),
    "a code twice": (
        swap("ada,pre,words,k2,market", "ada,pre,words,k1,market", "codes.csv"),
        ["codes.csv:4: participant: this code stands twice"],
    ),
    "a parent that is not there": (
        swap("p4,t1,p3", "p4,t1,p7", "posts.csv"),
        ["posts.csv:7: parent: there is no post p7"],
    ),
    "a parent in another thread": (
        swap("p4,t1,p3", "p4,t1,p9", "posts.csv"),
        ["posts.csv:7: parent: p9 stands in another thread"],
    ),
    "replies in a circle": (
        swap("p1,t1,,", "p1,t1,p4,", "posts.csv"),
        [
            "posts.csv:2: parent: the replies go round in a circle",
            "posts.csv:3: parent: the replies go round in a circle",
            "posts.csv:7: parent: the replies go round in a circle",
        ],
    ),
    "a seed with a participant": (
        swap("p1,t1,,,seed", "p1,t1,,ada,seed", "posts.csv"),
        ["posts.csv:3: participant: must be empty where the kind is seed"],
    ),
    "a post without a time": (
        swap("2026-02-03T11:00:00Z", "", "posts.csv"),
        ["posts.csv:7: created_at: must not be empty"],
    ),
    "a post twice": (
        swap("p5,t1", "p3,t1", "posts.csv"),
        ["posts.csv:8: post: p3 stands twice"],
    ),
    "a channel twice": (
        swap("fair,The fair", "letter,The fair", "channels.csv"),
        ["channels.csv:4: channel: letter stands twice"],
    ),
    "a cost that is no amount": (
        swap(",2500.00", ",£2500", "channels.csv"),
        ["channels.csv:2: cost: £2500 is not an amount in pounds such as 250 or 250.00"],
    ),
}


def edit(folder: Path, file: str, old: bytes, new: bytes) -> None:
    content = (folder / file).read_bytes()
    if old == b"*":
        (folder / file).write_bytes(new)
        return
    assert content.count(old) >= 1, f"{old!r} is not in {file}"
    (folder / file).write_bytes(content.replace(old, new, 1))


def refusal(folder: Path, *, replace: bool = False) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        load_bundle(OPERATOR, folder, replace=replace)
    db.session.commit()  # a caller who goes on must not save half of it
    return refused.value.message.splitlines()


@contextmanager
def staying_as_it_was(tmp_path: Path) -> Iterator[None]:
    """There is a consultation already, and afterwards the record is what it was."""
    load_bundle(OPERATOR, make_bundle(tmp_path / "there", slug="there-already"))
    db.session.commit()

    def state(name: str) -> tuple[object, object]:
        dump_bundle(OPERATOR, get_consultation("there-already"), tmp_path / name)
        files = {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}
        return counts_of(db.session()), files

    before = state("before")
    yield
    db.session.rollback()
    assert state("after") == before


@pytest.fixture
def unchanged(in_app: Flask, tmp_path: Path) -> Iterator[None]:
    """Nothing changes, on either database."""
    with staying_as_it_was(tmp_path):
        yield


@pytest.fixture
def unchanged_on_sqlite(sqlite_app: Flask, tmp_path: Path) -> Iterator[None]:
    """Nothing changes; for the many faults whose naming has nothing to do with the database."""
    with sqlite_app.app_context(), staying_as_it_was(tmp_path):
        yield


@pytest.mark.usefixtures("unchanged_on_sqlite")
@pytest.mark.parametrize("case", CELLS)
def test_a_fault_in_a_row_is_named_where_it_stands(tmp_path: Path, case: str):
    (file, old, new), expected = CELLS[case]
    folder = make_full_bundle(tmp_path / "broken")
    edit(folder, file, old, new)
    assert refusal(folder) == expected


TOML = "consultation.toml"
KEYS: dict[str, tuple[str, str, list[str]]] = {
    "another format": ("format = 1", "format = 2", [f"{TOML}: format: only format 1 is known"]),
    "a format that is no number": (
        "format = 1",
        "format = true",
        [f"{TOML}: format: must be a whole number, and is true or false"],
    ),
    "a slug in capitals": (
        'slug = "everything-2026"',
        'slug = "Everything"',
        [f"{TOML}: slug: must be lower-case letters, digits and hyphens"],
    ),
    "no title": (
        "title = ",
        "subtitle = ",
        [f"{TOML}: title: is missing", f"{TOML}: subtitle: there is no such key here"],
    ),
    "an unknown state": (
        'state = "closed"',
        'state = "open"',
        [f"{TOML}: state: open is not one of draft, published, closed, archived"],
    ),
    "no stages for a draft": (
        "[stages.forum]",
        "[stages.debate]",
        [f"{TOML}: stages.debate: there is no such key here"],
    ),
    "a syntax error": ("state = ", "state : ", [f"{TOML}:4: Expected '=' after a key in a key/value pair"]),
    "a key twice": (
        'state = "closed"',
        'state = "closed"\nstate = "closed"',
        [f"{TOML}:5: Cannot overwrite a value"],
    ),
    "a time that does not exist": (
        "closes = 2026-03-29 00:30:00",
        "closes = 2026-03-29 01:30:00",
        [f"{TOML}: stages.forum.closes: 01:30 on 29 March 2026 does not exist: the clocks go forward then"],
    ),
    "a time with an offset": (
        "opens = 2026-01-05 09:00:00",
        "opens = 2026-01-05 09:00:00Z",
        [f"{TOML}: stages.survey.opens: must be local time, without an offset"],
    ),
    "a date for a time": (
        "opens = 2026-01-05 09:00:00",
        "opens = 2026-01-05",
        [f"{TOML}: stages.survey.opens: must be a local date and time, such as 2026-01-05T09:00:00"],
    ),
    "stages that overlap": (
        "opens = 2026-02-02 09:00:00",
        "opens = 2026-01-26 16:59:59",
        [f"{TOML}: stages.forum: the stage must not open before survey has closed"],
    ),
    "a stage that closes before it opens": (
        "closes = 2026-01-26 17:00:00",
        "closes = 2026-01-05 09:00:00",
        [f"{TOML}: stages.survey: the stage must close after it opens"],
    ),
    "an unknown form": (
        'form = "agreement"',
        'form = "likert"',
        [f"{TOML}: items[2].form: likert is not one of {', '.join(FORMS)}"],
    ),
    "a text for a number": (
        "min = -2",
        'min = "-2"',
        [f"{TOML}: items[1].scale.min: must be a whole number, and is text"],
    ),
    "true for a number": (
        "min = -2",
        "min = true",
        [f"{TOML}: items[1].scale.min: must be a whole number, and is true or false"],
    ),
    "a scale without an end": ("max = 7", "", [f"{TOML}: items[2].scale.max: is missing"]),
    "a scale of one point": (
        "max = 7",
        "max = 1",
        [f"{TOML}: items[2].scale.max: 1 is not above min, which is 1"],
    ),
    "a scale of 22 points": (
        "max = 7",
        "max = 22",
        [f"{TOML}: items[2].scale: has 22 points; 2 to 21 are possible"],
    ),
    "too few labels": (
        '    "",\n',
        "",
        [f"{TOML}: items[1].scale.labels: has 2 labels for 3 points"],
    ),
    "favour off the scale": (
        "favour_from = 4",
        "favour_from = 6",
        [f"{TOML}: items[0].scale.favour_from: 6 is not on the scale from 1 to 5"],
    ),
    "an unknown key of a scale": (
        "favour_from = 4",
        "favor_from = 4",
        [f"{TOML}: items[0].scale.favor_from: there is no such key here"],
    ),
    "a scale on an open item": (
        'key = "words"\nform = "open"',
        'key = "words"\nform = "open"\nscale = { min = 1, max = 2 }',
        [f"{TOML}: items[3].scale: an item of form open has none"],
    ),
    "an order on a scale": (
        'form = "agreement"',
        'form = "agreement"\nordered = false',
        [f"{TOML}: items[2].ordered: an item of form agreement has none"],
    ),
    "something else in a ranking": (
        'form = "rank"',
        'form = "rank"\nother = true',
        [f"{TOML}: items[6].other: an item of form rank has none"],
    ),
    "a right answer to a choice": (
        "ordered = true",
        'ordered = true\ncorrect = "0"',
        [f"{TOML}: items[5].correct: an item of form choice has none"],
    ),
    "a right answer that is no option": (
        'correct = "life"',
        'correct = "death"',
        [f"{TOML}: items[7].correct: death is not one of the options"],
    ),
    "a fact in another role": (
        'form = "knowledge"',
        'form = "knowledge"\nrole = "attitude"',
        [f"{TOML}: items[7].role: an item of form knowledge has role knowledge"],
    ),
    "an evaluation asked before": (
        'form = "evaluation"',
        'form = "evaluation"\nwaves = ["pre", "post"]',
        [f"{TOML}: items[8].waves: an item of form evaluation is asked after only"],
    ),
    "perceived change asked before": (
        'role = "perceived"',
        'role = "perceived"\nwaves = ["pre"]',
        [f"{TOML}: items[9].waves: an item of role perceived is asked after only"],
    ),
    "no wave": (
        'form = "agreement"',
        'form = "agreement"\nwaves = []',
        [f"{TOML}: items[2].waves: must name pre, post or both"],
    ),
    "an unknown wave": (
        'form = "agreement"',
        'form = "agreement"\nwaves = ["pre", "during"]',
        [f"{TOML}: items[2].waves[1]: during is not one of pre, post"],
    ),
    "an item twice": (
        'key = "learnt"',
        'key = "hours"',
        [f"{TOML}: items[8].key: another item has the key hours"],
    ),
    "a reserved word for an option": (
        'key = "home"',
        'key = "other"',
        [f"{TOML}: items[4].options[0].key: other is a reserved word"],
    ),
    "an option twice": (
        'key = "home"',
        'key = "out"',
        [f"{TOML}: items[4].options[1].key: out stands twice"],
    ),
    "an option without a label": (
        'label = "home"',
        'label = ""',
        [f"{TOML}: items[4].options[0].label: must not be empty"],
    ),
    "an item without a stem": (
        'stem = "What changed my view was …"',
        "",
        [f"{TOML}: items[9].stem: is missing"],
    ),
    "a demographic key that is taken": (
        'key = "age_band"',
        'key = "group"',
        [f"{TOML}: demographics[0].key: group is a reserved word"],
    ),
    "an unknown key of an item": (
        'form = "agreement"',
        'form = "agreement"\nstyle = "bold"',
        [f"{TOML}: items[2].style: there is no such key here"],
    ),
    "a plan for no item": (
        'primary = [\n    "agree",',
        'primary = [\n    "disagree",',
        [f"{TOML}: plan.primary[0]: there is no item disagree"],
    ),
    "a plan that names an item twice": (
        'primary = [\n    "agree",',
        'primary = [\n    "hours",',
        [f"{TOML}: plan.primary[1]: hours stands twice"],
    ),
    "a plan for words": (
        "depth = 1.5",
        "words = 1.5",
        [f"{TOML}: plan.delta.words: words is of form open, which has no points"],
    ),
    "a smallest change of nothing": (
        "depth = 1.5",
        "depth = 0",
        [f"{TOML}: plan.delta.depth: 0.0 is not a number above 0"],
    ),
    "a smallest change without end": (
        "depth = 1.5",
        "depth = nan",
        [f"{TOML}: plan.delta.depth: nan is not a number above 0"],
    ),
    "a NUL": ('title = "', 'title = "\\u0000', [f"{TOML}: title: must not hold a NUL character"]),
}


@pytest.mark.usefixtures("unchanged_on_sqlite")
@pytest.mark.parametrize("case", KEYS)
def test_a_fault_in_the_description_is_named_by_its_key(tmp_path: Path, case: str):
    old, new, expected = KEYS[case]
    folder = make_full_bundle(tmp_path / "broken")
    for file in folder.iterdir():  # what else would follow from the fault is another test
        if file.name not in {TOML, "participants.csv"}:
            file.unlink()
    (folder / "participants.csv").write_text("participant\nada\n", encoding="utf-8")
    edit(folder, TOML, old.encode(), new.encode())
    assert refusal(folder) == expected


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("state", ["draft", "published"])
def test_a_consultation_that_is_not_over_needs_its_stages(tmp_path: Path, state: str):
    folder = make_bundle(tmp_path / "broken", state=state)
    assert refusal(folder) == [
        f"consultation.toml: stages.{kind}: is missing, and the state is {state}"
        for kind in ("survey", "forum", "follow_up")
    ]


@pytest.mark.usefixtures("unchanged")
def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path):
    folder = make_full_bundle(tmp_path / "broken")
    edit(folder, TOML, b'state = "closed"', b'state = "closed"\ncolour = "red"')
    edit(folder, "participants.csv", b"cy,no", b"cy,perhaps")
    edit(folder, RESPONSES, b"hours,,answered,2,", b"hours,,answered,9,")
    edit(folder, RESPONSES, b"bo b,pre,often", b"dee,pre,often")
    edit(folder, "posts.csv", b"p4,t1,p3", b"p4,t1,p7")
    (folder / "diary.csv").write_text("", encoding="utf-8")
    assert refusal(folder) == [
        "diary.csv: there is no such file in a bundle",
        "consultation.toml: colour: there is no such key here",
        "participants.csv:3: quote: perhaps is not one of yes, no",
        "responses.csv:2: value: 9 is not on the scale from 1 to 5",
        "responses.csv:16: participant: there is no participant dee",
        "posts.csv:7: parent: there is no post p7",
    ]


@pytest.mark.usefixtures("unchanged")
def test_a_faulty_item_is_named_once_and_not_with_every_answer(tmp_path: Path):
    folder = make_full_bundle(tmp_path / "broken")
    edit(folder, TOML, b'form = "rank"', b'form = "ranking"')
    [only] = refusal(folder)
    assert only.startswith("consultation.toml: items[6].form: ranking is not one of")


@pytest.mark.usefixtures("unchanged")
def test_a_description_that_cannot_be_read_leaves_the_other_files_to_be_checked(tmp_path: Path):
    folder = make_full_bundle(tmp_path / "broken")
    (folder / TOML).write_bytes(b"format = 1\nslug = \xff\n")
    edit(folder, "participants.csv", b"cy,no", b"cy,perhaps")
    assert refusal(folder) == [
        "consultation.toml:2: the line is not UTF-8 text",
        "participants.csv:3: quote: perhaps is not one of yes, no",
    ]


@pytest.mark.usefixtures("unchanged_on_sqlite")
@pytest.mark.parametrize(
    "text", ["x = " + "[" * 100_000, "x = " + "9" * 5000, 'x = """', "a.b.c = 1\na.b = 2", "\x00"]
)
def test_hostile_descriptions_are_refused_and_nothing_breaks(tmp_path: Path, text: str):
    folder = make_bundle(tmp_path / "broken")
    (folder / TOML).write_text(text, encoding="utf-8")
    assert all(line.startswith("consultation.toml:") for line in refusal(folder))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["consultation.toml", "participants.csv"])
def test_a_required_file_that_is_missing_is_named(tmp_path: Path, name: str):
    folder = make_bundle(tmp_path / "broken")
    (folder / name).unlink()
    assert refusal(folder) == [f"{name}: this file is missing"]


@pytest.mark.usefixtures("unchanged")
def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    [only] = refusal(tmp_path / "nowhere")
    assert only.endswith("nowhere: this is not a folder that can be read")


@pytest.mark.usefixtures("unchanged")
def test_the_line_of_a_row_is_the_one_on_which_it_starts(tmp_path: Path):
    folder = make_bundle(tmp_path / "broken")
    edit(folder, RESPONSES, b"the old market", b'"the\nold\r\nmarket, ""really"""')
    edit(folder, RESPONSES, b"policy,b,answered,2", b"policy,b,answered,7")
    edit(folder, RESPONSES, b"bo,post,hours,,answered,5,", b'bo,post,hours,,answered,5,"\n\n"')
    assert refusal(folder) == [
        "responses.csv:7: value: 7 is not a place from 1 to 3",
        "responses.csv:12: text: this answer takes no text",
    ]


@pytest.mark.usefixtures("unchanged")
def test_a_file_full_of_faults_names_a_thousand_and_counts_the_rest(tmp_path: Path):
    folder = make_bundle(
        tmp_path / "broken", responses=(["zed", "pre", "hours", "", "answered", "2", ""] for _ in range(1234))
    )
    lines = refusal(folder)
    assert len(lines) == 1001
    assert lines[0] == "responses.csv:2: participant: there is no participant zed"
    assert lines[-1] == "responses.csv: and 234 more"


@pytest.mark.usefixtures("unchanged")
def test_a_slug_that_is_taken_is_refused(tmp_path: Path):
    folder = make_bundle(tmp_path / "again", slug="there-already")
    assert refusal(folder) == [
        f"{TOML}: slug: there is already a consultation there-already; --replace puts this in its place"
    ]


@pytest.mark.usefixtures("unchanged")
def test_a_broken_bundle_replaces_nothing(tmp_path: Path):
    folder = make_bundle(tmp_path / "again", slug="there-already")
    edit(folder, RESPONSES, b"hours,,answered,2,", b"hours,,answered,9,")
    assert len(refusal(folder, replace=True)) == 1


@pytest.mark.usefixtures("unchanged")
def test_a_message_never_holds_what_moves_the_cursor(tmp_path: Path):
    folder = make_bundle(tmp_path / "broken")
    edit(folder, RESPONSES, b"hours,,answered,2,", b'hours,,answered,"\x1b[2J\n5",')
    assert refusal(folder) == ["responses.csv:2: value: \\x1b[2J\\n5 is not a whole number"]


def test_a_cell_of_exactly_one_megabyte_is_kept(in_app: Flask, tmp_path: Path):
    folder = make_bundle(tmp_path / "long")
    edit(folder, RESPONSES, b"the old market", b'"' + b'""' * 1024 * 1024 + b'"')
    assert load_bundle(OPERATOR, folder).counts["answers"] == 7
