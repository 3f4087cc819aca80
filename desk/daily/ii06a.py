"""The words of the official report II.06a, the same at a commune and at the province."""

from __future__ import annotations

from desk.rules.report import FIRST_COLUMN, Report
from desk.words import _


def headings() -> tuple[str, ...]:
    """Return the words above columns (3) to (13)."""
    return (
        *(_("Tiếp nhận: tổng"), _("Trực tuyến"), _("Trực tiếp, bưu chính"), _("Kỳ trước chuyển sang")),
        *(_("Đã giải quyết: tổng"), _("Trước hạn"), _("Đúng hạn"), _("Quá hạn")),
        *(_("Đang giải quyết: tổng"), _("Trong hạn"), _("Quá hạn")),
    )


def numbered_headings() -> tuple[str, ...]:
    """Return the words above columns (3) to (13), each behind its number."""
    return tuple(f"({number}) {text}" for number, text in enumerate(headings(), start=FIRST_COLUMN))


def field_name(field: str) -> str:
    """Return a field of administration as it stands in the first column."""
    return field or _("(không rõ lĩnh vực)")


def by_law_sentence(report: Report) -> str:
    """Return how many dossiers ended behind their legal deadline, which no column of the form counts."""
    return _("Ngoài biểu: quá hạn theo luật {n}, kể cả hồ sơ đã hẹn lại.").format(n=report.total.overdue_by_law)
