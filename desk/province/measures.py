"""What is drawn over days, on the office's page and on its screen: the values of each chart, and what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count

from desk.province.figures import number, percent
from desk.province.trend import DayTrend, UnitDay
from desk.words import _

CHARTS = ("reports", "timely", "received", "resolved")
"""What can be drawn over days, of the province."""
OF_A_UNIT = CHARTS[2:]
"""What can be drawn of one unit."""


def titles() -> dict[str, str]:
    """Return the name of each chart."""
    return {
        "reports": _("Tỷ lệ báo cáo"),
        "timely": _("Tỷ lệ đúng giờ"),
        "received": _("Hồ sơ tiếp nhận"),
        "resolved": _("Hồ sơ giải quyết xong"),
    }


def is_share(name: str) -> bool:
    """Say whether a chart shows a rate."""
    return name in CHARTS[:2]


def series(name: str, days: Sequence[DayTrend]) -> list[float | None]:
    """Return the values of a chart of the province."""
    return [
        {
            "reports": each.rate,
            "timely": each.rate_on_time,
            "received": float(each.flows.received),
            "resolved": float(each.flows.resolved),
        }[name]
        for each in days
    ]


def unit_series(name: str, days: Sequence[UnitDay]) -> list[float | None]:
    """Return the values of a chart of one unit; None for a day without figures."""
    found = [each.flows for each in days]
    return [
        None if flows is None else float(flows.received if name == "received" else flows.resolved) for flows in found
    ]


def chart_sentence(name: str, values: Sequence[float | None]) -> str:
    """Return what a chart shows."""
    known = [each for each in values if each is not None]
    title = titles()[name]
    if not known:
        return _("{title} mỗi ngày: chưa có số liệu.").format(title=title)
    least, most, last = (
        percent(each) if is_share(name) else number(round(each)) for each in (min(known), max(known), known[-1])
    )
    return _("{title} mỗi ngày: từ {least} đến {most}, gần nhất {last}.").format(
        title=title, least=least, most=most, last=last
    )


def marks(most: float) -> list[int]:
    """Return whole numbers from 0 to the most or just above it, at most six of them, in round steps."""
    step = next(n * 10**power for power in count() for n in (1, 2, 5) if n * 10**power * 5 >= most)
    return [*range(0, max(1, math.ceil(most / step)) * step + 1, step)]
