"""A reset of a restored desk in full, line by line: the command, the page and the screen say the same."""

from __future__ import annotations

from collections.abc import Iterator

from desk.province.model import ResetView
from desk.rules.text import clean
from desk.words import _


def reset_lines(seen: ResetView) -> Iterator[str]:
    """Yield what a reset is about: what it goes on from, each file and number it lost, the difference in stock."""
    head = _("{unit} {name} xin nối lại từ số {seq}, lập ngày {day}: {reason}")
    yield head.format(
        unit=seen.unit, name=seen.name, seq=seen.seq, day=f"{seen.day:%d/%m/%Y}", reason=clean(seen.reason)
    )
    if seen.lost.since is not None:
        yield _("Sổ của đơn vị chỉ còn đến {at}.").format(at=f"{seen.lost.since:%H:%M %d/%m/%Y}")
    yield _("Nối tiếp sau tệp số {base}; tỉnh đã nhận đến số {last}.").format(base=seen.base_seq, last=seen.last_seq)
    if not seen.base_known:
        yield _("CHÚ Ý: tệp mà đơn vị nối tiếp không phải tệp tỉnh đang giữ.")
    yield _("Tệp tỉnh đã tính mà đơn vị không còn: {n} (tiếp nhận {received}, đã giải quyết {ended}).").format(
        n=len(seen.kept), received=seen.received, ended=seen.ended
    )
    for each in seen.kept:
        yield _("  số {seq} ngày {day}").format(seq=each.seq, day=f"{each.day:%d/%m/%Y}")
    for each in seen.untold:
        yield _("  đơn vị không biết có tệp số {seq}").format(seq=each.seq)
    for each in seen.absent:
        text = _("  tệp số {seq} ngày {day} của đơn vị chưa tới tỉnh: chấp nhận thì không nhận nữa")
        yield text.format(seq=each.seq, day=f"{each.day:%d/%m/%Y}")
    for first, last in seen.never:
        yield _("  chưa từng có tệp số {first}-{last}").format(first=first, last=last)
    for span in seen.lost.numbers:
        text = _("  mã tạm ngày {day} quầy {desk}: có thể đã cấp từ {first:04d} đến {last:04d}")
        yield text.format(day=f"{span.day:%d/%m/%Y}", desk=span.desk, first=span.kept + 1, last=span.next - 1)
    if seen.lost.more:
        yield _("  và {n} tệp nữa").format(n=seen.lost.more)
    yield _("Chênh lệch tồn: tệp cuối còn {before}, đơn vị mang sang {after}.").format(
        before=seen.stock_before, after=seen.stock_after
    )
    for line in seen.stock:
        text = _("  {procedure}: {before} thành {after}")
        yield text.format(procedure=line.procedure, before=line.before, after=line.after)
    for fingerprint in seen.other_keys:
        yield _("Khóa này của đơn vị sẽ thôi dùng: {fingerprint}").format(fingerprint=fingerprint)
    if seen.held:
        yield _("{n} tệp đang chờ sau đề nghị này.").format(n=seen.held)
