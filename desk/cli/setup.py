"""`desk init`, `desk demo`: a centre is set up, or made up."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from desk.cli.centre import accepted, drivers, opened, paths_of
from desk.cli.language import DEMO
from desk.cli.opening import open_on, require_terminal
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_facts, print_json, progress
from desk.cli.status import CommandError, Status, complain, disk_sentence
from desk.cli.values import instant_or_none, server_of
from desk.rules import moment
from desk.settings import CentreSettings, Paths, passphrase, read_settings, whole_path
from desk.words import _, language

if TYPE_CHECKING:
    from datetime import datetime

_UNIT = re.compile(r"[0-9]{5}")
_AGENCY = re.compile(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*")
_LONGEST_NAME = 200
_LONGEST_AGENCY = 50


def declare(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "init", _("Lập trung tâm, không hỏi gì."))(init)
    command(app, "demo", _("Trung tâm thực hành với hồ sơ bịa, rồi mở bàn làm việc."))(demo)


def init(
    unit: Annotated[str, typer.Option("--unit", metavar="CODE", help=_("Mã năm chữ số của đơn vị cấp xã."))],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=_("Tên trung tâm, in trên giấy tờ."))],
    agency: Annotated[
        str, typer.Option("--agency", metavar="CODE", help=_("Mã định danh cơ quan, ví dụ H27.10."))
    ] = "",
    officer: Annotated[str, typer.Option("--officer", metavar="NAME", help=_("Họ tên cán bộ đầu tiên."))] = "",
    desk: Annotated[int, typer.Option("--desk", metavar="N", help=_("Số quầy, từ 1 đến 9."))] = 1,
    practice: Annotated[
        bool, typer.Option("--practice", help=_("Trung tâm thực hành, không có giá trị thật."))
    ] = False,
    folder: Annotated[
        str, typer.Option("--folder", metavar="PATH", help=_("Thư mục trao đổi với tỉnh (USB, ổ mạng)."))
    ] = "",
    database: Annotated[
        str, typer.Option("--database", metavar="URL", help=_("Máy chủ PostgreSQL dùng chung cho nhiều quầy."))
    ] = "",
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Set up a centre and print its unit, its key's fingerprint and its data folder."""
    from desk.rules.text import clean

    if not _UNIT.fullmatch(unit):
        raise CommandError(Status.USAGE, _("mã đơn vị «{unit}» phải có năm chữ số").format(unit=unit))
    if not clean(name) or max(len(name), len(officer)) > _LONGEST_NAME:
        raise CommandError(Status.USAGE, _("tên trống hoặc dài quá {limit} chữ").format(limit=_LONGEST_NAME))
    if clean(agency) and (len(agency) > _LONGEST_AGENCY or not _AGENCY.fullmatch(clean(agency))):
        raise CommandError(Status.USAGE, _("mã cơ quan «{code}» phải viết như H27.10").format(code=agency[:60]))
    place = str(whole_path(Path(folder))) if folder else ""
    server = server_of(database)
    settings = CentreSettings(unit, clean(name), clean(agency), desk, practice, place, server, language=language())
    at, paths = instant_or_none(now), paths_of(data)
    with drivers():
        from desk.bootstrap import make_centre

        made = make_centre(paths, settings, officer=clean(officer), passphrase=passphrase(os.environ, paths), now=at)
        centre = accepted(made, as_json=as_json)
    try:
        fingerprint = centre.public_key().fingerprint
    finally:
        centre.close()
    if place:
        _make_exchange(Path(place))
    if as_json:
        found = {"unit": unit, "name": settings.name, "practice": practice, "fingerprint": fingerprint}
        print_json(found | {"data": str(paths.folder)})
        return
    print_facts(
        {
            _("Đơn vị"): f"{unit} {settings.name}" + (_(" (thực hành)") if practice else ""),
            _("Vân tay khóa"): fingerprint,
            _("Thư mục dữ liệu"): str(paths.folder),
        }
    )


def _make_exchange(folder: Path) -> None:
    """Create the exchange folder where its place is there; later runs never do, for then a stick may not be in."""
    if not folder.parent.is_dir():
        complain(_("{path}: chưa có nơi đó; khi có, hãy tạo thư mục trao đổi").format(path=folder))
        return
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        complain(disk_sentence(error))


def demo(
    dossiers: Annotated[
        int, typer.Option("--dossiers", metavar="N", min=1, max=1_000_000, help=_("Số hồ sơ bịa."))
    ] = 2000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help=_("Số gieo: cùng số thì cùng hồ sơ."))] = 1,
    no_open: Annotated[bool, typer.Option("--no-open", help=_("Không mở bàn làm việc."))] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Make a practice centre in a folder of its own, or open it again, then open the counter on it."""
    if not no_open:
        require_terminal()
    paths = _demo_paths(data)
    at = instant_or_none(now)
    facts = _again(paths, at) if paths.settings.exists() else _make(paths, dossiers, seed, at)
    if as_json:
        print_json(facts)
    else:
        text = (
            _("Trung tâm thực hành ở {data}: {dossiers} hồ sơ.") if facts["made"] else _("Mở lại trung tâm ở {data}.")
        )
        print(text.format_map(facts), file=sys.stdout if no_open else sys.stderr)
    if not no_open and (status := open_on(paths, at)):
        raise typer.Exit(status)


def _demo_paths(data: Path | None) -> Paths:
    """Return the folder named for the demo, else one of its own beside the usual one."""
    paths = paths_of(data)
    return paths if data is not None or os.environ.get("DESK_DATA") else replace(paths, folder=paths.folder / DEMO)


def _again(paths: Paths, now: datetime | None) -> dict[str, object]:
    if not read_settings(paths).practice:
        text = _("{path}: đã có một trung tâm thật, hãy chọn thư mục khác bằng --data")
        raise CommandError(Status.NO, text.format(path=paths.folder))
    with opened(paths.folder, None if now is None else moment.text(now)) as desk:
        if not desk.counter.worklist():
            text = _("{path}: đã có một trung tâm thực hành chưa có hồ sơ, hãy chọn thư mục khác bằng --data")
            raise CommandError(Status.NO, text.format(path=paths.folder))
    return {"data": str(paths.folder), "made": False}


def _make(paths: Paths, dossiers: int, seed: int, now: datetime | None) -> dict[str, object]:
    from desk.clock import system_clock
    from desk.rehearsal.demo import make_demo

    if paths.folder.is_dir() and any(paths.folder.iterdir()):
        text = _("{path}: thư mục đã có tệp khác, hãy xóa nó hoặc chọn thư mục khác bằng --data")
        raise CommandError(Status.NO, text.format(path=paths.folder))
    try:
        made = make_demo(paths, dossiers=dossiers, seed=seed, now=now or system_clock(), progress=progress())
    except ValueError as error:
        shutil.rmtree(paths.folder, ignore_errors=True)
        raise CommandError(Status.USAGE, _("không có ngày làm việc nào trước thời điểm này để bịa hồ sơ")) from error
    except BaseException:
        # It was empty or not there: half of a practice centre is worth nothing.
        shutil.rmtree(paths.folder, ignore_errors=True)
        raise
    return {
        "data": str(paths.folder),
        "made": True,
        "dossiers": made.dossiers,
        "days": made.days,
        "events": made.events,
    }
