"""The receipt of a dossier: what the record says, marked where it is practice or printed again."""

from __future__ import annotations

import pytest

from db.vocabulary import Act, ReturnWay
from desk.counter.model import PersonInput
from desk.forms.receipt import width
from tests.counter.desk_fixture import CLERK, COPIES, LAND, MARITAL, OFFICIAL, UNKNOWN_LIMIT, Desk, at, refused


def receipt(desk: Desk, number: int, *, reprint: bool = False) -> str:
    found = desk.counter.receipt(number, reprint=reprint)
    assert isinstance(found, tuple), found
    return "\n".join(found)


def test_a_receipt_says_what_was_received(desk: Desk) -> None:
    answer = desk.receive(
        COPIES, id_number="042180000708", phone="0912 345 678", address="Thôn Hải Thanh", email="a@b.vn",
        components=("Bản chính", "Bản sao"), variant="nhiều loại/nhiều trang/phức tạp", return_way=ReturnWay.POST,
        representative=PersonInput("Lê Thị Ủy"), officer_id=CLERK,
    )  # fmt: skip
    text = receipt(desk, answer.dossier_id)
    for part in (
        "THỰC HÀNH", "XÃ ĐỨC THỌ", "Số: 26.100001/TTPVHCC", "Đức Thọ, ngày 13 tháng 03 năm 2026",
        f"Mã hồ sơ: {answer.code}", "Nguyễn Đức Thịnh", "042180000708", "0912345678", "Thôn Hải Thanh", "a@b.vn",
        "Lê Thị Ủy", "2.000815 Chứng thực bản sao", "1. Bản chính", "2. Bản sao",
        "2 ngày làm việc (nhiều loại/nhiều trang/phức tạp)", "09 giờ 12 phút, ngày 13 tháng 03 năm 2026",
        "09 giờ 12 phút, ngày 17 tháng 03 năm", "bưu chính công ích", "Phạm Văn Tư",
    ):  # fmt: skip
        assert part in " ".join(text.split()), part
    assert all(len(line) <= 80 for line in text.split("\n"))


def test_a_live_receipt_has_no_practice_mark(live: Desk) -> None:
    assert "THỰC HÀNH" not in receipt(live, live.receive().dossier_id)


def test_a_reprint_is_counted_and_says_so(desk: Desk) -> None:
    number = desk.receive().dossier_id
    plain = receipt(desk, number)
    assert "in lại" not in plain
    assert "(bản in lại lần 1)" in receipt(desk, number, reprint=True)
    assert "(bản in lại lần 2)" in receipt(desk, number, reprint=True)
    assert receipt(desk, number) == plain


def test_the_first_promise_is_what_every_copy_says(desk: Desk) -> None:
    answer = desk.receive(MARITAL)
    before = receipt(desk, answer.dossier_id)
    desk.act(answer.code, Act.RESCHEDULE, to=at("2026-03-20T15:00"), reason="x")
    assert receipt(desk, answer.dossier_id) == before
    desk.act(answer.code, Act.SET_CODE, official_code=OFFICIAL)
    assert f"Mã hồ sơ: {OFFICIAL}" in receipt(desk, answer.dossier_id)


@pytest.mark.parametrize("act", [Act.REGISTER, Act.SUPPLEMENT, Act.DECLINE])
def test_there_is_no_receipt_before_acceptance(desk: Desk, act: Act) -> None:
    number = desk.receive(act=act, reason="thiếu").dossier_id
    with desk.nothing_written():
        refused(desk.counter.receipt(number), "not_received")
        refused(desk.counter.receipt(number, reprint=True), "not_received")


def test_a_receipt_given_later_names_who_accepted(desk: Desk) -> None:
    code = desk.receive(MARITAL, act=Act.REGISTER, officer_id=None).code
    answer = desk.act(code, Act.RECEIVE, officer_id=CLERK)
    text = receipt(desk, answer.dossier_id)
    assert "Phạm Văn Tư" in text
    assert "Số: 26.100001/TTPVHCC" in text


def test_a_date_typed_or_provisional_is_printed_as_such(desk: Desk) -> None:
    typed = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-20T15:00")).dossier_id
    assert "15 giờ 00 phút, ngày 20 tháng 03 năm" in receipt(desk, typed)
    assert "chưa rõ thời hạn" in receipt(desk, typed)
    desk.clock.set("2026-12-30T10:00")
    late = desk.receive(LAND).dossier_id
    assert "(tạm tính, lịch nghỉ chưa công bố)" in receipt(desk, late)


def back_of(desk: Desk, number: int, *, reprint: bool = False) -> list[str]:
    found = desk.counter.receipt(number, reprint=reprint, back=True)
    assert isinstance(found, tuple), found
    begins = [place for place, line in enumerate(found) if line.startswith("\f")]
    assert len(begins) == 1
    assert all(width(line) <= 80 for line in found)
    return list(found[begins[0] :])


def test_the_back_explains_the_promise_on_the_front(desk: Desk) -> None:
    answer = desk.receive(LAND)
    lines = back_of(desk, answer.dossier_id)
    assert lines[1].strip() == "CÁCH TÍNH THỜI GIAN TRẢ KẾT QUẢ"
    assert lines[2] == f"Mã hồ sơ: {answer.code} · giấy tiếp nhận số 26.100001"
    place = lines.index("VÌ SAO HẸN TRẢ T6 10/04/2026 09:12?")
    assert lines[place + 1] == "T6 13/03 09:12   tiếp nhận"
    assert "T2 06/04 16 · T3 07/04 17 · T4 08/04 18 · T5 09/04 19 · T6 10/04 20" in lines
    assert lines[-1] == f"Căn cứ: BLDS 2015 Đ147-148; lịch 2026.2; thủ tục {LAND}"
    assert not any("HẠN THEO LUẬT" in line for line in lines)


def test_the_back_stays_what_the_first_slip_said(desk: Desk) -> None:
    answer = desk.receive(MARITAL)
    before = back_of(desk, answer.dossier_id)
    desk.act(answer.code, Act.OBLIGATION)
    desk.clock.set("2026-03-16T09:00")
    desk.act(answer.code, Act.SETTLED)
    desk.act(answer.code, Act.VARIANT, variant="phải xác minh", reason="x")
    assert back_of(desk, answer.dossier_id, reprint=True) == before
    assert desk.ask("SELECT reprints FROM issued_slip WHERE form = '01'") == 1


def test_the_back_sets_a_shorter_local_promise_beside_the_law(desk: Desk) -> None:
    desk.sql("UPDATE procedure SET local_limit = '2 working_day' WHERE code = :code", code=MARITAL)
    lines = back_of(desk, desk.receive(MARITAL).dossier_id)
    assert lines.index("VÌ SAO HẸN TRẢ T3 17/03/2026 09:12?") < lines.index("HẠN THEO LUẬT T4 18/03/2026 09:12")


def test_the_back_of_a_typed_promise_says_so(desk: Desk) -> None:
    number = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-20T15:00")).dossier_id
    assert any("ngày hẹn cán bộ gõ" in line for line in back_of(desk, number))


def test_there_is_no_back_before_acceptance(live: Desk) -> None:
    number = live.receive(act=Act.REGISTER).dossier_id
    refused(live.counter.receipt(number, back=True), "not_received")
    accepted = live.receive().dossier_id
    assert back_of(live, accepted)[0] == "\f" + " " * 24 + "CÁCH TÍNH THỜI GIAN TRẢ KẾT QUẢ"
