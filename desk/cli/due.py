"""`desk due`: a due date and why, for one question or for a file of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from db.vocabulary import SupplementMode
from desk.cli.options import HELP_NAMES, DataOption, DeskCommand, JsonOption
from desk.cli.output import BadLine, input_lines, print_json
from desk.cli.reasons import clock_sentence, limit_sentence
from desk.cli.sources import Sources, sources_of
from desk.cli.status import CommandError, Status
from desk.cli.values import instant_of
from desk.rules import moment
from desk.rules.calendar import CalendarGapError
from desk.rules.clock import ClockError, ClockEvent, ClockKind, three_dates
from desk.rules.deadline import Due, Limit, LimitError, apply_variant, effective_start, parse_variants
from desk.rules.text import fold
from desk.words import _, officially

_KINDS = (ClockKind.SUPPLEMENT, ClockKind.SUPPLEMENTED, ClockKind.OBLIGATION, ClockKind.SETTLED)
_KEYS = ("limit", "procedure", "variant", "received", "mode", "new_limit", "events")


class Question(Struct, frozen=True):
    """What a due date is asked for, as written on the command line or in one line of a file."""

    limit: str | None = None
    procedure: str | None = None
    variant: str | None = None
    received: str | None = None
    mode: str | None = None
    new_limit: str | None = None
    events: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked."""
        return self == Question()


class Answer(Struct, frozen=True):
    """A due date with what it was found from."""

    due: Due
    legal: Due
    limit: Limit
    local: Limit | None
    mode: SupplementMode
    effective_start: str

    def as_json(self) -> dict[str, object]:
        """Return the answer as plain JSON values; `legal_trace` only where the law gives another date."""
        found = self.due.as_json()
        return {
            "due": found["at"],
            "legal_deadline": moment.text(self.legal.at),
            "provisional": self.due.provisional or self.legal.provisional,
            "limit": str(self.limit),
            "local_limit": None if self.local is None else str(self.local),
            "mode": self.mode.value,
            "effective_start": self.effective_start,
            "trace": found["trace"],
            "legal_trace": None if self.legal.at == self.due.at else self.legal.as_json()["trace"],
        }


def declare(app: typer.Typer) -> None:
    """Add the command."""
    app.command("due", cls=DeskCommand, context_settings=HELP_NAMES, help=_("Tính hạn trả và nêu căn cứ."))(due)


def due(
    limit: Annotated[
        str | None, typer.Option("--limit", metavar="LIMIT", help=_("Thời hạn: «3 working_day», «same_day@16:00»…"))
    ] = None,
    procedure: Annotated[
        str | None, typer.Option("--procedure", metavar="CODE", help=_("Mã thủ tục hành chính."))
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", metavar="CASE", help=_("Trường hợp của thủ tục, ví dụ «cần xác minh»."))
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="INSTANT", help=_("Lúc nhận, ví dụ 2026-03-13T10:56."))
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option("--mode", metavar="M", help=_("Khi bổ sung: restart (mặc định), pause, new_limit, none.")),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            metavar="E",
            help=_("Sự kiện, lặp lại được: supplement@, supplemented@, obligation@, settled@ kèm thời điểm."),
        ),
    ] = None,
    new_limit: Annotated[
        str | None, typer.Option("--new-limit", metavar="LIMIT", help=_("Thời hạn sau bổ sung, với --mode new_limit."))
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help=_("Đọc câu hỏi từ tệp JSON Lines («-»: đầu vào chuẩn).")),
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print a due date and the steps that led to it, by the calendar and catalogue of the centre if there is one."""
    question = Question(limit, procedure, variant, received, mode, new_limit, tuple(event or ()))
    if file is not None:
        if not question.is_empty:
            raise CommandError(Status.USAGE, _("--file không đi cùng các tùy chọn của một câu hỏi"))
        _answer_file(file, sources_of(data))
        return
    answer = answered(question, sources_of(data))
    if as_json:
        print_json(answer.as_json())
    else:
        _print_text(answer)


def answered(question: Question, sources: Sources) -> Answer:
    """Return the answer to one question; raises `CommandError` where it cannot be answered."""
    cal = sources.calendar
    if not question.received:
        raise CommandError(Status.USAGE, _("thiếu lúc nhận (--received), ví dụ 2026-03-13T10:56"))
    received = instant_of(question.received)
    try:
        terms = _terms(question, sources, received.date())
        events = [_event(text) for text in question.events]
        found = three_dates(cal, received, terms.limit, terms.local, events, mode=terms.mode, new_limit=terms.new_limit)
        start = moment.text(effective_start(cal, received).at)
        return Answer(found.current, found.legal, terms.limit, terms.local, terms.mode, start)
    except LimitError as error:
        raise CommandError(Status.USAGE, limit_sentence(error)) from error
    except ClockError as error:
        raise CommandError(Status.USAGE, clock_sentence(error)) from error
    except CalendarGapError as error:
        text = _("lịch không có ngày làm việc nào sau {day}").format(day=error.day.isoformat())
        raise CommandError(Status.USAGE, text) from error


class _Terms(Struct, frozen=True):
    """What the clock of a question runs on."""

    limit: Limit
    local: Limit | None
    mode: SupplementMode
    new_limit: Limit | None


def _terms(question: Question, sources: Sources, on: date) -> _Terms:
    """Return the limits of a question, and its mode: its own, else that of the procedure."""
    if bool(question.limit) == bool(question.procedure):
        raise CommandError(Status.USAGE, _("cần đúng một trong hai: thời hạn (--limit) hoặc mã thủ tục (--procedure)"))
    if question.limit:
        base = Limit.parse(question.limit)
        limit = apply_variant(base, question.variant) if question.variant else base
        return _Terms(limit, None, *_supplements(question, "", ""))
    code = question.procedure or ""
    found = sources.procedure(code, on)
    if found is None:
        raise CommandError(Status.USAGE, _("không có thủ tục mã «{code}» trong danh mục").format(code=code))
    case = _variant(found.code, found.variants, question.variant) if question.variant else ""
    if not found.limit and (not case or case.startswith("+")):
        text = _("danh mục chưa có thời hạn của thủ tục {code}, hãy ghi bằng --limit").format(code=found.code)
        raise CommandError(Status.NO, text)
    supplements = _supplements(question, found.mode, found.new_limit)
    if case:
        return _Terms(apply_variant(Limit.parse(found.limit or case), case), None, *supplements)
    limit = Limit.parse(found.limit)
    return _Terms(limit, Limit.parse(found.local_limit) if found.local_limit else None, *supplements)


def _variant(code: str, written: str, asked: str) -> str:
    """Return the limit of a case; its name may be typed without marks."""
    variants = {fold(variant.case): variant for variant in parse_variants(written)}
    chosen = variants.get(fold(asked))
    if chosen is None:
        known = " | ".join(variant.case for variant in variants.values()) or _("không có trường hợp nào")
        text = _("thủ tục {code} không có trường hợp «{case}»; các trường hợp: {known}")
        raise CommandError(Status.USAGE, text.format(code=code, case=asked, known=known))
    return chosen.text


def _supplements(question: Question, mode: str, new_limit: str) -> tuple[SupplementMode, Limit | None]:
    """Return what a supplement does to the clock."""
    written = question.mode or mode or SupplementMode.RESTART.value
    if written not in {mode.value for mode in SupplementMode}:
        known = ", ".join(SupplementMode)
        text = _("không có cách tính bổ sung «{mode}»; các cách: {known}").format(mode=written, known=known)
        raise CommandError(Status.USAGE, text)
    chosen = SupplementMode(written)
    if question.new_limit and chosen is not SupplementMode.NEW_LIMIT:
        raise CommandError(Status.USAGE, _("thời hạn mới (--new-limit) chỉ dùng với --mode new_limit"))
    renewed = question.new_limit or (new_limit if chosen is SupplementMode.NEW_LIMIT else "")
    return chosen, Limit.parse(renewed) if renewed else None


def _event(written: str) -> ClockEvent:
    kind, _at, instant = written.partition("@")
    if kind not in _KINDS:
        text = _("không hiểu sự kiện «{written}», viết như supplement@2026-03-13T10:56; các loại: {known}")
        raise CommandError(Status.USAGE, text.format(written=written, known=", ".join(_KINDS)))
    return ClockEvent(ClockKind(kind), instant_of(instant))


@officially()
def _answer_file(path: Path, sources: Sources) -> None:
    """Answer each line; a line that cannot be answered says so in its place, and the command ends with `no`."""
    failed = False
    for number, line in input_lines(path):
        try:
            print_json(answered(_question(line), sources).as_json(), one_line=True)
        except CommandError as error:
            failed = True
            print_json({"line": number, "error": error.sentence}, one_line=True)
    if failed:
        raise typer.Exit(Status.NO)


def _question(line: str | BadLine) -> Question:
    if isinstance(line, BadLine):
        raise CommandError(Status.USAGE, line.sentence)
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CommandError(Status.USAGE, _("không phải JSON")) from error
    if not isinstance(asked, dict):
        raise CommandError(Status.USAGE, _("mỗi dòng phải là một đối tượng JSON"))
    for key, value in asked.items():
        if key not in _KEYS:
            raise CommandError(Status.USAGE, _("không có khóa «{key}»").format(key=key))
        if value is None:
            continue
        texts = value if key == "events" and isinstance(value, list) else [value]
        if (key == "events") is not isinstance(value, list) or not all(isinstance(text, str) for text in texts):
            raise CommandError(Status.USAGE, _("giá trị của «{key}» sai kiểu").format(key=key))
    return Question(**{key: value for key, value in asked.items() if value is not None})


def _print_text(answer: Answer) -> None:
    from desk.counter import explain, say

    print(_("Hạn trả: {at}").format(at=say.moment(answer.due.at)))
    for line in explain.lines(answer.due):
        print(line)
    if answer.legal.at != answer.due.at:
        print(_("Hạn theo luật: {at}").format(at=say.moment(answer.legal.at)))
        for line in explain.lines(answer.legal):
            print(line)
