"""From a backup on a stick to a province that lets the restored desk go on: by commands, nothing lost in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.keeping.conftest import Kept


@pytest.mark.parametrize("new_machine", [False, True])
def test_a_restored_desk_goes_on_when_the_province_says_so(
    kept: Kept, tmp_path: Path, secret: Callable[[], None], new_machine: bool
) -> None:
    centre, province = kept.centre, tmp_path / "tinh"

    def office(*words: str, status: int = 0) -> Any:
        ran = centre.run("province", *words, "--data", str(province), "--now", "2026-03-17T18:00", "--json")
        assert ran.status == status, ran
        return json.loads(ran.out)

    office("init", "--practice")
    key = tmp_path / "18229.pub"
    key.write_text(centre("key", "show").out, encoding="utf-8")
    office("enrol", "18229", "--key", str(key))
    secret()
    centre.now = "2026-03-13T09:00"
    held = centre.take()
    centre("close", now="2026-03-13T17:00")
    file = kept.backup(now="2026-03-13T17:10")["file"]
    # Monday is worked, sealed, sent and counted at the province; then the disk dies.
    centre.now = "2026-03-16T09:00"
    lost = centre.take()
    centre("close", now="2026-03-16T17:00")
    centre("sync", now="2026-03-16T17:05")
    office("ingest", str(centre.stick))
    if new_machine:
        centre.folder = tmp_path / "new"
    centre.now = "2026-03-17T08:00"
    told = kept.restored(file)
    assert told["difference"] is None if new_machine else told["difference"]["dossiers_gone"] == [lost]
    # The settings came along, so the new machine asks the same stick, and learns there what it lost.
    centre("sync")
    seen = json.loads(centre("reset", "--json").out)
    assert (seen["goes_on_from"], [each["seq"] for each in seen["lost"]["files"]]) == (2, [3])
    assert centre("close").status == 1
    sealed = centre.json("reset", "--reason", "ổ đĩa hỏng")
    fresh = centre.take()
    assert fresh not in {held, lost}
    assert centre("close", now="2026-03-17T17:00").status == 0
    centre("sync", now="2026-03-17T17:05")
    answers = office("ingest", str(centre.stick))
    assert {(each["seq"], each["status"]) for each in answers if (each["seq"] or 0) > 3} == {(4, "held"), (5, "held")}
    accepted = office("accept-reset", "18229", "--yes")
    assert accepted["lost_files"] == sealed["lost"]["files"] == [dict(seen["lost"]["files"][0])]
    assert (accepted["stock_before"], accepted["stock_after"]) == (2, 1)
    office("ingest", str(centre.stick))
    # The new machine also says that it does not know the file of a receipt on the stick.
    states = {each["seq"]: each["state"] for each in json.loads(centre("sync", "--json", now="2026-03-17T18:05").out)}
    assert (states[4], states[5]) == ("confirmed", "confirmed")
    assert json.loads(centre("reset", "--json").out)["needed"] is False
