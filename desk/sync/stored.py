"""Receipts that are kept: verified again whenever they are read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from desk.daily.files import FileRefusedError, read_bounded
from desk.daily.receipt import VerifiedReceipt, verify_receipt
from desk.daily.sshsig import PublicKey
from desk.daily.verify import Refused
from desk.sync.ways import RECEIPT_END


def stored_receipt(
    folder: Path, name: str, keys: Collection[PublicKey], unit: str
) -> tuple[bytes, VerifiedReceipt] | None:
    """Return a receipt kept under the SHA-256 of its file; None if it is not there or does not verify."""
    try:
        data = read_bounded(folder / name)
    except (FileNotFoundError, FileRefusedError):
        return None
    found = verify_receipt(data, keys, unit=unit, files=(name.removesuffix(RECEIPT_END),))
    return None if isinstance(found, Refused) else (data, found)
