"""Tables of communes as a province publishes them, in the columns of the shipped ones: read strictly, line by line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from desk import reference
from desk.counter.reference_files import BadFileError, BadLine, version_of
from desk.daily.units import ChangeRow, CommuneRow, PublishedUnits
from desk.rules.text import clean
from desk.words import _

_UNITS = ("code", "type", "name", "province_code", "province_name", "valid_from")
_UNITS_MORE = ("full_name", "search_key", "note", "alt_name")
_CHANGES = ("old_code", "old_name", "old_province", "new_code")
_CHANGES_MORE = (
    *("old_district", "old_district_code", "old_province_code", "new_name", "new_province_code", "new_province"),
    *("partly", "n_new", "old_key"),
)
_CODE = re.compile(r"[0-9]{5}")
_LONGEST = 500


def read_units(data: bytes, changes: bytes | None = None, version: str = "") -> PublishedUnits:
    """Read a table of communes and, where there is one, that of what went into them; BadFileError names every line.

    Columns that follow from others may be there or not.
    """
    found = version_of(data, version)
    if not found:
        sentence = _("bảng đơn vị chưa ghi phiên bản: thêm dòng «# version: 2027.1» hoặc --version")
        raise BadFileError(BadLine(0, sentence))
    bad: list[BadLine] = []
    units = [
        row for line, cells in _rows(data, _UNITS, _UNITS_MORE, bad) if (row := _unit(line, cells, bad)) is not None
    ]
    went = list(_rows(changes, _CHANGES, _CHANGES_MORE, bad)) if changes is not None else []
    parts = Counter(cells["old_code"] for _line, cells in went)
    changed = [each for line, cells in went if (each := _change(line, cells, parts, bad)) is not None]
    if bad:
        raise BadFileError(*bad)
    content = PublishedUnits(found, tuple(units), tuple(changed))
    faults = unit_faults(content)
    if faults:
        raise BadFileError(*(BadLine(0, sentence) for sentence in faults))
    return content


def unit_faults(content: PublishedUnits) -> list[str]:
    """Return what in a file contradicts itself, whatever is here."""
    known = {unit.province_code: unit.province_name for unit in reference.admin_units().values()}
    found = []
    times = Counter(row.code for row in content.units)
    found += [_("mã {code} ghi hai lần").format(code=code) for code, n in times.items() if n > 1]
    for row in content.units:
        if known.get(row.province_code) != row.province_name:
            text = _("{code}: không có tỉnh mã {province} tên «{name}»")
            found.append(text.format(code=row.code, province=row.province_code, name=row.province_name))
    pairs = Counter((row.old_code, row.new_code) for row in content.changes)
    found += [_("{old} → {new} ghi hai lần").format(old=old, new=new) for (old, new), n in pairs.items() if n > 1]
    parts = Counter(row.old_code for row in content.changes)
    for change in content.changes:
        if change.new_code not in times:
            text = _("{old} → {new}: bảng đơn vị không có mã {new}")
            found.append(text.format(old=change.old_code, new=change.new_code))
        if parts[change.old_code] > 1 and not change.partly:
            text = _("{old} vào nhiều đơn vị: mỗi dòng phải ghi partly là 1")
            found.append(text.format(old=change.old_code))
    return list(dict.fromkeys(found))


@cache
def _types() -> frozenset[str]:
    """Return what a commune can be: what those of the shipped table are."""
    return frozenset(unit.type for unit in reference.admin_units().values())


def _unit(line: int, cells: Mapping[str, str], bad: list[BadLine]) -> CommuneRow | None:
    faults = []
    if not _CODE.fullmatch(cells["code"]):
        faults.append(_("mã «{code}» không phải năm chữ số").format(code=cells["code"][:20]))
    if cells["type"] not in _types():
        faults.append(_("type phải là Xã, Phường hoặc Đặc khu"))
    if not cells["name"] or len(cells["name"]) > 100:
        faults.append(_("thiếu name, hoặc dài quá"))
    full = f"{cells['type']} {cells['name']}"
    if cells.get("full_name") not in {None, "", full}:
        faults.append(_("full_name phải là «{name}»").format(name=full[:80]))
    if len(cells.get("note", "")) > _LONGEST:
        faults.append(_("note dài quá"))
    try:
        day = date.fromisoformat(cells["valid_from"])
    except ValueError:
        faults.append(_("valid_from không phải một ngày, viết như 2027-01-01"))
    if faults:
        bad.append(BadLine(line, "; ".join(faults)))
        return None
    return CommuneRow(
        cells["code"],
        cells["type"],
        cells["name"],
        cells["province_code"],
        cells["province_name"],
        day,
        cells.get("note", ""),
    )


def _change(line: int, cells: Mapping[str, str], parts: Mapping[str, int], bad: list[BadLine]) -> ChangeRow | None:
    faults = [
        _("mã «{code}» không phải năm chữ số").format(code=cells[name][:20])
        for name in ("old_code", "new_code")
        if not _CODE.fullmatch(cells[name])
    ]
    if not cells["old_name"] or len(cells["old_name"]) > 120 or not cells["old_province"]:
        faults.append(_("thiếu old_name, old_province, hoặc dài quá"))
    if cells.get("old_district"):
        faults.append(_("old_district phải trống: từ 01/7/2025 không còn cấp huyện"))
    if cells.get("partly", "") not in {"", "0", "1"}:
        faults.append(_("partly phải là 0 hoặc 1"))
    number = parts[cells["old_code"]]
    if cells.get("n_new", "") not in {"", str(number)}:
        faults.append(_("n_new phải là {n}").format(n=number))
    if faults:
        bad.append(BadLine(line, "; ".join(faults)))
        return None
    partly = cells["partly"] == "1" if cells.get("partly") else number > 1
    return ChangeRow(cells["old_code"], cells["old_name"], cells["old_province"], cells["new_code"], partly)


def _rows(
    data: bytes, needed: Sequence[str], more: Sequence[str], bad: list[BadLine]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a table with their lines; what is no row is named."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError(BadLine(0, _("không phải văn bản UTF-8"))) from error
    skipped = 0
    while text.startswith("#"):
        text, skipped = text.partition("\n")[2], skipped + 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        missing = [name for name in needed if name not in head]
        strange = [name[:30] for name in head if name not in {*needed, *more}]
        if missing or strange or len(set(head)) != len(head):
            sentence = _("cột phải là {columns}").format(columns=", ".join((*needed, *more)))
            raise BadFileError(BadLine(skipped + 1, sentence))
        for cells in reader:
            if not cells:
                continue
            if len(cells) == len(head):
                yield skipped + reader.line_num, dict(zip(head, map(clean, cells), strict=True))
            else:
                sentence = _("có {found} ô, phải có {wanted}").format(found=len(cells), wanted=len(head))
                bad.append(BadLine(skipped + reader.line_num, sentence))
    except csv.Error as error:
        raise BadFileError(BadLine(0, _("không đọc được như bảng CSV"))) from error
