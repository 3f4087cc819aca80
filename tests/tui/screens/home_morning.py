"""A morning at the counter, and how a test reads the list of the day."""

from __future__ import annotations

from db.vocabulary import Act, Channel
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.rows import Row
from tests.counter.desk_fixture import BIRTH, LAND, MARITAL, OFFICIAL, Desk
from tests.tui.screens.desk_app import (
    Running,
)


def a_morning(desk: Desk) -> None:
    """Late, due today, due tomorrow, waiting, uncollected, and one that is long gone."""
    desk.clock.set("2026-03-09T08:00")
    person = {"id_number": "042180000708", "phone": "0912345678", "address": "Thôn Hải Thanh"}
    desk.receive(MARITAL, "Đỗ Đức Mạnh", official_code=OFFICIAL, **person)
    waits = desk.receive(LAND, "Nguyễn Đức Thịnh")
    desk.act(waits.code, Act.SUPPLEMENT, reason="thiếu giấy")
    done = desk.receive(MARITAL, "Trần Thị Bình")
    desk.act(done.code, Act.FINISH)
    gone = desk.receive(MARITAL, "Phạm Văn Xong")
    desk.act(gone.code, Act.FINISH)
    desk.act(gone.code, Act.RETURN, collector="Chính chủ")
    desk.clock.set("2026-03-11T10:00")
    desk.receive(MARITAL, "Vũ Thị Mai")
    desk.clock.set("2026-03-13T09:12")
    desk.receive(BIRTH, "Lê Đức Thọ", channel=Channel.ONLINE)


def rows(run: Running) -> list[Row]:
    view = run.app.screen.query_one("#rows", LineList)
    return [row for row in view._source.window(0, len(view)) if row is not None]


def names(run: Running) -> list[str]:
    return [row.cells[2] for row in rows(run)]


def part(run: Running, name: str) -> str:
    return run.app.screen.query_one(f"#{name}", Line).text


def query(run: Running) -> FormInput:
    return run.app.screen.query_one("#query", FormInput)
