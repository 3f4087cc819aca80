"""The counter as the command opens it, at the instant the practice centre was made for."""

from __future__ import annotations

import sys
from pathlib import Path

from desk.rules import moment
from desk.settings import Paths
from desk.tui.entry import open_counter

if __name__ == "__main__":
    sys.exit(open_counter(Paths(Path(sys.argv[1])), now=moment.parse(sys.argv[2])))
