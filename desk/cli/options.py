"""Options that several commands share, and commands whose help is in the words of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup

from desk.words import _

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help=_("Thư mục dữ liệu; nếu không có thì theo DESK_DATA, rồi thư mục mặc định.")
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("In kết quả dạng JSON ra đầu ra chuẩn."))]

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


class DeskCommand(TyperCommand):
    """A command whose help is wholly in the words of the screen."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help text."""
        return _in_our_words(super().get_help(ctx))


class DeskGroup(TyperGroup):
    """A group of commands whose help is wholly in the words of the screen."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        """Return the help text."""
        return _in_our_words(super().get_help(ctx))


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
