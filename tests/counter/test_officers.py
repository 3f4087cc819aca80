"""Officers at one desk: added, disabled, given a PIN, signed on; who may, and what the journal says of it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from db import offices
from db.vocabulary import Act, OfficeEvent, Role
from desk.counter.model import Refused
from desk.counter.officer_model import NewOfficer, OfficerView
from desk.counter.pins import Tries
from tests.counter.desk_fixture import CLERK, HEAD, MARITAL, Desk, open_desk, refused

HEAD_PIN, CLERK_PIN = "2580", "190283"


def ok(answer: OfficerView | Refused) -> OfficerView:
    assert isinstance(answer, OfficerView), answer
    return answer


def add(desk: Desk, name: str = "Vũ Thị An", role: str = Role.CLERK, by: int | None = HEAD, pin: str = "") -> int:
    return ok(desk.counter.add_officer(NewOfficer(desk.client(), name, role, pin), by)).id


def last(desk: Desk) -> tuple[str, int | None, dict[str, object]]:
    event = desk.events()[-1]
    return event.kind, event.officer_id, dict(event.data)


def officer(desk: Desk, number: int) -> OfficerView:
    return next(each for each in desk.counter.officers() if each.id == number)


@pytest.fixture
def guarded(desk: Desk) -> Desk:
    """A desk where the head and the clerk have PINs, and seconds that stand still."""
    ok(desk.counter.set_pin(HEAD, HEAD_PIN, HEAD))
    ok(desk.counter.set_pin(CLERK, CLERK_PIN, HEAD))
    desk.context.ticks = lambda: 1000.0
    return desk


def test_an_officer_is_added_with_a_clean_name(desk: Desk) -> None:
    number = add(desk, unicodedata.normalize("NFD", "  Vũ\u200b Thị \t An "))
    assert officer(desk, number) == OfficerView(number, "Vũ Thị An", Role.CLERK, True, False)
    assert last(desk) == (OfficeEvent.OFFICER_ADDED, HEAD, {"officer": number, "role": "clerk"})


def test_the_same_request_gives_the_same_officer(desk: Desk) -> None:
    new = NewOfficer(desk.client(), "Vũ Thị An", Role.HEAD, HEAD_PIN)
    first = ok(desk.counter.add_officer(new, HEAD))
    with desk.nothing_written():
        assert desk.counter.add_officer(new, HEAD) == first
        refused(desk.counter.add_officer(NewOfficer(new.client_id, "Ngô An", Role.HEAD), HEAD), "client_id_taken")
        refused(desk.counter.add_officer(NewOfficer("", "Ngô An"), HEAD), "client_id_needed")
    taken = desk.order()
    desk.counter.receive(taken)
    refused(desk.counter.add_officer(NewOfficer(taken.client_id, "Ngô An"), HEAD), "client_id_taken")
    assert len(desk.counter.officers()) == 3


@pytest.mark.parametrize("name", ["", " \t", "12", "…", "x" * 81, "\u200b"])
def test_a_name_that_is_none(desk: Desk, name: str) -> None:
    with desk.nothing_written():
        refused(desk.counter.add_officer(NewOfficer("a", name), HEAD), "bad_name")


def test_a_name_stands_once_among_the_active(desk: Desk) -> None:
    for name in ("Phạm Văn Tư", "PHẠM VĂN TƯ", unicodedata.normalize("NFD", "Phạm  Văn Tư")):
        found = refused(desk.counter.add_officer(NewOfficer("a", name), HEAD), "name_taken")
        assert "Phạm" in found.sentence or "PHẠM" in found.sentence
    other = add(desk, "Phạm Văn Tú")
    ok(desk.counter.disable_officer(CLERK, HEAD))
    again = add(desk, "Phạm Văn Tư")
    assert len({CLERK, other, again}) == 3
    with desk.nothing_written():
        refused(desk.counter.enable_officer(CLERK, HEAD), "name_taken")


def test_a_role_is_head_or_clerk(desk: Desk) -> None:
    for role in ("admin", "", "boss"):
        refused(desk.counter.add_officer(NewOfficer("a", "Vũ Thị An", role), HEAD), "bad_role")
    assert officer(desk, add(desk, "Ngô Bình", Role.HEAD)).role == Role.HEAD


def test_an_officer_goes_and_comes_back_but_is_never_deleted(guarded: Desk) -> None:
    gone = ok(guarded.counter.disable_officer(CLERK, HEAD))
    assert (gone.active, gone.has_pin) == (False, False)
    assert last(guarded) == (OfficeEvent.OFFICER_DISABLED, HEAD, {"officer": CLERK})
    with guarded.nothing_written():
        refused(guarded.counter.disable_officer(CLERK, HEAD), "not_active")
        refused(guarded.counter.set_pin(CLERK, "1397", HEAD), "not_active")
        refused(guarded.counter.sign_on(CLERK, CLERK_PIN), "not_active")
        refused(guarded.counter.disable_officer(99, HEAD), "unknown_officer")
        refused(guarded.counter.enable_officer(HEAD, HEAD), "already_active")
    back = ok(guarded.counter.enable_officer(CLERK, HEAD))
    assert (back.id, back.active, back.has_pin) == (CLERK, True, False)
    assert last(guarded) == (OfficeEvent.OFFICER_ENABLED, HEAD, {"officer": CLERK})


def test_there_is_always_a_head(desk: Desk) -> None:
    with desk.nothing_written():
        refused(desk.counter.disable_officer(HEAD, CLERK), "last_head")
        refused(desk.counter.disable_officer(HEAD, None), "last_head")
    second = add(desk, "Ngô Bình", Role.HEAD)
    with desk.nothing_written():
        refused(desk.counter.disable_officer(HEAD, HEAD), "not_oneself")
    ok(desk.counter.disable_officer(HEAD, second))
    with desk.nothing_written():
        refused(desk.counter.disable_officer(second, CLERK), "last_head")


def test_where_pins_are_asked_for_a_head_always_has_one(guarded: Desk) -> None:
    second = add(guarded, "Ngô Bình", Role.HEAD)
    with guarded.nothing_written():
        refused(guarded.counter.disable_officer(HEAD, second), "last_head_with_pin")
    ok(guarded.counter.set_pin(second, "1397", HEAD))
    ok(guarded.counter.disable_officer(HEAD, second))


def test_the_first_pin_is_a_heads(desk: Desk) -> None:
    with desk.nothing_written():
        refused(desk.counter.set_pin(CLERK, CLERK_PIN, HEAD), "head_first")
        new = NewOfficer("a", "Vũ Thị An", Role.CLERK, CLERK_PIN)
        refused(desk.counter.add_officer(new, HEAD), "head_first")
    assert len(desk.counter.officers()) == 2
    ok(desk.counter.set_pin(HEAD, HEAD_PIN, CLERK))
    assert add(desk, "Vũ Thị An", pin=CLERK_PIN)
    assert [event.kind for event in desk.events()[-2:]] == [OfficeEvent.OFFICER_ADDED, OfficeEvent.OFFICER_PIN_SET]


def test_only_a_head_changes_officers_once_there_is_a_pin(guarded: Desk) -> None:
    for by in (CLERK, None, 99):
        with guarded.nothing_written():
            refused(guarded.counter.add_officer(NewOfficer("a", "Vũ Thị An"), by), "head_only")
            refused(guarded.counter.disable_officer(CLERK, by), "head_only")
            refused(guarded.counter.enable_officer(CLERK, by), "head_only")
            refused(guarded.counter.set_pin(CLERK, "1397", by), "head_only")


@pytest.mark.parametrize(("pin", "reason"), [("", "bad_pin"), ("123", "bad_pin"), ("abcd", "bad_pin"),
                                             ("0000", "trivial_pin"), ("1234", "trivial_pin")])  # fmt: skip
def test_a_pin_that_is_none_is_not_taken(desk: Desk, pin: str, reason: str) -> None:
    with desk.nothing_written():
        refused(desk.counter.set_pin(HEAD, pin, HEAD), reason)
        if pin:
            refused(desk.counter.add_officer(NewOfficer("a", "Ngô Bình", Role.HEAD, pin), HEAD), reason)
    assert not officer(desk, HEAD).has_pin


def test_a_pin_is_kept_as_a_hash_and_stands_nowhere_else(guarded: Desk) -> None:
    with guarded.records.reading() as view:
        kept = [offices.pin_hash(view.connection, number) for number in (HEAD, CLERK)]
        assert offices.pin_hash(view.connection, 99) is None
    assert all(each is not None and each.startswith("$argon2id$v=19$m=12288,t=3,p=1$") for each in kept)
    refused(guarded.counter.sign_on(CLERK, "90817263", HEAD), "wrong_pin")
    ok(guarded.counter.sign_on(CLERK, CLERK_PIN, HEAD))
    written = json.dumps([dict(event.data) for event in guarded.events()])
    assert not [pin for pin in (HEAD_PIN, CLERK_PIN, "90817263", "argon2") if pin in written]
    assert "Phạm" not in written


def test_a_hash_nobody_can_read_lets_nobody_in(guarded: Desk) -> None:
    guarded.sql("UPDATE officer SET pin_hash = 'x' WHERE id = :id", id=CLERK)
    refused(guarded.counter.sign_on(CLERK, "x"), "wrong_pin")


def test_signing_on_is_told_once_for_each_change(guarded: Desk) -> None:
    assert ok(guarded.counter.sign_on(HEAD, HEAD_PIN)).name == "Lê Thị Hoa"
    assert last(guarded) == (OfficeEvent.OFFICER_SIGNED_ON, HEAD, {"officer": HEAD, "desk": 1})
    with guarded.nothing_written():
        ok(guarded.counter.sign_on(HEAD, HEAD_PIN, HEAD))
    assert ok(guarded.counter.sign_on(CLERK, CLERK_PIN, HEAD)).id == CLERK
    assert last(guarded) == (OfficeEvent.OFFICER_SIGNED_ON, CLERK, {"officer": CLERK, "desk": 1})


def test_without_any_pin_a_name_is_enough_and_with_one_it_is_not(desk: Desk) -> None:
    assert ok(desk.counter.sign_on(CLERK, "", HEAD)).id == CLERK
    ok(desk.counter.set_pin(HEAD, HEAD_PIN, HEAD))
    for pin in ("", HEAD_PIN):
        found = refused(desk.counter.sign_on(CLERK, pin, HEAD), "no_pin")
        assert "Phạm Văn Tư" in found.sentence


def test_wrong_pins_make_the_next_wait_but_lock_nobody_out(guarded: Desk) -> None:
    with guarded.nothing_written():
        for _try in range(3):
            refused(guarded.counter.sign_on(CLERK, "1397"), "wrong_pin")
        assert "2 giây" in refused(guarded.counter.sign_on(CLERK, CLERK_PIN), "too_soon").sentence
        guarded.context.ticks = lambda: 1001.5
        assert "1 giây" in refused(guarded.counter.sign_on(CLERK, CLERK_PIN), "too_soon").sentence
        guarded.context.ticks = lambda: 1002.0
        refused(guarded.counter.sign_on(CLERK, "1397"), "wrong_pin")
        assert "4 giây" in refused(guarded.counter.sign_on(CLERK, CLERK_PIN), "too_soon").sentence
        ok(guarded.counter.sign_on(HEAD, HEAD_PIN, HEAD))
    guarded.context.ticks = lambda: 1006.0
    ok(guarded.counter.sign_on(CLERK, CLERK_PIN))
    for _try in range(2):
        refused(guarded.counter.sign_on(CLERK, "1397"), "wrong_pin")
    ok(guarded.counter.sign_on(CLERK, CLERK_PIN))


def test_a_new_pin_and_a_new_start_forget_the_wrong_ones(guarded: Desk, folder: Path) -> None:
    for _try in range(3):
        refused(guarded.counter.sign_on(CLERK, "1397"), "wrong_pin")
    ok(guarded.counter.set_pin(CLERK, "1397", HEAD))
    ok(guarded.counter.sign_on(CLERK, "1397"))
    for _try in range(3):
        refused(guarded.counter.sign_on(CLERK, CLERK_PIN), "wrong_pin")
    again = open_desk(folder / "desk.db")
    ok(again.counter.sign_on(CLERK, "1397"))
    again.records.close()


def test_tries_at_the_same_time_are_counted_one_by_one() -> None:
    tries = Tries()
    assert [tries.begin(1, 5.0) for _try in range(4)] == [0, 0, 0, 2]
    assert tries.begin(2, 5.0) == 0


def test_staff_gives_a_closed_day_nothing_new_to_say(guarded: Desk) -> None:
    guarded.receive(MARITAL)
    guarded.close()
    add(guarded)
    ok(guarded.counter.sign_on(CLERK, CLERK_PIN, HEAD))
    assert [day.already for day in guarded.close()] == [True]
    assert guarded.counter.verify_journal() is None


def test_what_is_done_names_who_did_it(guarded: Desk) -> None:
    on = ok(guarded.counter.sign_on(CLERK, CLERK_PIN, HEAD))
    code = guarded.receive(MARITAL, officer_id=on.id).code
    guarded.act(code, Act.FINISH, officer_id=on.id)
    assert {event.officer_id for event in guarded.events_of(code)} == {CLERK}
