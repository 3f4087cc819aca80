"""What lies on a stick: files of a commune, receipts of a made-up province."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from desk.daily.build import Sealed
from desk.daily.model import Receipt, Status
from desk.daily.receipt import receipt_name, seal_receipt
from desk.daily.sshsig import SigningKey
from desk.sync.model import Run
from desk.sync.post import Post
from tests.province.factory import MONDAY, UNIT, Centre, at

DAY = timedelta(days=1)
PROVINCE = SigningKey.from_seed(b"p" * 32)


def queue(post: Post, centre: Centre, number: int) -> list[Sealed]:
    made = [centre.close(MONDAY + n * DAY) for n in range(number)]
    for file in made:
        post.put(file.name, file.data)
    return made


def states(run: Run) -> list[tuple[int, str, str]]:
    return [(item.seq, item.state.value, item.reason) for item in run]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def receipt_for(file: Sealed, *, province_seq: int = 1, **changed: object) -> Receipt:
    usual = Receipt(
        receipt_for=file.sha256,
        unit=UNIT,
        date=file.daily.date,
        seq=file.daily.seq,
        status=Status.MERGED,
        reason=None,
        expected_seq=file.daily.seq + 1,
        province_seq=province_seq,
        province_time=at(MONDAY),
        prev_receipt=None if province_seq == 1 else "ab" * 32,
    )
    return replace(usual, **changed)


def answer(stick: Path, receipt: Receipt, key: SigningKey = PROVINCE, name: str = "") -> bytes:
    """Lay a receipt on the stick, with the published key of the usual province."""
    (stick / UNIT).mkdir(exist_ok=True)
    if not (stick / "province.pub").exists():
        (stick / "province.pub").write_text(PROVINCE.public.line() + "\n")
    data = seal_receipt(receipt, key)
    (stick / UNIT / (name or receipt_name(receipt.receipt_for))).write_bytes(data)
    return data
