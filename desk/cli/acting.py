"""`desk act`: a change of one dossier through the same use case as the screen."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from db.vocabulary import Act, ReturnWay
from desk.cli.centre import accepted, officer_id, opened
from desk.cli.intake import LONGEST_TEXT, done_json
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import instant_of, instant_or_none
from desk.rules.standing import Denial
from desk.rules.text import clean
from desk.words import _

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.model import Action, Done, Refused

ACTS = tuple(act for act in Act if act not in {Act.REGISTER, Act.TAKE_OVER, Act.CORRECT})
"""What can be done to a dossier that is there; a correction needs the form on the screen."""

_TO_INSTANT = frozenset({Act.RESCHEDULE, Act.SUPPLEMENTED, Act.RECEIVE})
_OPTIONS = {
    "--to": _TO_INSTANT | {Act.FORWARD},
    "--code": frozenset({Act.SET_CODE}),
    "--variant": frozenset({Act.VARIANT}),
    "--override": frozenset({Act.SUPPLEMENT, Act.STOP}),
    "--way": frozenset({Act.RETURN}),
    "--postal": frozenset({Act.RETURN}),
    "--collector": frozenset({Act.RETURN}),
    "--competent-at": frozenset({Act.FORWARD}),
}
"""The acts that an option says something about; with any other it is a slip of the pen."""
_INPUTS = {
    Denial.REASON_REQUIRED.value: "--reason",
    Denial.NEW_PROMISE_MISSING.value: "--to",
    Denial.SECOND_SUPPLEMENT.value: "--override",
    Denial.TERM_RUNNING.value: "--override",
    "variant_needed": "--variant",
    "code_needed": "--code",
}
"""The option that gives what a refusal asks for."""


class Asked(Struct, frozen=True):
    """An act as written on the command line."""

    code: str
    act: Act
    reason: str
    to: str
    official_code: str
    variant: str
    override: str
    way: str
    postal: str
    collector: str
    competent_at: str
    at: str | None


def declare(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "act", _("Làm một việc với hồ sơ: chuyển, bổ sung, xong, trả…"))(act)


def act(
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("Mã tạm hoặc mã chính thức."))],
    action: Annotated[str, typer.Argument(metavar="ACTION", help=", ".join(act.value for act in ACTS))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Lý do."))] = "",
    to: Annotated[
        str, typer.Option("--to", metavar="TO", help=_("Ngày giờ hẹn mới; với forward: cán bộ hoặc phòng."))
    ] = "",
    official_code: Annotated[str, typer.Option("--code", metavar="CODE", help=_("Mã hồ sơ chính thức."))] = "",
    officer: AsOption = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help=_("Lúc làm việc này; chỉ ở trung tâm thực hành."))
    ] = None,
    variant: Annotated[str, typer.Option("--variant", metavar="CASE", help=_("Trường hợp của thủ tục."))] = "",
    override: Annotated[
        str, typer.Option("--override", metavar="TEXT", help=_("Căn cứ lãnh đạo cho phép, bằng văn bản."))
    ] = "",
    way: Annotated[str, typer.Option("--way", metavar="WAY", help=_("Cách trả: counter, post, electronic."))] = "",
    postal: Annotated[str, typer.Option("--postal", metavar="NUMBER", help=_("Số bưu gửi."))] = "",
    collector: Annotated[str, typer.Option("--collector", metavar="TEXT", help=_("Người đến nhận."))] = "",
    competent_at: Annotated[
        str,
        typer.Option("--competent-at", metavar="INSTANT", help=_("Với forward: lúc cơ quan có thẩm quyền đã nhận.")),
    ] = "",
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Do one act and print what the dossier has become."""
    done_act = act_of(action)
    asked = Asked(
        code, done_act, reason, to, official_code, variant, override, way, postal, collector, competent_at, at
    )
    _require_sense(asked)
    with opened(data, now, as_json=as_json) as desk:
        order = _order(desk, asked, officer_id(desk, officer))
        done = accepted(_with_option(desk.counter.act(order)), as_json=as_json)
    if as_json:
        more = {"act": done_act.value, "slip_number": done.slip_number or None, "warnings": list(done.warnings)}
        print_json(done_json(done) | more)
        return
    from desk.counter import say

    slip = _(" · số {slip}").format(slip=done.slip_number) if done.slip_number else ""
    print(f"{done.code}: {say.act_name(done_act)} → {say.state_name(done.state)} · {say.moment(done.promise)}{slip}")
    for warning in done.warnings:
        complain(warning)


def _with_option(answer: Done | Refused) -> Done | Refused:
    """Return the answer; a refusal for want of an input names the option that gives it."""
    from desk.counter.model import Refused

    if not isinstance(answer, Refused) or answer.reason not in _INPUTS:
        return answer
    return replace(answer, sentence=f"{answer.sentence.rstrip('.')} ({_INPUTS[answer.reason]}).")


def act_of(written: str) -> Act:
    """Return the act of that name; hyphens are as good as underscores."""
    found = next((act for act in ACTS if act.value == written.replace("-", "_").lower()), None)
    if found is None:
        known = ", ".join(act.value for act in ACTS)
        raise CommandError(Status.USAGE, _("không có việc «{act}»; các việc: {known}").format(act=written, known=known))
    return found


def _require_sense(asked: Asked) -> None:
    """Refuse options that the act has no use for, values it does not know, and texts without end."""
    given = {
        "--to": asked.to,
        "--code": asked.official_code,
        "--variant": asked.variant,
        "--override": asked.override,
        "--way": asked.way,
        "--postal": asked.postal,
        "--collector": asked.collector,
        "--competent-at": asked.competent_at,
    }
    for option, value in given.items():
        if value and asked.act not in _OPTIONS[option]:
            text = _("{option} không dùng với «{act}»")
            raise CommandError(Status.USAGE, text.format(option=option, act=asked.act.value))
        if len(value) > LONGEST_TEXT:
            raise CommandError(Status.USAGE, _("{option} dài quá").format(option=option))
    if len(asked.reason) > LONGEST_TEXT:
        raise CommandError(Status.USAGE, _("{option} dài quá").format(option="--reason"))
    if asked.way and asked.way not in set(ReturnWay):
        known = ", ".join(ReturnWay)
        raise CommandError(Status.USAGE, _("--way phải là một trong: {known}").format(known=known))


def _order(desk: Desk, asked: Asked, officer: int | None) -> Action:
    from desk.counter.model import Action

    names = {str(each.id): each.name for each in desk.counter.officers()}
    return Action(
        client_id=str(uuid.uuid4()),
        code=asked.code,
        act=asked.act,
        officer_id=officer,
        reason=clean(asked.reason),
        to=instant_of(asked.to) if asked.to and asked.act in _TO_INSTANT else None,
        holder=names.get(asked.to, clean(asked.to)) if asked.act is Act.FORWARD else "",
        official_code=clean(asked.official_code),
        variant=clean(asked.variant),
        override=clean(asked.override),
        collector=clean(asked.collector),
        way=ReturnWay(asked.way) if asked.way else ReturnWay.COUNTER,
        postal_number=clean(asked.postal),
        at=instant_or_none(asked.at),
        competent_at=instant_of(asked.competent_at) if asked.competent_at else None,
    )
