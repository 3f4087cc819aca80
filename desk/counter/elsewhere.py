"""Receipt for an agency elsewhere: whatever this counter takes in, the clock starts when the competent agency has it.

NĐ 118/2025 art. 17.3 as amended. While that instant is unknown the dates are found from the receipt here, so that the
citizen is never promised less than the law gives, and are provisional.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.rows import DossierRow
from db.vocabulary import Act
from desk.counter import clockwork, say
from desk.counter.model import Receive, RefusedError
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.text import clean
from desk.words import _


def columns(order: Receive, received: datetime, at: datetime) -> dict[str, Any]:
    """Return the columns that say who is competent and since when it has the dossier; RefusedError for no such time."""
    agency = clean(order.competent)
    if order.competent_at is None:
        return {"competent": agency, "competent_at": None}
    if not agency:
        raise RefusedError("competent_needed", _("Cần ghi tên cơ quan có thẩm quyền."), "competent")
    if order.act is not Act.RECEIVE:
        sentence = _("Chỉ hồ sơ đã tiếp nhận mới có thời điểm cơ quan có thẩm quyền nhận.")
        raise RefusedError("competent_too_soon", sentence, "competent_at")
    return {"competent": agency, "competent_at": _between(order.competent_at, received, at)}


def started(cal: Calendar, row: DossierRow, arrived: datetime, at: datetime) -> Mapping[str, Any]:
    """Return the columns that follow once the competent agency is known to have the dossier.

    The first promise stays as it was printed; the promise becomes the one that runs from there. RefusedError where the
    dossier waits for no such news, or events have carried its clock since.
    """
    if not row.competent or row.competent_at is not None or row.received_at is None:
        sentence = _("Hồ sơ này không chờ cơ quan có thẩm quyền nhận.")
        raise RefusedError("not_awaited", sentence, "competent_at")
    if row.supplements or row.obligations or row.rescheduled or row.variant_changed:
        sentence = _("Đồng hồ của hồ sơ đã có việc khác: ghi thời điểm này trước các việc đó.")
        raise RefusedError("clock_carried", sentence, "competent_at")
    start = _between(arrived, row.received_at, at)
    found = clockwork.dates(cal, start, clockwork.terms_of(row), typed=row.first_promise)
    return {**found.columns(), "competent_at": start}


def note(row: DossierRow) -> str:
    """Return from whose receipt the limit counts; empty for a dossier of this centre's own."""
    if not row.competent:
        return ""
    if row.competent_at is None:
        return _("tạm tính từ lúc nộp; thời hạn tính từ khi {agency} nhận").format(agency=row.competent)
    at = say.moment(row.competent_at)
    return _("thời hạn tính từ khi {agency} nhận: {at}").format(agency=row.competent, at=at)


def _between(arrived: datetime, received: datetime, at: datetime) -> datetime:
    arrived = moment.minute(arrived)
    if arrived < moment.minute(received):
        sentence = _("Cơ quan có thẩm quyền không thể nhận trước khi hồ sơ được nộp.")
        raise RefusedError("competent_before_receipt", sentence, "competent_at")
    if arrived > at:
        raise RefusedError(
            "competent_in_future", _("Thời điểm cơ quan có thẩm quyền nhận ở tương lai."), "competent_at"
        )
    return arrived
