"""What a province publishes in tests, and what a run brought of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from desk.daily.calendars import PublishedCalendar
from desk.daily.published import Notice, PublishedCatalogue
from desk.rules.calendar import DayRule
from desk.sync.post import Post
from desk.sync.ways import Trouble
from tests.province.factory import MONDAY, at

DAY = DayRule(date(2027, 1, 1), False, False, "Tết Dương lịch", "BLLĐ Đ112")


def calendar(version: str = "2027.1") -> PublishedCalendar:
    return PublishedCalendar(version, date(2027, 1, 1), date(2027, 12, 31), (DAY,))


def notice(text: str = "Đã rõ.") -> Notice:
    return Notice(text, at(MONDAY))


def large(version: str = "2027.1") -> PublishedCatalogue:
    """A catalogue that a line takes long for: drawn by lot, so that deflating does not make it small."""
    rng = random.Random(7)
    rows = tuple((f"1.{n:06d}", rng.randbytes(600).hex()) for n in range(60))
    return PublishedCatalogue(version, ("code", "name"), rows)


def fetched(post: Post, *, due: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """Run once: the kinds and numbers that are new, the problems."""
    run = post.descend(due)
    return [f"{each.kind}{each.number}" for each in run.new], [(each.what, each.reason) for each in run.problems]


def brought_in_parts(
    folder: Path, sha256: str, way: str, attempt: Callable[[], tuple[list[str], list[tuple[str, str]], int]]
) -> tuple[list[str], int, int]:
    """Try until a file has come whole, of which each attempt leaves more; what is new, bytes received, attempts.

    An attempt returns what is new, the problems and the bytes it received.
    """
    received, sizes, new = 0, [0], list[str]()
    for _attempt in range(20):
        new, problems, down = attempt()
        received += down
        parts = list(folder.glob(f"{sha256}.*.part"))
        sizes.append(sum(path.stat().st_size for path in parts))
        if not parts and not problems:
            break
        assert problems == [(way, Trouble.LINE_BROKEN)]
    else:
        pytest.fail("it never came")
    assert len(sizes) > 4
    assert sizes[:-1] == sorted(sizes[:-1])
    return new, received, len(sizes)
