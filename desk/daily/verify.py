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

    def refuses(self, unit: str, installation: str, seq: int, *, as_practice: bool, practice: bool) -> Refusal | None:
        """Return why what was signed with this key is not its unit's own, for a reader that practises or not."""
        if unit != self.unit:
            return Refusal.WRONG_UNIT
        if installation != self.key.fingerprint:
            return Refusal.WRONG_INSTALLATION
        if as_practice is not practice:
            return Refusal.PRACTICE if as_practice else Refusal.NOT_PRACTICE
        if self.last_seq is not None and seq > self.last_seq:
            return Refusal.RETIRED_KEY
        return None


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


def read_of_unit(
    data: bytes, keys: Mapping[str, KnownKey], schema: str, *, practice: bool
) -> tuple[Signed, KnownKey] | Refused:
    """Open what a unit has signed and hold it against a schema, as far as that goes without knowing what it means."""
    public = {fingerprint: known.key for fingerprint, known in keys.items()}
    signed = read_signed(data, public, NS_PRACTICE if practice else NS_DAILY)
    if isinstance(signed, Refused):
        return signed
    wrong = fault(signed.payload, schema)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=wrong)
    return signed, keys[signed.key.fingerprint]


def verify_daily(data: bytes, keys: Mapping[str, KnownKey], *, practice: bool = False) -> Verified | Refused:
    """Verify a daily file against the known keys by fingerprint.

    `practice` says what the reader is: a live one refuses practice files, a practice one refuses live files.
    """
    found = read_of_unit(data, keys, DAILY, practice=practice)
    if isinstance(found, Refused):
        return found
    signed, signer = found
    digest = signed.sha256
    try:
        daily = DailyFile.from_payload(signed.payload)
    except PayloadError as error:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail=str(error))
    reason = signer.refuses(daily.unit, daily.installation, daily.seq, as_practice=daily.practice, practice=practice)
    if reason is not None:
        return Refused(reason, digest, signed.key, daily)
    imbalances = check(daily.tally, None)
    if imbalances:
        return Refused(Refusal.NOT_BALANCED, digest, signed.key, daily, imbalances=imbalances)
    return Verified(daily, digest, signer)
