"""The commands of the office's screens, each declared once."""

from __future__ import annotations

from desk.tui.commands import HELP, LOCK, MESSAGES, PALETTE, QUIT, Command, Place
from desk.words import _

TREND = Command(
    "trend",
    "f2",
    lambda: _("Xu hướng"),
    lambda: _("Xu hướng của cả tỉnh."),
    Place.EVERYWHERE,
    ("ctrl+n",),
)
RANKING = Command(
    "ranking",
    "f3",
    lambda: _("Xếp hạng"),
    lambda: _("Xếp hạng đơn vị theo tỷ lệ đúng hạn, tỷ lệ trực tuyến."),
    Place.EVERYWHERE,
    ("ctrl+t",),
)
REFRESH = Command(
    "refresh",
    "f5",
    lambda: _("Đọc lại"),
    lambda: _("Đọc lại số liệu ngay; bấm hai lần thì vẽ lại cả màn hình."),
    Place.EVERYWHERE,
    ("ctrl+l",),
)
ALARMS = Command(
    "alarms",
    "f6",
    lambda: _("Cảnh báo"),
    lambda: _("Cảnh báo: đơn vị im lặng, số liệu không cân, tệp chờ hay bị từ chối, đồng hồ sai."),
    Place.EVERYWHERE,
    ("ctrl+r",),
)
REPORT = Command("report", "f8", lambda: _("Số liệu"), lambda: _("Báo cáo II.06a của một kỳ."), Place.EVERYWHERE)

DAY_BEFORE = Command("day_before", "1", lambda: _("Ngày trước"), lambda: _("Ngày trước đó."), action="day(-1)")
DAY_AFTER = Command("day_after", "2", lambda: _("Ngày sau"), lambda: _("Ngày sau đó."), action="day(1)")
LAST_DAY = Command("last_day", "3", lambda: _("Ngày mới"), lambda: _("Ngày làm việc mới nhất."), action="last_day")
OTHER_DAY = Command("other_day", "4", lambda: _("Ngày khác"), lambda: _("Gõ một ngày bất kỳ."))

EARLIER = Command(
    "earlier", "left", lambda: _("Kỳ trước"), lambda: _("Kỳ trước đó, dài bằng kỳ này."), action="step(-1)"
)
LATER = Command("later", "right", lambda: _("Kỳ sau"), lambda: _("Kỳ tiếp theo, dài bằng kỳ này."), action="step(1)")
TYPED_SPAN = Command("typed_span", "7", lambda: _("Kỳ khác"), lambda: _("Gõ ngày đầu và ngày cuối của kỳ."))
OTHER_CHART = Command(
    "other_chart", "8", lambda: _("Biểu đồ"), lambda: _("Biểu đồ khác: báo cáo, đúng giờ, tiếp nhận, giải quyết xong.")
)
OTHER_RATE = Command("other_rate", "8", lambda: _("Tỷ lệ"), lambda: _("Xếp theo tỷ lệ kia: đúng hạn, trực tuyến."))
UNIT_TREND = Command(
    "unit_trend", "f2", lambda: _("Xu hướng"), lambda: _("Xu hướng của đơn vị này."), aliases=("ctrl+n",)
)

EVERYWHERE = (HELP, TREND, RANKING, REFRESH, ALARMS, REPORT, PALETTE, LOCK)
"""The commands of the App: in force on every screen of the office."""

BY_NAME = (MESSAGES, QUIT)
"""Commands without a key, reached through F9."""
