"""Whether signed bytes are to be believed, as far as that can be said without the province's own records.

In order: size, container, known key, signature and namespace, canonical form, schema, unit and installation of the key,
identities. What comes after (sequence, chain, dates, stock of the file before) needs the province's state.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from desk.daily.container import (
    LIMIT,
    NS_DAILY,
    NS_PRACTICE,
    Json,
    NotStrictError,
    Unreadable,
    open_container,
    sha256,
)
from desk.daily.model import DailyFile, PayloadError
from desk.daily.reasons import Refusal
from desk.daily.schema import DAILY, fault
from desk.daily.sshsig import PublicKey, holds
from desk.rules.tally import Imbalance, check


class KnownKey(Struct, frozen=True):
    """A key a unit may sign with; `last_seq` is the last number it may have signed once it is retired."""

    unit: str
    key: PublicKey
    last_seq: int | None = None


class Signed(Struct, frozen=True):
    """A payload whose signature is good; nothing is said of its meaning yet."""

    payload: dict[str, Json]
    key: PublicKey
    namespace: str
    sha256: str


class Refused(Struct, frozen=True):
    """Why bytes are not taken.

    `signed_by` is set from a good signature with the right namespace on: only then does anything in the file count.
    `daily` is set once the payload could be read. `detail` is technical, plain ASCII.
    """

    reason: Refusal
    sha256: str
    signed_by: PublicKey | None = None
    daily: DailyFile | None = None
    detail: str = ""
    imbalances: tuple[Imbalance, ...] = ()


class Verified(Struct, frozen=True):
    """A daily file that is what it says."""

    daily: DailyFile
    sha256: str
    signer: KnownKey


def read_signed(data: bytes, keys: Mapping[str, PublicKey], namespace: str, *, limit: int = LIMIT) -> Signed | Refused:
    """Open a container and check its signature and canonical form; `keys` are the known ones by fingerprint."""
    parts = open_container(data, limit=limit)
    if isinstance(parts, Unreadable):
        return Refused(parts.reason, sha256(data))
    signature = parts.signature
    key = keys.get(signature.key.fingerprint)
    if key is None or key != signature.key:
        return Refused(Refusal.UNKNOWN_KEY, parts.sha256)
    if not holds(signature, parts.line):
        return Refused(Refusal.BAD_SIGNATURE, parts.sha256)
    if signature.namespace != namespace:
        return Refused(_other_namespace(signature.namespace, namespace), parts.sha256)
    try:
        payload = parts.payload()
    except NotStrictError as error:
        return Refused(Refusal.NOT_CANONICAL, parts.sha256, key, detail=str(error))
    return Signed(payload, key, namespace, parts.sha256)


def _other_namespace(found: str, wanted: str) -> Refusal:
    if (found, wanted) == (NS_PRACTICE, NS_DAILY):
        return Refusal.PRACTICE
    return Refusal.NOT_PRACTICE if (found, wanted) == (NS_DAILY, NS_PRACTICE) else Refusal.WRONG_NAMESPACE


def verify_daily(data: bytes, keys: Mapping[str, KnownKey], *, practice: bool = False) -> Verified | Refused:
    """Verify a daily file against the known keys by fingerprint.

    `practice` says what the reader is: a live one refuses practice files, a practice one refuses live files.
    """
    public = {fingerprint: known.key for fingerprint, known in keys.items()}
    signed = read_signed(data, public, NS_PRACTICE if practice else NS_DAILY)
    if isinstance(signed, Refused):
        return signed
    digest, signer = signed.sha256, keys[signed.key.fingerprint]
    wrong = fault(signed.payload, DAILY)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail=wrong)
    try:
        daily = DailyFile.from_payload(signed.payload)
    except PayloadError as error:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail=str(error))
    reason = _of_the_key(daily, signer, practice=practice)
    if reason is not None:
        return Refused(reason, digest, signed.key, daily)
    imbalances = check(daily.tally, None)
    if imbalances:
        return Refused(Refusal.NOT_BALANCED, digest, signed.key, daily, imbalances=imbalances)
    return Verified(daily, digest, signer)


def _of_the_key(daily: DailyFile, signer: KnownKey, *, practice: bool) -> Refusal | None:
    if daily.unit != signer.unit:
        return Refusal.WRONG_UNIT
    if daily.installation != signer.key.fingerprint:
        return Refusal.WRONG_INSTALLATION
    if daily.practice is not practice:
        return Refusal.PRACTICE if daily.practice else Refusal.NOT_PRACTICE
    if signer.last_seq is not None and daily.seq > signer.last_seq:
        return Refusal.RETIRED_KEY
    return None
