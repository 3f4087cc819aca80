"""The province's receipts: the only thing that makes a file delivered."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from desk.daily.container import NS_RECEIPT, SealError, seal
from desk.daily.model import PayloadError, Receipt
from desk.daily.reasons import Refusal
from desk.daily.schema import RECEIPT, fault
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.verify import Refused, read_signed


class VerifiedReceipt(Struct, frozen=True):
    """A receipt of the province for one of our files; `sha256` is of the receipt itself."""

    receipt: Receipt
    sha256: str


def seal_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """Sign a receipt with the province's key; raises SealError and PayloadError where no desk would take it."""
    payload = receipt.payload()
    wrong = fault(payload, RECEIPT)
    if wrong is not None:
        raise SealError(wrong)
    Receipt.from_payload(payload)
    return seal(payload, key, NS_RECEIPT)


def verify_receipt(
    data: bytes, keys: Collection[PublicKey], *, unit: str, files: Collection[str]
) -> VerifiedReceipt | Refused:
    """Verify a receipt against the province's keys, our unit and the SHA-256 of our files.

    Refusals beyond those of every signed file: `wrong_unit` (another unit's receipt), `unknown_file` (none of ours).
    """
    signed = read_signed(data, {key.fingerprint: key for key in keys}, NS_RECEIPT)
    if isinstance(signed, Refused):
        return signed
    wrong = fault(signed.payload, RECEIPT)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=wrong)
    try:
        receipt = Receipt.from_payload(signed.payload)
    except PayloadError as error:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=str(error))
    if receipt.unit != unit:
        return Refused(Refusal.WRONG_UNIT, signed.sha256, signed.key)
    if receipt.receipt_for not in files:
        return Refused(Refusal.UNKNOWN_FILE, signed.sha256, signed.key)
    return VerifiedReceipt(receipt, signed.sha256)


def receipt_name(receipt_for: str) -> str:
    """Return the name a receipt is kept under: the SHA-256 of the file it is for."""
    return f"{receipt_for}.receipt"
