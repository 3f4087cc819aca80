"""A data folder whose parts do not belong together is not opened, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.bootstrap import Desk, make_centre, open_centre
from desk.counter.model import Refused
from desk.settings import CentreSettings, Paths, write_settings

DUC_THO = CentreSettings("18229", "Xã Đức Thọ", practice=True)


@pytest.mark.parametrize(
    ("settings", "reason", "said"),
    [
        (replace(DUC_THO, unit="19930"), "other_unit", "là của đơn vị 18229"),
        (replace(DUC_THO, practice=False), "other_mode", "để thực hành"),
    ],
)
def test_settings_of_another_centre_do_not_open_a_record(
    tmp_path: Path, settings: CentreSettings, reason: str, said: str
) -> None:
    paths = Paths(tmp_path / "desk")
    made = make_centre(paths, DUC_THO, officer="Lê Thị Hoa")
    assert isinstance(made, Desk)
    made.close()
    write_settings(paths, settings)
    refused = open_centre(paths)
    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert said in refused.sentence
    write_settings(paths, replace(DUC_THO, name="Xã Đức Thọ mới", desk=2))
    opened = open_centre(paths)
    assert isinstance(opened, Desk)
    opened.close()
