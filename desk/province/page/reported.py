"""II.06a of a period on the page, with the counters that say what its columns do not."""

from __future__ import annotations

from desk.daily.ii06a import field_name, numbered_headings
from desk.province.figures import day_text, number, percent, share
from desk.province.model import PeriodReport
from desk.province.page.files import Asked, links
from desk.province.page.frame import HOME, Visit, date_field, form, listed, measures, only_these, page, units_field
from desk.province.page.html import Node, el, table
from desk.province.reading import Reader
from desk.province.sentences import beside_names
from desk.province.sheets import gaps
from desk.rules.report import Line
from desk.words import _

REPORT = f"{HOME}/report"


def reported(visit: Visit, reader: Reader, asked: Asked) -> bytes:
    """Return the report over a period."""
    first, last = asked.first, asked.last
    found, known = reader.report(first, last, asked.units), reader.units()
    total = found.report.total
    came = total.online + total.direct_or_post
    names, missing = beside_names(), [*gaps(found)]
    return page(
        visit,
        _("II.06a từ {first} đến {last}").format(first=day_text(first), last=day_text(last)),
        form(
            REPORT,
            date_field("from", _("Từ ngày"), first),
            date_field("to", _("đến ngày"), last),
            units_field(known, asked.units),
            submit=_("Xem"),
        ),
        only_these(known, asked.units, Asked(first, last).address(REPORT)),
        links(REPORT, asked),
        el("p", _("CHƯA CÂN: thiếu tệp ở giữa kỳ."), class_="wrong") if not found.balanced else None,
        measures(
            (
                (_("Tiếp nhận"), number(came)),
                (_("Trực tuyến"), f"{number(total.online)} ({percent(share(total.online, came))})"),
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
            (_("Lĩnh vực"), *numbered_headings()),
            [
                *(_row(field_name(field), line) for field, line in found.report.rows),
                _row(el("strong", _("Tổng cộng")), total),
            ],
            numbers=1,
        ),
        *((el("h2", _("Còn thiếu trong số liệu")), listed(missing)) if missing else ()),
    )


def _named(found: PeriodReport) -> int:
    total = found.report.total
    return total.resolved - found.with_result + total.open - found.in_work


def _row(name: Node, line: Line) -> list[Node]:
    return [name, *map(number, line.columns)]
