"""What an officer reads while the record is brought up to date."""

from __future__ import annotations

from db.upgrading import Stage, Upgrading
from desk.words import _


def upgrade_sentence(upgrading: Upgrading) -> str:
    """Return what is being done to a record, and that it takes its time."""
    sentences = {
        Stage.STEPS: _("Nâng cấp 1/3: đổi cấu trúc sổ {size}, có thể mất vài phút; đừng tắt máy."),
        Stage.LINKS: _("Nâng cấp 2/3: kiểm liên kết sổ {size}, có thể mất vài phút; đừng tắt máy."),
        Stage.WHOLE: _("Nâng cấp 3/3: kiểm toàn bộ sổ {size}, có thể mất vài phút; đừng tắt máy."),
    }
    size = f"{upgrading.megabytes:,} MB".replace(",", ".") if upgrading.megabytes else ""
    return " ".join(sentences[upgrading.stage].format(size=size).split())
