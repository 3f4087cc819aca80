"""A record older than its own sealed files: found out, its numbers moved out of harm's way, and gone on from.

Nothing is sealed behind a place from which others have gone on. The head of the centre signs a reset instead, which
says what was lost; the province decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from db import breaks, journal, numbers, offices, summaries
from db.breaks import BreakRow
from db.unit import View, Work
from db.vocabulary import Delivery, OfficeEvent, Role
from desk.counter import closing, officers, outgoing
from desk.counter.answering import looked_up, written
from desk.counter.context import Context
from desk.counter.counting import open_at
from desk.counter.evidence import Evidence, Sign, Witness, gather
from desk.counter.model import Refused, RefusedError
from desk.counter.outgoing import Outbox
from desk.daily.container import SealError
from desk.daily.receipt import VerifiedReceipt
from desk.daily.reset import Link, Lost, LostFile, LostNumbers, Reset, seal_reset
from desk.daily.sshsig import SigningKey
from desk.rules import moment
from desk.rules.text import clean
from desk.words import _

LONGEST_REASON = 500
MOST_FILES, MOST_NUMBERS = 200, 200
"""How much of what was lost is listed: what is older is counted, the file has to stay small."""
STEP, HIGHEST = 1000, 9000
"""Provisional numbers go on at the next thousand; no desk gives out so many between a backup and its restoration."""
A_DAY, HIGHEST_SLIP = 400, 90_000
"""Slips that the busiest ward gives out on a day, and how far their numbers of a year are moved at most."""

_DAY = timedelta(days=1)


class Broken(Struct, frozen=True):
    """A record that fell behind: what it has, what is known beyond it, what was lost.

    `sealed` is the number of the reset once there is one, `state` how far that has come and `sentence` so in words.
    """

    found_at: datetime
    base_seq: int
    known_seq: int
    lost: Lost
    stock: int
    sealed: int | None
    state: str
    sentence: str


class ResetOrder(Struct, frozen=True):
    """What the head of the centre approves: who, with which PIN, and why."""

    officer_id: int | None
    reason: str
    pin: str = ""


class SealedBreak(Struct, frozen=True):
    """A sealed reset; `unqueued` says why the outbox folder does not have it yet."""

    seq: int
    sha256: str
    file: str
    lost: Lost
    unqueued: str = ""


class Resets:
    """The use cases of a restored desk."""

    def __init__(self, ctx: Context, post: Outbox | None) -> None:
        self._ctx = ctx
        self._post = post

    def look(self) -> Broken | None:
        """Return the break that is open or whose reset is not confirmed yet; None for a whole chain."""
        with self._ctx.records.reading() as view:
            return look(view)

    def page(self, seq: int) -> tuple[str, ...]:
        """Return what the reset of that number says, in words; nothing where that is no reset."""
        with self._ctx.records.reading() as view:
            found = [row for row in breaks.breaks(view.connection) if row.seq == seq]
        return tuple(line for row in found for line in (_sentence(row), *lost_lines(Lost.from_payload(row.lost))))

    def declare(self, officer_id: int | None) -> Broken | Refused:
        """Say that the record was restored although nothing outside it shows that; refused where that is known."""

        def use(work: Work) -> Broken:
            if breaks.open_break(work.connection) is None:
                receipts = () if self._post is None else tuple(self._post.receipts())
                found = gather(self._ctx, work, self._post, receipts)
                known = max(found.known_seq, max(found.live, default=0))
                _break(self._ctx, work, replace(found, known_seq=known, cut=max(found.live, default=0) + 1), officer_id)
            broken = look(work)
            if broken is None:
                raise RefusedError("no_reset_needed", _("Sổ không thiếu gì so với các tệp đã gửi."))
            return broken

        return written(self._ctx, use)

    def make(self, order: ResetOrder) -> SealedBreak | Refused:
        """Seal a reset that the head of the centre approves, and queue it; refused: not the head, no reason."""
        approved = looked_up(self._ctx, lambda view: _may_approve(self._ctx, view, order))
        if isinstance(approved, Refused):
            return approved
        done = written(self._ctx, lambda work: _seal(self._ctx, work, order))
        if isinstance(done, Refused) or self._post is None:
            return done
        try:
            with self._ctx.records.reading() as view:
                outgoing.queue(view, self._post)
                withdraw(view, self._post)
        except OSError as error:
            return replace(done, unqueued=outgoing.unqueued_sentence(error))
        return done


def look(view: View) -> Broken | None:
    """Return the break that is open or whose reset is not confirmed yet."""
    row = breaks.open_break(view.connection)
    state = ""
    if row is None:
        row = breaks.last_reset(view.connection)
        states = {each.sha256: each for each in summaries.outgoing(view.connection)}
        found = None if row is None else states.get(row.sha256 or "")
        if row is None or found is None or found.state == Delivery.CONFIRMED:
            return None
        state = found.state
    return Broken(
        found_at=moment.minute(row.found_at),
        base_seq=row.base_seq,
        known_seq=row.known_seq,
        lost=Lost.from_payload(row.lost),
        stock=sum(row.stock.values()),
        sealed=row.seq,
        state=state,
        sentence=_sentence(row),
    )


def detect(ctx: Context, work: Work, outbox: Outbox, receipts: Iterable[tuple[bytes, VerifiedReceipt]]) -> bool:
    """Write down that the record fell behind, if what lies outside it shows that; True if that is news."""
    found = gather(ctx, work, outbox, receipts)
    if found.cut is None:
        return False
    row = breaks.open_break(work.connection)
    if row is not None and row.known_seq >= found.known_seq and row.base_seq < found.cut:
        return False
    _break(ctx, work, found, None)
    return True


def withdraw(view: View, outbox: object) -> None:
    """Offer what a reset supersedes no more."""
    if isinstance(outbox, Witness):
        wanted = {each.sha256 for each in summaries.outgoing(view.connection)}
        resets = {row.sha256 for row in breaks.breaks(view.connection) if row.sha256 is not None}
        outbox.withdraw((summaries.hashes(view.connection).keys() | resets) - wanted)


def _break(ctx: Context, work: Work, found: Evidence, officer_id: int | None) -> None:
    """Write a break down, or write the open one anew, and move the numbers that may have been given out."""
    cut = found.cut or 1
    tail, base = _before(work, found, cut)
    lost = [found.signs[seq] for seq in sorted(found.signs) if seq >= cut]
    start = _start(work, tail.journal_to, lost)
    row = breaks.open_break(work.connection)
    earlier = row or breaks.last_reset(work.connection)
    known = max(found.known_seq, base.seq)
    sign = found.signs.get(known)
    told = None if earlier is None or earlier.journal_to != start else Lost.from_payload(earlier.lost).numbers
    ended = list(journal.between(work.connection, start - 1, start))
    since = moment.minute(ended[0].at) if ended else None
    moved = tuple(_move_numbers(ctx, work, since, lost)) if told is None else told
    files = [LostFile(each.seq, each.day, each.sha256) for each in lost if each.day is not None]
    facts = Lost(since, tuple(files[-MOST_FILES:]), max(0, len(files) - MOST_FILES), moved)
    days = [day for day in (tail.day, *(each.day for each in lost)) if day is not None]
    breaks.put(
        work.connection,
        BreakRow(
            id=0 if row is None else row.id,
            found_at=ctx.now() if row is None else row.found_at,
            known_seq=known,
            known_sha256=sign.sha256 if sign is not None else (base.sha256 or "") if base.seq == known else "",
            known_day=sign.day if sign is not None else base.day if base.seq == known else None,
            base_seq=base.seq,
            base_sha256=base.sha256 or "",
            base_day=base.day,
            journal_to=start,
            day=max(days, default=None),
            stock=dict(Counter(each.procedure_code for each in open_at(work, start))),
            lost=facts.payload(),
        ),
    )
    data = {"known": known, "base": base.seq, "from": start, "lost": len(files)}
    work.record(OfficeEvent.CHAIN_BROKEN, ctx.now(), data, officer_id=officer_id)


def _before(view: View, found: Evidence, cut: int) -> tuple[closing.Tail, Link]:
    """Return where the chain stood before a number, and the last file that stays."""
    for row in breaks.breaks(view.connection):
        if row.seq == cut:  # the reset itself is in question: what it went on from stays
            base = Link(row.base_seq, row.base_sha256 or None, row.base_day)
            return closing.Tail(row.base_seq, base.sha256, row.journal_to, row.day, row.stock), base
    seq = max((each for each in found.live if each < cut), default=0)
    for row in breaks.breaks(view.connection):
        if row.seq == seq and seq:
            return closing.Tail(seq, row.sha256, row.journal_to, row.day, row.stock), Link(seq, row.sha256, row.made)
    file = summaries.file_at(view.connection, seq)
    if file is None:
        return closing.Tail(), Link(0)
    return closing.Tail(seq, file.sha256, file.journal_to, file.day), Link(seq, file.sha256, file.day)


def _start(view: View, after: int, lost: list[Sign]) -> int:
    """Return the event behind which is counted on: what was there before the backup is in the lost files' figures.

    The backup is older than the first lost file, so what happened before that was sealed came from the backup; and
    the lost files count no further than the last of them says.
    """
    if not lost:
        return after
    first, last = lost[0], lost[-1]
    made = first.created + timedelta(minutes=1) if first.created is not None else first.answered
    old = journal.head(view.connection).seq if made is None else journal.last_before(view.connection, made)
    counted = last.journal_to
    if counted is None and last.day is not None:
        counted = journal.last_before(view.connection, datetime.combine(last.day + _DAY, time(), moment.VN))
    return max(after, old if counted is None else min(old, counted))


def _move_numbers(ctx: Context, work: Work, since: datetime | None, lost: list[Sign]) -> Iterator[LostNumbers]:
    """Let no number be given out again that a citizen may hold since the backup; yield what may be out there."""
    today = ctx.now().date()
    days = [each.day for each in lost if each.day is not None]
    first = min((day for day in (None if since is None else since.date(), *days) if day is not None), default=today)
    taken = numbers.series(work.connection, "code/")
    desks = {ctx.centre.desk} | {int(name.rpartition("/")[2]) for name in taken}
    counted = Counter({each.day: each.received for each in lost if each.day is not None})
    span = [first + n * _DAY for n in range((today - first).days + 1)][-MOST_NUMBERS // len(desks) :]
    for day in span:
        for desk in sorted(desks):
            name = f"code/{day.isoformat()}/{desk}"
            kept = taken.get(name, 0)
            to = (max(kept, counted[day]) // STEP + 1) * STEP
            if kept < to <= HIGHEST:
                numbers.skip(work.connection, name, to)
                yield LostNumbers(day, desk, kept, to + 1)
    unknown = max(0, len(span) - len(set(days)))
    by = 2 * sum(counted.values()) + A_DAY * unknown
    years = {day.year for day in span}
    for name, kept in numbers.series(work.connection, "").items():
        parts = name.split("/")
        if parts[0] != "code" and years & {int(part) for part in parts[1:] if part.isdigit()}:
            numbers.skip(work.connection, name, min(kept + by, max(kept, HIGHEST_SLIP)))


def _may_approve(ctx: Context, view: View, order: ResetOrder) -> None:
    """Refuse whoever is not the head of the centre, by PIN where the centre has PINs."""
    head = next((each for each in officers.listed(view) if each.id == order.officer_id and each.active), None)
    if head is None or head.role != Role.HEAD:
        raise RefusedError("head_only", _("Chỉ lãnh đạo trung tâm được lập đề nghị nối lại."), "officer")
    if officers.guarded(officers.listed(view)):
        officers.check_pin(ctx, head, offices.pin_hash(view.connection, head.id), order.pin)


def _seal(ctx: Context, work: Work, order: ResetOrder) -> SealedBreak:
    row = breaks.open_break(work.connection)
    if row is None:
        raise RefusedError("no_reset_needed", _("Sổ không thiếu gì so với các tệp đã gửi."))
    reason = clean(order.reason)
    if not reason or len(reason) > LONGEST_REASON:
        sentence = _("Ghi rõ vì sao phải phục hồi, nhiều nhất {limit} chữ.").format(limit=LONGEST_REASON)
        raise RefusedError("reason_needed", sentence, "reason")
    key = summaries.signing_key(work.connection)
    if key is None or order.officer_id is None:
        raise RefusedError("no_key", _("Trung tâm chưa có khóa ký."))
    own = summaries.hashes(work.connection)
    last = max((*own.values(), *(each.seq or 0 for each in breaks.breaks(work.connection)), row.known_seq))
    lost = Lost.from_payload(row.lost)
    reset = Reset(
        unit=ctx.centre.unit,
        unit_name=ctx.centre.name,
        installation=key.fingerprint,
        practice=ctx.centre.practice,
        day=ctx.now().date(),
        seq=last + 1,
        old=Link(row.known_seq, row.known_sha256 or None, row.known_day),
        new=Link(row.base_seq, row.base_sha256 or None, row.base_day),
        journal_to=row.journal_to,
        journal_head=journal.head_at(work.connection, row.journal_to).hash,
        stock=row.stock,
        lost=lost,
        reason=reason,
        officer=order.officer_id,
        approved_at=ctx.now(),
        created=ctx.now(),
        app=closing.app_version(),
    )
    try:
        sealed = seal_reset(reset, SigningKey.from_openssh(key.private_key.encode()))
    except SealError as error:
        raise RefusedError(
            "not_sealed", _("Không niêm phong được đề nghị nối lại: {why}.").format(why=error)
        ) from error
    done = replace(row, seq=reset.seq, sha256=sealed.sha256, made=reset.day, content=sealed.data)
    breaks.seal(work.connection, done, ctx.now())
    data = {"seq": reset.seq, "sha256": sealed.sha256, "base": row.base_seq, "known": row.known_seq}
    work.record(OfficeEvent.CHAIN_RESET, ctx.now(), data, officer_id=order.officer_id)
    return SealedBreak(reset.seq, sealed.sha256, sealed.name, lost)


def _sentence(row: BreakRow) -> str:
    base, known = row.base_seq, row.known_seq
    if row.seq is None:
        text = _(
            "Sổ này được phục hồi từ bản cũ: còn đến tệp số {base}, trong khi đã có đến tệp số {known}. "
            "Lãnh đạo lập đề nghị nối lại; chưa chốt ngày nào cho đến khi đó."
        )
        return text.format(base=base, known=known)
    text = _("Đã lập đề nghị nối lại số {seq} (sau tệp số {base}); các tệp sau đó chờ tỉnh chấp nhận.")
    return text.format(seq=row.seq, base=base)


def lost_lines(lost: Lost) -> Iterator[str]:
    """Yield what was lost, in words."""
    if lost.since is not None:
        yield _("Sổ chỉ còn đến {at}: mọi việc sau đó phải nhập lại từ giấy tờ.").format(
            at=f"{lost.since:%H:%M %d/%m/%Y}"
        )
    for each in lost.files:
        yield _("Mất tệp số {seq} ngày {day}").format(seq=each.seq, day=f"{each.day:%d/%m/%Y}")
    if lost.more:
        yield _("và {n} tệp cũ hơn").format(n=lost.more)
    for span in lost.numbers:
        text = _("Mã tạm ngày {day} quầy {desk}: có thể đã cấp từ {first:04d}; cấp tiếp từ {next:04d}")
        yield text.format(day=f"{span.day:%d/%m/%Y}", desk=span.desk, first=span.kept + 1, next=span.next)
