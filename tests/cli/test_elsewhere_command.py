"""`desk receive` and `desk act … forward` for a dossier whose competent agency is elsewhere."""

from __future__ import annotations

from typing import Any

AGENCY = "UBND xã Cẩm Bình"
ORDER = {"procedure": "1.004873", "channel": "direct", "applicant": {"name": "Đỗ Văn Lộc"}, "competent": AGENCY}


def test_a_line_may_say_since_when_the_agency_has_it(centre: Any) -> None:
    centre.now = "2026-03-13T10:00"
    (known,) = centre.receive(ORDER | {"received_at": "2026-03-13T08:00", "competent_at": "2026-03-13T09:30"})
    assert known["promise"] == "2026-03-18T09:30+07:00"
    shown = centre.json("show", known["code"])
    assert (shown["competent"], shown["competent_at"]) == (AGENCY, "2026-03-13T09:30+07:00")
    assert (shown["received_at"], shown["provisional"]) == ("2026-03-13T08:00+07:00", False)
    (bad,) = centre.receive(ORDER | {"competent_at": "2026-03-13T11:00"})
    assert "tương lai" in bad["error"]


def test_the_news_may_come_later(centre: Any) -> None:
    centre.now = "2026-03-13T10:00"
    (waiting,) = centre.receive(ORDER)
    assert centre.json("show", waiting["code"])["provisional"] is True
    centre.now = "2026-03-16T10:00"
    done = centre.json("act", waiting["code"], "forward", "--competent-at", "2026-03-16T09:00")
    assert done["promise"] == done["legal_deadline"] == "2026-03-19T09:00+07:00"
    ran = centre("act", waiting["code"], "obligation", "--competent-at", "2026-03-16T09:00")
    assert (ran.status, "--competent-at" in ran.err) == (2, True)


def test_the_help_names_the_keys(desk: Any) -> None:
    text = desk("receive", "--help").out
    assert "competent_at" in text
    assert "phi địa giới" in text
