"""Catalogue and calendar files as they come: read strictly, every bad line named, nothing of them believed in part."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from desk import reference
from desk.reference import Procedure
from desk.rules.calendar import CalendarRowError, DayRule, OfficeHours, RowFault, parse_rows, parse_sessions
from desk.rules.limits import Limit, LimitError, apply_variant, parse_variants
from desk.rules.text import clean
from desk.words import _

LONGEST_CELL = 20_000
"""Characters of one cell."""

_COLUMNS = (
    "code", "name", "field", "core", "limit_value", "limit_unit", "cutoff_hour", "limit_variants", "time_limit_text",
    "limit_confidence", "fee_vnd", "fee_note", "components", "online_level", "legal_basis", "scope", "ministry",
    "confidence", "successor_code", "note",
)  # fmt: skip
"""Columns of the shipped catalogue; an import has the same ones, in any order."""
_OPTIONAL = ("local_limit", "valid_to")
"""Columns an import may have besides: the shorter limit that the centre promises, the last day of validity."""

_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}")
_HEADING = re.compile(r"#\s*(?P<key>version|first|last)\s*:\s*(?P<value>\S+)\s*", re.IGNORECASE)
_HOURS = re.compile(r"#\s*hours\s*:\s*(?P<day>\S+)\s+(?P<sessions>.+)", re.IGNORECASE)
_CODE = re.compile(r"[0-9]\.[0-9]{6}(?:\.[0-9A-Z]{1,12}){0,3}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class BadLine(Struct, frozen=True):
    """A line that cannot be used; 0 is the file as a whole."""

    line: int
    sentence: str


class BadFileError(ValueError):
    """A file that is not taken, with every line at fault."""

    def __init__(self, *lines: BadLine) -> None:
        super().__init__(f"{len(lines)} lines")
        self.lines = lines


class CatalogueFile(Struct, frozen=True):
    """A catalogue that can be used; an empty version leaves it to the centre to number it.

    `local_limits` and `ends` are by code, None where the file has no such column and leaves them as they are.
    """

    version: str
    procedures: tuple[Procedure, ...]
    sha256: str
    local_limits: Mapping[str, str] | None = None
    ends: Mapping[str, date | None] | None = None


class CalendarFile(Struct, frozen=True):
    """A calendar that can be used, authoritative from `first` to `last`; no `hours` leaves them as they are."""

    version: str
    first: date
    last: date
    rows: tuple[DayRule, ...]
    sha256: str
    hours: tuple[OfficeHours, ...] = ()


def read_catalogue(data: bytes, version: str = "") -> CatalogueFile:
    """Read a catalogue in the columns of the shipped one; `version` where the file names none. BadFileError."""
    headings, body, skipped = _headings(data)
    bad: list[BadLine] = []
    found: dict[str, Procedure] = {}
    more: dict[str, dict[str, str]] = {name: {} for name in _OPTIONAL}
    for line, row in _table(body, skipped, bad):
        cells = {name: clean(value) for name, value in row.items()}
        faults = [sentence for check in _CHECKS if (sentence := check(cells))]
        if cells["code"] in found:
            faults.append(_("mã {code} đã có ở dòng trước").format(code=cells["code"]))
        if faults:
            bad.append(BadLine(line, "; ".join(faults)))
        else:
            found[cells["code"]] = reference._procedure(cells)
            for name in cells.keys() & more.keys():
                more[name][cells["code"]] = cells[name]
    if not bad and not found:
        bad.append(BadLine(0, _("không có thủ tục nào")))
    if bad:
        raise BadFileError(*bad)
    limits = {code: str(Limit.parse(text)) if text else "" for code, text in more["local_limit"].items()}
    ends = {code: date.fromisoformat(text) if text else None for code, text in more["valid_to"].items()}
    return CatalogueFile(
        _version(headings, version),
        tuple(found.values()),
        hashlib.sha256(data).hexdigest(),
        limits or None,
        ends or None,
    )


def read_calendar(data: bytes, version: str = "") -> CalendarFile:
    """Read a calendar: lines `# version:`, `# first:`, `# last:`, then `date,counts,open,note,source`. BadFileError.

    Without `first` and `last` it covers the whole years its rows speak of. Lines `# hours: 2027-01-01 07:00-11:00
    13:00-16:30` give the office hours from a day on.
    """
    headings, body, skipped = _headings(data)
    try:
        rows = parse_rows(body)
    except CalendarRowError as error:
        raise BadFileError(BadLine(error.line + skipped, _row_sentence(error.fault))) from error
    except csv.Error as error:
        raise BadFileError(BadLine(0, _("không đọc được như bảng CSV"))) from error
    if not rows:
        raise BadFileError(BadLine(0, _("không có ngày nào")))
    number = _version(headings, version)
    if not number:
        raise BadFileError(BadLine(0, _("lịch chưa ghi phiên bản: thêm dòng «# version: 2027.1» hoặc --version")))
    first = _day(headings, "first", date(min(row.date.year for row in rows), 1, 1))
    last = _day(headings, "last", date(max(row.date.year for row in rows), 12, 31))
    return calendar_file(number, first, last, rows, _hours(data), hashlib.sha256(data).hexdigest())


def calendar_file(
    version: str, first: date, last: date, rows: tuple[DayRule, ...], hours: tuple[OfficeHours, ...], sha256: str
) -> CalendarFile:
    """Return a calendar whose days all lie in the span it covers, each once; BadFileError otherwise."""
    days, starts = [row.date for row in rows], [each.valid_from for each in hours]
    outside = [day for day in (*days, *starts) if not first <= day <= last]
    if last < first or outside:
        day = min(outside, default=last)
        sentence = _("ngày {day} nằm ngoài khoảng {first} – {last} mà lịch ghi")
        raise BadFileError(BadLine(0, sentence.format(day=day, first=first, last=last)))
    for listed in (days, starts):
        if len(set(listed)) != len(listed):
            raise BadFileError(BadLine(0, _("có ngày ghi hai lần")))
    return CalendarFile(version, first, last, rows, sha256, tuple(sorted(hours, key=lambda each: each.valid_from)))


def _hours(data: bytes) -> tuple[OfficeHours, ...]:
    found = []
    for number, line in enumerate(data.decode("utf-8-sig").split("\n"), start=1):
        if not line.startswith("#"):
            break
        if not re.match(r"#\s*hours\s*:", line, re.IGNORECASE):
            continue
        named = _HOURS.fullmatch(line.strip())
        try:
            if named is None:
                raise ValueError(line)
            found.append(OfficeHours(date.fromisoformat(named["day"]), parse_sessions(named["sessions"])))
        except ValueError as error:
            sentence = _("giờ làm việc phải viết như «# hours: 2027-01-01 07:00-11:00 13:00-16:30»")
            raise BadFileError(BadLine(number, sentence)) from error
    return tuple(found)


def _headings(data: bytes) -> tuple[dict[str, str], str, int]:
    """Return what the leading comment lines say, the rest of the text, and how many lines they were."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError(BadLine(0, _("không phải văn bản UTF-8"))) from error
    found: dict[str, str] = {}
    skipped = 0
    while text.startswith("#"):
        line, _newline, text = text.partition("\n")
        skipped += 1
        if named := _HEADING.fullmatch(line):
            found[named["key"].lower()] = named["value"]
    return found, text, skipped


def version_of(data: bytes, given: str = "") -> str:
    """Return the version that a table's heading names, else the given one; BadFileError."""
    return _version(_headings(data)[0], given)


def _version(headings: Mapping[str, str], given: str) -> str:
    named = headings.get("version", "")
    if given and named and given != named:
        sentence = _("tệp ghi phiên bản {named}, không phải {given}")
        raise BadFileError(BadLine(0, sentence.format(named=named, given=given)))
    version = given or named
    if version and not _VERSION.fullmatch(version):
        sentence = _("phiên bản «{version}» phải là các số cách nhau bằng dấu chấm, ví dụ 2027.1")
        raise BadFileError(BadLine(0, sentence.format(version=version)))
    return version


def _day(headings: Mapping[str, str], key: str, otherwise: date) -> date:
    if key not in headings:
        return otherwise
    try:
        return date.fromisoformat(headings[key])
    except ValueError as error:
        sentence = _("«# {key}: {value}» không phải một ngày, viết như 2027-01-01")
        raise BadFileError(BadLine(0, sentence.format(key=key, value=headings[key]))) from error


def _row_sentence(fault: RowFault) -> str:
    return {
        RowFault.COLUMNS: _("phải có đúng các cột date,counts,open,note,source"),
        RowFault.DATE: _("ngày không đúng, viết như 2027-01-01"),
        RowFault.FLAG: _("counts và open phải là 0 hoặc 1"),
        RowFault.TWICE: _("ngày này ghi hai lần"),
    }[fault]


def _table(body: str, skipped: int, bad: list[BadLine]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the first line and the cells of each row by column; what is no row goes into `bad`."""
    table = csv.reader(io.StringIO(body, newline=""), strict=True)
    try:
        head = next(table, [])
        _require_columns(head, skipped + 1)
        before = table.line_num
        for cells in table:
            line, before = skipped + before + 1, table.line_num
            if not cells:
                continue
            if len(cells) != len(head):
                sentence = _("có {found} ô, phải có {wanted}")
                bad.append(BadLine(line, sentence.format(found=len(cells), wanted=len(head))))
            elif any(len(cell) > LONGEST_CELL for cell in cells):
                bad.append(BadLine(line, _("có ô dài quá {limit} ký tự").format(limit=LONGEST_CELL)))
            else:
                yield line, dict(zip(head, cells, strict=True))
    except csv.Error as error:
        bad.append(BadLine(skipped + table.line_num, _("không đọc được như bảng CSV")))
        raise BadFileError(*bad) from error


def _require_columns(head: list[str], line: int) -> None:
    unknown = [name for name in head if name not in (*_COLUMNS, *_OPTIONAL)]
    missing = [name for name in _COLUMNS if name not in head]
    if unknown:
        names = ", ".join(clean(name)[:40] for name in unknown[:5])
        raise BadFileError(BadLine(line, _("không có cột tên «{names}»").format(names=names)))
    if missing or len(set(head)) != len(head):
        names = ", ".join(missing) or _("có cột ghi hai lần")
        raise BadFileError(BadLine(line, _("thiếu cột: {names}").format(names=names)))


def _check_names(cells: Mapping[str, str]) -> str:
    if not _CODE.fullmatch(cells["code"]):
        return _("«{code}» không phải mã thủ tục, viết như 1.004873").format(code=cells["code"])
    return "" if cells["name"] and cells["field"] else _("thiếu tên hoặc lĩnh vực")


def _check_flags(cells: Mapping[str, str]) -> str:
    if cells["core"] not in {"", "0", "1"}:
        return _("core phải là 0, 1 hoặc để trống")
    fee = cells["fee_vnd"]
    return "" if not fee or _NUMBER.fullmatch(fee) else _("fee_vnd phải là số đồng hoặc để trống")


def _check_limit(cells: Mapping[str, str]) -> str:
    value, unit, cutoff = cells["limit_value"], cells["limit_unit"], cells["cutoff_hour"]
    if cutoff and not (_NUMBER.fullmatch(cutoff) and int(cutoff) < 24):
        return _("cutoff_hour phải là giờ từ 0 đến 23")
    if not unit:
        return _("có limit_value mà thiếu limit_unit") if value else ""
    if value and not _NUMBER.fullmatch(value):
        return _("limit_value phải là một số")
    try:
        Limit.parse(f"{value} {unit}")
    except LimitError as error:
        return _("không hiểu thời hạn «{written}»").format(written=error.written)
    return ""


def _check_variants(cells: Mapping[str, str]) -> str:
    try:
        base = Limit.parse(f"{cells['limit_value']} {cells['limit_unit']}") if cells["limit_unit"] else None
    except LimitError:
        base = None
    try:
        for variant in parse_variants(cells["limit_variants"]):
            if base is not None:
                apply_variant(base, variant.text)
    except LimitError as error:
        return _("không hiểu trường hợp «{written}»").format(written=error.written)
    return ""


def _check_local(cells: Mapping[str, str]) -> str:
    """Say what is wrong with the limit that the centre promises; it can only be shorter than the statutory one."""
    written = cells.get("local_limit", "")
    if not written:
        return ""
    try:
        local = Limit.parse(written)
        statutory = Limit.parse(f"{cells['limit_value']} {cells['limit_unit']}") if cells["limit_unit"] else None
    except LimitError as error:
        return _("không hiểu thời hạn «{written}»").format(written=error.written)
    if statutory is None:
        return _("có local_limit mà chưa rõ hạn luật")
    if local.unit is statutory.unit and local.value > statutory.value:
        return _("local_limit dài hơn hạn luật")
    return ""


def _check_end(cells: Mapping[str, str]) -> str:
    written = cells.get("valid_to", "")
    try:
        date.fromisoformat(written or "2026-01-01")
    except ValueError:
        return _("valid_to không phải một ngày, viết như 2027-01-01")
    return ""


_CHECKS: tuple[Callable[[Mapping[str, str]], str], ...] = (
    _check_names,
    _check_flags,
    _check_limit,
    _check_variants,
    _check_local,
    _check_end,
)
