"""Close the day: count the interval, hold it against everything, seal it, queue it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib.metadata import PackageNotFoundError, version

from msgspec import Struct

from db import breaks, journal, procedures, summaries
from db.journal import Event
from db.summaries import SealedFile
from db.unit import View, Work
from db.vocabulary import Act, OfficeEvent
from desk.counter.context import Context
from desk.counter.counting import Counted, count
from desk.counter.model import ClosedDay, CloseView, RefusedError
from desk.daily.build import build, daily_name, seal_daily
from desk.daily.container import SealError, Unreadable, open_container
from desk.daily.model import DailyFile, JournalSpan
from desk.daily.sentences import imbalance_sentence
from desk.daily.sshsig import SigningKey
from desk.rules import moment, tally
from desk.rules.calendar import Calendar
from desk.words import _

NOT_COUNTED = frozenset(
    {
        OfficeEvent.DAY_CLOSED,
        OfficeEvent.CHAIN_BROKEN,
        OfficeEvent.CHAIN_RESET,
        OfficeEvent.PERSON_SEEN,
        OfficeEvent.OFFICER_ADDED,
        OfficeEvent.OFFICER_DISABLED,
        OfficeEvent.OFFICER_ENABLED,
        OfficeEvent.OFFICER_PIN_SET,
        OfficeEvent.OFFICER_SIGNED_ON,
        OfficeEvent.FEE_TAKEN,
        OfficeEvent.FEE_VOIDED,
        OfficeEvent.CASH_OPENED,
        OfficeEvent.CASH_CLOSED,
        OfficeEvent.SLIP_GIVEN,
        OfficeEvent.CALL_MADE,
        OfficeEvent.SLIP_REPRINTED,
        OfficeEvent.NOTICE_READ,
        OfficeEvent.MESSAGE_SEALED,
        OfficeEvent.RECEIPT_HEARD,
        Act.CORRECT,
    }
)
"""Events that give a closed date nothing new to say."""

SILENCE = timedelta(days=31)
"""A longer silence in the journal than that is more likely a wrong clock than a centre where nothing was done."""


class _Day(Struct, frozen=True):
    """A day to be sealed: its interval of the journal and the instant it is judged at."""

    day: date
    seq: int
    after: int
    upto: int
    as_of: datetime


class Tail(Struct, frozen=True):
    """The end of the chain, behind which the next file is sealed: a file, a reset, or nothing yet."""

    seq: int = 0
    sha256: str | None = None
    journal_to: int = 0
    day: date | None = None
    stock: Mapping[str, int] = {}


def tail(view: View) -> Tail:
    """Return the end of the chain."""
    last, reset = summaries.last_file(view.connection), breaks.last_reset(view.connection)
    if reset is not None and (last is None or last.seq < (reset.seq or 0)):
        return Tail(reset.seq or 0, reset.sha256, reset.journal_to, reset.day, reset.stock)
    if last is None:
        return Tail()
    return Tail(last.seq, last.sha256, last.journal_to, last.day, tally.stock_of(daily_of(last).rows))


def _require_whole(view: View) -> None:
    """Refuse to seal behind a place that others have gone on from: that would be a fork."""
    found = breaks.open_break(view.connection)
    if found is not None:
        sentence = _(
            "Sổ này cũ hơn các tệp đã gửi tỉnh (sổ còn đến tệp số {base}, đã có đến số {known}): chưa chốt. "
            "Lãnh đạo lập đề nghị nối lại (F7, hoặc «desk reset»)."
        )
        raise RefusedError("reset_needed", sentence.format(base=found.base_seq, known=found.known_seq))


def preview(ctx: Context, view: View, day: date | None) -> CloseView:
    """Return the numbers of a day as they would be sealed now; earlier open days are named and count as carried.

    RefusedError: a day to come, nothing to close.
    """
    wanted = _wanted(ctx, day)
    _require_whole(view)
    days = list(_due_days(ctx, view, wanted))
    if not days:
        file = _file_of(view, wanted)
        if file is None:
            raise RefusedError("nothing_to_close", _("Không có gì mới để chốt."))
        return sealed_view(file)
    carried = tail(view).stock
    counts: list[Counted] = []
    for each in days:
        counts.append(count(view, each.after, each.upto, each.as_of, carried))
        carried = tally.stock_of(counts[-1].tally.rows)
    final, counted = days[-1], counts[-1]
    return CloseView(
        day=final.day,
        days=tuple(each.day for each in days),
        seq=final.seq,
        first_event=final.after + 1,
        last_event=final.upto,
        totals=counted.tally.totals,
        rows=counted.tally.rows,
        balanced=all(each.balanced for each in counts),
        faults=tuple(dict.fromkeys(fault for each in counts for fault in _faults(each))),
    )


def sealed_view(file: SealedFile) -> CloseView:
    """Return the figures of a sealed file."""
    found = daily_of(file)
    return CloseView(
        file.day, (), file.seq, file.journal_from + 1, file.journal_to, found.totals, found.rows, True, (), True
    )  # fmt: skip


def close(ctx: Context, work: Work, day: date | None, officer_id: int | None) -> tuple[ClosedDay, ...]:
    """Seal every open day up to `day`, oldest first; all or none.

    RefusedError: a day to come, a day the centre is not open with nothing before it, figures that do not balance, a
    clock that has leapt where no day is named to confirm it.
    """
    wanted = _wanted(ctx, day)
    _require_whole(work)
    days = list(_due_days(ctx, work, wanted))
    if day is None:
        _require_likely_clock(ctx, work, days)
    if not days:
        file = _file_of(work, wanted)
        if file is None:
            raise RefusedError("nothing_to_close", _("Không có gì mới để chốt."))
        return (_closed(file, already=True),)
    return tuple(_seal(ctx, work, each, officer_id) for each in days)


def _require_likely_clock(ctx: Context, view: View, days: Sequence[_Day]) -> None:
    """Refuse to seal weeks of zeros because a machine's clock has leapt: what is sealed is never unsealed.

    Only the events beside days without any are read: no silence is so long without such a day. A practice centre's
    clock is set as one likes.
    """
    if ctx.centre.practice:
        return
    head = journal.head(view.connection).seq
    for seq in dict.fromkeys(day.after for day in days if day.upto == day.after and day.after):
        around = [moment.minute(event.at) for event in journal.between(view.connection, seq - 1, min(seq + 1, head))]
        before, then = (*around, ctx.now())[:2]
        if then - before > SILENCE:
            text = _("Từ {before} đến {then} sổ không có việc nào: chưa chốt. Xem đồng hồ máy; đúng thì ghi rõ ngày.")
            day = "%d/%m/%Y"
            raise RefusedError("clock_leapt", text.format(before=f"{before:{day}}", then=f"{then:{day}}"), "date")


def _wanted(ctx: Context, day: date | None) -> date:
    today = ctx.now().date()
    if day is not None and day > today:
        raise RefusedError("day_to_come", _("Chưa đến ngày {day}.").format(day=f"{day:%d/%m/%Y}"))
    return day or today


def daily_of(file: SealedFile) -> DailyFile:
    """Read one of our own sealed files back."""
    parts = open_container(file.content)
    if isinstance(parts, Unreadable):
        raise ValueError(file.sha256)
    return DailyFile.from_payload(parts.payload())


def _seal(ctx: Context, work: Work, day: _Day, officer_id: int | None) -> ClosedDay:
    last = tail(work)
    carried = last.stock
    counted = count(work, day.after, day.upto, day.as_of, carried)
    if not counted.balanced:
        sentence = _("Ngày {day} không khớp, chưa chốt: {faults}.")
        raise RefusedError(
            "not_balanced", sentence.format(day=f"{day.day:%d/%m/%Y}", faults="; ".join(_faults(counted)))
        )
    broken = journal.verify(work.connection, day.after, day.upto)
    if broken is not None:
        sentence = _("Nhật ký bị sửa ở sự kiện {n}: chưa chốt. Giữ nguyên máy và báo quản trị.")
        raise RefusedError("journal_broken", sentence.format(n=broken.seq))
    key = summaries.signing_key(work.connection)
    if key is None:
        raise RefusedError("no_key", _("Trung tâm chưa có khóa ký."))
    head = journal.head_at(work.connection, day.upto)
    daily = build(
        counted.tally,
        carried,
        unit=ctx.centre.unit,
        unit_name=ctx.centre.name,
        installation=key.fingerprint,
        practice=ctx.centre.practice,
        date=day.day,
        seq=day.seq,
        prev=last.sha256,
        journal=JournalSpan(day.after, day.upto, head.hash),
        as_of=day.as_of,
        created=ctx.now(),
        app=app_version(),
        catalogue=_installed(work, "catalogue"),
        calendar=_installed(work, "calendar"),
    )
    try:
        sealed = seal_daily(daily, SigningKey.from_openssh(key.private_key.encode()))
    except SealError as error:
        raise RefusedError("not_sealed", _("Không niêm phong được tệp ngày: {why}.").format(why=error)) from error
    file = SealedFile(
        day.seq, day.day, day.after, day.upto, head.hash, day.as_of, ctx.now(), sealed.sha256, sealed.data
    )  # fmt: skip
    summaries.put_file(work.connection, file)
    data = {"seq": day.seq, "date": day.day.isoformat(), "sha256": sealed.sha256, "to": day.upto}
    work.record(OfficeEvent.DAY_CLOSED, ctx.now(), data, officer_id=officer_id)
    return ClosedDay(day.day, day.seq, sealed.name, sealed.sha256, daily.totals)


def app_version() -> str:
    """Return the installed version of the program."""
    try:
        return version("motcua-desk")
    except PackageNotFoundError:
        return "0"


def _due_days(ctx: Context, view: View, day: date | None) -> Iterator[_Day]:
    """Yield the days to seal up to `day`: every open one not yet sealed, then the date itself if it has news.

    A date on which the centre is not open by the calendar has a file only if something was done on it.
    """
    now = ctx.now()
    wanted = day or now.date()
    last = tail(view)
    week = _Week(view, ctx.calendar(view), now, wanted)
    after, seq = last.journal_to, last.seq + 1
    first = _go_live(view) if last.day is None else last.day + timedelta(days=1)
    for each in week.open_days(first):
        upto = max(week.end(each), after)
        yield _Day(each, seq, after, upto, week.as_of(each))
        after, seq = upto, seq + 1
    if last.day == wanted and week.has_news(last.journal_to, week.end(wanted)):
        yield _Day(wanted, seq, last.journal_to, week.end(wanted), week.as_of(wanted))


class _Week:
    """Which dates have a file, and where each one's interval ends."""

    def __init__(self, view: View, cal: Calendar, now: datetime, wanted: date) -> None:
        self.view = view
        self.cal = cal
        self.now = now
        self.wanted = wanted
        midnight = datetime.combine(wanted, time(), moment.VN)
        begin, end = (journal.last_before(view.connection, midnight + timedelta(days=n)) for n in (0, 1))
        self.worked = self.has_news(begin, end)

    def is_open(self, day: date) -> bool:
        """Say whether a date has a file."""
        return self.cal.open(day) or (day == self.wanted and self.worked)

    def open_days(self, first: date) -> Iterator[date]:
        """Yield the dates with a file from `first` to the wanted one."""
        day = first
        while day <= self.wanted:
            if self.is_open(day):
                yield day
            day += timedelta(days=1)

    def boundary(self, day: date) -> datetime:
        """Return the instant at which the next date with a file begins."""
        following = day + timedelta(days=1)
        while not self.is_open(following):
            following += timedelta(days=1)
        return datetime.combine(following, time(), moment.VN)

    def end(self, day: date) -> int:
        """Return the last event of a date's interval."""
        if day == self.now.date():
            return journal.head(self.view.connection).seq
        return journal.last_before(self.view.connection, self.boundary(day))

    def as_of(self, day: date) -> datetime:
        """Return the closing instant: now, or the boundary of a day sealed late."""
        return self.now if day == self.now.date() else min(self.boundary(day), self.now)

    def has_news(self, after: int, upto: int) -> bool:
        """Say whether anything that counts happened in an interval."""
        return any(_counts(event) for event in journal.between(self.view.connection, after, upto))


def _counts(event: Event) -> bool:
    """Say whether an event may give a date something to say; what takes back one that did not does neither."""
    return event.kind not in NOT_COUNTED and event.data.get("what") not in NOT_COUNTED


def _go_live(view: View) -> date:
    opened = next(iter(journal.between(view.connection, 0, 1)), None)
    if opened is None:
        raise RefusedError("no_centre", _("Trung tâm chưa được lập."))
    return moment.minute(opened.at).date()


def _file_of(view: View, day: date) -> SealedFile | None:
    files = summaries.files(view.connection, day, day)
    return files[-1] if files else None


def _closed(file: SealedFile, *, already: bool) -> ClosedDay:
    daily = daily_of(file)
    return ClosedDay(file.day, file.seq, daily_name(daily, file.sha256), file.sha256, daily.totals, already=already)


def _installed(view: View, kind: str) -> str:
    found = procedures.installed(view.connection, kind)
    return "" if found is None else found.version


def _faults(counted: Counted) -> tuple[str, ...]:
    whole = _("tổng")
    named = tuple(_("hồ sơ {code} sai lệch so với sổ").format(code=code) for code in counted.faults)
    lines = tuple(
        f"{each.procedure or whole}: {imbalance_sentence(each.kind)} ({each.found} ≠ {each.expected})"
        for each in counted.imbalances
    )
    return (*named, *lines)
