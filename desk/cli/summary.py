"""`desk summary`: reads a daily file and verifies it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.centre import opened, paths_of
from desk.cli.options import DataOption, FileArgument, JsonOption, command, path_of
from desk.cli.output import print_facts, print_json, print_table, read_input
from desk.cli.status import CommandError, Status
from desk.words import _

if TYPE_CHECKING:
    from desk.cli.signers import Signer
    from desk.daily.container import Json, Parts
    from desk.daily.model import DailyFile
    from desk.daily.reasons import Refusal

_ALLOWED_SIGNERS = "allowed_signers"
_LONGEST_LIST = 4 * 1024 * 1024


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `summary`."""
    command(part, "show", _("Đọc một tệp ngày, không kiểm chữ ký."))(show)
    command(part, "verify", _("Kiểm một tệp ngày bằng các khóa đã biết."))(verify)


def show(file: FileArgument, as_json: JsonOption = False, data: DataOption = None) -> None:  # noqa: ARG001
    """Print what a daily file says; nothing is believed of it."""
    content = _content(file)
    parts, payload = _taken_apart(content, file)
    if as_json:
        print_json(payload | {"sha256": parts.sha256, "signed_by": parts.signature.key.fingerprint})
    else:
        _print_daily(_daily(payload, file), parts)


def verify(
    file: FileArgument,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", parser=path_of, help=_("Khóa công khai của đơn vị."))
    ] = None,
    allowed: Annotated[
        Path | None,
        typer.Option("--allowed", metavar="FILE", parser=path_of, help=_("Danh sách khóa dạng allowed_signers.")),
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Say whether a daily file is what it says; one that is not ends with `no`."""
    from desk.daily.sentences import refusal_sentence
    from desk.daily.verify import Refused, verify_daily

    content, signers = _content(file), _signers(key, allowed, data)
    namespace = _namespace(content)
    found = verify_daily(content, _known(content, signers, namespace), practice=namespace == "motcua-practice")
    daily = found.daily
    reason: Refusal | None = found.reason if isinstance(found, Refused) else None
    if as_json:
        print_json(
            {
                "verified": reason is None,
                "reason": None if reason is None else reason.value,
                "detail": (found.detail or None) if isinstance(found, Refused) else None,
                "sha256": found.sha256,
                "unit": None if daily is None else daily.unit,
                "date": None if daily is None else daily.date.isoformat(),
                "seq": None if daily is None else daily.seq,
                "practice": None if daily is None else daily.practice,
                "signed_by": None if daily is None else daily.installation,
            }
        )
    if reason is not None:
        raise CommandError(Status.NO, f"{file}: {refusal_sentence(reason)}")
    if not as_json and daily is not None:
        kind = _(" (tệp thực hành)") if daily.practice else ""
        text = _("Đúng: {unit} ngày {day} số {seq}, ký bởi {key}")
        print(text.format(unit=daily.unit, day=f"{daily.date:%d/%m/%Y}", seq=daily.seq, key=daily.installation) + kind)


def _content(file: Path) -> bytes:
    from desk.daily.container import LIMIT

    return read_input(file, LIMIT)


def _taken_apart(content: bytes, file: Path) -> tuple[Parts, dict[str, Json]]:
    from desk.daily.container import NotStrictError, Unreadable, open_container
    from desk.daily.reasons import Refusal
    from desk.daily.schema import DAILY, fault
    from desk.daily.sentences import refusal_sentence

    parts = open_container(content)
    if isinstance(parts, Unreadable):
        raise CommandError(Status.USAGE, f"{file}: {refusal_sentence(parts.reason)}")
    try:
        payload = parts.payload()
    except NotStrictError as error:
        raise CommandError(Status.USAGE, f"{file}: {refusal_sentence(Refusal.NOT_CANONICAL)}") from error
    wrong = fault(payload, DAILY)
    if wrong is not None:
        raise CommandError(Status.USAGE, f"{file}: {refusal_sentence(Refusal.BAD_SCHEMA)} ({wrong})")
    return parts, payload


def _daily(payload: dict[str, Json], file: Path) -> DailyFile:
    from desk.daily.model import DailyFile, PayloadError

    try:
        return DailyFile.from_payload(payload)
    except PayloadError as error:
        raise CommandError(Status.USAGE, f"{file}: {error}") from error


def _namespace(content: bytes) -> str:
    from desk.daily.container import Unreadable, open_container

    parts = open_container(content)
    return "" if isinstance(parts, Unreadable) else parts.signature.namespace


def _signers(key: Path | None, allowed: Path | None, data: Path | None) -> tuple[Signer, ...]:
    """Return the keys named, else those of the data folder: the centre's own, or the units of a province."""
    from desk.cli.signers import Signer, allowed_signers, public_key

    found: list[Signer] = []
    if key is not None:
        found.append(public_key(read_input(key, _LONGEST_LIST), str(key)))
    if allowed is not None:
        found += allowed_signers(read_input(allowed, _LONGEST_LIST), str(allowed))
    if key is None and allowed is None:
        paths = paths_of(data)
        listed = paths.folder / _ALLOWED_SIGNERS
        if listed.exists():
            found += allowed_signers(read_input(listed, _LONGEST_LIST), str(listed))
        elif paths.settings.exists():
            with opened(data) as desk:
                found.append(Signer(desk.public_key(), desk.settings.unit))
        else:
            text = _("{path}: không có trung tâm nào ở đây; chọn khóa bằng --key hoặc --allowed")
            raise CommandError(Status.USAGE, text.format(path=paths.folder))
    return tuple(found)


def _known(content: bytes, signers: tuple[Signer, ...], namespace: str) -> dict[str, Any]:
    """Return the keys that may have signed this file; one given without a unit vouches for the unit the file names."""
    from desk.daily.container import NotStrictError, Unreadable, open_container
    from desk.daily.verify import KnownKey
    from desk.rules import moment

    parts = open_container(content)
    try:
        payload = {} if isinstance(parts, Unreadable) else parts.payload()
        created = moment.parse(str(payload.get("created")))
    except (NotStrictError, ValueError):
        payload, created = {}, None
    claimed = str(payload.get("unit", ""))
    # A key on the list for several units stands for the one the file names.
    fitting = sorted(
        (each for each in signers if each.may_sign(namespace, created)), key=lambda each: each.unit == claimed
    )
    return {each.key.fingerprint: KnownKey(each.unit or claimed, each.key) for each in fitting}


def _print_daily(daily: DailyFile, parts: Parts) -> None:
    from desk.counter import say

    span = daily.journal
    print_facts(
        {
            _("Đơn vị"): f"{daily.unit} {daily.unit_name}" + (_(" (thực hành)") if daily.practice else ""),
            _("Ngày"): _("{day}, tệp số {seq}").format(day=f"{daily.date:%d/%m/%Y}", seq=daily.seq),
            _("Chốt lúc"): say.moment(daily.as_of),
            _("Nhật ký"): f"{span.after + 1}–{span.to}" if span.to > span.after else _("không có sự kiện nào"),
            _("Phần mềm"): f"{daily.app}; {daily.catalogue}; {daily.calendar}",
            "SHA-256": parts.sha256,
            _("Khóa ký, CHƯA KIỂM"): parts.signature.key.fingerprint,
        }
    )
    if not daily.rows:
        print(_("Không có hồ sơ nào."))
        return
    names = list(daily.totals)
    rows = [[code, *(str(line.get(name, 0)) for name in names)] for code, line in daily.rows.items()]
    print_table([_("thủ tục"), *names], [*rows, [_("cộng"), *(str(daily.totals[name]) for name in names)]])
