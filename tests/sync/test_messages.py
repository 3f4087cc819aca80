"""Messages of a unit: offered by every way beside the daily files, taken in once, answered by a message down."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.__main__ import main
from desk.daily.container import NS_CATALOGUE, seal, sha256
from desk.daily.messages import MessageKind, UnitMessage, message_name, seal_message
from desk.daily.sshsig import SigningKey
from desk.province.model import ProvinceError
from desk.province.service import Province
from desk.province.taking import DAY_FILES
from desk.sync.model import NotOursError
from desk.sync.post import Post
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, at, query, rejected, tables
from tests.sync.servers import Commune, fresh_province, running
from tests.sync.sticks import queue, states


def written(centre: Centre, number: int = 1, **changed: Any) -> UnitMessage:
    header: dict[str, Any] = {
        "unit": centre.unit,
        "unit_name": "Xã Hương Khê",
        "installation": centre.key.public.fingerprint,
        "practice": centre.practice,
        "number": number,
        "created": at(MONDAY),
        "app": "0.1.0",
        "kind": MessageKind.QUESTION,
        "text": "Khi nào có lịch 2027?",
        **changed,
    }
    return UnitMessage(**header)


def put(post: Post, centre: Centre, number: int = 1, **changed: Any) -> str:
    """Queue a message and return its SHA-256."""
    message = written(centre, number, **changed)
    data = seal_message(message, centre.key)
    post.put_message(message_name(message, sha256(data)), data)
    return sha256(data)


def test_a_message_goes_by_the_stick_beside_the_files_and_is_confirmed(
    post: Post, centre: Centre, province: Province, stick: Path
) -> None:
    queue(post, centre, 2)
    digest = put(post, centre)
    post.run()
    assert states(post.run_messages()) == [(1, "sent", "")]
    province.ingest([stick])
    first = post.run()
    assert (states(first), first.problems) == ([(1, "confirmed", ""), (2, "confirmed", "")], ())
    second = post.run_messages()
    assert (states(second), second.problems) == ([(1, "confirmed", "")], ())
    assert (post.run_messages(), post.run().problems) == ((), ())
    (view,) = province.messages()
    assert (view.unit, view.sha256, view.message.text, view.answer) == (UNIT, digest, "Khi nào có lịch 2027?", None)


def test_what_is_ingested_again_gets_the_same_receipt_and_the_figures_stay(
    post: Post, centre: Centre, province: Province, stick: Path
) -> None:
    files = queue(post, centre, 1)
    post.run()
    province.ingest([stick])
    before = tables(province.folder)
    put(post, centre)
    post.run_messages()
    first, again = province.ingest([stick]), province.ingest([stick])
    assert [each.repeated for each in again] == [True, True]
    assert [each.receipt for each in first] == [each.receipt for each in again]
    after = tables(province.folder)
    assert (after.figures, after.units) == (before.figures, before.units)
    assert len(after.files) == len(before.files) + 1
    centre_next = centre.close(MONDAY + timedelta(days=1))
    post.put(centre_next.name, centre_next.data)
    post.run()
    province.ingest([stick])
    assert states(post.run()) == [(2, "confirmed", "")]
    assert province.status().units[0].actual == len(files) + 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"unit": OTHER}, "wrong_unit"),
        ({"installation": "SHA256:" + "A" * 43}, "wrong_installation"),
        ({"practice": True}, "practice"),
        ({"text": "\u200b"}, "bad_schema"),
    ],
)
def test_what_a_message_may_not_say(centre: Centre, province: Province, changed: dict[str, Any], reason: str) -> None:
    data = seal_message(written(centre, **changed), centre.key)
    taken = province.take(data)
    assert (taken.receipt, taken.reason) == (None, reason)
    assert rejected(province.folder) == {sha256(data): (reason, 1)}
    assert province.messages() == ()


def test_a_strange_key_and_another_namespace_are_refused(centre: Centre, province: Province) -> None:
    stranger = seal_message(written(centre), SigningKey.generate())
    assert province.take(stranger).reason == "unknown_key"
    other = seal(written(centre).payload(), centre.key, NS_CATALOGUE)
    assert province.take(other).reason == "wrong_namespace"


def test_messages_share_the_quota_of_the_day(centre: Centre, province: Province) -> None:
    now = at(MONDAY + timedelta(days=10)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    numbers = f"with recursive c(n) as (select 1 union all select n + 1 from c where n < {DAY_FILES}) select n from c"
    row = f"'{UNIT}', printf('%064d', n), null, null, 'merged', '', '{now}', null, x'00'"
    query(province.folder, f"insert into province_file select {row} from ({numbers})")
    assert province.take(seal_message(written(centre), centre.key)).reason == "over_quota"


def test_a_file_of_another_unit_is_not_queued(post: Post) -> None:
    with pytest.raises(NotOursError):
        put(post, Centre(OTHER))


def test_an_answer_comes_down_to_the_unit_alone(post: Post, centre: Centre, province: Province, stick: Path) -> None:
    digest = put(post, centre)
    post.run_messages()
    province.ingest([stick])
    post.run_messages()
    answered = province.answer(digest[:6], "Tháng 12.")
    assert (answered.unit, province.messages()[0].answer) == (UNIT, answered.number)
    province.ingest([stick])
    (new,) = post.descend().new
    assert new.sha256 == answered.sha256
    for start in ("", "zz"):
        with pytest.raises(ProvinceError, match="no_such_message"):
            province.answer(start, "Không.")


def test_a_clerk_can_check_a_message_with_openssh(centre: Centre, province: Province, tmp_path: Path) -> None:
    data = seal_message(written(centre), centre.key)
    line, _newline, block = data.partition(b"\n")
    (tmp_path / "sig").write_bytes(block)
    words = ["ssh-keygen", "-Y", "verify", "-n", "motcua-message", "-I", UNIT, "-s", str(tmp_path / "sig")]
    signers = ["-f", str(province.folder / "allowed_signers")]
    ran = subprocess.run([*words, *signers], input=line + b"\n", capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_over_a_real_server_and_by_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    province = fresh_province(tmp_path / "p")
    with running(tmp_path / "p") as server:
        commune = Commune(tmp_path, "00004", province, files=1)
        post = commune.post(commune.https(server))
        digest = put(post, commune.centre)
        assert states(post.run()) == [(1, "confirmed", "")]
        run = post.run_messages()
        assert (states(run), run.problems) == ([(1, "confirmed", "")], ())
        # A lost state is made good from the receipt that is kept, and asking again gives the same one.
        for path in commune.paths.messages.glob("*.json"):
            path.unlink()
        assert states(post.run_messages()) == [(1, "confirmed", "")]
    province.close()
    data = ["--data", str(tmp_path / "p")]
    assert main(["province", "messages", "--json", *data]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["unit"], found["sha256"], found["answer"]) == ("00004", digest, None)
    answer = tmp_path / "tra-loi.txt"
    answer.write_text("Tháng 12.\n", encoding="utf-8")
    assert main(["province", "publish", str(answer), "--about", digest[:8], "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["unit"] == "00004"
    assert main(["province", "messages", *data]) == 0
    assert capsys.readouterr().out == "Không có tin nào chờ trả lời.\n"
    assert main(["province", "publish", str(answer), "--about", "ffff", *data]) == 2
