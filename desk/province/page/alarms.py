"""The page of imbalances and alarms: what does not add up, contradicts itself, is missing or comes from the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from desk.daily.reasons import Refusal
from desk.province.page.frame import Visit, listed, number, page, unit_link
from desk.province.page.html import Node, el, table
from desk.province.reading import Reader
from desk.province.sentences import clock_alarm, fork_text, hole_sentence, reason_sentence, reset_text, run_text
from desk.province.status import ProvinceWatch, Run, UnitWatch, runs
from desk.words import _

_IMBALANCES = frozenset({Refusal.NOT_BALANCED.value, Refusal.WRONG_STOCK.value})
_BREAKS = frozenset({Refusal.WRONG_PREVIOUS.value})
_ELSEWHERE = frozenset({Refusal.GAP.value, Refusal.FORK.value, Refusal.RESET_WAITING.value})
_WAITING = frozenset({Refusal.GAP.value, Refusal.RESET_WAITING.value})


def alarms(visit: Visit, reader: Reader, day: date) -> bytes:
    """Return everything somebody has to look at, by kind."""
    found = reader.watch(day)
    rejected = reader.rejections()
    strange = [(reason_sentence(reason), number(times)) for reason, times in rejected]
    return page(
        visit,
        _("Cảnh báo"),
        el("h2", _("Số liệu không cân")),
        listed(list(_of_runs(found, _IMBALANCES))),
        el("h2", _("Tệp mâu thuẫn hoặc đứt chuỗi")),
        listed([*_resets(found), *_forks(found), *_of_runs(found, _BREAKS)]),
        el("h2", _("Thiếu tệp, tệp chờ")),
        listed([*_holes(found), *_held(found)]),
        el("h2", _("Tệp bị từ chối vì lý do khác")),
        listed(list(_others(found))),
        el("h2", _("Đồng hồ sai")),
        listed(list(_clocks(found))),
        el("h2", _("Tệp lạ bị loại")),
        table(_("Số lần theo lý do"), (_("Lý do"), _("Số lần")), strange, numbers=1) if strange else listed(()),
    )


def sentences_of(watch: UnitWatch) -> list[Node]:
    """Return all that is wrong with one unit."""
    return [
        *(hole_sentence(hole) for hole in watch.status.holes if hole.reason == Refusal.GAP.value),
        *(run_text(run) for run in runs(watch.files) if run.reason != Refusal.FORK.value),
        *map(fork_text, watch.status.forks),
        *map(reset_text, watch.status.resets),
        *([clock_alarm(watch.ahead)] if watch.clock_wrong and watch.ahead is not None else []),
    ]


def _line(watch: UnitWatch, sentence: str) -> Node:
    return el("span", unit_link(watch.status.unit, watch.status.name), f": {sentence}")


def _refused(found: ProvinceWatch) -> Iterator[tuple[UnitWatch, Run]]:
    for each in found.units:
        for run in runs(each.files):
            if run.reason not in _ELSEWHERE:
                yield each, run


def _of_runs(found: ProvinceWatch, reasons: frozenset[str]) -> Iterator[Node]:
    return (_line(each, run_text(run)) for each, run in _refused(found) if run.reason in reasons)


def _others(found: ProvinceWatch) -> Iterator[Node]:
    known = _IMBALANCES | _BREAKS
    return (_line(each, run_text(run)) for each, run in _refused(found) if run.reason not in known)


def _forks(found: ProvinceWatch) -> Iterator[Node]:
    return (_line(each, fork_text(sha256)) for each in found.units for sha256 in each.status.forks)


def _resets(found: ProvinceWatch) -> Iterator[Node]:
    return (_line(each, reset_text(reset)) for each in found.units for reset in each.status.resets)


def _holes(found: ProvinceWatch) -> Iterator[Node]:
    return (
        _line(each, hole_sentence(hole))
        for each in found.units
        for hole in each.status.holes
        if hole.reason == Refusal.GAP.value
    )


def _held(found: ProvinceWatch) -> Iterator[Node]:
    for each in found.units:
        for run in runs(each.files):
            if run.reason in _WAITING:
                yield _line(each, run_text(run))


def _clocks(found: ProvinceWatch) -> Iterator[Node]:
    for each in found.units:
        if each.clock_wrong and each.ahead is not None:
            yield _line(each, clock_alarm(each.ahead))
