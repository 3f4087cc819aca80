"""`desk shift`: the hand-over of the open shift as a page and as JSON."""

from __future__ import annotations

from typing import Any

MARITAL = "1.004873"


def test_the_shift_is_printed_and_told_to_scripts(centre: Any) -> None:
    code = centre.take(MARITAL, "Trần Thị Mai")
    found = centre.json("shift")
    assert (found["received"], found["returned"], found["slips_not_given"]) == ([code], [], [code])
    assert (found["waiting_for_a_call"], found["desk"]) == ([], 1)
    assert found["opening_cash"] is None
    assert found["receipts"] == {
        "numbers": [],
        "count": {"taken": 0, "voided": 0, "paid_back": 0},
        "sums": {"cash": 0, "transfer": 0},
        "expected_cash": 0,
    }
    ran = centre("shift")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert any("PHIẾU BÀN GIAO CA" in line for line in lines)
    assert "Đã tiếp nhận: 1" in lines
    assert all(len(line) <= 80 for line in lines)
