"""`desk scan`: reads what a scanner got from a card's QR code."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import HELP_NAMES, DataOption, DeskCommand, JsonOption
from desk.cli.output import BadLine, input_lines, not_utf8, print_json, read_input
from desk.cli.reasons import card_reason_sentence, card_warning_sentence, sex_text, verdict_text
from desk.cli.status import CommandError, Status, complain
from desk.clock import system_clock
from desk.rules import moment
from desk.rules.identity import Card, Verdict, read_card
from desk.words import _


def declare(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scan", cls=DeskCommand, context_settings=HELP_NAMES, help=_("Đọc mã QR trên thẻ căn cước."))(scan)


def scan(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]", help=_("Nội dung quét được; không có thì đọc đầu vào chuẩn."), show_default=False
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=_("Mỗi dòng một lần quét («-»: đầu vào chuẩn)."))
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,  # noqa: ARG001 - every command takes it; this one needs no centre
) -> None:
    """Print what a card says, or why it cannot be used."""
    if file is not None and text is not None:
        raise CommandError(Status.USAGE, _("--file không đi cùng nội dung quét"))
    if file is not None:
        refused = _scan_file(file, as_json=as_json)
    else:
        card = read_card(_one_scan() if text is None or text == "-" else text, today=_today())
        refused = card.verdict is Verdict.REJECT
        if as_json:
            print_json(as_document(card))
        else:
            _print_card(card)
    if refused:
        raise typer.Exit(Status.NO)


def as_document(card: Card) -> dict[str, object]:
    """Return a card as plain JSON values; `fields` is empty where nothing could be read."""
    fields = {
        "id_number": card.id_number,
        "name": card.name,
        "birth_date": card.birth_date.isoformat() if card.birth_date else None,
        "sex": card.sex.value if card.sex else None,
        "address": card.address,
        "issued": card.issued.isoformat() if card.issued else None,
    }
    return {
        "verdict": card.verdict.value,
        "fields": {} if card.verdict is Verdict.REJECT else fields,
        "warnings": [warning.value for warning in card.warnings],
        "notes": [note.value for note in card.notes],
        "reason": card.reason.value if card.reason else None,
    }


def _today() -> date:
    return moment.minute(system_clock()).date()


def _one_scan() -> str:
    """Return one scan from standard input: a line where somebody sits there, else all of it."""
    if sys.stdin.isatty():
        print(_("Quét thẻ, hoặc dán nội dung rồi nhấn Enter:"), file=sys.stderr)
        content = sys.stdin.buffer.readline()
    else:
        content = read_input(None)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(Status.USAGE, _("đầu vào chuẩn: {problem}").format(problem=not_utf8())) from error


def _scan_file(path: Path, *, as_json: bool) -> bool:
    """Read one scan a line; return whether any could not be used."""
    refused, today = False, _today()
    for number, line in input_lines(path):
        if isinstance(line, BadLine):
            refused = True
            if as_json:
                print_json({"line": number, "error": line.sentence}, one_line=True)
            else:
                complain(_("dòng {number}: {problem}").format(number=number, problem=line.sentence))
            continue
        card = read_card(line, today=today)
        refused |= card.verdict is Verdict.REJECT
        if as_json:
            print_json(as_document(card), one_line=True)
        else:
            told = card_reason_sentence(card.reason) if card.reason else f"{card.id_number} {card.name}"
            print(f"{number}\t{verdict_text(card.verdict)}\t{told}")
    return refused


def _print_card(card: Card) -> None:
    print(verdict_text(card.verdict) + (f": {card_reason_sentence(card.reason)}" if card.reason else ""))
    if card.verdict is Verdict.REJECT:
        return
    rows = (
        (_("Số định danh"), card.id_number),
        (_("Họ tên"), card.name),
        (_("Ngày sinh"), f"{card.birth_date:%d/%m/%Y}" if card.birth_date else ""),
        (_("Giới tính"), sex_text(card.sex) if card.sex else ""),
        (_("Nơi thường trú"), card.address),
        (_("Ngày cấp"), f"{card.issued:%d/%m/%Y}" if card.issued else ""),
    )
    for label, value in rows:
        print(f"  {label}: {value}")
    for warning in (*card.warnings, *card.notes):
        print(f"  * {card_warning_sentence(warning)}")
