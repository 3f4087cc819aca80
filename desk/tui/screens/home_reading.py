"""What the list of the day reads, in a thread, and what it says where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from desk.counter.listed import Listed, ListRef
from desk.counter.model import Drill
from desk.tui.screens.figures import named
from desk.tui.screens.work_rows import WorkIndex
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.service import Counter


class Morning(Struct, frozen=True):
    """What one reading of the record brings."""

    drill: Drill = field(default_factory=Drill)
    index: WorkIndex = field(default_factory=WorkIndex)
    listed: Listed | None = None


def read_morning(counter: Counter, figure: str, ref: ListRef | None = None) -> Morning:
    """Read the drill and a list, the one behind a figure, or all open work; runs in a thread."""
    drill = counter.drill()
    if ref is not None:
        listed = counter.listed(ref)
        return Morning(drill, WorkIndex(listed.rows), listed)
    chosen = named(figure)
    return Morning(drill, WorkIndex(counter.open_work() if chosen is None else counter.rows(chosen.ids(drill))))


def empty_words(*, searching: bool, typed: bool, inside: bool) -> str:
    """Return why a list has no lines; `inside` a list other than all work."""
    if searching and typed:
        return _("Không có hồ sơ nào như vậy trong sổ.")
    if typed:
        return _("Không có hồ sơ nào khớp. F4 tìm trong mọi hồ sơ.")
    if inside and not searching:
        return _("Không có hồ sơ nào trong mục này. 0 về tất cả.")
    return _("Không có hồ sơ nào đang giải quyết. F2 tiếp nhận.")
