"""The counter as the command opens it, on the data folder of the test."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desk.settings import Paths
from desk.tui.entry import open_counter

if __name__ == "__main__":
    sys.exit(open_counter(Paths(Path(os.environ["DESK_DATA"]))))
