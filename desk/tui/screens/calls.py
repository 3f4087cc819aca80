"""The call-back list: who to ring, the sentence to say, what came of it under a digit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import CallOutcome
from desk.counter import call_words, say
from desk.counter.call_model import CallLine, MakeCall
from desk.counter.model import PersonView, Refused
from desk.rules.calling import Turn
from desk.tui.commands import BACK, HELP, Command, bindings
from desk.tui.moments import parse_moment
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.paper import answer_of
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.modals import TextLines, ask
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _

REACHED = Command("call_reached", "1", lambda: _("Đã báo"), lambda: _("Gặp được và đã báo."), action="made('reached')")
NO_ANSWER = Command(
    "call_no_answer",
    "2",
    lambda: _("Không nghe"),
    lambda: _("Không nghe máy: hai giờ sau lại nhắc, quá ba lần thì hôm sau."),
    action="made('no_answer')",
)
WRONG_NUMBER = Command(
    "call_wrong",
    "3",
    lambda: _("Sai số"),
    lambda: _("Không đúng số: xuống cuối danh sách."),
    action="made('wrong_number')",
)
AGAIN = Command(
    "call_later",
    "4",
    lambda: _("Gọi lại"),
    lambda: _("Người dân hẹn gọi lại: đến giờ đó lại nhắc."),
    action="made('later')",
)
CAME = Command("call_came", "5", lambda: _("Đã đến"), lambda: _("Người dân đã đến quầy."), action="made('came')")
REVEAL = Command("reveal", "x", lambda: _("Xem số"), lambda: _("Xem đủ số điện thoại; để lại vết trong sổ."))


class CallsScreen(DeskScreen):
    """Who is to be rung now, then later, then those without a number that is right."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "calls.tcss"]
    COMMANDS_HERE = (REVEAL, REACHED, NO_ANSWER, WRONG_NUMBER, AGAIN, CAME, BACK)
    KEYS_SHOWN = (HELP, REVEAL, REACHED, NO_ANSWER, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[CallLine, ...] = ()
        self._shown: tuple[int, str] = (0, "")

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("GỌI ĐIỆN")

    def compose_work(self) -> Iterable[Widget]:
        """How many, the list, the sentence."""
        yield FactLine(id="figures")
        yield Rule(_("bấm: 1 đã báo · 2 không nghe · 3 sai số · 4 hẹn gọi lại · 5 đã đến"))
        columns = (
            Column(_("Gọi lúc"), width=12),
            Column(_("Người nộp"), flex=2, style="strong"),
            Column(_("Điện thoại"), width=11),
            Column(_("Việc"), width=11),
            Column(_("Hồ sơ"), width=13),
            Column(_("Lần trước"), flex=1, style="muted"),
        )
        yield LineList(columns, empty=_("Không có ai cần gọi."), id="rows")
        yield Rule(_("câu để nói"), id="say")
        sentence = TextLines(id="sentence")
        sentence.can_focus = False
        yield sentence

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self._list.focus()

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    def minute(self) -> None:
        """Read again: a call may have become due."""
        super().minute()
        self.refresh_work()

    def another_officer(self) -> None:
        """Hide the number: who sees it leaves a trace of their own."""
        super().another_officer()
        self._shown = (0, "")
        self._paint()

    def refresh_work(self) -> None:
        """Read the list again."""
        self.ask(self.desk_app.counter.calls.listed, self._take, group="calls", exclusive=True)

    def _take(self, lines: tuple[CallLine, ...]) -> None:
        self._lines = lines
        count = {turn: sum(line.turn is turn for line in lines) for turn in Turn}
        figures: list[Part] = [(_("gọi ngay {n}").format(n=count[Turn.NOW]), "strong")]
        figures.append((_("gọi sau {n}").format(n=count[Turn.LATER]), ""))
        figures.append((_("thiếu số, sai số {n}").format(n=count[Turn.NUMBER]), "soon" if count[Turn.NUMBER] else ""))
        self.query_one("#figures", FactLine).facts(figures)
        self._paint()

    def _paint(self) -> None:
        now, row = self.desk_app.now(), self._list.current
        if now is not None:
            rows = [_row(line, now, self._phone(line)) for line in self._lines]
            self._list.show_rows(rows, key=None if row is None else row.key)
            self._say()

    def _phone(self, line: CallLine) -> str:
        return self._shown[1] if self._shown[0] == line.row.id else line.phone

    @property
    def _current(self) -> CallLine | None:
        row = self._list.current
        return next((line for line in self._lines if row is not None and str(line.row.id) == row.key), None)

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        if self._shown[0] and message.key != str(self._shown[0]):
            self._shown = (0, "")
            self._paint()
        self._say()

    def _say(self) -> None:
        line, sheet = self._current, self.query_one("#sentence", TextLines)
        wanted = () if line is None else (line.sentence,)
        # The list may have had no room for it.
        self.query_one("#say", Rule).put(_("câu để nói"), "" if line is None else _last(line))
        if sheet._given != wanted:
            sheet.show_lines(wanted)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.open_dossier(int(message.key))

    def action_reveal(self) -> None:
        """Show the whole number, which leaves a trace."""
        line, app = self._current, self.desk_app
        if line is not None and self._shown[0] != line.row.id:
            number = line.row.id
            self.ask(lambda: app.counter.reveal(number, app.officer_id), lambda seen: self._revealed(number, seen))

    def _revealed(self, number: int, seen: PersonView | Refused) -> None:
        if isinstance(seen, Refused):
            self.note(seen.sentence, "late")
            return
        self._shown = (number, seen.phone)
        self._paint()
        self.note(_("{phone} · đã ghi vết: xem số điện thoại").format(phone=seen.phone or _("không có số")), "soon")

    @work(group="act", exclusive=True)
    async def action_made(self, name: str) -> None:
        """Keep what came of the call under the cursor."""
        line, app, outcome = self._current, self.desk_app, CallOutcome(name)
        if line is None:
            return
        again = await self._again() if outcome is CallOutcome.LATER else None
        if outcome is CallOutcome.LATER and again is None:
            return
        order = MakeCall(str(uuid4()), line.row.id, line.reason, line.occasion, outcome, app.officer_id, again)
        self._shown = (0, "")

        def call() -> tuple[datetime | Refused | None]:
            return (app.counter.calls.made(order),)

        done = await answer_of(self, call)
        if done is not None and isinstance(done[0], Refused):
            self.note(done[0].sentence, "late")
        elif done is not None:
            again = done[0] if isinstance(done[0], datetime) else None
            at = _("nhắc lại {at}").format(at=say.short_moment(again)) if again is not None else ""
            said = (line.row.applicant, call_words.outcome_name(outcome), at)
            self.note(" · ".join(part for part in said if part), "good")
        self.refresh_work()

    async def _again(self) -> datetime | None:
        now = self.desk_app.counter.now()

        def check(typed: str) -> tuple[str, bool]:
            found = parse_moment(typed, now)
            if found is None or found <= now:
                return _("chưa hiểu, hoặc đã qua; gõ như 14:00, mai 9:00"), False
            return f"→ {say.moment(found)}", True

        typed = await ask(self.app, Question(_("Gọi lại lúc nào? Ví dụ: 14:00, mai 9:00, 25/3 10:00"), check=check))
        return None if typed is None else parse_moment(typed, now)

    def action_back(self) -> None:
        """Hide the number; else leave."""
        if self._shown[0]:
            self._shown = (0, "")
            self._paint()
            self.note("")
        else:
            self.dismiss()


def _last(line: CallLine) -> str:
    return f"{line.last} ({line.tries})" if line.tries > 1 else line.last


def _row(line: CallLine, now: datetime, phone: str) -> Row:
    if line.turn is Turn.NOW:
        when = _("ngay") if line.at is None else _("ngay ({at})").format(at=f"{line.at:%H:%M}")
    elif line.turn is Turn.LATER and line.at is not None:
        when = f"{line.at:%H:%M}" if line.at.date() == now.date() else f"{line.at:%d/%m %H:%M}"
    else:
        when = _("sai số") if phone else _("không có số")
    reason = call_words.reason_name(line.reason)
    cells = (when, line.row.applicant, phone, reason, line.row.short_code, _last(line))
    return Row(str(line.row.id), cells, style="" if line.turn is Turn.NOW else "muted")
