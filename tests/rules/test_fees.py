from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.vocabulary import Channel
from desk.rules.fees import CERTIFIED_COPY, FeeKind, FeeRule, fee

DIRECT, ONLINE, POST = Channel.DIRECT, Channel.ONLINE, Channel.POST
PAGES_NOTE = "2.000đ/trang; từ trang thứ 3: 1.000đ/trang; tối đa 200.000đ/bản (TT 226/2016/TT-BTC)"


@pytest.mark.parametrize(
    ("pages", "copies", "expected"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (5_000, 3, 600_000),
        (1, 3, 6_000),
        (3, 4, 20_000),
    ],
)
def test_certified_copies(pages: int, copies: int, expected: int) -> None:
    assert fee(CERTIFIED_COPY, copies=copies, pages=pages) == expected


@pytest.mark.parametrize(
    ("amount", "note", "kind", "direct", "online", "post"),
    [
        ("", "", FeeKind.UNKNOWN, None, None, None),
        ("", "Mức lệ phí do HĐND cấp tỉnh quyết định", FeeKind.UNKNOWN, None, None, None),
        ("", "Khai sinh đúng hạn: miễn lệ phí; bản sao Giấy khai sinh 8.000đ/bản", FeeKind.UNKNOWN, None, None, None),
        ("0", "Cổng ghi Miễn phí", FeeKind.PER_CASE, 0, 0, 0),
        ("0", "Miễn lệ phí; bản sao Trích lục kết hôn nếu yêu cầu: 8.000đ/bản", FeeKind.PER_CASE, 0, 0, 0),
        ("70000", "70.000 đồng/Giấy chứng nhận", FeeKind.PER_CASE, 70_000, 70_000, 70_000),
        ("10000", "10.000đ/trường hợp (một hoặc nhiều chữ ký)", FeeKind.PER_CASE, 10_000, 10_000, 10_000),
        ("50000", "/văn bản", FeeKind.PER_CASE, 50_000, 50_000, 50_000),
        ("8000", "8.000đ/văn bản xác nhận về một việc hộ tịch", FeeKind.PER_CASE, 8_000, 8_000, 8_000),
        ("4500000", "bốn triệu năm trăm nghìn việt nam đồng", FeeKind.PER_CASE, 4_500_000, 4_500_000, 4_500_000),
        ("8000", "8.000đ/bản sao (TT 281/2016/TT-BTC)", FeeKind.PER_COPY, 16_000, 16_000, 16_000),
        ("2000", PAGES_NOTE, FeeKind.PER_PAGE_CAPPED, 10_000, 10_000, 10_000),
        ("10000", "Trực tuyến: 5000đ; Trực tiếp: 10000đ", FeeKind.BY_CHANNEL, 10_000, 5_000, 10_000),
        (
            "25000",
            "Trực tiếp: 25000đ; Trực tuyến: 50000đ; Dịch vụ bưu chính: 50000đ",
            FeeKind.BY_CHANNEL,
            25_000,
            50_000,
            50_000,
        ),
    ],
)
def test_catalogue_rows(
    amount: str, note: str, kind: FeeKind, direct: int | None, online: int | None, post: int | None
) -> None:
    rule = FeeRule.parse(amount, note)
    assert rule.kind is kind
    found = [fee(rule, channel=channel, copies=2, pages=3) for channel in (DIRECT, ONLINE, POST)]
    assert found == [direct, online, post]


def test_a_doubtful_amount_says_so() -> None:
    assert FeeRule.parse("50000", "50.000đ/thẻ; TT 64/2025/TT-BTC giảm mức thu, cần đối chiếu").doubtful
    assert not FeeRule.parse("50000", "/giao dịch").doubtful


def test_the_note_of_the_catalogue_is_the_certified_copy() -> None:
    assert FeeRule.parse(2000, PAGES_NOTE) == CERTIFIED_COPY


@pytest.mark.parametrize("amount", ["miễn", "-1", "2.000", -1])
def test_what_is_no_amount_is_refused(amount: str | int) -> None:
    with pytest.raises(ValueError, match="fee"):
        FeeRule.parse(amount)


@pytest.mark.parametrize(("copies", "pages"), [(0, 1), (1, 0), (-2, 5)])
def test_less_than_one_is_refused(copies: int, pages: int) -> None:
    with pytest.raises(ValueError, match=r"copies|pages"):
        fee(CERTIFIED_COPY, copies=copies, pages=pages)


@given(pages=st.integers(1, 5_000), copies=st.integers(1, 500))
def test_more_pages_never_cost_less_and_no_copy_exceeds_the_cap(pages: int, copies: int) -> None:
    now, more = (fee(CERTIFIED_COPY, copies=copies, pages=count) for count in (pages, pages + 1))
    assert now is not None
    assert more is not None
    assert 2_000 * copies <= now <= more <= min(now + 2_000 * copies, 200_000 * copies)
