"""What a province published for the centre of the screens' tests, as a fetch leaves it."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from desk.daily.calendars import PublishedCalendar
from desk.daily.container import sha256
from desk.daily.messages import MessageKind
from desk.daily.published import Content, Notice, PublishedCatalogue, published_name, seal_published
from desk.daily.sshsig import SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.units import ChangeRow, CommuneRow, PublishedUnits
from desk.rules.calendar import DayRule
from desk.settings import Paths
from desk.sync.shelf import Shelf
from tests.counter.desk_fixture import UNIT, Desk, at

KEY, NEXT = SigningKey.from_seed(b"p" * 32), SigningKey.from_seed(b"q" * 32)
STORM = DayRule(date(2026, 3, 16), False, False, "nghỉ bão", "CĐ 12")


def publish(desk: Desk, number: int, content: Content, unit: str = "") -> str:
    """Put a signed file on the shelf of a centre, whose province's key is pinned; return its name."""
    folder = desk.path.parent
    (folder / "province.pub").write_text(KEY.public.line("province") + "\n")
    paths = Paths(folder)
    paths.published.mkdir(exist_ok=True)
    data = seal_published(content, number, unit, KEY)
    name = published_name(number, sha256(data))
    Shelf(paths.published).keep(name, data)
    return name


def catalogue() -> PublishedCatalogue:
    """Return a catalogue that adds one procedure and ends another."""
    head, *rows = files("desk.reference").joinpath("procedures.csv").read_text(encoding="utf-8").splitlines()
    found = next(row for row in rows if row.startswith("1.001653,"))
    table = f"{head},valid_to\n{found},2026-12-31\n{found.replace('1.001653', '9.999999', 1)},\n"
    return PublishedCatalogue.from_table("2099.1", table.encode())


def publish_news(desk: Desk) -> None:
    """Publish a calendar, a catalogue and an answer to what the centre asked."""
    asked = "Hồ sơ đất đai liên thông thì tính hạn từ lúc nào?"
    desk.counter.province.send(MessageKind.QUESTION, asked, None)
    publish(desk, 3, PublishedCalendar("2099.1", date(2026, 1, 1), date(2026, 12, 31), (STORM,)))
    publish(desk, 4, catalogue())
    (sent,) = desk.counter.province.sent()
    text = "Tính từ lúc cơ quan chuyên môn nhận đủ hồ sơ.\nSở Tư pháp sẽ có văn bản hướng dẫn trong tháng Ba."
    publish(desk, 5, Notice(text, at("2026-03-13T08:30"), sent.sha256), UNIT)
    key = KEY.public.fingerprint
    Shelf(Paths(desk.path.parent).published).refuse(key, published_name(2, "ab" * 32), "bad_signature")


def publish_changes(desk: Desk) -> None:
    """Publish that the centre's commune takes another in, under a new name, and the province's next key."""
    ours = CommuneRow("18229", "Phường", "Sông La", "42", "Tỉnh Hà Tĩnh", date(2026, 4, 1), "NQ 1")
    went = tuple(
        ChangeRow(code, name, "Tỉnh Hà Tĩnh", "18229", partly=False)
        for code, name in (("18229", "Xã Đức Thọ"), ("18304", "Xã Đức Đồng"))
    )
    publish(desk, 1, PublishedUnits("2026.9", (ours,), went))
    publish(desk, 2, PublishedKey(KEY.public, NEXT.public, date(2026, 4, 1), date(2026, 6, 30)))
