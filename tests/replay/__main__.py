"""Hưng Yên's first six weeks again, with made-up dossiers: `python -m tests.replay`, in the folder of the project.

105 sites, 156,230 dossiers, each site's days closed by the real code and its files sent; then the province's report
beside the figures of the press. Leaves 1 behind if a single dossier is missing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from desk.cli.output import progress
from tests.replay.compared import compared, table
from tests.replay.press import FIRST, HUNG_YEN, LAST, SITES
from tests.replay.running import replay

TOLD = 900
"""How many dossiers are told by the use cases one by one; the 156,230 are these, each as often as it is wanted."""


def main(words: list[str]) -> int:
    """Replay, compare, and draw the picture if it is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("--processes", type=int, default=0, help="how many write sites at once; one for each core")
    parser.add_argument("--keep", type=Path, help="an empty folder to leave the province and all the sites in")
    parser.add_argument("--picture", type=Path, help="write the report page as PNG (needs chromium)")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="replay-") as scratch:
        folder: Path = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        province, found = replay(folder, HUNG_YEN, number=SITES, told=TOLD, processes=asked.processes, tell=progress())
        lines = compared(report := province.report(FIRST, LAST), HUNG_YEN)
        province.close()
        print(
            f"{len(found.units)} sites, {found.files:,} files merged, {found.confirmed:,} confirmed,"
            f" {time.perf_counter() - began:.0f} s"
        )
        print(table(lines))
        if asked.picture is not None:
            from tests.replay.picture import draw

            draw(folder / "province", asked.picture)
    fine = report.balanced and found.confirmed == found.files and all(line.equal for line in lines)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
