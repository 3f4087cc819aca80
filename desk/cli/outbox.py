"""`desk outbox`: what waits for the province and why, and its word over the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import accepted, officer_id, opened
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.values import instant_json
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.posted import PostedFile


def declare(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "outbox", _("Hộp gửi: tệp nào chờ tỉnh, vì sao; nhận mã tỉnh đọc qua điện thoại."))(outbox)


def outbox(
    heard: Annotated[
        str | None,
        typer.Option("--heard", metavar="CODE", help=_("Mã tỉnh vừa đọc qua điện thoại, mười hai chữ số.")),
    ] = None,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print how far the daily files have come, or take in a code that the province has read out."""
    from desk.counter.posted import story

    with opened(data, now, as_json=as_json) as desk:
        if heard is not None:
            note = accepted(desk.counter.posted.hear(heard, officer_id(desk, officer)), as_json=as_json)
            if as_json:
                names = {"date": note.day.isoformat(), "seq": note.seq, "sha256": note.sha256}
                print_json({**names, "heard": note.status.value, "again": note.again})
            else:
                print(note.sentence)
            return
        files, at = desk.counter.posted.files(), desk.counter.now()
    if as_json:
        print_json([_document(each) for each in files])
        return
    for each in files:
        print("\n  ".join(story(each, at)))
    if not any(each.waits for each in files):
        print(_("Không có tệp nào chờ gửi."))


def _document(file: PostedFile) -> dict[str, object]:
    return {
        "date": file.day.isoformat(),
        "seq": file.seq,
        "sha256": file.sha256,
        "state": file.state.value,
        "reason": file.why or None,
        "tries": file.tries,
        "way": file.way or None,
        "sealed_at": instant_json(file.sealed_at),
        "answered_at": instant_json(file.answered_at),
        "next_at": instant_json(file.next_at),
        "heard": None if file.heard is None else file.heard.status.value,
        "heard_at": None if file.heard is None else instant_json(file.heard.at),
    }
