"""Form 01 as plain text: all its fields, never wider than 80 columns, whatever was typed."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desk.forms.receipt import WIDTH, Person, Receipt, clock_and_day, lines, width
from desk.rules.moment import parse

APPLICANT = Person("Nguyễn Đức Thịnh", "042180000708", "Thôn Hải Thanh, xã Đức Thọ", "0912345678", "thinh@example.vn")
OTHER = Person("Lê Thị Ủy", "042190000001", "Thôn Đông", "0988111222", "uy@example.vn")

SLIP = Receipt(
    unit_name="Xã Đức Thọ",
    place="Đức Thọ",
    number="26.100213",
    code="TN-18229-260313-10001J",
    official_code="",
    applicant=APPLICANT,
    representative=None,
    request="1.004873 Cấp Giấy xác nhận tình trạng hôn nhân",
    components=("Tờ khai", "Bản sao căn cước"),
    sets=1,
    limit="3 ngày làm việc",
    received=parse("2026-03-13T09:12"),
    promise=parse("2026-03-18T09:05"),
    promise_note="",
    return_way="tại quầy",
    officer="Lê Thị Hoa",
    practice=False,
)


def page(slip: Receipt) -> str:
    return "\n".join(lines(slip))


FIELDS = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "XÃ ĐỨC THỌ",
    "Số: 26.100213/TTPVHCC",
    "Đức Thọ, ngày 13 tháng 03 năm 2026",
    "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "Mã hồ sơ: TN-18229-260313-10001J",
    "Trung tâm Phục vụ hành chính công: Xã Đức Thọ",
    "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Nguyễn Đức Thịnh",
    "Số định danh cá nhân/tổ chức: 042180000708",
    "Địa chỉ: Thôn Hải Thanh, xã Đức Thọ",
    "Số điện thoại: 0912345678",
    "Email: thinh@example.vn",
    "Nội dung yêu cầu giải quyết: 1.004873 Cấp Giấy xác nhận tình trạng hôn nhân",
    "  1. Tờ khai",
    "  2. Bản sao căn cước",
    "Số lượng hồ sơ: 01 (bộ)",
    "Thời gian giải quyết hồ sơ theo quy định là: 3 ngày làm việc",
    "Thời gian nhận hồ sơ: 09 giờ 12 phút, ngày 13 tháng 03 năm 2026",
    "Thời gian trả kết quả giải quyết hồ sơ: 09 giờ 05 phút, ngày 18 tháng 03 năm",
    "Đăng ký nhận kết quả tại: tại quầy",
    "Vào Sổ theo dõi hồ sơ, Quyển số …, Số thứ tự: 26.100213",
    "NGƯỜI TIẾP NHẬN HỒ SƠ",
    "Lê Thị Hoa",
)


@pytest.mark.parametrize("field", FIELDS)
def test_the_form_has_every_field(field: str) -> None:
    assert field in page(SLIP)


def test_the_fields_come_in_the_order_of_the_form() -> None:
    text = page(SLIP)
    places = [text.index(field) for field in FIELDS if not field.startswith(("XÃ", "Số: ", "Lê"))]
    assert places == sorted(places)


def test_the_provisional_code_gives_way_to_the_official_one() -> None:
    assert "(mã tạm của trung tâm; mã chính thức cấp sau)" in page(SLIP)
    text = page(replace(SLIP, official_code="H31.65-260313-0001"))
    assert "Mã hồ sơ: H31.65-260313-0001" in text
    assert "(mã tạm của trung tâm: TN-18229-260313-10001J)" in text
    assert "mã tạm" not in page(replace(SLIP, official_code=SLIP.code))


def test_marks_are_printed_only_where_they_belong() -> None:
    assert "THỰC HÀNH" not in page(SLIP)
    assert "in lại" not in page(SLIP)
    first, second, *_rest = lines(replace(SLIP, practice=True, copy=2))
    assert first.strip() == "*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"
    assert second.strip() == "(bản in lại lần 2)"
    assert "(tạm tính)" in page(replace(SLIP, promise_note="tạm tính"))


def test_who_files_for_another_signs() -> None:
    text = page(replace(SLIP, representative=OTHER))
    assert "Người nộp theo ủy quyền:" in text
    assert "  Số định danh: 042190000001" in text
    assert "  Số điện thoại / Email: 0988111222 / uy@example.vn" in text
    assert lines(replace(SLIP, representative=OTHER))[-1].split("  ")[-1].strip() == "Lê Thị Hoa"
    assert "Lê Thị Ủy" in lines(replace(SLIP, representative=OTHER))[-1]
    assert "Nguyễn Đức Thịnh" in lines(SLIP)[-1]


def test_what_is_not_known_is_left_to_the_pen() -> None:
    empty = Person("An", "", "", "", "")
    text = page(replace(SLIP, applicant=empty, components=(), promise=None))
    for line in ("Địa chỉ: …", "Số điện thoại: …", "Email: …", "  …", "Thời gian trả kết quả giải quyết hồ sơ: …"):
        assert line in text.split("\n")


def test_instants_are_said_as_the_form_says_them() -> None:
    assert clock_and_day(datetime(2026, 1, 2, 3, 4)) == "03 giờ 04 phút, ngày 02 tháng 01 năm 2026"  # noqa: DTZ001


HOSTILE = (
    "x" * 300, "Nguyễn " * 60, "một-hai-ba-" * 30, "𠀀" * 100, "漢字かな" * 40, "한국어 이름 " * 20, "🏠" * 90,
    unicodedata.normalize("NFD", "Đặng Thị Ỷ Ngữ Điệu " * 12), "a" + "\u0301" * 200, "\t\tA\nB\r\nC", "a\u200bb\u202ec",
    "", " ", "—" * 100, "( " * 80, "A" * 79 + " B", "A" * 80 + " B", "A" * 81 + " B",
)  # fmt: skip


def hostile(value: str) -> Receipt:
    person = Person(value, value, value, value, value)
    return replace(
        SLIP, unit_name=value, place=value, applicant=person, representative=person, request=value,
        components=(value, value), limit=value, promise_note=value, return_way=value, officer=value,
    )  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_no_line_is_wider_than_the_page(value: str) -> None:
    for line in lines(hostile(value)):
        assert width(line) <= WIDTH == 80
        assert "\n" not in line
        assert line == line.rstrip()


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_was_typed_is_lost(value: str) -> None:
    kept = "".join(unicodedata.normalize("NFC", value).split())
    text = "".join(lines(replace(SLIP, request=value)))
    assert kept in "".join(text.split())


def test_a_mark_stays_on_its_letter() -> None:
    for line in lines(hostile(unicodedata.normalize("NFD", "Ỷ" * 300))):
        assert not unicodedata.combining((line.strip() or "x")[0])


@given(value=st.text(max_size=200))
def test_any_text_fits(value: str) -> None:
    for line in lines(hostile(value)):
        assert width(line) <= WIDTH


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("Ỷ", 1), (unicodedata.normalize("NFD", "Ỷ"), 1), ("漢字", 4), ("ｅ", 2), ("a\u200bb", 2)],
)
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert width(text) == columns
