"""`desk close`, `desk sync`, `desk summary`, `desk key`, `desk journal`: a day sealed, sent, proved."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Desk = Callable[..., Any]
FRIDAY = "2026-03-13T17:00"


@pytest.fixture
def closed(centre: Any) -> Any:
    """Return a centre with three dossiers whose Thursday and Friday are closed."""
    centre.now = "2026-03-13T09:00"
    for number, channel in enumerate(("direct", "online", "post")):
        centre.take(channel=channel, client_id=f"c{number}")
    centre.now = FRIDAY
    centre.days = centre.json("close")
    return centre


def test_closing_seals_every_open_day_oldest_first(closed: Any) -> None:
    assert [day["date"] for day in closed.days] == ["2026-03-12", "2026-03-13"]
    assert [day["seq"] for day in closed.days] == [1, 2]
    for day in closed.days:
        assert set(day) == {"date", "seq", "file", "sha256", "totals", "balanced"}
        content = (closed.folder / "outbox" / day["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == day["sha256"]
        assert day["balanced"] is True
    assert closed.days[0]["totals"] == {}
    assert closed.days[1]["totals"] == {"online": 1, "direct": 1, "post": 1, "open_in_time": 3}


def test_closing_again_gives_the_same_file(closed: Any) -> None:
    assert closed.json("close", "--date", "2026-03-13") == closed.days[1:]
    ran = closed("close")
    assert (ran.status, "đã chốt từ trước" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (("--date", "2026-03-14"), 1, "day_to_come"),
        (("--date", "2026-03-01"), 1, "nothing_to_close"),
        (("--date", "13/03/2026"), 2, None),
        (("--date", "2026-02-30"), 2, None),
    ],
)
def test_a_day_that_cannot_be_closed(closed: Any, words: tuple[str, ...], status: int, reason: str | None) -> None:
    ran = closed("close", *words, "--json")
    assert (ran.status, ran.err.count("\n")) == (status, 1)
    assert (json.loads(ran.out)["reason"] if ran.out else None) == reason


def test_a_day_is_sealed_where_its_file_cannot_be_queued_and_queued_at_the_next_opening(closed: Any) -> None:
    outbox = closed.folder / "outbox"
    kept = {path.name: path.read_bytes() for path in outbox.glob("*.daily")}
    shutil.rmtree(outbox)
    outbox.write_text("in the way")
    ran = closed("close", "--json", now="2026-03-16T17:00")
    assert ran.status == 3
    (day,) = json.loads(ran.out)
    assert (day["date"], day["seq"], day["balanced"]) == ("2026-03-16", 3, True)
    assert ran.err.count("\n") == 1
    assert "đã niêm phong" in ran.err
    assert closed("find", "x").status == 0  # the counter works on
    outbox.unlink()
    assert closed("find", "x").status == 0
    found = {path.name: path.read_bytes() for path in outbox.glob("*.daily")}
    assert found.pop(day["file"])
    assert found == kept


def test_a_damaged_file_in_the_outbox_is_made_anew_at_the_next_opening(closed: Any) -> None:
    place = closed.folder / "outbox" / closed.days[1]["file"]
    sealed = place.read_bytes()
    place.write_bytes(sealed[:-9])
    assert "damaged_here" in {item["reason"] for item in json.loads(closed("sync", "--dry-run", "--json").out)}
    assert closed("find", "x").status == 0
    assert place.read_bytes() == sealed


def test_a_dossier_at_fault_is_named_and_nothing_is_sealed(closed: Any) -> None:
    from sqlalchemy import text

    from desk.bootstrap import open_centre
    from desk.settings import Paths

    closed.now = "2026-03-16T09:00"
    code = closed.take(client_id="c9")
    desk = open_centre(Paths(closed.folder))
    with desk.context.records.writing() as work:  # type: ignore[union-attr]
        work.connection.execute(text("UPDATE dossier SET state = 9 WHERE code = :code"), {"code": code})
        work.commit()
    desk.close()  # type: ignore[union-attr]
    ran = closed("close", "--json", now="2026-03-16T17:00")
    answer = json.loads(ran.out)
    assert (ran.status, answer["reason"]) == (1, "not_balanced")
    assert code in answer["error"]
    assert len(list((closed.folder / "outbox").glob("*.daily"))) == 2


class TestSync:
    """Delivery without the database."""

    def test_files_go_out_and_only_a_receipt_makes_them_delivered(
        self, closed: Any, desk: Desk, tmp_path: Path
    ) -> None:
        province = ("--data", str(tmp_path / "province"), "--now", "2026-03-13T18:00")
        for name in ("desk.db", "desk.key"):
            (closed.folder / name).rename(tmp_path / name)
        dry = closed.json("sync", "--dry-run")
        assert [item["state"] for item in dry] == ["sealed", "sealed"]
        assert not list(closed.stick.rglob("*.daily"))
        for _run in range(2):
            sent = closed.json("sync")
            assert [(item["state"], item["reason"]) for item in sent] == [("sent", None)] * 2
        assert len(list(closed.stick.rglob("*.daily"))) == 2
        for name in ("desk.db", "desk.key"):
            (tmp_path / name).rename(closed.folder / name)
        key = tmp_path / "unit.pub"
        key.write_text(closed("key", "show").out, encoding="utf-8")
        assert desk("province", "init", "--practice", *province).status == 0
        assert desk("province", "enrol", "18229", "--key", str(key), *province).status == 0
        taken = desk("province", "ingest", str(closed.stick), "--json", *province)
        assert [each["status"] for each in json.loads(taken.out)] == ["merged", "merged"]
        shutil.copy(tmp_path / "province" / "province.pub", closed.stick)
        self.bring_back(tmp_path / "province", closed.stick / "18229")
        ran = closed("sync", "--json")
        assert (ran.status, [item["state"] for item in json.loads(ran.out)]) == (0, ["confirmed"] * 2)
        assert "SHA256:" in ran.err
        assert [item["state"] for item in closed.json("sync")] == ["confirmed"] * 2
        assert closed("find", "x").status == 0

    def bring_back(self, province: Path, stick: Path) -> None:
        for receipt in province.rglob("*.receipt"):
            shutil.copy(receipt, stick)

    def test_a_stick_that_is_out_is_the_environment(self, closed: Any) -> None:
        closed.stick.rename(closed.stick.with_name("elsewhere"))
        ran = closed("sync", "--json")
        assert ran.status == 3
        assert [item["reason"] for item in json.loads(ran.out)] == ["unreachable"] * 2
        assert ran.err.count("\n") == 1

    def test_without_a_way_there_is_nothing_to_do(self, ready_centre: Path, desk: Desk) -> None:
        ran = desk("sync", "--data", str(ready_centre))
        assert (ran.status, "chưa chọn nơi gửi" in ran.err) == (1, True)

    def test_it_needs_a_centre(self, desk: Desk) -> None:
        ran = desk("sync")
        assert (ran.status, ran.out, "desk init" in ran.err) == (2, "", True)


class TestSummary:
    """A daily file read and verified."""

    def file(self, closed: Any) -> Path:
        return Path(closed.folder / "outbox" / closed.days[1]["file"])

    def test_it_is_read(self, closed: Any, desk: Desk) -> None:
        shown = json.loads(desk("summary", "show", str(self.file(closed)), "--json").out)
        assert (shown["unit"], shown["date"], shown["seq"]) == ("18229", "2026-03-13", 2)
        assert (shown["sha256"], shown["totals"]) == (closed.days[1]["sha256"], closed.days[1]["totals"])
        page = desk("summary", "show", str(self.file(closed))).out
        assert "CHƯA KIỂM" in page
        assert "1.013978" in page
        typed = desk("summary", "show", "-", "--json", typed=self.file(closed).read_bytes())
        assert json.loads(typed.out) == shown

    def test_a_day_without_events_says_so(self, closed: Any, desk: Desk) -> None:
        days = closed.json("close", now="2026-03-17T17:00")
        first, second = (desk("summary", "show", str(closed.folder / "outbox" / day["file"])).out for day in days)
        assert "không có sự kiện nào" not in first
        assert "không có sự kiện nào" in second

    def test_it_verifies_with_the_centres_own_key_a_key_file_or_a_list(
        self, closed: Any, desk: Desk, tmp_path: Path
    ) -> None:
        file, pub, listed = self.file(closed), tmp_path / "unit.pub", tmp_path / "allowed"
        line = closed("key", "show").out.strip()
        pub.write_text(line, encoding="utf-8")
        key = " ".join(line.split()[:2])
        listed.write_text(
            f'# units\n18229 namespaces="motcua-practice",valid-after="20990101" {key}\n', encoding="utf-8"
        )
        for words in (("--data", str(closed.folder)), ("--key", str(pub)), ("--allowed", str(listed))):
            ran = desk("summary", "verify", str(file), *words, "--json")
            answer = json.loads(ran.out)
            assert (ran.status, answer["verified"], answer["reason"], answer["practice"]) == (0, True, None, True)
            assert "18229" in desk("summary", "verify", str(file), *words).out

    @pytest.mark.parametrize(
        "line",
        [
            '18229 namespaces="motcua-daily" {key}',
            '18229 namespaces="motcua-practice",valid-before="20260101" {key}',
            "00004 {key}",
            "# {key}",
        ],
    )
    def test_a_key_for_something_else_does_not_count(self, closed: Any, desk: Desk, tmp_path: Path, line: str) -> None:
        key = " ".join(closed("key", "show").out.split()[:2])
        (tmp_path / "allowed").write_text(line.format(key=key), encoding="utf-8")
        ran = desk("summary", "verify", str(self.file(closed)), "--allowed", str(tmp_path / "allowed"), "--json")
        assert (ran.status, json.loads(ran.out)["reason"]) == (1, "wrong_unit" if "00004" in line else "unknown_key")

    def test_a_changed_file_does_not_verify(self, closed: Any, tmp_path: Path) -> None:
        good = self.file(closed).read_bytes()
        cases = {
            "bad_signature": good.replace(b'"online":1', b'"online":2'),
            "truncated": good[:-40],
            "unsigned": good[: good.index(b"\n") + 1],
            "damaged": b"\x00\xff" * 2_000,
        }
        for reason, content in cases.items():
            (tmp_path / reason).write_bytes(content)
            ran = closed.run("summary", "verify", str(tmp_path / reason), "--json", "--data", str(closed.folder))
            assert (ran.status, json.loads(ran.out)["reason"]) == (1, reason)
            assert ran.err.count("\n") == 1

    @pytest.mark.parametrize(
        "content", [b"", b"x", b"\x00" * 70_000, b"{}\n", b'{"a":1}\n-----BEGIN SSH SIGNATURE-----\n']
    )
    def test_what_is_no_daily_file_is_unreadable(self, desk: Desk, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "x").write_bytes(content)
        for words in ((), ("--json",)):
            ran = desk("summary", "show", str(tmp_path / "x"), *words)
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)

    @pytest.mark.parametrize("content", [b"\xff", b"ssh-rsa AAAA", b"18229 secret ssh-ed25519 AAAA", b"a b c"])
    def test_a_list_that_is_none_is_wrong_input(self, closed: Any, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "k").write_bytes(content)
        for option in ("--key", "--allowed"):
            ran = closed.run("summary", "verify", str(self.file(closed)), option, str(tmp_path / "k"))
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)

    def test_without_any_key_there_is_nothing_to_verify_with(self, desk: Desk, closed: Any) -> None:
        ran = desk("summary", "verify", str(self.file(closed)))
        assert (ran.status, "--allowed" in ran.err) == (2, True)

    def test_the_list_of_a_province_is_enough(self, closed: Any, desk: Desk, tmp_path: Path) -> None:
        province = ("--data", str(tmp_path / "p"))
        (tmp_path / "unit.pub").write_text(closed("key", "show").out, encoding="utf-8")
        desk("province", "init", "--practice", *province)
        desk("province", "enrol", "18229", "--key", str(tmp_path / "unit.pub"), *province)
        assert desk("summary", "verify", str(self.file(closed)), *province).status == 0


def test_the_key_is_one_openssh_line(centre: Any) -> None:
    ran = centre("key", "show")
    assert ran.out.startswith("ssh-ed25519 ")
    assert ran.out.endswith(" 18229\n")
    shown = centre.json("key", "show")
    assert (shown["public_key"], shown["fingerprint"]) == (ran.out.strip(), ran.err.strip())


def test_the_journal_holds_until_it_is_tampered_with(closed: Any) -> None:
    from sqlalchemy import text

    from desk.bootstrap import open_centre
    from desk.settings import Paths

    assert closed.json("journal", "verify") == {"holds": True}
    assert closed("journal", "verify").out == "Nhật ký nguyên vẹn.\n"
    desk = open_centre(Paths(closed.folder))
    with desk.context.records.writing() as work:  # type: ignore[union-attr]
        work.connection.execute(text("DROP TRIGGER journal_no_update"))
        work.connection.execute(text("UPDATE journal_event SET at = '2026-01-01T00:00:00Z' WHERE seq = 3"))
        work.commit()
    desk.close()  # type: ignore[union-attr]
    ran = closed("journal", "verify", "--json")
    assert (ran.status, json.loads(ran.out)) == (1, {"holds": False, "seq": 3, "reason": "hash"})
