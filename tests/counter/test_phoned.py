"""The province's word over the phone: a real centre, a real outbox, a real province; a note that confirms nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import summaries
from db.vocabulary import Delivery, OfficeEvent
from desk.counter import posted
from desk.counter.model import Refused
from desk.counter.phoned import HeardFile
from desk.counter.posted import PostedFile
from desk.daily.model import Status
from desk.daily.sshsig import PublicKey, SigningKey
from desk.province.phone import Acknowledged
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.patience import Patience
from desk.sync.post import Post
from tests.counter.desk_fixture import CLERK, HEAD, LAND, UNIT, Clock, Desk, at, open_desk, refused
from tests.province.factory import made_province
from tests.sync.test_patience import Line


@dataclass
class Both:
    """A commune whose Thursday and Friday are closed, and its province; the stick lies between them."""

    desk: Desk
    post: Post
    line: Line
    province: Province
    stick: Path
    clock: Clock

    def meet(self) -> None:
        """Let the commune know the province's key."""
        shutil.copy(self.province.folder / "province.pub", self.stick.parent / "data" / "province.pub")

    def take(self, *numbers: int) -> None:
        """Let the province have files as they would come by a messenger."""
        files = {file.seq: file.content for file in self.desk.files()}
        for number in numbers:
            self.province.take(files[number])

    def codes(self) -> dict[int, Acknowledged]:
        return {each.seq: each for each in self.province.acknowledged(UNIT)}

    def hear(self, typed: str, officer: int = CLERK) -> HeardFile | Refused:
        return self.desk.counter.posted.hear(typed, officer)

    def file(self, seq: int) -> PostedFile:
        return next(each for each in self.desk.counter.posted.files() if each.seq == seq)

    def due(self) -> int:
        """Run what a timer runs; return how many files were offered over the line."""
        before = len(self.line.offered)
        self.post.run(due=True)
        self.desk.counter.take_in()
        return len(self.line.offered) - before


@pytest.fixture
def both(folder: Path) -> Iterator[Both]:
    clock, stick = Clock(at("2026-03-13T17:00")), folder / "stick"
    stick.mkdir()
    paths = Paths(folder / "data")
    paths.folder.mkdir()
    line = Line()
    post = Post(paths, UNIT, True, "", clock, ways=(line,))
    desk = open_desk(folder / "desk.db", post=post, clock=clock)
    desk.receive(LAND)
    desk.counter.close()
    province = made_province(folder / "province", clock, practice=True)
    with desk.records.reading() as view:
        key = summaries.signing_key(view.connection)
    assert key is not None
    province.enrol(UNIT, PublicKey.parse(key.public_key).line())
    yield Both(desk, post, line, province, stick, clock)
    province.close()
    desk.records.close()


def test_a_right_code_is_a_note_and_confirms_nothing(both: Both) -> None:
    both.meet()
    both.take(1, 2)
    told = both.codes()[1]
    assert told.status is Status.MERGED
    found = both.hear(told.code)
    assert isinstance(found, HeardFile)
    assert (found.seq, found.status, found.again) == (1, Status.MERGED, False)
    assert "đã nhận tệp số 1" in found.sentence
    file = both.file(1)
    assert file.state is Delivery.SEALED
    assert file.heard is not None
    assert (file.heard.status, file.heard.officer_id, file.heard_by) == (Status.MERGED, CLERK, "Phạm Văn Tư")
    assert both.file(2).heard is None
    (event,) = [each for each in both.desk.events() if each.kind == OfficeEvent.RECEIPT_HEARD]
    assert (event.officer_id, event.data["status"], event.data["seq"]) == (CLERK, "merged", 1)
    assert event.data["sha256"] == told.sha256
    assert both.desk.counter.outgoing()[1].sentence.endswith("nghe ĐT: đã nhận")


def test_the_same_code_again_changes_nothing(both: Both) -> None:
    both.meet()
    both.take(1)
    code = both.codes()[1].code
    both.hear(code)
    with both.desk.nothing_written():
        again = both.hear(code.replace(" ", ""), HEAD)
    assert isinstance(again, HeardFile)
    assert again.again


def test_a_note_gives_a_closed_day_nothing_new_to_say(both: Both) -> None:
    both.meet()
    both.take(1)
    both.hear(both.codes()[1].code)
    (day,) = both.desk.close()
    assert day.already


def test_the_signed_receipt_confirms_later(both: Both) -> None:
    both.meet()
    both.take(1, 2)
    both.hear(both.codes()[2].code)
    post = both.post.through(str(both.stick))
    post.run()
    both.province.ingest([both.stick])
    post.run()
    both.desk.counter.take_in()
    assert [each.state for each in both.desk.counter.posted.files()] == [Delivery.CONFIRMED] * 2
    known = refused(both.hear(both.codes()[2].code), "confirmed")
    assert "số 2" in known.sentence


def test_held_then_merged_and_never_back(both: Both) -> None:
    both.meet()
    both.take(2)
    held = both.codes()[2]
    assert held.status is Status.HELD
    found = both.hear(held.code)
    assert isinstance(found, HeardFile)
    assert "chờ tệp trước" in found.sentence
    both.take(1)
    merged = both.codes()[2]
    assert merged.status is Status.MERGED
    both.hear(merged.code)
    both.hear(held.code)
    file = both.file(2)
    assert file.heard is not None
    assert file.heard.status is Status.MERGED


def test_a_code_is_of_this_file_this_unit_and_these_keys_only(both: Both) -> None:
    both.meet()
    both.take(1)
    code = both.codes()[1].code
    stranger = SigningKey.from_seed(b"x" * 32)
    pin = both.stick.parent / "data" / "province.pub"
    own = pin.read_bytes()
    pin.write_text(stranger.public.line("province") + "\n")
    with both.desk.nothing_written():
        refused(both.hear(code), "of_no_file")
        pin.unlink()
        refused(both.hear(code), "no_province_key")
        pin.write_text("not a key")
        refused(both.hear(code), "no_province_key")
    pin.write_bytes(own)
    assert isinstance(both.hear(code), HeardFile)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Mã có 12 số"),
        ("1234", "Mã có 12 số, đã gõ 4 số"),
        ("abc", "chỉ có chữ số"),
        ("0000 0000 0000", "Nhóm 1, 2, 3 sai"),
        ("1234 123 1234", "Nhóm 2 không đủ bốn số"),
    ],
)
def test_what_was_misheard_is_asked_again_by_its_group(both: Both, typed: str, said: str) -> None:
    both.meet()
    with both.desk.nothing_written():
        assert said in refused(both.hear(typed), "misheard").sentence


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(place=st.integers(0, 11), digit=st.sampled_from("0123456789"))
def test_no_slip_of_one_digit_is_taken(both: Both, place: int, digit: str) -> None:
    both.meet()
    both.take(1)
    digits = both.codes()[1].code.replace(" ", "")
    if digits[place] != digit:
        typed = digits[:place] + digit + digits[place + 1 :]
        assert f"nhóm {place // 4 + 1}" in refused(both.hear(typed), "misheard").sentence


def test_a_file_that_was_heard_of_is_offered_seldom_and_the_others_as_ever(both: Both) -> None:
    both.meet()
    both.take(1)
    both.line.fails = 0  # it takes everything and answers nothing
    assert both.due() == 2
    both.hear(both.codes()[1].code)
    for _look in range(3):
        both.clock.advance(minutes=15)
        both.due()
    offered = [name.split("-")[2] for name in both.line.offered[2:]]
    assert "000001" not in offered
    assert offered.count("000002") == 3
    both.clock.advance(hours=2)
    assert both.due() == 2
    both.clock.advance(minutes=30)
    both.due()
    assert [name.split("-")[2] for name in both.line.offered[5:]].count("000001") == 1
    both.post.run()
    assert [name.split("-")[2] for name in both.line.offered[-2:]] == ["000001", "000002"]


def test_a_dead_line_is_not_tried_for_what_was_heard_of(both: Both) -> None:
    both.meet()
    both.take(1, 2)
    for code in both.codes().values():
        both.hear(code.code)
    both.clock.advance(minutes=50)
    assert both.due() == 0
    both.clock.advance(hours=2)
    assert both.due() == 1
    rest = Patience(both.stick.parent / "data" / "outbox", both.clock())
    sha256 = both.file(1).sha256
    until = rest.until("https://x", sha256)
    assert until is not None
    assert until - both.clock() >= timedelta(hours=1)


def test_a_note_ends_the_alarm_unless_the_province_refused(both: Both) -> None:
    both.meet()
    both.take(1, 2)
    both.clock.set("2026-03-17T09:00")
    drill = both.desk.counter.drill()
    assert (drill.unsent, drill.delivered, f"{drill.unsent_since}") == (2, 0, "2026-03-12")
    both.hear(both.codes()[1].code)
    drill = both.desk.counter.drill()
    assert (drill.unsent, drill.delivered, f"{drill.unsent_since}") == (2, 1, "2026-03-13")
    both.hear(both.codes()[2].code)
    drill = both.desk.counter.drill()
    assert (drill.unsent, drill.delivered, drill.unsent_since) == (2, 2, None)


def test_a_refusal_that_was_heard_keeps_the_alarm(both: Both) -> None:
    both.meet()
    both.clock.set("2026-03-10T18:00")  # so early that both days are to come
    both.take(1)
    told = both.codes()[1]
    assert (told.status, told.reason) == (Status.REFUSED, "future_date")
    found = both.hear(told.code)
    assert isinstance(found, HeardFile)
    assert "TỪ CHỐI" in found.sentence
    both.clock.set("2026-03-17T09:00")
    assert f"{both.desk.counter.drill().unsent_since}" == "2026-03-12"


def test_the_outbox_tells_the_whole_story(both: Both) -> None:
    both.due()
    waiting = both.file(2)
    assert (waiting.state, waiting.tries, waiting.tried_again) == (Delivery.SEALED, 0, True)
    now = both.clock.advance(days=3)
    lines = posted.story(both.file(1), now)
    assert lines[0] == "Tệp số 1 ngày 12/03/2026, chốt T6 13/03 17:00, đã chờ 3 ngày."
    assert "Đường truyền đứt giữa chừng" in lines[1]
    assert lines[-1] == "Lần tới: trong chốc lát, ngay khi có đường."
    both.meet()
    both.take(1)
    both.hear(both.codes()[1].code)
    lines = posted.story(both.file(1), both.clock())
    assert "Nghe qua điện thoại 16/03 17:00 (Phạm Văn Tư): tỉnh đã nhận." in lines[2]
    assert lines[-1].startswith("Lần tới: ")


def test_all_that_waits_is_listed_and_only_the_newest_of_the_rest(both: Both) -> None:
    both.clock.set("2026-03-20T17:00")
    both.desk.close()
    both.desk.sql("UPDATE outbox SET state = 'confirmed' WHERE seq BETWEEN 2 AND 5")
    files = both.desk.counter.posted.files(confirmed=2)
    assert [each.seq for each in files] == [7, 6, 1, 5, 4]


def test_a_file_is_shown_by_its_number(both: Both) -> None:
    both.desk.receive(LAND)
    both.desk.close()
    shown = [both.desk.counter.posted.file(number) for number in (2, 3)]
    assert all(not isinstance(each, Refused) for each in shown)
    second, third = (each for each in shown if not isinstance(each, Refused))
    assert second.view.day == third.view.day
    assert second.sha256 != third.sha256
    assert second.name.startswith("18229-20260313-000002-")
    assert second.names[LAND].startswith("Đăng ký đất đai")
    refused(both.desk.counter.posted.file(9), "no_file")


def test_a_strange_unit_has_no_codes(both: Both) -> None:
    from desk.province.model import ProvinceError

    with pytest.raises(ProvinceError):
        both.province.acknowledged("00004")
    assert both.province.acknowledged(UNIT) == ()
    both.take(1, 2)
    assert [each.seq for each in both.province.acknowledged(UNIT, at("2026-03-13T09:00").date())] == [2]
