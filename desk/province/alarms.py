"""What somebody at the province has to look at, by kind and in sentences: the page and the screen say the same."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from desk.daily.reasons import Refusal
from desk.province.sentences import clock_alarm, fork_text, hole_sentence, reset_text, run_text
from desk.province.status import ProvinceWatch, UnitWatch, runs
from desk.words import _

_IMBALANCES = frozenset({Refusal.NOT_BALANCED.value, Refusal.WRONG_STOCK.value})
_BREAKS = frozenset({Refusal.WRONG_PREVIOUS.value})
_WAITING = frozenset({Refusal.GAP.value, Refusal.RESET_WAITING.value})
_TOLD_AS_FORKS = frozenset({Refusal.FORK.value})


class AlarmKind(StrEnum):
    """What is wrong, in the order in which it is told."""

    BALANCE = "balance"
    CHAIN = "chain"
    MISSING = "missing"
    OTHER = "other"
    CLOCK = "clock"

    @property
    def heading(self) -> str:
        """The heading of its alarms."""
        return {
            AlarmKind.BALANCE: _("Số liệu không cân"),
            AlarmKind.CHAIN: _("Tệp mâu thuẫn hoặc đứt chuỗi"),
            AlarmKind.MISSING: _("Thiếu tệp, tệp chờ"),
            AlarmKind.OTHER: _("Tệp bị từ chối vì lý do khác"),
            AlarmKind.CLOCK: _("Đồng hồ sai"),
        }[self]


class Alarm(Struct, frozen=True):
    """One thing to look at: which unit, of what kind, in a sentence."""

    kind: AlarmKind
    unit: str
    name: str
    sentence: str


def alarms_of(found: ProvinceWatch) -> tuple[Alarm, ...]:
    """Return all alarms by kind, then by unit."""
    alarms = [
        Alarm(kind, each.status.unit, each.status.name, sentence)
        for each in found.units
        for kind, sentence in _told(each)
    ]
    kinds = list(AlarmKind)
    return tuple(sorted(alarms, key=lambda each: kinds.index(each.kind)))


def sentences_of(watch: UnitWatch) -> tuple[str, ...]:
    """Return all that is wrong with one unit."""
    return tuple(sentence for _kind, sentence in _told(watch))


def _told(watch: UnitWatch) -> Iterator[tuple[AlarmKind, str]]:
    for hole in watch.status.holes:
        if hole.reason == Refusal.GAP.value:
            yield AlarmKind.MISSING, hole_sentence(hole)
    for reset in watch.status.resets:
        yield AlarmKind.CHAIN, reset_text(reset)
    for sha256 in watch.status.forks:
        yield AlarmKind.CHAIN, fork_text(sha256)
    for run in runs(watch.files):
        if run.reason not in _TOLD_AS_FORKS:
            yield _kind_of(run.reason), run_text(run)
    if watch.clock_wrong and watch.ahead is not None:
        yield AlarmKind.CLOCK, clock_alarm(watch.ahead)


def _kind_of(reason: str) -> AlarmKind:
    if reason in _IMBALANCES:
        return AlarmKind.BALANCE
    if reason in _BREAKS:
        return AlarmKind.CHAIN
    return AlarmKind.MISSING if reason in _WAITING else AlarmKind.OTHER
