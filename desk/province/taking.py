"""Take files in within one write transaction: believe each, hold it against its unit's chain, answer by a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from db import provinces
from db.provinces import GivenReceipt, KeyRow
from desk.daily.container import Unreadable, open_container, sha256
from desk.daily.messages import VerifiedMessage, is_message, verify_message
from desk.daily.model import Receipt
from desk.daily.reasons import Refusal
from desk.daily.reset import VerifiedReset, is_reset, verify_reset
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.verify import KnownKey, Refused, Verified, verify_daily
from desk.province.books import Books, Standing, payload_of
from desk.province.chain import Chain
from desk.province.model import Taken

DAY_FILES = 1000
DAY_BYTES = 16 * 1024 * 1024
"""How many new files of one unit, and how many bytes of them, are kept on one day."""


class Opened(Struct, frozen=True):
    """Bytes as far as they can be believed without what the province keeps, with the key that they claim."""

    data: bytes
    sha256: str
    fingerprint: str | None
    row: KeyRow | None
    found: Verified | VerifiedReset | VerifiedMessage | Refused

    @property
    def unit(self) -> str | None:
        """The unit that has signed this, whatever it says; None for what leaves only its hash."""
        unsigned = isinstance(self.found, Refused) and self.found.signed_by is None
        return None if unsigned or self.row is None else self.row.unit


def fingerprint_of(data: bytes) -> str | None:
    """Return the fingerprint of the key that claims to have signed; None where there is none."""
    parts = open_container(data)
    return None if isinstance(parts, Unreadable) else parts.signature.key.fingerprint


def opened(data: bytes, fingerprint: str | None, row: KeyRow | None, *, practice: bool) -> Opened:
    """Hold bytes against the key that they claim, if it is on the list."""
    known = {} if row is None else {row.fingerprint: KnownKey(row.unit, PublicKey.parse(row.public_key), row.last_seq)}
    return Opened(data, sha256(data), fingerprint, row, _verify(data, known, practice=practice))


def take_together(
    connection: Connection, new: Sequence[Opened], key: SigningKey, now: datetime, *, practice: bool
) -> list[Taken]:
    """Take files in, in order; the caller commits. `key` signs the receipts, `now` is the province's clock."""
    books = Books(
        connection,
        key,
        now,
        units={each.unit for each in new if each.unit is not None},
        fingerprints={each.fingerprint for each in new if each.fingerprint is not None},
        digests={each.sha256 for each in new},
    )
    found = [take(books, each, practice=practice) for each in new]
    books.write()
    return found


def take(books: Books, first: Opened, *, practice: bool) -> Taken:
    """Take a file in; the caller writes the books. `first` is how it was opened before the transaction.

    What fails before a good signature, a retired key's file and what is over quota leave their hash only and get no
    receipt.
    """
    row = None if first.fingerprint is None else books.key_of(first.fingerprint)
    # The key may have been put on the list or retired since.
    it = first if row == first.row else opened(first.data, first.fingerprint, row, practice=practice)
    if it.unit is None or (isinstance(it.found, Refused) and it.found.reason is Refusal.RETIRED_KEY):
        reason = it.found.reason if isinstance(it.found, Refused) else Refusal.UNKNOWN_KEY
        return _set_aside(books, it.sha256, reason)
    standing = books.standing(it.unit)
    if standing is None:
        return _set_aside(books, it.sha256, Refusal.UNKNOWN_KEY)
    given = books.given(it.sha256)
    if given is not None:
        return given_before(given)
    kept = None if _over_quota(standing) else _keep(Chain(books, standing), it)
    return kept or _set_aside(books, it.sha256, Refusal.OVER_QUOTA)


def _keep(chain: Chain, it: Opened) -> Taken | None:
    """Keep a file with a good signature and settle what its arrival releases; None where too many wait already."""
    found, kept = it.found, True
    if isinstance(found, VerifiedMessage):
        chain.keep_message(it.sha256, it.data, found.message.created)
    elif isinstance(found, VerifiedReset):
        kept = chain.keep_reset(it.sha256, it.data, found.reset)
    elif isinstance(found, Verified):
        kept = chain.keep(it.sha256, it.data, found.daily)
    elif found.reason is Refusal.NOT_BALANCED and found.daily is not None:
        kept = chain.keep(it.sha256, it.data, found.daily)  # its turn comes first, then its figures
    else:
        kept = chain.keep_unnumbered(it.sha256, it.data, found.reason)
    return chain.finish(it.sha256) if kept else None


def _verify(
    data: bytes, known: Mapping[str, KnownKey], *, practice: bool
) -> Verified | VerifiedReset | VerifiedMessage | Refused:
    found = verify_daily(data, known, practice=practice)
    if isinstance(found, Refused) and found.reason is Refusal.WRONG_NAMESPACE and is_message(data):
        return _unsigned(verify_message(data, known, practice=practice))
    if isinstance(found, Refused) and found.reason is Refusal.BAD_SCHEMA and is_reset(data):
        return verify_reset(data, known, practice=practice)
    return found


def _unsigned(found: VerifiedMessage | Refused) -> VerifiedMessage | Refused:
    """Return a refused message as one that nobody signed: it is no link of the chain, and leaves its hash only."""
    return Refused(found.reason, found.sha256) if isinstance(found, Refused) else found


def given_before(given: GivenReceipt) -> Taken:
    """Return the answer to bytes whose receipt was given before."""
    receipt = read_receipt(given.content)
    return Taken(given.receipt_for, receipt, receipt.reason, repeated=True)


def read_receipt(content: bytes) -> Receipt:
    """Read one of the province's own receipts back."""
    return Receipt.from_payload(payload_of(content))


def _set_aside(books: Books, digest: str, reason: Refusal) -> Taken:
    provinces.log_rejection(books.connection, digest, reason.value, books.now)
    return Taken(digest, None, reason.value)


def _over_quota(standing: Standing) -> bool:
    return standing.kept >= DAY_FILES or standing.size >= DAY_BYTES
