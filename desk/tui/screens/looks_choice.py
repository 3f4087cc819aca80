"""Choose the colours or the signs of the screen: they change at once, and this desk keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desk.settings import CHOICES
from desk.tui.screens.act_dialogs import Pick
from desk.tui.widgets.modals import ask
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

_WORDS: Mapping[str, Callable[[], str]] = {
    "theme.auto": lambda: _("Tự chọn theo máy"),
    "theme.normal": lambda: _("Thường"),
    "theme.contrast": lambda: _("Tương phản cao"),
    "theme.console": lambda: _("16 màu, cho màn hình console"),
    "theme.mono": lambda: _("Không màu: chữ đậm, gạch chân, đảo màu"),
    "signs.auto": lambda: _("Tự chọn theo máy"),
    "signs.full": lambda: _("Đủ ký hiệu và nét kẻ"),
    "signs.plain": lambda: _("Ký hiệu ASCII, chữ Việt có dấu"),
    "signs.bare": lambda: _("Chỉ ASCII, chữ Việt không dấu"),
}


async def choose_look(app: DeskApp, key: str) -> None:
    """Ask for a value of the setting `key`, wear it, and keep it in the settings of this desk."""
    question = _("Màu của màn hình này?") if key == "theme" else _("Ký hiệu máy này hiện được?")
    now = app.looks.theme if key == "theme" else app.looks.signs
    options = [(value, _marked(_WORDS[f"{key}.{value}"](), chosen=value == now)) for value in CHOICES[key]]
    value = await ask(app, Pick(question, options))
    front = app.front
    if value is None or front is None:
        return
    app.looks = looks = app.looks.chosen(key, value)
    app.wear(looks.look)
    said = _WORDS[f"{key}.{value}"]()
    app.ask(
        front,
        lambda: looks.keep(key, value),
        lambda _none: app.say(_("đã đổi và nhớ cho quầy này: {said}").format(said=said), "good"),
        group="looks",
        failed=lambda why: app.say(_("đã đổi, nhưng chưa nhớ được: {why}").format(why=why), "soon"),
    )


def _marked(words: str, *, chosen: bool) -> str:
    return _("{words} (đang dùng)").format(words=words) if chosen else words
