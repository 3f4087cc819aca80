"""The counter in a tmux of its own: the words are its socket and its settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    socket, settings = sys.argv[1:]
    app = str(Path(__file__).with_name("counter_app.py"))
    os.execvp("tmux", ["tmux", "-u", "-S", socket, "-f", settings, "new-session", sys.executable, app])
