"""The real thing: bytes into a pseudo-terminal, the screen out of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tui.terminal import SMALL_APP, Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    started = Terminal(SMALL_APP)
    try:
        started.wait("ready")
        yield started
    finally:
        started.close()


@pytest.mark.parametrize(
    ("data", "report"),
    [
        ("chinh\x7f\x7f\x7fính", "=chính||="),
        ("vie\x08ê\x08ệt", "=việt||="),
        ("11111111\r22222222\r", "=||11111111,22222222="),
        ("mot\thai\x7fi\x1b[Zx\ty", "=motx|haiy|="),
        ("Nguye\u0302\u0303n\rĐỗ\x1b[Aa", "=Nguyễna|Đỗ|="),
        ("\x1b[200~042200150708|1|Trần Ỷ|02021980|Nam|Kỳ Lợi|11052021\x1b[201~", "=||042200150708|1|Trần Ỷ|"),
        ("\x1b[200~hai\ndòng\x1b[201~", "=hai dòng||="),
    ],
)
def test_one_write_gives_what_was_typed(terminal: Terminal, data: str, report: str) -> None:
    terminal.send(data)
    terminal.wait(report)


def test_a_key_in_a_list_sends_few_bytes(terminal: Terminal) -> None:
    terminal.send("\t\t\x1b[B")
    terminal.wait(" ▸ 1 ")
    terminal.quiet()
    terminal.send("\x1b[B")
    assert 0 < terminal.quiet() < 1000
    terminal.wait(" ▸ 2 ")
    terminal.send("\x1b[F")
    terminal.wait(" ▸ 99999 ")
    terminal.quiet()
    terminal.send("\x1b[Z")
    assert 0 < terminal.quiet() < 1000
