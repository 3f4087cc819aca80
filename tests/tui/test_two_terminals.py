"""Two programs in two terminals on one record: the second is told what the first has done, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.vocabulary import Channel
from desk.bootstrap import Desk, make_centre, open_centre
from desk.counter.model import Done, DossierView, PersonInput, Receive
from desk.settings import CentreSettings, Paths
from tests.tui.terminal import COUNTER_APP, Terminal

ENTER = "\r"


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A practice centre with one dossier."""
    found = Paths(tmp_path / "desk")
    made = make_centre(found, CentreSettings("18229", "Xã Đức Thọ", practice=True), officer="Lê Thị Hoa")
    assert isinstance(made, Desk)
    person = PersonInput("Nguyễn Đức Thịnh")
    order = Receive(client_id="one", procedure="1.004873", applicant=person, channel=Channel.DIRECT)
    assert isinstance(made.counter.receive(order), Done)
    made.close()
    monkeypatch.setenv("DESK_DATA", str(found.folder))
    return found


@pytest.fixture
def terminals(paths: Paths) -> Iterator[tuple[Terminal, Terminal]]:
    """Two programs on the folder, each with the dossier open and the question whether it is finished."""
    assert paths.database.exists()
    started = (Terminal(COUNTER_APP), Terminal(COUNTER_APP))
    try:
        for each in started:
            each.quiet(2.0)
            if "BUỔI SÁNG" in each.text:
                each.send(ENTER)
            each.wait("Nguyễn Đức Thịnh")
            each.send(ENTER)
            each.wait("Việc làm được")
            each.wait("3 Xong")
            each.send("3")
            each.wait("Nguyễn Đức Thịnh ·")
        yield started
    finally:
        for each in started:
            each.close()


def seen(paths: Paths) -> DossierView:
    """Return the dossier as it is on the disk, the journal being whole."""
    desk = open_centre(paths)
    assert isinstance(desk, Desk)
    try:
        assert desk.counter.verify_journal() is None
        found = desk.counter.dossier(1)
        assert found is not None
        return found
    finally:
        desk.close()


def test_the_second_of_two_ends_is_told_and_changes_nothing(terminals: tuple[Terminal, Terminal], paths: Paths) -> None:
    one, two = terminals
    one.send(ENTER)
    one.wait("đã ghi")
    two.send(ENTER)
    two.wait("không thể")
    assert b"Traceback" not in one.sent + two.sent
    assert len(seen(paths).events) == 2
