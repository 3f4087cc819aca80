"""A slip to try a printer with: every Vietnamese letter, the width of a page, no person in it."""

from __future__ import annotations

from collections.abc import Iterator

from desk.forms.receipt import WIDTH, centred, wrapped
from desk.words import _

_VOWELS = (
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
)


def lines(centre: str, at: str) -> tuple[str, ...]:
    """Return the slip, none of its lines wider than 80 columns."""
    return tuple(_lines(centre, at))


def _lines(centre: str, at: str) -> Iterator[str]:
    yield centred(_("PHIẾU THỬ MÁY IN"))
    yield from wrapped(_("{centre} · {at}").format(centre=centre, at=at))
    yield ""
    yield ("1234567890" * WIDTH)[:WIDTH]
    yield from wrapped(_("Dòng trên phải dài đúng 80 số, không xuống dòng, không mất số cuối."))
    yield ""
    for start in range(0, len(_VOWELS), 4):
        yield "  " + "  ".join(_VOWELS[start : start + 4]) + "  đ"
    for start in range(0, len(_VOWELS), 4):
        yield "  " + "  ".join(vowels.upper() for vowels in _VOWELS[start : start + 4]) + "  Đ"
    yield from wrapped(_("Mọi chữ trên phải đủ dấu, không có dấu hỏi hay ô vuông."))
