"""The province's next key: shown with both fingerprints, believed once an officer says so.

The journal says what was approved; the key that lies beside the record is brought in line with it, here or at another
desk of the centre, as often as need be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, runtime_checkable

from msgspec import Struct

from db import journal
from db.unit import View, Work
from db.vocabulary import OfficeEvent
from desk.counter import answering
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.daily.published import Published
from desk.daily.sshsig import PublicKey
from desk.daily.successors import PublishedKey
from desk.words import _


@runtime_checkable
class KeyHolder(Protocol):
    """Where the province's keys lie."""

    def province_keys(self) -> Sequence[PublicKey]:
        """Return the pinned key, then those before it that are still taken."""

    def former_keys(self) -> Sequence[PublicKey]:
        """Return the keys that were pinned before."""

    def succeed(self, before: str, new: PublicKey, until: date) -> bool:
        """Put a successor in the place of the pinned key of a fingerprint; OSError."""


class KeyEffect(Struct, frozen=True):
    """Which key follows which, by fingerprint; both are taken until the last day of the one before."""

    before: str
    after: str
    first: date
    until: date


def change_key(
    ctx: Context, holder: object, found: Published, content: PublishedKey, officer_id: int | None, *, dry_run: bool
) -> KeyEffect | Refused:
    """Believe a successor from now on, in one transaction with its event; a dry run only says which.

    Refused: `wrong_chain` where another key than the pinned one names it, `key_rollback` for a key given up before,
    `already`, `no_post`. OSError where the disk takes no key: the event stands, and the next opening goes on with it.
    """
    try:
        effect = _effect(holder, content)
    except RefusedError as refusal:
        return refusal.refused
    if dry_run:
        return effect
    data = {
        "number": found.number,
        "sha256": found.sha256,
        "before": effect.before,
        "after": effect.after,
        "key": content.new.line(),
        "until": content.until.isoformat(),
    }

    def write(work: Work) -> None:
        client_id = _client(effect.before)
        if journal.by_client(work.connection, client_id) is None:
            kind = OfficeEvent.PROVINCE_KEY_CHANGED
            work.record(kind, ctx.now(), data, officer_id=officer_id, client_id=client_id)

    done = answering.written(ctx, write)
    if isinstance(done, Refused):
        return done
    with ctx.records.reading() as view:
        bring_in_line(view, holder)
    return effect


def bring_in_line(view: View, holder: object) -> None:
    """Let the keys beside the record be those that were approved in it; OSError."""
    keys = holder.province_keys() if isinstance(holder, KeyHolder) else ()
    while isinstance(holder, KeyHolder) and keys:
        event = journal.by_client(view.connection, _client(keys[0].fingerprint))
        if event is None:
            return
        key, until = PublicKey.parse(str(event.data["key"])), date.fromisoformat(str(event.data["until"]))
        if not holder.succeed(keys[0].fingerprint, key, until):
            return
        keys = holder.province_keys()


def _client(fingerprint: str) -> str:
    """Return the id of the event that says what follows a key: there is one at most."""
    return f"province-key {fingerprint}"


def why_not(holder: object, content: PublishedKey) -> Refused | None:
    """Return why a successor cannot be approved, None where it can."""
    try:
        _effect(holder, content)
    except RefusedError as refusal:
        return refusal.refused
    return None


def _effect(holder: object, content: PublishedKey) -> KeyEffect:
    if not isinstance(holder, KeyHolder):
        raise RefusedError("no_post", _("Trung tâm này không có hộp gửi."))
    keys = holder.province_keys()
    if not keys:
        raise RefusedError("no_province_key", _("Chưa có khóa của tỉnh."))
    if content.new == keys[0]:
        raise RefusedError("already", _("Khóa này đang được tin dùng."))
    if content.new in holder.former_keys():
        raise RefusedError("key_rollback", _("Đây là khóa tỉnh đã thôi dùng; không quay lại. Hãy hỏi tỉnh."))
    if content.old != keys[0]:
        sentence = _("Khóa mới do khóa {fingerprint} giới thiệu, không phải khóa ta đang tin dùng. Hãy hỏi tỉnh.")
        raise RefusedError("wrong_chain", sentence.format(fingerprint=content.old.fingerprint))
    return KeyEffect(content.old.fingerprint, content.new.fingerprint, content.first, content.until)
