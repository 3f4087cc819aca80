"""How long a find takes at DESK_BENCH_DOSSIERS dossiers and a tenth of them, beside LIKE '%...%' on the same data.

DESK_BENCH_DATA names the folder of a practice centre made before (`desk demo --dossiers N --no-open`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

import pytest

from db.unit import View
from desk import bootstrap
from desk.bootstrap import Desk
from desk.counter.model import Refused
from desk.rehearsal.demo import make_demo
from desk.rules import moment
from desk.rules.text import fold
from desk.settings import Paths

NOW = moment.parse("2026-03-13T10:15")
DOSSIERS = int(os.environ.get("DESK_BENCH_DOSSIERS", "1000"))
ROUNDS = 5
QUERIES = (
    "n", "t", "ng", "th", "nguyen", "nguyễn", "tran", "nguyen van", "nguyễn văn", "le thi hoa", "d v y", "nguyen tran",
    "0708", "345 678", "34567", "042180", "042180000708", "260105", "TN-18229-260105", "tn-0313", "nguyen 0708",
    "zzz", "nguyen zzz", "99999999",
)  # fmt: skip
_LIKE = """
    SELECT d.id FROM dossier d JOIN person p ON p.id = d.person_id
    WHERE p.name_folded LIKE ? OR p.id_number LIKE ? OR p.phone LIKE ? OR d.code LIKE ? OR d.official_code LIKE ?
    ORDER BY d.id DESC LIMIT 100
"""


def like(view: View, query: str) -> int:
    """Ask as one would at first."""
    return len(view.connection.exec_driver_sql(_LIKE, (f"%{fold(query)}%",) * 5).all())


def milliseconds(ask: Callable[[str], object]) -> tuple[float, float]:
    """Return the median and the 95th percentile of processor time over all queries and rounds."""
    took = []
    for _round in range(ROUNDS):
        for query in QUERIES:
            began = time.process_time()
            ask(query)
            took.append((time.process_time() - began) * 1000)
    hundredths = quantiles(took, n=100)
    return hundredths[49], hundredths[94]


def centre(folder: Path, dossiers: int) -> Desk:
    paths = Paths(folder / str(dossiers))
    given = os.environ.get("DESK_BENCH_DATA")
    if given and dossiers == DOSSIERS:
        paths = Paths(Path(given))
    else:
        make_demo(paths, dossiers=dossiers, now=NOW)
    desk = bootstrap.open_centre(paths, now=NOW)
    assert not isinstance(desk, Refused)
    return desk


@pytest.mark.bench
def test_the_time_of_a_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for dossiers in (DOSSIERS // 10, DOSSIERS):
        desk = centre(tmp_path, dossiers)
        assert desk.counter.find("n")
        assert not desk.counter.find("zzz")
        found = milliseconds(desk.counter.find)
        with desk.context.records.reading() as view:
            assert like(view, "nguyen")
            plain = milliseconds(lambda query: like(view, query))
        desk.close()
        for what, (half, most) in (("find", found), ("baseline LIKE '%...%'", plain)):
            lines.append(f"  {dossiers:>9,} dossiers  {what:<22} p50 {half:8.1f} ms  p95 {most:8.1f} ms")
    with capsys.disabled():
        print("", *lines, sep="\n")
