"""Options that several commands share, and commands whose help is in the words of the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from desk.cli.status import CommandError, Status
from desk.cli.visible import visible_output
from desk.words import N_, _, officially

Handler = TypeVar("Handler", bound=Callable[..., Any])


def path_of(word: str) -> Path:
    """Return a path as it was typed: an empty one is a variable that was not set, not the folder of the moment."""
    if not word:
        raise CommandError(Status.USAGE, _("tên tệp hoặc thư mục trống, hãy viết rõ"))
    return Path(os.fsdecode(word.encode("utf-8", "surrogateescape")))


DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        parser=path_of,
        help=N_("Thư mục dữ liệu; nếu không có thì theo DESK_DATA, rồi thư mục mặc định."),
    ),
]
VersionOption = Annotated[bool, typer.Option("--version", help=N_("In phiên bản của phần mềm."))]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", parser=path_of, help=N_("Ghi vào tệp này («-»: đầu ra chuẩn).")),
]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", parser=path_of, help=N_("Tệp («-»: đầu vào chuẩn)."))]
JsonOption = Annotated[bool, typer.Option("--json", help=N_("In kết quả dạng JSON ra đầu ra chuẩn."))]
NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="INSTANT", help=N_("Giờ của trung tâm thực hành, ví dụ 2026-03-13T08:00.")),
]
AsOption = Annotated[
    str | None,
    typer.Option("--as", metavar="OFFICER", help=N_("Cán bộ làm việc này: số hoặc tên; mặc định người đầu.")),
]

HELP_NAMES = {"help_option_names": ["-h", "--help"]}


def _in_our_words(text: str) -> str:
    """Replace the fixed words of the library's help, which has no catalogue of its own."""
    words = (
        ("Usage:", _("Cách dùng:")),
        ("Options:", _("Tùy chọn:")),
        ("Commands:", _("Lệnh:")),
        ("Arguments:", _("Đối số:")),
        ("Show this message and exit.", _("Hiện hướng dẫn này.")),
        ("[OPTIONS]", _("[TÙY CHỌN]")),
        ("COMMAND [ARGS]...", _("LỆNH [ĐỐI SỐ]...")),
        ("[required]", _("[bắt buộc]")),
        ("[default: ", _("[mặc định: ")),
    )
    for english, ours in words:
        text = text.replace(english, ours)
    return text


def _help(of: TyperCommand | TyperGroup, ctx: typer.Context, told: Callable[[typer.Context], str]) -> str:
    for each in of.params:
        # Those that several commands share were named before the language was known.
        if text := getattr(each, "help", None):
            each.help = _(text)  # type: ignore[attr-defined]
    return _in_our_words(told(ctx))


class DeskCommand(TyperCommand):
    """A command whose help is wholly in the words of the screen."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help text."""
        return _help(self, ctx, super().get_help)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the command; what programs read is the same in every language, what people read only text."""
        with visible_output(), officially() if ctx.params.get("as_json") else nullcontext():
            return super().invoke(ctx)


class DeskGroup(TyperGroup):
    """A group of commands whose help is wholly in the words of the screen."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help text."""
        return _help(self, ctx, super().get_help)


def command(into: typer.Typer, name: str, help_text: str) -> Callable[[Handler], Handler]:
    """Return what declares a function as a command."""
    return into.command(name, cls=DeskCommand, context_settings=HELP_NAMES, help=help_text)


def group(help_text: str, *, opens: bool = False) -> typer.Typer:
    """Return an empty group of commands; one that `opens` also does something when called alone."""
    return typer.Typer(
        cls=DeskGroup,
        help=help_text,
        add_completion=False,
        no_args_is_help=False,
        invoke_without_command=opens,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=HELP_NAMES,
    )
