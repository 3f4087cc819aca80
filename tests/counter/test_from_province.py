"""What the province published, before it applies and after; messages to it, sealed durably."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from db.vocabulary import OfficeEvent
from desk.counter.calendar_change import CalendarEffect
from desk.counter.from_province import CatalogueNews, NewsState, NoticeEffect
from desk.counter.model import Refused
from desk.daily.calendars import PublishedCalendar
from desk.daily.container import sha256
from desk.daily.messages import MessageKind, UnitMessage, names_someone
from desk.daily.model import Receipt, Status
from desk.daily.published import Content, Notice, PublishedCatalogue, published_name, seal_published
from desk.daily.receipt import receipt_name, seal_receipt
from desk.daily.sshsig import SigningKey
from desk.rules.calendar import DayRule
from desk.settings import Paths
from desk.sync.post import Post
from desk.sync.shelf import Shelf
from tests.counter.desk_fixture import UNIT, Clock, Desk, at, open_desk, refused

KEY = SigningKey.from_seed(b"p" * 32)
HOLIDAY = DayRule(date(2026, 3, 16), False, False, "Nghỉ đột xuất", "tỉnh")


class Station:
    """A centre whose folders hold what a province published."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder)
        (folder / "province.pub").write_text(KEY.public.line("province") + "\n")
        self.paths.published.mkdir()
        clock = Clock(at("2026-03-13T09:12"))
        self.post = Post(self.paths, UNIT, True, "", clock)
        self.desk = open_desk(folder / "desk.db", post=self.post, clock=clock)
        self._number = 0

    def publish(self, content: Content, unit: str = "") -> str:
        """Put a signed file on the shelf as a fetch does."""
        self._number += 1
        data = seal_published(content, self._number, unit, KEY)
        name = published_name(self._number, sha256(data))
        Shelf(self.paths.published).keep(name, data)
        return name

    def confirm(self, digest: str) -> None:
        """Keep the province's receipt of a message, as a delivery does."""
        now = at("2026-03-13T12:00")
        receipt = Receipt(digest, UNIT, None, None, Status.MERGED, None, 1, 1, now, None)
        self.paths.receipts.mkdir()
        (self.paths.receipts / receipt_name(digest)).write_bytes(seal_receipt(receipt, KEY))

    def states(self) -> list[tuple[int, str]]:
        return [(each.number, each.state.value) for each in self.desk.counter.province.listed()]

    def kinds(self) -> list[str]:
        return [event.kind for event in self.desk.events()]


@pytest.fixture
def station(folder: Path) -> Iterator[Station]:
    found = Station(folder)
    yield found
    found.desk.records.close()


def calendar(version: str = "2099.1") -> PublishedCalendar:
    return PublishedCalendar(version, date(2026, 1, 1), date(2026, 12, 31), (HOLIDAY,))


def test_a_calendar_shows_what_it_moves_then_applies_once(station: Station) -> None:
    done = station.desk.receive()
    name = station.publish(calendar())
    news = station.desk.counter.province
    assert station.states() == [(1, "new")]
    before = station.desk.row(done.code).legal_deadline
    shown = news.effect(name)
    assert isinstance(shown, CalendarEffect)
    assert (shown.version, [each.code for each in shown.moved]) == ("2099.1", [done.code])
    assert station.desk.row(done.code).legal_deadline == before
    assert station.states() == [(1, "new")]
    applied = news.apply(name, None)
    assert applied == shown
    assert station.desk.row(done.code).legal_deadline != before
    assert station.kinds().count(OfficeEvent.CALENDAR_IMPORTED) == 1
    assert station.states() == [(1, "done")]
    refused(news.apply(name, None), "not_newer")


def test_what_is_not_newer_says_so_and_changes_nothing(station: Station) -> None:
    name = station.publish(calendar("2000.1"))
    (item,) = station.desk.counter.province.listed()
    assert (item.state, "2000.1" in item.sentence) == (NewsState.OLD, True)
    with station.desk.nothing_written():
        refused(station.desk.counter.province.effect(name), "not_newer")
        refused(station.desk.counter.province.apply(name, None), "not_newer")


def test_a_catalogue_names_what_it_adds_and_ends_and_leaves_open_dossiers_alone(station: Station) -> None:
    from importlib.resources import files

    done = station.desk.receive()
    head, *rows = files("desk.reference").joinpath("procedures.csv").read_text(encoding="utf-8").splitlines()
    found = next(row for row in rows if row.startswith("1.001653,"))
    table = f"{head},valid_to\n{found},2026-12-31\n{found.replace('1.001653', '9.999999', 1)},\n"
    name = station.publish(PublishedCatalogue.from_table("2099.1", table.encode()))
    row = station.desk.row(done.code)
    shown = station.desk.counter.province.effect(name)
    assert isinstance(shown, CatalogueNews)
    assert (shown.effect.added, shown.effect.changed) == (("9.999999",), ("1.001653",))
    assert shown.effect.ended == (("1.001653", date(2026, 12, 31)),)
    assert shown.names["9.999999"].startswith("Đổi, cấp lại Giấy xác nhận")
    assert station.desk.counter.province.apply(name, None) == shown
    assert station.desk.row(done.code) == row
    assert station.states() == [(1, "done")]


def test_the_shipped_catalogue_fits_a_published_file(station: Station) -> None:
    from importlib.resources import files

    table = files("desk.reference").joinpath("procedures.csv").read_bytes()
    name = station.publish(PublishedCatalogue.from_table("2099.1", table))
    shown = station.desk.counter.province.effect(name)
    assert isinstance(shown, CatalogueNews)
    assert (shown.effect.added, shown.effect.changed, shown.effect.unchanged) == ((), (), len(table.splitlines()) - 1)


def test_a_message_is_read_once_and_the_journal_holds_no_word_of_it(station: Station) -> None:
    name = station.publish(Notice("Họp trực tuyến\nngày mai", at("2026-03-13T08:00")), UNIT)
    (item,) = station.desk.counter.province.listed()
    assert (item.own, item.text, item.state) == (True, "Họp trực tuyến", NewsState.NEW)
    for _again in range(2):
        effect = station.desk.counter.province.apply(name, None)
        assert isinstance(effect, NoticeEffect)
        assert effect.text == "Họp trực tuyến\nngày mai"
    assert station.kinds().count(OfficeEvent.NOTICE_READ) == 1
    assert station.states() == [(1, "done")]
    assert "trực tuyến" not in station.desk.contents()


def test_what_did_not_verify_is_listed_with_its_reason(station: Station) -> None:
    Shelf(station.paths.published).refuse(KEY.public.fingerprint, published_name(7, "ab" * 32), "bad_signature")
    (item,) = station.desk.counter.province.listed()
    assert (item.number, item.state, item.kind) == (7, NewsState.REFUSED, None)
    assert item.sentence
    refused(station.desk.counter.province.apply(item.name, None), "bad_signature")


def test_a_file_of_another_unit_never_applies(station: Station) -> None:
    name = station.publish(calendar(), "00004")
    with station.desk.nothing_written():
        refused(station.desk.counter.province.apply(name, None), "wrong_unit")


def test_a_message_is_sealed_and_queued_and_its_answer_found(station: Station) -> None:
    news = station.desk.counter.province
    sent = news.send(MessageKind.DIFFICULTY, "  Máy in\u200b hỏng ", None)
    assert isinstance(sent, UnitMessage)
    assert (sent.number, sent.text, sent.unit, sent.practice) == (1, "Máy in hỏng", UNIT, True)
    second = news.send(MessageKind.QUESTION, "Khi nào có lịch 2027?", None)
    assert isinstance(second, UnitMessage)
    assert second.number == 2
    newest, first = news.sent()
    assert (newest.number, first.text, first.sentence) == (2, "Máy in hỏng", "đã niêm phong, chưa gửi")
    station.publish(Notice("Đã cử người.", at("2026-03-13T10:00"), first.sha256), UNIT)
    assert [each.answer for each in news.sent()] == ["", "Đã cử người."]
    shown = news.effect(news.listed()[0].name)
    assert isinstance(shown, NoticeEffect)
    assert shown.answers == "Máy in hỏng"
    assert station.kinds().count(OfficeEvent.MESSAGE_SEALED) == 2
    assert "Máy in" not in station.desk.contents()


def test_a_message_whose_file_was_lost_is_still_named_and_its_answer_with_it(station: Station) -> None:
    news = station.desk.counter.province
    for text in ("Máy in hỏng", "Khi nào có lịch 2027?"):
        assert isinstance(news.send(MessageKind.QUESTION, text, None), UnitMessage)
    _second, first = news.sent()
    (path,) = station.paths.messages.glob("*-000001-*")
    path.unlink()
    station.publish(Notice("Đã cử người.", at("2026-03-13T10:00"), first.sha256), UNIT)
    second, lost = news.sent()
    assert (second.number, second.text, second.state) == (2, "Khi nào có lịch 2027?", "sealed")
    assert (lost.number, lost.kind, lost.sha256, lost.state) == (1, first.kind, first.sha256, "lost")
    assert (lost.answer, "Máy in" in lost.text, "viết lại" in lost.sentence) == ("Đã cử người.", False, True)
    shutil.rmtree(station.paths.messages)
    assert [(each.number, each.state) for each in news.sent()] == [(2, "lost"), (1, "lost")]
    station.confirm(first.sha256)
    assert [(each.number, each.state) for each in news.sent()] == [(2, "lost"), (1, "confirmed")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), (" \u200b ", "empty"), ("x" * 2001, "too_long"), ("của ông 033 180 930 129", "personal")],
)
def test_a_message_that_is_not_sent(station: Station, text: str, reason: str) -> None:
    with station.desk.nothing_written():
        refused(station.desk.counter.province.send(MessageKind.QUESTION, text, None), reason)
    assert not station.paths.messages.exists()


def test_a_number_goes_when_one_is_sure(station: Station) -> None:
    sent = station.desk.counter.province.send(MessageKind.QUESTION, "gọi 0912345678", None, sure=True)
    assert not isinstance(sent, Refused)


def test_a_disk_that_takes_nothing_leaves_no_event(station: Station) -> None:
    station.paths.messages.write_text("in the way")
    with station.desk.nothing_written(), pytest.raises(OSError, match="Not a directory"):
        station.desk.counter.province.send(MessageKind.QUESTION, "Hỏi", None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("033180930129", True),
        ("033 180 930 129", True),
        ("số 0912 345 678 ạ", True),
        ("CMND 123456789.", True),
        ("hồ sơ TN-18229-260225-10007C", False),
        ("mã H27.65-260225-0012", False),
        ("1.012796 ngày 13/03/2026 09:12", False),
        ("156.230 hồ sơ, 2.000.000.000 đồng", False),
    ],
)
def test_what_looks_like_somebodys_number(text: str, found: bool) -> None:
    assert names_someone(text) is found


def test_a_counter_without_folders_has_nothing(desk: Desk) -> None:
    assert desk.counter.province.listed() == ()
    assert desk.counter.province.sent() == ()
    refused(desk.counter.province.send(MessageKind.QUESTION, "Hỏi", None), "no_post")
