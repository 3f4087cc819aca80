"""PINs kept as Argon2id hashes, and the wrong tries of this program's run."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.counter.model import RefusedError
from desk.rules.pin import LONGEST, SHORTEST, PinFault, pin_fault, wait_after
from desk.words import _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB, PASSES, LANES = 12 * 1024, 3, 1
"""Checked in some 50 ms on a small PC of today and in some 150 ms on an old one."""


def sealed(pin: str) -> str:
    """Return the hash to keep of a new PIN; RefusedError if it is none, or one that anybody would guess."""
    fault = pin_fault(pin)
    if fault is PinFault.NOT_DIGITS:
        sentence = _("Mã PIN phải có từ {least} đến {most} chữ số.").format(least=SHORTEST, most=LONGEST)
        raise RefusedError("bad_pin", sentence, "pin")
    if fault is PinFault.TRIVIAL:
        raise RefusedError("trivial_pin", _("Mã PIN này dễ đoán quá (như 0000, 1234): chọn mã khác."), "pin")
    return _hasher().hash(pin)


def matches(kept: str, pin: str) -> bool:
    """Say whether a PIN is the one that was kept; a hash that cannot be read lets nobody in."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


@dataclass
class Tries:
    """Wrong PINs in a row for each officer; forgotten when the program ends, so that nobody stays locked out."""

    _wrong: dict[int, tuple[int, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, officer_id: int, now: float) -> int:
        """Count a try as wrong until `right` says otherwise; return the seconds to wait if it comes too early."""
        with self._lock:
            wrong, not_before = self._wrong.get(officer_id, (0, now))
            if now < not_before:
                return math.ceil(not_before - now)
            self._wrong[officer_id] = (wrong + 1, now + wait_after(wrong + 1))
            return 0

    def right(self, officer_id: int) -> None:
        """Forget what was wrong before."""
        with self._lock:
            self._wrong.pop(officer_id, None)
