"""Return codes: their shape, every slip, and what the record keeps of them."""

import json
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest
from sqlalchemy import inspect, select

from consult.access import Actor, Role
from consult.accounts import code_rules, codes, keys, resident_sessions
from consult.accounts.code_rules import (
    ALL_SIGNS,
    RANDOM_SIGNS,
    SIGNS,
    new_code,
    new_serial,
    normal,
    normal_serial,
)
from consult.accounts.models import ResidentSession, ReturnCode
from consult.audit.models import AuditEntry
from consult.consultations.queries import standing_of
from consult.db import db
from consult.errors import NotFound
from tests.conftest import config_for
from tests.making.codes import make_pair
from tests.making.places import make_place, make_resident

CODE = code_rules.with_check("7KQ4WD2MXP9")
SERIAL = code_rules.serial_with_check("7KQ4WD2MXP9")
PLAIN = CODE.replace("-", "")


def test_a_code_has_three_groups_of_four_signs_that_are_not_mistaken_for_each_other():
    assert len(set(SIGNS)) == len(SIGNS) == 23
    assert not set(SIGNS) & set("01OILAEUBSZGN")
    for made in (new_code() for _ in range(200)):
        groups = made.split("-")
        assert [len(group) for group in groups] == [4, 4, 4]
        assert set("".join(groups)) <= set(SIGNS)
    assert len({new_code() for _ in range(200)}) == 200


def test_every_code_and_serial_that_is_made_can_be_typed():
    for _ in range(500):
        code, serial = new_code(), new_serial()
        assert normal(code) == code.replace("-", "")
        assert normal_serial(serial) == serial.removeprefix("S-").replace("-", "")
        assert normal(serial) is normal_serial(code) is None


def bases() -> list[str]:
    """Codes of every kind of sign: the check is linear, so that what holds for one holds for all."""
    chance = Random(7)
    return ["".join(chance.choice(SIGNS) for _ in range(RANDOM_SIGNS)) for _ in range(3)]


def test_every_single_wrong_sign_is_found(record_property):
    tried = 0
    for eleven in bases():
        for whole, check in (
            (code_rules.with_check(eleven), normal),
            (code_rules.serial_with_check(eleven)[2:], normal_serial),
        ):
            signs = whole.replace("-", "")
            for at, wrong in product(range(ALL_SIGNS), SIGNS):
                if wrong != signs[at]:
                    tried += 1
                    assert check(signs[:at] + wrong + signs[at + 1 :]) is None
    record_property("wrong signs of return codes found", tried)
    assert tried == 2 * 3 * 12 * 22


def test_every_exchange_of_two_signs_is_found_whatever_they_are(record_property):
    """All pairs of places with all pairs of different signs in them."""
    tried, filler = 0, "2345678923456"
    for first, second in combinations(range(ALL_SIGNS), 2):
        for one, other in product(SIGNS, SIGNS):
            if one == other:
                continue
            signs = completed(filler, {first: one, second: other})
            changed = list(signs)
            changed[first], changed[second] = changed[second], changed[first]
            tried += 1
            assert normal("".join(changed)) is None
    record_property("exchanged signs of return codes found", tried)
    assert tried == 66 * 23 * 22


def completed(filler: str, fixed: dict[int, str]) -> str:
    """A code with these signs in these places; another place makes the sum right."""
    signs = list(filler[:ALL_SIGNS])
    for at, sign in fixed.items():
        signs[at] = sign
    free = next(at for at in range(ALL_SIGNS) if at not in fixed)
    for sign in SIGNS:
        signs[free] = sign
        if normal("".join(signs)):
            return "".join(signs)
    raise AssertionError("a prime number of signs always has one that fits")


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        PLAIN,
        f"  {CODE} ",
        CODE + "\n",
        CODE.replace("-", " "),
        CODE.replace("-", "–"),
        CODE.replace("-", "\u2011"),
        CODE.replace("-", "\u200b-"),
        CODE.replace("-", "\u00ad"),
        CODE.replace("-", "."),
        "\ufeff" + CODE,
        "".join(chr(ord(sign) + 0xFEE0) for sign in CODE),
        " ".join(PLAIN),
        "\u202e" + CODE,
        CODE + "\0",
    ],
)
def test_manners_of_typing_a_code_do_not_matter(typed):
    assert normal(typed) == PLAIN


@pytest.mark.parametrize(("written", "meant"), ["B8", "S5", "Z2", "G6", "UV", "NM", "b8", "nM"])
def test_what_looks_or_sounds_like_a_sign_counts_as_that_sign(written, meant):
    code = completed("7KQ4WD2MXP9C", {3: meant})
    assert normal(code[:3] + written + code[4:]) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", code_rules.EMPTY),
        (" - ", code_rules.EMPTY),
        (PLAIN[:11], code_rules.TOO_SHORT),
        (PLAIN + "2", code_rules.TOO_LONG),
        (PLAIN[:11] + "0", code_rules.NEVER_USED),
        ("O" + PLAIN[1:], code_rules.NEVER_USED),
        (PLAIN[:3] + ("2" if PLAIN[3] != "2" else "3") + PLAIN[4:], code_rules.SLIP),
        (PLAIN[1] + PLAIN[0] + PLAIN[2:], code_rules.SLIP),
        ("7KQ4-WD2M-XP9C", code_rules.SLIP),
        ("<script>alert(1)</script>", code_rules.NOT_A_CODE),
        ("ΩΩΩΩ-ΩΩΩΩ-ΩΩΩΩ", code_rules.NOT_A_CODE),
        ("٣" * 12, code_rules.NOT_A_CODE),
        ("9" * 100_000, code_rules.TOO_LONG),
        (SERIAL, code_rules.IS_SERIAL),
        (SERIAL[2:], code_rules.IS_SERIAL),
    ],
)
def test_a_slip_is_told_in_words_that_say_what_to_do(typed, said):
    problem = code_rules.code_problem(typed)
    assert problem is not None
    assert problem.sentence == said
    assert not typed or len(typed) < 5 or typed not in problem.message


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("S-", code_rules.SERIAL_EMPTY),
        ("S-22", code_rules.SERIAL_SHORT),
        (SERIAL[:-1], code_rules.SERIAL_SHORT),
        (SERIAL + "22", code_rules.SERIAL_LONG),
        (SERIAL[:-1] + "0", code_rules.SERIAL_NEVER_USED),
        (SERIAL[:-1] + ("2" if SERIAL[-1] != "2" else "3"), code_rules.SERIAL_SLIP),
        ("ΩΩΩΩ-ΩΩΩΩ-ΩΩΩΩ", code_rules.NOT_A_SERIAL),
    ],
)
def test_a_slip_in_a_serial_is_told_in_words_of_its_own(typed, said):
    problem = code_rules.serial_problem(typed)
    assert problem is not None
    assert problem.sentence == said


def test_a_code_without_a_slip_has_no_problem():
    assert code_rules.code_problem(CODE) is code_rules.serial_problem(SERIAL) is None
    assert code_rules.serial_problem(SERIAL[2:].lower()) is None
    problem = code_rules.serial_problem(CODE)
    assert problem is not None
    assert problem.sentence == code_rules.IS_CODE


@pytest.mark.parametrize("eleven", ["", "7KQ4WD2MXP", "7KQ4WD2MXP99", "0KQ4WD2MXP9", "7kq4wd2mxp9"])
def test_only_eleven_signs_make_a_code(eleven):
    with pytest.raises(ValueError, match="eleven signs"):
        code_rules.with_check(eleven)


# --- what the record keeps


@pytest.fixture
def place(in_app):
    return make_place("survey")


@pytest.fixture
def resident(place):
    return make_resident(place)


@pytest.fixture
def config(app):
    return app.config["CONSULT"]


def as_actor(resident) -> Actor:
    return Actor(
        f"participant/{resident.participant_id}",
        frozenset(),
        {resident.consultation_id: frozenset({Role.RESIDENT})},
        participant_id=resident.participant_id,
    )


def everything_stored() -> str:
    tables = inspect(db.engine).get_table_names()
    return json.dumps(
        [
            [list(map(str, row)) for row in db.session.execute(db.metadata.tables[name].select())]
            for name in tables
            if name in db.metadata.tables
        ]
    )


def test_a_code_finds_its_owner_and_a_serial_is_no_code(resident, config):
    pair = make_pair(resident)
    owner = codes.find_owner(pair.code.lower(), config=config)
    assert owner == codes.Owner(resident.participant_id, resident.consultation_id)
    assert codes.find_owner_of_serial(pair.serial, config=config) == owner
    assert codes.find_owner(pair.serial, config=config) is None
    assert codes.find_owner_of_serial(pair.code, config=config) is None
    assert codes.is_code_of(resident.participant_id, pair.code, config=config)
    assert not codes.is_code_of(resident.participant_id + 1, pair.code, config=config)
    assert not codes.is_code_of(resident.participant_id, new_code(), config=config)


def test_the_record_holds_neither_code_nor_serial_also_while_they_wait(resident):
    pair = make_pair(resident, is_held=True)
    stored = everything_stored().upper()
    assert len(stored) > 1000
    for secret in (pair.code, pair.serial, normal(pair.code), normal_serial(pair.serial)):
        assert secret not in stored
    assert pair.code not in repr(pair) + str(pair)


def test_another_installation_cannot_use_the_hashes(resident, config):
    pair = make_pair(resident)
    assert codes.find_owner(pair.code, config=replace(config, secret_key="another" * 8)) is None


def test_giving_a_code_again_replaces_the_old_one(resident, config):
    first, second = make_pair(resident), make_pair(resident)
    assert codes.find_owner(first.code, config=config) is None
    assert codes.find_owner_of_serial(first.serial, config=config) is None
    assert codes.find_owner(second.code, config=config) is not None
    codes.give_code(
        resident.participant_id,
        resident.consultation_id,
        code=second.code,
        serial=second.serial,
        config=config,
    )
    assert len(db.session.scalars(select(ReturnCode)).all()) == 1


def test_what_nobody_could_type_is_not_given(resident, config):
    with pytest.raises(ValueError, match="not a code"):
        codes.give_code(1, 1, code="7KQ4-WD2M-XP9C", serial=new_serial(), config=config)
    with pytest.raises(ValueError, match="not a code"):
        codes.give_code(1, 1, code=new_serial(), serial=new_code(), config=config)


def test_a_pair_can_be_read_in_its_session_until_it_is_written_down(place, resident, config):
    pair = make_pair(resident, is_held=True)
    other = make_resident(place, name="Brave Otter")
    read = codes.held(resident.session_id, config)
    assert read is not None
    assert (read.code, read.serial) == (pair.code, pair.serial)
    assert codes.held(other.session_id, config) is None
    codes.release(resident.session_id)
    assert codes.held(resident.session_id, config) is None


def test_what_waits_is_gone_when_the_session_ends(resident, config):
    make_pair(resident, is_held=True)
    resident_sessions.end(resident.session_id)
    assert codes.held(resident.session_id, config) is None
    assert db.session.scalars(select(ResidentSession.sealed_code)).all() == [None]


def test_a_replaced_code_is_dead_and_other_browsers_are_signed_out(place, resident, config):
    old = make_pair(resident)
    elsewhere = resident_sessions.begin(resident.participant_id, place.id, is_shared=False)
    new = codes.replace_code(
        as_actor(resident),
        standing_of(place),
        resident.participant_id,
        session_id=resident.session_id,
        config=config,
    )
    assert codes.find_owner(old.code, config=config) is None
    assert codes.find_owner_of_serial(old.serial, config=config) is None
    assert codes.find_owner(new.code, config=config) is not None
    db.session.commit()
    assert resident_sessions.find(elsewhere) is None
    assert resident_sessions.find(resident.session_id) is not None
    read = codes.held(resident.session_id, config)
    assert read is not None
    assert read.code == new.code
    [line] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "me.code"))
    assert new.code not in f"{line.subject}{line.detail}"


def test_nobody_replaces_the_code_of_a_consultation_that_they_take_no_part_in(resident, config):
    make_pair(resident)
    with pytest.raises(NotFound):
        codes.replace_code(
            as_actor(resident), standing_of(make_place("closed")), resident.participant_id, config=config
        )


def test_a_forgotten_code_brings_nobody_back(resident, config):
    pair = make_pair(resident)
    codes.forget_code(resident.participant_id)
    assert codes.find_owner(pair.code, config=config) is None
    assert codes.find_owner_of_serial(pair.serial, config=config) is None


def test_codes_sealed_codes_and_kept_forms_have_keys_of_their_own():
    config = config_for("sqlite://")
    purposes = (
        keys.SECOND_FACTOR,
        keys.FAILED_TRIES,
        keys.SESSIONS_OF_FORMS,
        keys.RETURN_CODES,
        keys.HELD_CODES,
        keys.KEPT_FORMS,
    )
    hashes = {keys.keyed_hash("the same", config=config, purpose=purpose) for purpose in purposes}
    assert len(hashes) == len(purposes)
    sealed = keys.seal("the same", config=config, purpose=keys.HELD_CODES)
    assert keys.unseal(sealed, config=config, purpose=keys.KEPT_FORMS) is None
