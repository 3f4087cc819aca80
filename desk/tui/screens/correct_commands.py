"""What an officer can do on the form that corrects a dossier."""

from __future__ import annotations

from msgspec.structs import replace

from desk.tui.commands import BACK, SAVE, Place
from desk.tui.screens.receive_commands import FOR_OTHER
from desk.words import _

SAVE_CORRECTION = replace(SAVE, sentence=lambda: _("Lưu phần sửa, có lý do; sổ vẫn giữ bản trước."))
LEAVE = replace(
    BACK, words=lambda: _("Thôi"), sentence=lambda: _("Thôi không sửa; đã gõ gì thì hỏi trước."), place=Place.FORM
)

ALL = (SAVE_CORRECTION, FOR_OTHER, LEAVE)
