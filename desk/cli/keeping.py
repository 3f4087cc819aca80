"""`desk backup`, `desk restore`: the record is kept elsewhere, and brought back without a silent fork."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import accepted, drivers, paths_of, refuse, unlocked
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command, path_of
from desk.cli.output import print_facts, print_json, progress
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import instant_json, instant_or_none
from desk.settings import Paths, read_settings
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.counter.model import Refused
    from desk.counter.resetting import Broken
    from desk.keeping.comparing import Difference
    from desk.keeping.making import Made
    from desk.keeping.restoring import Staged

_MOST_NAMED = 20
_AGREED = "phuc hoi"


def declare(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "backup", _("Sao lưu sổ vào một thư mục (USB), cả khi bàn làm việc đang mở."))(backup)
    command(app, "restore", _("Phục hồi sổ từ một bản sao: xem mất gì, cất sổ cũ, không rẽ nhánh âm thầm."))(restore)


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=path_of, help=_("Nơi để bản sao, ngoài thư mục dữ liệu."))
    ],
    keep_all: Annotated[
        bool,
        typer.Option("--keep-all", help=_("Không bỏ bản cũ nào (thường giữ 7 ngày, 4 tuần, 12 tháng gần nhất).")),
    ] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Make a backup of the record and say where it lies and what opens it."""
    from desk.clock import system_clock

    paths, at = paths_of(data), instant_or_none(now)
    settings = read_settings(paths)
    _require_practice(at, settings.practice, as_json=as_json)
    tell = progress() if sys.stderr.isatty() else None

    def use(secret: str | None) -> Made | Refused:
        with drivers():
            from desk.keeping.making import make

            return make(paths, settings, folder, secret, at or system_clock(), thin=not keep_all, progress=tell)

    made = accepted(unlocked(paths, use), as_json=as_json)
    if as_json:
        print_json(_made_document(made))
        return
    print_facts(
        {
            _("Bản sao"): str(made.path),
            _("Sổ đến"): _event(made.facts.events, made.last_at),
            _("Cỡ"): _("{n} byte").format(n=made.size),
            "SHA-256": made.sha256,
            _("Đã bỏ bản cũ"): ", ".join(made.thinned),
        }
    )
    if not made.key_inside:
        text = _("bản sao này chỉ mở được bằng {path}: chép tệp đó ra một nơi khác, hoặc sao lưu với mật khẩu")
        complain(text.format(path=paths.folder / "desk.key") + " (DESK_PASSPHRASE_FILE)")
    if made.same_disk:
        complain(_("bản sao nằm cùng một đĩa với sổ: đĩa hỏng là mất cả hai"))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", parser=path_of, help=_("Tệp do «desk backup» làm ra."))],
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", parser=path_of, help=_("Tệp desk.key của máy cũ, nếu máy này không có.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Chỉ xem ảnh hưởng, không ghi gì."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Phục hồi, không hỏi lại."))] = False,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Show what a backup would lose and, if told so, put it in the place of the record, which is kept aside."""
    from desk.clock import system_clock

    paths, at = paths_of(data), instant_or_none(now)
    _require_files(file, key)
    secrets: list[str | None] = []
    with drivers():
        from desk.keeping import restoring

    def use(secret: str | None) -> Staged | Refused:
        secrets.append(secret)
        return restoring.stage(paths, file, secret, key)

    with restoring.at_work(paths):
        if not dry_run and restoring.is_open(paths):
            raise CommandError(Status.ENVIRONMENT, _open_somewhere())
        staged = accepted(unlocked(paths, use), as_json=as_json)
        _require_practice(at, staged.settings.practice, as_json=as_json)
        if staged.changes_nothing:
            text = _("Sổ ở đây đã có đúng những gì bản sao có: không cần phục hồi.")
            refuse("nothing_to_restore", text, as_json=as_json)
        broken = _declared(staged, at, officer, as_json=as_json)
        if not as_json:
            print("\n".join(_effect(staged, broken)))
        agreed = not dry_run and (yes or (not as_json and _agreed()))
        aside = restoring.put_in_place(staged, at or system_clock()) if agreed else None
    if agreed:
        broken = _opened_again(paths, secrets[-1], at, as_json=as_json)
    if as_json:
        print_json(_restored_document(staged, broken, aside, restored=agreed))
    elif agreed:
        _tell_restored(aside)
    elif dry_run:
        print(_("Chỉ xem, chưa ghi gì."))
    if not agreed and not dry_run:
        raise CommandError(Status.NO, _("chưa phục hồi; thêm --yes để phục hồi"))


def _tell_restored(aside: Path | None) -> None:
    print(_("Đã phục hồi."))
    if aside is not None:
        print(_("Sổ trước đó được cất ở {path}").format(path=aside))
    print(_("Tiếp theo, lãnh đạo lập đề nghị nối lại: desk reset --reason «lý do»"))


def _require_files(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and not path.is_file():
            raise CommandError(Status.USAGE, _("{path}: không tìm thấy tệp này").format(path=path))


def _require_practice(at: datetime | None, practice: bool, *, as_json: bool) -> None:
    if at is not None and not practice:
        refuse("now_in_live_centre", _("Chỉ trung tâm thực hành mới đặt được giờ (--now)."), as_json=as_json)


def _open_somewhere() -> str:
    return _("sổ đang mở ở một bàn làm việc hoặc lệnh khác: hãy đóng lại rồi phục hồi")


def _declared(staged: Staged, at: datetime | None, officer: str | None, *, as_json: bool) -> Broken:
    """Write into the staged record that it was restored: before it is anybody's record."""
    from desk.bootstrap import open_beside
    from desk.cli.resetting import head_of

    desk = open_beside(staged.place, staged.settings, staged.paths, staged.key, at)
    try:
        return accepted(desk.counter.resets.declare(head_of(desk, officer)), as_json=as_json)
    finally:
        desk.close()


def _opened_again(paths: Paths, secret: str | None, at: datetime | None, *, as_json: bool) -> Broken:
    """Open the restored record where it now is, which also fills its outbox folder."""
    from desk.bootstrap import open_centre

    desk = accepted(open_centre(paths, passphrase=secret, now=at), as_json=as_json)
    try:
        broken = desk.counter.resets.look()
    finally:
        desk.close()
    if broken is None:
        raise CommandError(Status.ENVIRONMENT, _("sổ phục hồi không ghi được rằng nó là sổ phục hồi"))
    return broken


def _agreed() -> bool:
    """Ask at a terminal; elsewhere nobody is there to agree."""
    from desk.rules.text import fold

    if not sys.stdin.isatty():
        return False
    try:
        print(_("Gõ «phuc hoi» rồi Enter để phục hồi: "), end="", flush=True)
        return fold(sys.stdin.readline()).strip() == _AGREED
    except UnicodeDecodeError:
        complain(_("không đọc được câu trả lời"))
        return False


def _event(number: int, at: datetime | None) -> str:
    text = _("việc số {n}, {at}")
    return text.format(n=number, at="—" if at is None else f"{at:%H:%M %d/%m/%Y}")


def _effect(staged: Staged, broken: Broken) -> Iterator[str]:
    """Yield what the backup is, and what is lost by it."""
    from desk.counter.resetting import lost_lines

    facts, found = staged.facts, staged.here.difference
    yield _("Bản sao của {unit} {name}, làm lúc {at}; sổ đến {event}.").format(
        unit=facts.unit,
        name=staged.settings.name,
        at=f"{facts.made_at:%H:%M %d/%m/%Y}",
        event=_event(facts.events, staged.last_at),
    )
    if not staged.here.exists:
        yield _("Ở đây chưa có sổ nào: mất gì chỉ biết theo hộp gửi và giấy báo nhận.")
    elif found is None:
        yield _("Sổ ở đây không đọc được nên không so được: mất gì chỉ biết theo hộp gửi và giấy báo nhận.")
    else:
        yield from _lost_here(found, {each.seq for each in broken.lost.files})
    yield broken.sentence
    yield from lost_lines(broken.lost)


def _lost_here(found: Difference, told: set[int]) -> Iterator[str]:
    if not found.common:
        yield _("CHÚ Ý: sổ ở đây không cùng gốc với bản sao: không việc nào ở đây có trong bản sao.")
    if found.events and found.first_at is not None and found.last_at is not None:
        yield counted(
            "Sổ ở đây có {n} việc mà bản sao không có, từ {first} đến {last}.",
            found.events,
            first=f"{found.first_at:%H:%M %d/%m/%Y}",
            last=f"{found.last_at:%H:%M %d/%m/%Y}",
        )
    else:
        yield _("Sổ ở đây không có việc nào mà bản sao không có.")
    if found.gone:
        yield _("Hồ sơ sẽ không còn trong sổ ({n}): {codes}").format(n=len(found.gone), codes=_some(found.gone))
    if found.older:
        yield _("Hồ sơ trở về như lúc sao lưu ({n}): {codes}").format(n=len(found.older), codes=_some(found.older))
    for seq, day in (each for each in found.files if each[0] not in told):
        yield _("Tệp ngày số {seq} ngày {day} chốt sau bản sao").format(seq=seq, day=f"{day:%d/%m/%Y}")
    if not found.same_key:
        yield _("Bản sao ký bằng khóa khác với sổ ở đây: tỉnh phải còn nhận khóa của bản sao.")


def _some(codes: tuple[str, ...]) -> str:
    more = len(codes) - _MOST_NAMED
    return ", ".join(codes[:_MOST_NAMED]) + (_(" … và {n} hồ sơ nữa; --json kể đủ").format(n=more) if more > 0 else "")


def _made_document(made: Made) -> dict[str, object]:
    return {
        "file": str(made.path),
        "bytes": made.size,
        "sha256": made.sha256,
        "unit": made.facts.unit,
        "made_at": instant_json(made.facts.made_at),
        "events": made.facts.events,
        "last_event_at": instant_json(made.last_at),
        "head": made.facts.head,
        "key_inside": made.key_inside,
        "same_disk": made.same_disk,
        "thinned": list(made.thinned),
    }


def _restored_document(staged: Staged, broken: Broken, aside: Path | None, *, restored: bool) -> dict[str, object]:
    from desk.cli.resetting import reset_document

    facts, here = staged.facts, staged.here
    return {
        "restored": restored,
        "unit": facts.unit,
        "made_at": instant_json(facts.made_at),
        "events": facts.events,
        "last_event_at": instant_json(staged.last_at),
        "head": facts.head,
        "record_here": {"exists": here.exists, "readable": here.difference is not None},
        "difference": None if here.difference is None else _difference_document(here.difference),
        "kept_aside": None if aside is None else str(aside),
        "reset": reset_document(broken),
    }


def _difference_document(found: Difference) -> dict[str, object]:
    return {
        "common_event": found.common,
        "events": found.events,
        "first_at": instant_json(found.first_at),
        "last_at": instant_json(found.last_at),
        "dossiers_gone": list(found.gone),
        "dossiers_older": list(found.older),
        "files": [{"seq": seq, "date": day.isoformat()} for seq, day in found.files],
        "same_key": found.same_key,
    }
