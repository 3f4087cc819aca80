"""`desk close`, `desk sync`: the day is sealed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import accepted, officer_id, opened, paths_of, refuse
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import date_of, instant_or_none
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.model import ClosedDay
    from desk.sync.model import ItemResult, OutboxState, Run


def declare(app: typer.Typer) -> None:
    """Add the commands of the day."""
    command(app, "close", _("Chốt ngày: đếm, kiểm, niêm phong, xếp hàng gửi."))(close)
    command(app, "sync", _("Gửi tệp ngày đang chờ, nhận giấy báo nhận; không cần mật khẩu."))(sync)


def close(
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("Ngày cần chốt; mặc định hôm nay."))] = None,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Seal every open day up to a date and say what was sealed; what does not balance is not sealed."""
    from desk.counter.model import Refused

    wanted = None if day is None else date_of(day)
    with opened(data, now, as_json=as_json) as desk:
        answer = desk.counter.close(wanted, officer_id(desk, officer))
        if isinstance(answer, Refused) and answer.reason == "clock_leapt":
            refuse(answer.reason, answer.sentence + " (--date)", as_json=as_json)
        days = accepted(answer, as_json=as_json)
    if as_json:
        print_json([_day_json(each) for each in days])
    else:
        _print_days(days)
    unqueued = next((each.unqueued for each in days if each.unqueued), "")
    if unqueued:
        raise CommandError(Status.ENVIRONMENT, unqueued)


def sync(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Chỉ xem, không gửi và không ghi gì."))] = False,
    due: Annotated[
        bool, typer.Option("--due", help=_("Đường truyền vừa hỏng thì chờ đến lượt mới thử lại; dùng cho hẹn giờ."))
    ] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Deliver what waits and collect receipts, from the folders outside the database."""
    from desk.bootstrap import fixed_clock, post_of
    from desk.clock import system_clock
    from desk.settings import read_settings
    from desk.sync.courier import deliver, fetch
    from desk.sync.descent import Descended
    from desk.sync.model import Run
    from desk.sync.ways import HERE, LATER, LINE, MAIL_SAYS_NO, Trouble

    paths = paths_of(data)
    settings = read_settings(paths)
    at = instant_or_none(now)
    if at is not None and not settings.practice:
        raise CommandError(Status.NO, _("Chỉ trung tâm thực hành mới đặt được giờ (--now)."))
    post = post_of(paths, settings, system_clock if at is None else fixed_clock(at))
    run = post.run(dry_run=dry_run, due=due) if dry_run or due else deliver(post)
    spoken = Run(()) if dry_run else post.run_messages(due=due)
    # A line that has just failed is not tried again for what can wait.
    lost = dry_run or any(problem.reason in LINE for problem in run.problems)
    down = Descended() if lost else post.descend(due=True) if due else fetch(post)
    if as_json:
        met = {item.sha256: item for item in run}
        print_json([_item_json(met.get(state.sha256, state)) for state in post.states()])
    else:
        _print_run(run)
        for item in spoken:
            said = _("tỉnh đã nhận") if item.state == "confirmed" else item.sentence or _("đã gửi, chờ tỉnh xác nhận")
            print(_("tin số {number}: {said}").format(number=item.seq, said=said))
        for each in down.new:
            text = _("Tỉnh công bố số {number}: xem và áp dụng bằng «desk published» hoặc F9, «Tin tỉnh».")
            print(text.format(number=each.number))
    if run.newly_pinned:
        text = _("khóa của tỉnh được tin lần đầu, hãy đối chiếu với bản giấy: {fingerprint}")
        complain(text.format(fingerprint=run.pinned))
    problems = tuple(dict.fromkeys((*run.problems, *spoken.problems, *down.problems)))
    for problem in problems:
        complain(f"{problem.what}: {problem.sentence}")
    if not settings.folder and not settings.ways:
        raise CommandError(Status.NO, _("chưa chọn nơi gửi: ghi «folder» vào {path}").format(path=paths.settings))
    if any(problem.reason == Trouble.BAD_ADDRESS for problem in problems):
        raise typer.Exit(Status.USAGE)
    if any(problem.reason in HERE | LINE | LATER for problem in problems):
        raise typer.Exit(Status.ENVIRONMENT)
    answers_no = {
        Trouble.KEY_CHANGED,
        Trouble.KEY_WAITS,
        Trouble.UNTRUSTED_SERVER,
        Trouble.UNKNOWN_THERE,
        Trouble.NOT_TAKEN,
    }
    answers_no |= {Trouble.OTHER_HOST_KEY, Trouble.LOGIN_REFUSED, Trouble.NO_FOLDER_THERE, Trouble.FULL_THERE}
    answers_no |= MAIL_SAYS_NO
    if any(item.state == "refused" for item in run) or any(problem.reason in answers_no for problem in problems):
        raise typer.Exit(Status.NO)


def _print_days(days: Sequence[ClosedDay]) -> None:
    for each in days:
        done = _("đã chốt từ trước") if each.already else _("đã chốt")
        print(f"{each.day:%d/%m/%Y} {done}: {each.file}")
        figures = " ".join(f"{name}={number}" for name, number in each.totals.items())
        print("  " + (figures or _("không có hồ sơ nào")))


def _day_json(day: ClosedDay) -> dict[str, object]:
    return {
        "date": day.day.isoformat(),
        "seq": day.seq,
        "file": day.file,
        "sha256": day.sha256,
        "totals": dict(day.totals),
        "balanced": day.balanced,
    }


def _item_json(item: ItemResult | OutboxState) -> dict[str, object]:
    return {
        "date": item.day.isoformat(),
        "seq": item.seq,
        "sha256": item.sha256,
        "state": item.state.value,
        "reason": item.reason or None,
        "tries": item.tries,
        "way": item.way or None,
    }


def _print_run(run: Run) -> None:
    states = {
        "sealed": _("chưa gửi"),
        "sent": _("đã gửi, chờ tỉnh xác nhận"),
        "confirmed": _("tỉnh đã xác nhận"),
        "held": _("tỉnh giữ lại, chờ tệp trước"),
        "refused": _("tỉnh TỪ CHỐI"),
    }
    for item in run:
        why = f": {item.sentence}" if item.sentence else ""
        print(_("{day} số {seq}").format(day=f"{item.day:%d/%m/%Y}", seq=item.seq) + f" · {states[item.state]}{why}")
    if not run:
        print(_("Không có tệp nào chờ gửi."))
