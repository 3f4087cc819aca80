"""Days and periods as they are typed at the office, and the chart of characters."""

from __future__ import annotations

from datetime import date

import pytest

from desk.tui.looks import Look
from desk.tui.province.chart import Chart
from desk.tui.province.spans import Days, parse_day, parse_span, read_back, usual
from desk.tui.widgets.routed_app import RoutedApp

TODAY = date(2026, 3, 13)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("13/3", TODAY),
        ("14/3", date(2025, 3, 14)),
        (" 1.2 ", date(2026, 2, 1)),
        ("1/2/24", date(2024, 2, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("Hôm qua", date(2026, 3, 12)),
        ("nay", TODAY),
        ("29/2", None),
        ("31/4", None),
        ("0/0", None),
        ("1999-01-01", None),
        ("ngày mai", None),
        ("", None),
    ],
)
def test_a_typed_day_lies_behind(typed: str, day: date | None) -> None:
    assert parse_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["1/3 13/3", "1/3-13/3", "từ 1/3 đến 13/3", "2026-03-01 – 2026-03-13"])
def test_a_typed_period_has_two_days(typed: str) -> None:
    found = parse_span(typed, TODAY)
    assert found == Days(date(2026, 3, 1), TODAY)
    assert read_back(found) == ("→ 01/03/2026 – 13/03/2026", True)


@pytest.mark.parametrize("typed", ["1/3", "13/3 1/3", "1/3 5/3 13/3", "1/3 x 13/3", "1/1/2020 13/3", "32/1 13/3", ""])
def test_what_is_no_period_is_said(typed: str) -> None:
    assert parse_span(typed, TODAY) is None
    assert not read_back(None)[1]


def test_the_period_before_ends_the_day_before() -> None:
    days = usual(TODAY)
    assert (days.length, days.moved(-1).last, days.moved(-1).length) == (30, date(2026, 2, 11), 30)
    assert days.moved(-1).moved(1) == days


class Drawn(RoutedApp):
    def compose(self) -> object:  # type: ignore[override]
        yield Chart()


async def drawn(values: list[float | None], look: Look, *, width: int = 40, share: bool = False) -> list[str]:
    app = Drawn(look)
    async with app.run_test(size=(width, 8)) as pilot:
        chart = app.query_one(Chart)
        chart.styles.height = 8
        chart.show_values([f"{n + 1:02}/03" for n in range(len(values))], values, share=share)
        await pilot.pause()
        return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def test_a_chart_can_be_read_off() -> None:
    lines = await drawn([10, 5, 0, None, 1], Look())
    assert lines[0] == "   10 │█████"
    assert lines[2] == "      │█████"
    assert lines[3] == "    5 │█████ █████"
    assert lines[5] == "      │█████ █████             ▅▅▅▅▅"
    assert lines[6] == "    0 └──────────────────×───────────"
    assert lines[7] == "       01/03 02/03 03/03 04/03 05/03"


async def test_a_chart_has_plain_signs_and_a_small_value_is_seen() -> None:
    lines = await drawn([1.0, 0.01, 0.5], Look("console", "plain"), share=True)
    assert lines[0] == "100 % |#####"
    assert lines[5] == "      |##### ..... #####"
    assert "".join(lines).isascii()


async def test_more_days_than_columns_are_drawn_as_their_mean() -> None:
    lines = await drawn([1.0, 3.0] * 100, Look(), width=40)
    assert max(map(len, lines)) <= 40
    assert lines[7].endswith("/03")
    assert lines[0] == "    3 │"
    assert lines[5].count("█") == 29


async def test_a_chart_of_nothing_is_empty() -> None:
    assert len(await drawn([], Look())) == 8
