"""`desk published`, `desk message`, `desk province publish/messages`: down and up by a stick, by commands alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-03-13T09:00"
CALENDAR = """# version: 2099.1
# first: 2026-01-01
# last: 2026-12-31
date,counts,open,note,source
2026-03-16,0,0,nghỉ bão,CĐ 12
"""


@pytest.fixture
def province(desk: Callable[..., Any], centre: Any, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs the command of a province on whose list the centre is."""
    folder = str(tmp_path / "province")

    def run(*words: str) -> Any:
        return desk("province", *words, "--data", folder, "--now", NOW)

    centre.now = NOW
    centre.take(client_id="c1")
    assert run("init", "--practice").status == 0
    key = tmp_path / "desk.pub"
    key.write_text(centre.json("key", "show")["public_key"] + "\n")
    assert run("enrol", "18229", "--key", str(key)).status == 0
    return run


def test_a_calendar_and_an_answer_come_down_and_a_question_goes_up(
    province: Callable[..., Any], centre: Any, tmp_path: Path
) -> None:
    table = tmp_path / "lich.csv"
    table.write_text(CALENDAR, encoding="utf-8")
    ran = province("publish", str(table), "--json")
    assert json.loads(ran.out) | {"sha256": "", "file": ""} == {
        "number": 1, "kind": "calendar", "version": "2099.1", "unit": None, "sha256": "", "file": "",
    }  # fmt: skip
    ran = province("publish", str(table))
    assert (ran.status, "không mới hơn" in ran.err) == (1, True)
    assert centre.json("message", "send", "Khi nào có mẫu mới?", "--kind", "question")["number"] == 1
    centre("sync")
    assert province("ingest", str(centre.stick)).status == 0
    ran = centre("sync")
    assert (ran.status, "tin số 1: tỉnh đã nhận" in ran.out, "Tỉnh công bố số 1" in ran.out) == (0, True, True)

    (item,) = centre.json("published", "list")
    assert (item["number"], item["kind"], item["state"]) == (1, "calendar", "new")
    shown = centre.json("published", "show", "1")
    assert (shown["version"], shown["applied"]) == ("2099.1", False)
    assert centre.json("published", "list")[0]["state"] == "new"
    assert centre.json("published", "apply", "1")["applied"] is True
    assert centre.json("published", "list")[0]["state"] == "done"
    ran = centre("published", "apply", "1", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "not_newer")
    assert centre("published", "show", "9").status == 2

    (asked,) = json.loads(province("messages", "--json").out)
    assert (asked["text"], asked["kind"], asked["answer"]) == ("Khi nào có mẫu mới?", "question", None)
    assert json.loads(province("status", "--json").out)["unanswered"] == 1
    answer = tmp_path / "tra-loi.txt"
    answer.write_text("Tháng Tư.\n", encoding="utf-8")
    assert province("publish", str(answer), "--about", asked["sha256"][:8]).status == 0
    assert json.loads(province("status", "--json").out)["unanswered"] == 0
    province("ingest", str(centre.stick))
    centre("sync")
    (sent,) = centre.json("message", "list")
    assert (sent["state"], sent["answer"]) == ("confirmed", "Tháng Tư.")
    ran = centre("published", "show", "2")
    assert ran.out == "Trả lời tin: Khi nào có mẫu mới?\nTháng Tư.\n"


UNITS = """# version: 2026.9
code,type,name,province_code,province_name,valid_from
18229,Phường,Sông La,42,Tỉnh Hà Tĩnh,2026-03-01
99901,Xã,Núi Cài,42,Tỉnh Hà Tĩnh,2026-03-01
"""
CHANGES = """old_code,old_name,old_province,new_code
18229,Xã Đức Thọ,Tỉnh Hà Tĩnh,18229
18304,Xã Đức Đồng,Tỉnh Hà Tĩnh,18229
18304,Xã Đức Đồng,Tỉnh Hà Tĩnh,99901
"""


def test_communes_come_down_and_a_new_one_can_be_enrolled(
    province: Callable[..., Any], centre: Any, tmp_path: Path
) -> None:
    units, changes = tmp_path / "don-vi.csv", tmp_path / "vao.csv"
    units.write_text(UNITS, encoding="utf-8")
    changes.write_text(CHANGES.replace("Đức Đồng", "Đức Khác"), encoding="utf-8")
    ran = province("publish", str(units), "--changes", str(changes), "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "other_commune")
    changes.write_text(CHANGES, encoding="utf-8")
    key = tmp_path / "new.pub"
    key.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDVsbzj0dm+lx1xwkAzS6HhP2wCYd0Bjovh6nKt/EHGS\n")
    assert province("enrol", "99901", "--key", str(key)).status == 2
    ran = province("publish", str(units), "--changes", str(changes), "--json")
    assert (ran.status, json.loads(ran.out)["kind"]) == (0, "units")
    assert json.loads(province("enrol", "99901", "--key", str(key), "--json").out)["name"] == "Xã Núi Cài"
    assert province("publish", str(units), "--changes", str(changes)).status == 1
    assert province("publish", str(units), "--changes", str(changes), "--kind", "catalogue").status == 2
    centre("sync")
    province("ingest", str(centre.stick))
    centre("sync")
    shown = centre.json("published", "show", "1")
    assert [(each["code"], each["change"]) for each in shown["changes"]] == [
        ("18229", "renamed"), ("99901", "new"), ("18304", "split"),
    ]  # fmt: skip
    assert (shown["before"], shown["own"], shown["applied"]) == ("2026.4", "renamed", False)
    ran = centre("published", "apply", "1")
    assert (ran.status, "ĐƠN VỊ CỦA TA" in ran.out, "18304  chia" in ran.out) == (0, True, True)
    assert centre.json("published", "list")[0]["state"] == "done"


def test_the_province_changes_its_key_and_the_centre_agrees(province: Callable[..., Any], centre: Any) -> None:
    for words in (("--from", "2026-04-01"), ("--kind", "key", "--unit", "18229"), ("--kind", "key", "--from", "x")):
        assert province("publish", *words).status == 2, words
    ran = province("publish", "--kind", "key", "--from", "2026-03-13", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "bad_key_days")
    ran = province("publish", "--kind", "key", "--from", "2026-04-01", "--until", "2026-06-30", "--json")
    made = json.loads(ran.out)
    assert (ran.status, made["kind"], made["from"], made["until"]) == (0, "key", "2026-04-01", "2026-06-30")
    ran = province("publish", "--kind", "key", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "key_waits")
    centre("sync")
    province("ingest", str(centre.stick))
    centre("sync")
    shown = centre.json("published", "show", "1")
    assert (shown["before"], shown["after"]) == (made["before"], made["fingerprint"])
    ran = centre("published", "apply", "1")
    assert (ran.status, made["fingerprint"] in ran.out, "30/06/2026" in ran.out) == (0, True, True)
    assert centre.json("published", "list")[0]["state"] == "done"
    assert made["public_key"] in (centre.folder / "province.pub").read_text()
    ran = centre("published", "apply", "1", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "already")


def test_what_a_message_or_a_publication_may_not_be(province: Callable[..., Any], centre: Any, tmp_path: Path) -> None:
    ran = centre("message", "send", "ông Ba 033180930129", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "personal")
    assert centre("message", "send", "ông Ba 033180930129", "--sure").status == 0
    assert centre("message", "send", "a", "--kind", "thu").status == 2
    assert centre("message", "send").status == 2
    bad = tmp_path / "xau.csv"
    bad.write_text(CALENDAR.replace(",0,0,", ",2,0,"), encoding="utf-8")
    ran = province("publish", str(bad))
    assert (ran.status, "0 hoặc 1" in ran.err) == (2, True)
    text = tmp_path / "tin.txt"
    text.write_text("Họp.", encoding="utf-8")
    assert province("publish", str(text), "--kind", "thu").status == 2
    assert province("publish", str(text), "--unit", "00004").status == 2
    assert json.loads(province("publish", "--json").out) == []
