"""How large a day's file is, sealed and deflated as it goes over a line, at a small and at a large commune."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import summaries
from db.engine import open_engine, sqlite_url
from db.unit import Records
from desk import vault
from desk.daily.container import deflate
from desk.rehearsal.demo import SPAN, make_demo
from desk.rules import moment
from desk.settings import Paths

NOW = moment.parse("2026-03-13T10:15")

pytestmark = pytest.mark.bench


@pytest.mark.parametrize(("a_day", "most"), [(50, 1_200), (400, 2_000)])
def test_a_days_file_is_small(tmp_path: Path, capsys: pytest.CaptureFixture[str], a_day: int, most: int) -> None:
    paths = Paths(tmp_path / "centre")
    made = make_demo(paths, dossiers=a_day * SPAN.days * 5 // 7, now=NOW, told=300)
    engine = open_engine(sqlite_url(paths.database), vault.open_key(paths, None))
    with Records(engine).reading() as view:
        files = [each.content for each in summaries.files(view.connection)]
    engine.dispose()
    sizes = sorted(len(deflate(each)) for each in files)
    with capsys.disabled():
        print(
            f"\n{made.dossiers:,} dossiers, {len(files)} days, about {a_day} a day:"
            f" deflated median {sizes[len(sizes) // 2]}, largest {sizes[-1]} bytes; must {most}"
        )
    assert sizes[-1] <= most
