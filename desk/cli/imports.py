"""`desk import catalogue`, `desk import calendar`: new reference data for a running centre."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from desk.cli.centre import accepted, officer_id, opened
from desk.cli.options import AsOption, DataOption, FileArgument, JsonOption, NowOption, command
from desk.cli.output import print_json, progress, read_input
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import instant_json
from desk.words import N_, _, counted

if TYPE_CHECKING:
    from datetime import date

    from desk.counter.calendar_change import CalendarEffect
    from desk.counter.reference_data import CatalogueEffect
    from desk.counter.reference_files import BadFileError, CalendarFile

_MOST_NAMED = 20

VersionOption = Annotated[
    str, typer.Option("--version", metavar="TEXT", help=N_("Phiên bản, nếu tệp không ghi; ví dụ 2027.1."))
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=N_("Chỉ xem ảnh hưởng, không ghi gì."))]


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `import`."""
    command(part, "catalogue", _("Danh mục thủ tục mới: thủ tục đổi có phiên bản mới, hồ sơ cũ giữ nguyên."))(catalogue)
    command(
        part, "calendar", _("Lịch làm việc mới, bảng CSV hoặc tệp tỉnh ký: hạn luật tính lại, ngày hẹn giữ nguyên.")
    )(calendar)


def catalogue(
    file: FileArgument,
    version: VersionOption = "",
    dry_run: DryRunOption = False,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Put new versions of changed procedures in force from today, all of them or none."""
    from desk.counter.reference_data import import_catalogue
    from desk.counter.reference_files import BadFileError, read_catalogue

    try:
        found = read_catalogue(read_input(file), version)
    except BadFileError as error:
        _refuse(error, file, as_json=as_json)
    with opened(data, now, as_json=as_json) as desk:
        by = officer_id(desk, officer)
        effect = accepted(import_catalogue(desk.context, found, by, dry_run=dry_run), as_json=as_json)
    if as_json:
        print_json(catalogue_json(effect, applied=not dry_run))
    else:
        print_catalogue(effect, dry_run=dry_run)


def calendar(
    file: FileArgument,
    version: VersionOption = "",
    dry_run: DryRunOption = False,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Say which legal deadlines a calendar moves, then put it in force."""
    from desk.counter.reference_data import import_calendar
    from desk.counter.reference_files import BadFileError

    content = read_input(file)
    with opened(data, now, as_json=as_json) as desk:
        by = officer_id(desk, officer)
        try:
            found = _calendar_of(content, version, desk.paths.folder, desk.context.now().date())
        except BadFileError as error:
            _refuse(error, file, as_json=as_json)
        tell = progress() if sys.stderr.isatty() else None
        effect = accepted(import_calendar(desk.context, found, by, dry_run=True, progress=tell), as_json=as_json)
        if not as_json:
            print_calendar(effect)
        if not dry_run:
            effect = accepted(import_calendar(desk.context, found, by, progress=tell), as_json=as_json)
    if as_json:
        print_json(calendar_json(effect, applied=not dry_run))
    else:
        print(_("Chỉ xem, chưa ghi gì.") if dry_run else _("Đã áp dụng."))


def _calendar_of(content: bytes, version: str, folder: Path, today: date) -> CalendarFile:
    """Read a table, or what the province signed, whose version stands in the file; BadFileError."""
    from desk.counter.reference_files import BadFileError, BadLine, read_calendar
    from desk.counter.signed_calendar import is_signed, read_signed_calendar
    from desk.sync.trust import UntrustedError, read_trust

    if not is_signed(content):
        return read_calendar(content, version)
    try:
        trust = read_trust(folder)
        found = read_signed_calendar(content, () if trust is None else trust.on(today))
    except UntrustedError as error:
        raise BadFileError(BadLine(0, _("khóa của tỉnh đã ghim không đọc được"))) from error
    if version not in {"", found.version}:
        sentence = _("tệp ghi phiên bản {named}, không phải {given}")
        raise BadFileError(BadLine(0, sentence.format(named=found.version, given=version)))
    return found


def _refuse(error: BadFileError, file: Path, *, as_json: bool) -> NoReturn:
    """End the command with every line at fault: in JSON, or one a line before the last word."""
    if as_json:
        lines = [{"line": bad.line, "error": bad.sentence} for bad in error.lines]
        print_json({"error": _("tệp không dùng được"), "reason": "bad_file", "lines": lines})
    for bad in error.lines[:-1]:
        complain(_line(file, bad.line, bad.sentence))
    last = error.lines[-1]
    raise CommandError(Status.USAGE, _line(file, last.line, last.sentence) + _("; chưa ghi gì"))


def _line(file: Path, number: int, sentence: str) -> str:
    place = _("dòng {number}: ").format(number=number) if number else ""
    return f"{file}: {place}{sentence}"


def catalogue_json(effect: CatalogueEffect, *, applied: bool) -> dict[str, object]:
    """Return what a catalogue changes as JSON has it."""
    return {
        "before": effect.before,
        "version": effect.version,
        "added": list(effect.added),
        "changed": list(effect.changed),
        "ended": {code: day.isoformat() for code, day in effect.ended},
        "unchanged": effect.unchanged,
        "applied": applied,
    }


def print_catalogue(effect: CatalogueEffect, *, dry_run: bool) -> None:
    """Print what a catalogue changes."""
    print(_("Danh mục {before} → {version}").format(before=effect.before, version=effect.version))
    for heading, codes in ((_("Thêm"), effect.added), (_("Phiên bản mới"), effect.changed)):
        print(f"{heading}: {len(codes)}" + (f" ({_some(codes)})" if codes else ""))
    if effect.ended:
        ends = [f"{code} {day:%d/%m/%Y}" for code, day in effect.ended]
        print(_("Hết hiệu lực: {ends}").format(ends=_some(ends)))
    print(_("Không đổi: {n}").format(n=effect.unchanged))
    print(_("Chỉ xem, chưa ghi gì.") if dry_run else _("Đã áp dụng; hồ sơ đang có giữ phiên bản cũ."))


def print_calendar(effect: CalendarEffect) -> None:
    """Print what a calendar changes."""
    first, last = f"{effect.first:%d/%m/%Y}", f"{effect.last:%d/%m/%Y}"
    text = _("Lịch {before} → {version}, có hiệu lực từ {first} đến {last}")
    print(text.format(before=effect.before, version=effect.version, first=first, last=last))
    days = [f"{day:%d/%m/%Y}" for day in effect.days]
    print(_("Ngày đổi: {n}").format(n=len(days)) + (f" ({_some(days)})" if days else ""))
    if effect.hours:
        print(_("Giờ làm việc đổi từ: {days}").format(days=_some([f"{day:%d/%m/%Y}" for day in effect.hours])))
    print(effect.sentence())
    from desk.counter import say

    for each in effect.moved[:_MOST_NAMED]:
        doubt = _(" (tạm tính)") if each.provisional else ""
        print(f"  {each.code}  {say.moment(each.before)} → {say.moment(each.after)}{doubt}")
    if len(effect.moved) > _MOST_NAMED:
        print(counted("  … và {n} hồ sơ nữa; --json kể đủ", len(effect.moved) - _MOST_NAMED))


def calendar_json(effect: CalendarEffect, *, applied: bool) -> dict[str, object]:
    """Return what a calendar changes as JSON has it."""
    return {
        "before": effect.before,
        "version": effect.version,
        "first": effect.first.isoformat(),
        "last": effect.last.isoformat(),
        "days": [day.isoformat() for day in effect.days],
        "open_dossiers": effect.open_dossiers,
        "later": effect.later,
        "earlier": effect.earlier,
        "hours": [day.isoformat() for day in effect.hours],
        "moved": [
            {
                "code": each.code,
                "before": instant_json(each.before),
                "after": instant_json(each.after),
                "provisional": each.provisional,
            }
            for each in effect.moved
        ],
        "applied": applied,
    }


def _some(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
