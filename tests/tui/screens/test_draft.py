"""A half-typed form outlives Esc, another screen and a crash; nobody else can read it."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.draft import DraftError, DraftStore
from desk.tui.draft import MOST_DRAFTS, Applying, Draft, DraftBox, MemoryStore, PersonDraft
from desk.tui.screens.drafts_page import DraftsPage
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.receive import ReceiveScreen
from tests.counter.desk_fixture import BIRTH, COPIES, KEY
from tests.tui.screens.desk_app import DELETE, DOWN, ENTER, ESCAPE, F2, F5, RIGHT
from tests.tui.screens.receive_app import THUY, Officer, Y, receiving

STAMP = "2026-03-13T09:12+07:00"


def draft(client_id: str, name: str = "Lê Ất", **more: Any) -> Draft:
    return Draft(client_id, STAMP, Applying(PersonDraft(name)), **more)


def kept(folder: Path) -> tuple[Draft, ...]:
    """What another run of the program would find."""
    return DraftBox(DraftStore(folder / "draft.json", KEY)).all()


async def test_esc_keeps_everything_and_f2_offers_it(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await officer.type("0912", ENTER)
        await officer.press(RIGHT, RIGHT, ENTER)
        assert officer.at == "procedure"
        await officer.type("chung thuc ban sao", ENTER)
        await officer.press(RIGHT, ENTER, "*", ENTER, RIGHT, ENTER, ENTER)
        await officer.type("12", ENTER, "5", ENTER, "ghi chú [b]")
        before = officer.form.draft
        await officer.press(ESCAPE)
        assert isinstance(officer.run.app.screen, HomeScreen)
        await officer.press(F2)
        assert isinstance(officer.run.app.screen, DraftsPage)
        assert "Trần Văn Ỷ" in officer.run.text
        await officer.press(ENTER)
        assert officer.form.draft == before
        assert officer.run.note == "Đã mở lại nháp lúc T6 13/03 09:12."
        assert "T3 17/03/2026 09:12" in officer.promise


async def test_after_a_crash_the_form_is_offered(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.type("0912345678", ENTER)
        found = kept(folder)
        assert [each.people.person.phone for each in found] == ["0912345678"]
    async with receiving(folder) as officer:
        assert isinstance(officer.run.app.screen, DraftsPage)
        await officer.press(ENTER)
        assert officer.value("phone") == "0912345678"
        await officer.type(BIRTH, ENTER)
        await officer.press(F2)
        assert officer.names() == ["Nguyễn Thị Thúy"]
    assert kept(folder) == ()
    assert not (folder / "draft.json").exists()


@pytest.mark.parametrize("way_out", [F5, "\x1b[20~"])
async def test_a_draft_is_kept_however_the_form_is_left(folder: Path, way_out: str) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        await officer.press(way_out)
        assert [each.people.person.name for each in kept(folder)] == ["Lê Ất"]


@pytest.mark.parametrize("keys", [F2 + F5, F2 + "\x1b[24~", F2 + "a" + F5, F2 + F2 + F5 + F2 + ESCAPE])
async def test_keys_faster_than_the_screens_break_nothing(folder: Path, keys: str) -> None:
    async with receiving(folder, open_form=False) as officer:
        await officer.inject(keys)
        await officer.press(ENTER, F5, F2)
        assert isinstance(officer.run.app.screen, ReceiveScreen | DraftsPage)


async def test_the_minute_keeps_what_is_being_typed(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        assert kept(folder) == ()
        officer.run.clock.advance(minutes=1)
        await officer.run.tick()
        assert [each.people.person.name for each in kept(folder)] == ["Lê Ất"]
        assert "nháp lưu 09:13" in officer.run.top


async def test_an_empty_form_leaves_no_draft(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(ENTER, ENTER, ESCAPE)
        assert isinstance(officer.run.app.screen, HomeScreen)
    assert not (folder / "draft.json").exists()


async def test_a_new_form_beside_a_draft_and_a_draft_thrown_away(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        await officer.press(ESCAPE, F2, ESCAPE)
        assert officer.form.draft.empty
        await officer.type("Phạm Bính")
        await officer.press(ESCAPE, F2)
        assert [name in officer.run.text for name in ("Lê Ất", "Phạm Bính")] == [True, True]
        await officer.press(DELETE, DOWN, DELETE)
        assert "Del lần nữa" in officer.run.text
        assert len(kept(folder)) == 2
        await officer.press(DELETE)
        assert isinstance(officer.run.app.screen, DraftsPage)
        assert [each.people.person.name for each in kept(folder)] == ["Phạm Bính"]
        await officer.press(DELETE, DELETE)
        assert isinstance(officer.run.app.screen, ReceiveScreen)
        assert kept(folder) == ()


async def test_who_types_on_over_the_offer_loses_no_letter(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        await officer.press(ESCAPE, F2)
        assert isinstance(officer.run.app.screen, DraftsPage)
        await officer.type("Phạm Thị Bính")
        assert isinstance(officer.run.app.screen, ReceiveScreen)
        assert officer.form.draft.people.person.name == "Phạm Thị Bính"
        await officer.press(ESCAPE)
        assert [each.people.person.name for each in kept(folder)] == ["Phạm Thị Bính", "Lê Ất"]


async def test_a_card_scanned_over_the_offer_is_a_new_form(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        await officer.press(ESCAPE, F2)
        await officer.scan(THUY)
        assert officer.value("name") == "Nguyễn Thị Thúy"
        assert "Lê Ất" in {each.people.person.name for each in kept(folder)}


async def test_the_same_card_again_offers_its_draft(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.type("0912345678", ENTER)
        await officer.press(ESCAPE)
        await officer.scan(Y)
        assert officer.value("name") == "Trần Văn Ỷ"
        await officer.press(ESCAPE)
        await officer.scan(THUY)
        assert isinstance(officer.run.app.screen, DraftsPage)
        await officer.press(ENTER)
        assert officer.value("phone") == "0912345678"


async def test_drafts_are_reached_through_the_list_of_commands(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất")
        officer.form.action_drafts()
        await officer.run.settle()
        assert officer.run.note == "Không có phiếu nháp nào khác."


async def test_a_draft_that_cannot_be_kept_is_said_and_esc_twice_leaves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    async with receiving(folder) as officer:
        monkeypatch.setattr(DraftStore, "save", full)
        await officer.type("Lê Ất")
        await officer.press(ESCAPE)
        assert officer.run.note.startswith("Không giữ được nháp: ")
        assert officer.value("name") == "Lê Ất"
        await officer.press(ESCAPE)
        assert isinstance(officer.run.app.screen, HomeScreen)


async def test_a_damaged_draft_is_said(folder: Path) -> None:
    (folder / "draft.json").write_text("{}", encoding="utf-8")
    async with receiving(folder) as officer:
        assert officer.run.note == "Nháp cũ không mở được (hỏng hoặc khóa khác)."
        await officer.type("Lê Ất", ENTER)
        assert [each.people.person.name for each in kept(folder)] == ["Lê Ất"]


async def test_an_old_draft_of_a_procedure_that_is_gone_keeps_the_rest(folder: Path) -> None:
    DraftBox(DraftStore(folder / "draft.json", KEY)).keep(draft("c1", procedure="9.999999", copies="[x]"), 1)
    async with receiving(folder) as officer:
        await officer.press(ENTER)
        assert officer.value("name") == "Lê Ất"
        assert officer.form.form.procedure.chosen is None
        await pick_and_save(officer)
        assert officer.names() == ["Lê Ất"]


async def pick_and_save(officer: Officer) -> None:
    officer.form.set_focus(officer.form.form.procedure.picker.field)
    await officer.type(COPIES, ENTER)
    await officer.press(F2)


def test_the_file_tells_nobody_anything(tmp_path: Path) -> None:
    store = DraftStore(tmp_path / "draft.json", KEY)
    text = "Nguyễn Thị Thúy 033180930129".encode()
    store.save(text)
    path = tmp_path / "draft.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"033180930129" not in path.read_bytes()
    assert text.hex() not in path.read_text(encoding="utf-8")
    assert store.load() == text
    assert list(tmp_path.iterdir()) == [path]
    first = path.read_bytes()
    store.save(text)
    assert path.read_bytes() != first
    with pytest.raises(DraftError):
        DraftStore(path, b"x" * 32).load()
    store.clear()
    store.clear()
    assert store.load() is None


@pytest.mark.parametrize(
    "spoilt", [b"", b"[]", b"{}", b'{"nonce": "zz", "sealed": ""}', b'{"nonce": "00", "sealed": "00"}', b"\xff\xfe"]
)
def test_a_spoilt_file_is_an_error_with_a_name(tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / "draft.json").write_bytes(spoilt)
    with pytest.raises(DraftError):
        DraftStore(tmp_path / "draft.json", KEY).load()


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    store = DraftStore(path, KEY)
    store.save(b"content")
    written = json.loads(path.read_bytes())
    sealed = bytearray.fromhex(written["sealed"])
    for place in range(len(sealed)):
        changed = bytes(byte ^ (1 if at == place else 0) for at, byte in enumerate(sealed))
        path.write_text(json.dumps({**written, "sealed": changed.hex()}), encoding="utf-8")
        with pytest.raises(DraftError):
            store.load()


texts = st.text(max_size=12)
people = st.builds(PersonDraft, texts, texts, texts, texts, texts)
drafts = st.builds(
    Draft,
    st.uuids().map(str),
    st.just(STAMP),
    st.builds(Applying, people, st.booleans(), people),
    procedure=texts,
    papers=st.lists(texts, max_size=4).map(tuple),
    note=texts,
    late=st.booleans(),
    late_at=texts,
)


@given(st.lists(drafts, max_size=5, unique_by=lambda each: each.client_id))
def test_a_box_gives_back_what_was_kept(given_drafts: list[Draft]) -> None:
    store = MemoryStore()
    box = DraftBox(store)
    for each in given_drafts:
        box.keep(each, box.turn())
    assert DraftBox(store).all() == box.all() == tuple(each for each in reversed(given_drafts) if not each.empty)


def test_a_late_keeping_never_brings_back_older_or_ended_text() -> None:
    box = DraftBox(MemoryStore())
    early, late = box.turn(), box.turn()
    box.keep(draft("c1", "mới"), late)
    box.keep(draft("c1", "cũ"), early)
    assert [each.people.person.name for each in box.all()] == ["mới"]
    box.end("c1")
    box.keep(draft("c1", "lại"), box.turn())
    assert box.all() == ()


def test_a_form_that_became_empty_is_no_draft() -> None:
    box = DraftBox(MemoryStore())
    box.keep(draft("c1"), box.turn())
    box.keep(Draft("c1", STAMP), box.turn())
    assert box.all() == ()


def test_at_most_nine_drafts_the_oldest_goes() -> None:
    box = DraftBox(MemoryStore())
    for number in range(MOST_DRAFTS + 3):
        box.keep(draft(f"c{number}"), box.turn())
    assert [each.client_id for each in box.all()] == [f"c{number}" for number in range(11, 2, -1)]


def test_many_threads_keep_one_whole_text() -> None:
    store = MemoryStore()
    box = DraftBox(store)
    threads = [
        threading.Thread(target=lambda n=number: box.keep(draft(f"c{n % 4}", f"tên {n}"), box.turn()))
        for number in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.client_id for each in DraftBox(store).all()} == {"c0", "c1", "c2", "c3"}
    assert DraftBox(store).all() == box.all()


def test_the_repr_of_a_draft_names_nobody() -> None:
    shown = repr(dataclasses.replace(draft("c1"), note="bí mật", late_reason="riêng"))
    assert not any(word in shown for word in ("Lê Ất", "bí mật", "riêng"))
