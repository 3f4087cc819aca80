"""Double entry: the sheet of a dossier, the trace of who saw it, the order of the next ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.vocabulary import Act, ApplicantKind, OfficeEvent
from desk.beside import Beside
from desk.counter.model import PersonInput
from desk.counter.retyping import Sheet, item_name, kind_name
from desk.retype_order import FILE, order_of
from desk.retyped import MOST, Retyped
from desk.rules.retyping import Item
from desk.settings import SettingsError, SettingsProblem
from tests.counter.desk_fixture import CLERK, COPIES, HEAD, OFFICIAL, Desk, refused


def sheet(desk: Desk, dossier_id: int, officer: int = HEAD) -> Sheet:
    found = desk.counter.retyping.sheet(dossier_id, officer, order_of(None))
    assert isinstance(found, Sheet), found
    return found


def test_a_sheet_has_the_numbers_in_full_and_leaves_a_trace(desk: Desk) -> None:
    done = desk.receive(
        COPIES,
        "Nguyễn Đức Thịnh",
        id_number="042180000708",
        phone="0912 345 678",
        address="Thôn Hải Thanh",
        kind=ApplicantKind.HOUSEHOLD,
        components=("Bản chính", "Giấy ủy quyền"),
        note="gấp",
        copies=2,
        pages=3,
        representative=PersonInput("Lê Ủy", id_number="042190000001"),
    )
    before = len(desk.events())
    found = sheet(desk, done.dossier_id, CLERK)
    shown = {each.item: each.value for each in found.fields}
    assert shown[Item.ID_NUMBER] == "042180000708"
    assert shown[Item.PHONE] == "0912345678"
    assert shown[Item.NAME] == "NGUYỄN ĐỨC THỊNH"
    assert shown[Item.KIND] == "Hộ kinh doanh"
    assert shown[Item.OTHER_NAME] == "LÊ ỦY"
    assert shown[Item.PAPERS] == "Bản chính; Giấy ủy quyền"
    assert shown[Item.RECEIVED] == "13/03/2026 09:12"
    assert shown[Item.FEE] == "10000"
    assert shown[Item.NOTE] == "gấp"
    assert (shown[Item.SEX], shown[Item.BIRTH]) == ("", "")
    assert found.left == 1
    (seen,) = desk.events()[before:]
    assert (seen.kind, seen.officer_id, dict(seen.data)) == (
        OfficeEvent.PERSON_SEEN, CLERK, {"dossier": done.dossier_id, "for": "retyping"},
    )  # fmt: skip
    assert desk.counter.verify_journal() is None
    assert "042180000708" not in repr(found)


def test_a_seal_tells_a_correction_and_no_value(desk: Desk) -> None:
    one, other = (desk.receive(COPIES, name, id_number="042180000708").dossier_id for name in ("A Lan", "A Lân"))
    first, again, second = sheet(desk, one), sheet(desk, one), sheet(desk, other)
    assert first.fields == again.fields
    by_item = [{each.item: each.seal for each in found.fields} for found in (first, second)]
    assert by_item[0][Item.NAME] != by_item[1][Item.NAME]
    # The same number of two people has two seals: a list of guesses is of no use.
    assert by_item[0][Item.ID_NUMBER] != by_item[1][Item.ID_NUMBER]


def test_only_what_was_corrected_is_typed_again(desk: Desk) -> None:
    done = desk.receive(COPIES, id_number="042180000708", phone="0912345678", components=("Tờ khai",), note="gấp")

    def seals() -> dict[Item, str]:
        return {each.item: each.seal for each in sheet(desk, done.dossier_id).fields}

    before = seals()
    desk.correct(done.code, name="Trần Thị Ỷ", phone="0987654321", components=(), note="")
    after = seals()
    assert {item for item in after if after[item] != before[item]} == {Item.NAME, Item.PHONE, Item.PAPERS, Item.NOTE}
    desk.act(done.code, Act.UNDO)
    assert seals() == before


def test_what_need_not_be_typed_again_is_refused_without_a_trace(desk: Desk) -> None:
    coded, voided = desk.receive(COPIES), desk.receive(COPIES)
    desk.act(coded.code, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(voided.code, Act.VOID, reason="nhầm")
    with desk.nothing_written():
        for number, reason in ((99, "unknown_dossier"), (coded.dossier_id, "has_code"), (voided.dossier_id, "voided")):
            refused(desk.counter.retyping.sheet(number, HEAD, order_of(None)), reason)


def test_the_next_one_is_the_oldest_without_a_code_and_goes_round(desk: Desk) -> None:
    dones = [desk.receive(COPIES) for _number in range(4)]
    ids = [done.dossier_id for done in dones]
    desk.act(dones[1].code, Act.SET_CODE, official_code=OFFICIAL)
    following = desk.counter.retyping.following
    assert [row.id for after in (0, ids[0], ids[2], ids[3]) if (row := following(after))] == [
        ids[0], ids[2], ids[3], ids[0],
    ]  # fmt: skip
    queue = (ids[3], ids[1], ids[0])
    assert [row.id for after in (ids[3], ids[0], 77) if (row := following(after, queue))] == [ids[0], ids[3], ids[3]]
    for done, code in ((dones[0], "0002"), (dones[2], "0003")):
        desk.act(done.code, Act.SET_CODE, official_code=f"H31.65-260313-{code}")
    assert following(ids[3]) is None
    assert following(ids[3], queue) is None


def test_every_field_and_kind_has_a_name_of_its_own() -> None:
    assert len({item_name(item) for item in Item}) == len(Item)
    assert len({kind_name(kind) for kind in ApplicantKind}) == len(ApplicantKind)


def test_the_centre_may_have_an_order_of_its_own(tmp_path: Path) -> None:
    assert order_of(tmp_path) == order_of(None)
    own = tmp_path / FILE
    own.write_text('[[field]]\nitem = "phone"\n[[field]]\nitem = "name"\n', encoding="utf-8")
    assert [step.item for step in order_of(tmp_path)] == [Item.PHONE, Item.NAME]
    for text, problem in (
        ('[[field]]\nitem = "nick"\n', SettingsProblem.UNKNOWN_KEY),
        ("[[field]\n", SettingsProblem.NOT_TOML),
    ):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError) as caught:
            order_of(tmp_path)
        assert (caught.value.reason, caught.value.path) == (problem, own)


def test_ticks_outlive_the_program_and_hold_no_personal_value(tmp_path: Path) -> None:
    Retyped(Beside(tmp_path)).mark("TN-1", {"name": "ab12"})
    assert dict(Retyped(Beside(tmp_path)).of("TN-1")) == {"name": "ab12"}
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    Retyped(Beside(tmp_path)).mark("TN-1", {})
    assert dict(Retyped(Beside(tmp_path)).of("TN-1")) == {}


def test_ticks_touched_longest_ago_go_first(tmp_path: Path) -> None:
    retyped = Retyped(Beside(tmp_path))
    for number in range(MOST + 1):
        retyped.mark(f"TN-{number}", {"name": str(number)})
        retyped.mark("TN-0", {"name": "0"})
    kept = Beside(tmp_path)
    kept.read("retype")
    assert len(kept.look("retype")) == MOST
    assert not Retyped(kept).of("TN-1")
    assert Retyped(kept).of("TN-0")


@pytest.mark.parametrize("damaged", [b"", b"[]", b'{"TN-1": 3}', b'{"TN-1": {"done": [], "turn": 1}}', b"\xff"])
def test_a_damaged_file_of_ticks_counts_as_none(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "retype-1.json").write_bytes(damaged)
    retyped = Retyped(Beside(tmp_path))
    assert dict(retyped.of("TN-1")) == {}
    retyped.mark("TN-1", {"name": "x"})
    assert dict(Retyped(Beside(tmp_path)).of("TN-1")) == {"name": "x"}


def test_a_disk_that_refuses_says_so_and_the_ticks_stay_in_memory(tmp_path: Path) -> None:
    retyped = Retyped(Beside(tmp_path / "gone"))
    with pytest.raises(OSError, match="gone"):
        retyped.mark("TN-1", {"name": "x"})
    assert dict(retyped.of("TN-1")) == {"name": "x"}
