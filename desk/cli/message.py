"""`desk message`: difficulties and questions of the centre, signed, on their way to the province."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.centre import accepted, officer_id, opened
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json, read_input
from desk.cli.status import CommandError, Status
from desk.cli.values import instant_json
from desk.words import N_, _

_LONGEST = 64 * 1024


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `message`."""
    command(part, "send", _("Niêm phong một tin và xếp vào hộp gửi; «desk sync» gửi đi."))(send)
    command(part, "list", _("Những tin đã niêm phong, đã đến đâu, tỉnh trả lời gì."))(listed)


def send(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help=N_("Nội dung; không có thì đọc --file."))] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=N_("Tệp văn bản («-»: đầu vào chuẩn)."))
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="KIND", help=N_("difficulty (vướng mắc) hoặc question (hỏi)."), show_default=False
        ),
    ] = "difficulty",
    sure: Annotated[bool, typer.Option("--sure", help=N_("Vẫn gửi dù có dãy số giống số của dân."))] = False,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Seal a message and queue it."""
    from desk.daily.messages import MessageKind

    if kind not in set(MessageKind):
        raise CommandError(Status.USAGE, _("--kind là difficulty hoặc question"))
    if (text is None) == (file is None):
        raise CommandError(Status.USAGE, _("viết nội dung, hoặc --file; một trong hai"))
    try:
        words = text if text is not None else read_input(file, _LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(Status.USAGE, _("không phải văn bản UTF-8")) from error
    with opened(data, now, as_json=as_json) as desk:
        by = officer_id(desk, officer)
        found = accepted(desk.counter.province.send(MessageKind(kind), words, by, sure=sure), as_json=as_json)
    if as_json:
        print_json({"number": found.number, "kind": found.kind.value, "created": instant_json(found.created)})
    else:
        print(_("Đã niêm phong tin số {number}; «desk sync» gửi đi.").format(number=found.number))


def listed(as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """List the messages of the centre, newest first."""
    from desk.counter.news_words import message_kind

    with opened(data, now, as_json=as_json) as desk:
        found = desk.counter.province.sent()
    if as_json:
        print_json(
            [
                {
                    "number": each.number,
                    "kind": each.kind.value,
                    "created": instant_json(each.created),
                    "state": each.state,
                    "sha256": each.sha256,
                    "text": each.text,
                    "answer": each.answer or None,
                }
                for each in found
            ]
        )
        return
    for each in found:
        head = _("số {number} · {day} · {kind} · {state}")
        day = f"{each.created:%d/%m/%Y %H:%M}"
        print(head.format(number=each.number, day=day, kind=message_kind(each.kind), state=each.sentence))
        print(f"  {each.text}")
        if each.answer:
            print("  " + _("Tỉnh trả lời: {text}").format(text=each.answer))
