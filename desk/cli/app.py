"""The `desk` command put together: its groups, and how one run ends."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib import import_module

import typer

from desk.cli import later
from desk.cli.centre import paths_of
from desk.cli.opening import open_on
from desk.cli.options import DataOption, NowOption, VersionOption, group
from desk.cli.status import CommandError, Status
from desk.cli.values import instant_or_none
from desk.words import _

_COMMANDS = {
    "init": "setup",
    "demo": "setup",
    "due": "due",
    "due-today": "due_today",
    "shift": "shift",
    "scan": "scan",
    "receive": "intake",
    "find": "dossiers",
    "show": "dossiers",
    "act": "acting",
    "close": "closing",
    "sync": "closing",
    "outbox": "outbox",
    "reset": "resetting",
    "backup": "keeping",
    "restore": "keeping",
}
"""The module of `desk.cli` that declares each command."""

_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "officer": ("officers", ()),
    "key": ("keys", ("rotate",)),
    "summary": ("summary", ()),
    "report": ("report", ()),
    "import": ("imports", ("handover", "portal")),
    "journal": ("journal", ()),
    "message": ("message", ()),
    "published": ("published", ()),
    "province": ("province", ()),
}
"""The module that declares the commands of each group, and the names of those that are not in this version."""

_ABSENT = ("doctor", "rehearse", "board", "kiosk")


def build(word: str = "") -> typer.Typer:
    """Return the command; if `word` names one of its commands or groups, with that part alone, which loads faster."""
    app = group(_("Bàn làm việc một cửa của xã, phường, đặc khu."), opens=True)
    app.callback()(_opening)
    alone = word in _COMMANDS or word in _GROUPS
    for module in dict.fromkeys(_COMMANDS[name] for name in _COMMANDS if not alone or name == word):
        import_module(f"desk.cli.{module}").declare(app)
    if not alone:
        later.declare(app, *_ABSENT)
    for name, (module, absent) in _GROUPS.items():
        if alone and name != word:
            continue
        part = group(_group_help(name))
        if module:
            import_module(f"desk.cli.{module}").declare(part)
        later.declare(part, *absent)
        app.add_typer(part, name=name)
    return app


def _group_help(name: str) -> str:
    return {
        "officer": _("Cán bộ, vai trò, mã PIN."),
        "key": _("Khóa của đơn vị."),
        "summary": _("Tệp ngày: đọc và kiểm."),
        "report": _("Báo cáo theo mẫu."),
        "import": _("Nạp dữ liệu tham chiếu và hồ sơ."),
        "journal": _("Nhật ký nghiệp vụ."),
        "message": _("Vướng mắc và câu hỏi gửi tỉnh."),
        "published": _("Lịch, danh mục, tin nhắn của tỉnh: xem ảnh hưởng, áp dụng."),
        "province": _("Phía tỉnh: nhận và tổng hợp báo cáo ngày."),
    }[name]


def run(words: Sequence[str]) -> int:
    """Run the command with these words and return its exit status; failures come out as typed exceptions."""
    command = typer.main.get_command(build(words[0] if words else ""))
    try:
        with command.make_context("desk", [_utf8(word) for word in words]) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.TyperException as error:
        raise CommandError(Status.USAGE, usage_sentence(error)) from error
    return Status.DONE


def _utf8(word: str) -> str:
    """Return a word of the command line read as UTF-8, whatever encoding the locale made Python read it in."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(Status.USAGE, _("tham số không phải UTF-8: {word}").format(word=ascii(word))) from error


def _opening(
    context: typer.Context, data: DataOption = None, now: NowOption = None, version: VersionOption = False
) -> None:
    if version:
        raise CommandError(Status.USAGE, _("--version viết một mình: desk --version"))
    if context.invoked_subcommand is None:
        status = open_on(paths_of(data), instant_or_none(now))
        raise typer.Exit(status)
    if data is not None or now is not None:
        raise CommandError(
            Status.USAGE, _("--data và --now viết sau tên lệnh: desk {name} …").format(name=context.invoked_subcommand)
        )


def usage_sentence(error: typer.TyperException) -> str:
    """Return what was wrong with the words of the command; the library's own sentences are English."""
    message = error.format_message()
    for pattern, sentence in _usage_sentences():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = {key: value.replace("'", "") for key, value in found.groupdict("").items()}
            message = sentence.format(**parts)
            break
    path = getattr(getattr(error, "ctx", None), "command_path", "desk")
    return _("{problem}; xem «{command} --help»").format(problem=message, command=path)


def _usage_sentences() -> tuple[tuple[str, str], ...]:
    return (
        (r"No such command '(?P<x>.*?)'\. Did you mean (?P<y>.*)\?", _("không có lệnh «{x}», ý bạn là {y}?")),
        (r"No such command '(?P<x>.*?)'\.", _("không có lệnh «{x}»")),
        (r"No such option: (?P<x>\S+) \(Possible options: (?P<y>.*)\)", _("không có tùy chọn {x}, ý bạn là {y}?")),
        (r"No such option: (?P<x>\S+)", _("không có tùy chọn {x}")),
        (r"Missing command\.", _("thiếu lệnh con")),
        (r"Missing (?:option|argument|parameter) (?P<x>.*?)\.(?: .*)?", _("thiếu {x}")),
        (r"Option '(?P<x>.*?)' requires .*", _("tùy chọn {x} cần một giá trị")),
        (r"Option '(?P<x>.*?)' does not take a value\.", _("tùy chọn {x} không nhận giá trị")),
        (r"Got unexpected extra argument\(?s?\)? \((?P<x>.*)\)", _("thừa đối số: {x}")),
        (r"Invalid value for (?P<x>.*?): Input should be a valid integer.*", _("{x} phải là số nguyên")),
        (
            r"Invalid value for (?P<x>.*?): Input should be greater than or equal to (?P<y>.*)",
            _("{x} phải từ {y} trở lên"),
        ),
        (r"Invalid value for (?P<x>.*?): Input should be less than or equal to (?P<y>.*)", _("{x} nhiều nhất là {y}")),
        (r"Invalid value for (?P<x>.*?): \S+ (?P<y>.*) is not readable\.", _("{x}: không có quyền đọc {y}")),
        (r"Invalid value for (?P<x>.*?): (?P<y>.*)", _("giá trị của {x} không dùng được: {y}")),
    )
