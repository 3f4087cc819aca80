"""II.06a of a period on the page, with the counters that say what its columns do not."""

from __future__ import annotations

from datetime import date

from desk.province.figures import day_text, number, percent
from desk.province.model import PeriodReport
from desk.province.page.frame import HOME, Visit, date_field, form, measures, page
from desk.province.page.html import Node, el, table
from desk.province.reading import Reader
from desk.province.sentences import beside_names
from desk.rules.report import FIRST_COLUMN, Line
from desk.words import _


def reported(visit: Visit, reader: Reader, first: date, last: date) -> bytes:
    """Return the report over a period."""
    found = reader.report(first, last)
    total = found.report.total
    came = total.online + total.direct_or_post
    names = beside_names()
    return page(
        visit,
        _("II.06a từ {first} đến {last}").format(first=day_text(first), last=day_text(last)),
        form(
            f"{HOME}/report",
            date_field("from", _("Từ ngày"), first),
            date_field("to", _("đến ngày"), last),
            submit=_("Xem"),
        ),
        el("p", _("CHƯA CÂN: thiếu tệp ở giữa kỳ."), class_="wrong") if not found.balanced else None,
        measures(
            (
                (_("Tiếp nhận"), number(came)),
                (_("Trực tuyến"), f"{number(total.online)} ({percent(total.online / came if came else None)})"),
                (_("Đã có kết quả"), number(found.with_result)),
                (_("Quá hạn"), number(total.overdue)),
                (_("Đang làm"), number(found.in_work)),
                (_("Từ chối, dừng, rút, chờ"), number(_named(found))),
            )
        ),
        table(
            _("Ngoài các cột của biểu"),
            (_("Số đếm"), _("Hồ sơ")),
            [(name, number(found.beside[count])) for count, name in names.items() if found.beside.get(count)],
            numbers=1,
        ),
        el("h2", _("Theo lĩnh vực")),
        table(
            _("Từng lĩnh vực; số trong ngoặc là cột của biểu II.06a"),
            (_("Lĩnh vực"), *_heads()),
            [
                *(_row(field or _("(không rõ lĩnh vực)"), line) for field, line in found.report.rows),
                _row(el("strong", _("Tổng cộng")), total),
            ],
            numbers=1,
        ),
        el("p", _("Chưa có số liệu của: {units}").format(units=", ".join(found.silent))) if found.silent else None,
    )


def _named(found: PeriodReport) -> int:
    total = found.report.total
    return total.resolved - found.with_result + total.open - found.in_work


def _row(name: Node, line: Line) -> list[Node]:
    return [name, *map(number, line.columns)]


def _heads() -> list[str]:
    words = (
        *(_("Tiếp nhận: tổng"), _("Trực tuyến"), _("Trực tiếp, bưu chính"), _("Kỳ trước chuyển sang")),
        *(_("Đã giải quyết: tổng"), _("Trước hạn"), _("Đúng hạn"), _("Quá hạn")),
        *(_("Đang giải quyết: tổng"), _("Trong hạn"), _("Quá hạn")),
    )
    return [f"({column}) {text}" for column, text in enumerate(words, start=FIRST_COLUMN)]
