"""One dossier: its facts, its three dates, its history, and every act its state allows, a digit away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar
from uuid import uuid4

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from db.vocabulary import Act, Role
from desk.counter import say
from desk.counter.model import Action, Done, DossierView, PersonView, Refused
from desk.tui.commands import BACK, HELP, PALETTE, WORK, bindings
from desk.tui.screens import dossier_lines as shown
from desk.tui.screens.act_dialogs import Answers, Pick, Seen, follow_up, questions
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.dossier_commands import ACTS, NUMBERS, REPRINT, REVEAL, TAKE_FEE, WHY
from desk.tui.screens.fee_dialogs import take_fee
from desk.tui.screens.long_line import LongLine
from desk.tui.screens.reprinting import Reprinted, ReprintPage, reprint
from desk.tui.screens.retype_commands import FROM_DOSSIER
from desk.tui.screens.saved import SlipPage
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextPage, ask, tell
from desk.tui.widgets.rows import Column
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.service import Counter

Answer = TypeVar("Answer")

_HISTORY = (Column("", width=14), Column("", width=19), Column("", width=14, style="muted"), Column("", flex=1))


def read(counter: Counter, wanted: str | int, officer_id: int | None) -> Seen | None:
    """Return a dossier with what its procedure and this officer allow; None if there is none."""
    view = counter.dossier(wanted)
    if view is None:
        return None
    procedure = counter.procedure(view.procedure_code)
    variants = procedure.variants if procedure is not None else ()
    head = any(officer.id == officer_id and officer.role == Role.HEAD for officer in counter.officers())
    put_off = counter.put_off(view.promise) if view.promise is not None and Act.RESCHEDULE in view.acts else None
    return Seen(view, variants, head, put_off=put_off)


class DossierScreen(DeskScreen):
    """The dossier of a code or id; `show` turns to another one."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "dossier.tcss"]
    COMMANDS_HERE = (WHY, REVEAL, TAKE_FEE, REPRINT, FROM_DOSSIER, BACK, *ACTS)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE, *NUMBERS)]
    KEYS_SHOWN = (HELP, WHY, REVEAL, WORK, PALETTE, BACK)

    def __init__(self, wanted: str | int) -> None:
        super().__init__()
        self._wanted = wanted
        self._seen: Seen | None = None
        self._person: PersonView | None = None
        self._drafts: dict[tuple[int, Act], dict[str, str]] = {}

    @property
    def view(self) -> DossierView | None:
        """The dossier as last read."""
        return None if self._seen is None else self._seen.view

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("HỒ SƠ")

    def compose_work(self) -> Iterable[Widget]:
        """Facts, dates, history, menu."""
        for name in ("code", "procedure", "person", "legal", "first", "promise"):
            yield Line(id=name)
        yield Rule(_("Diễn biến"), id="history")
        yield LineList(_HISTORY, header=False, id="events")
        yield Rule(_("Việc làm được"))
        with Vertical(id="menu"):
            for number in range(4):
                yield Line(id=f"menu-{number}")

    def compose_note(self) -> Iterable[Widget]:
        """The last word, in as many lines as it needs."""
        yield LongLine(id="note")

    def on_mount(self) -> None:
        """Put the cursor into the history."""
        super().on_mount()
        self.query_one("#events", LineList).focus()

    def show(self, wanted: str | int) -> None:
        """Turn to another dossier; numbers shown in full are hidden again."""
        self._person = None
        self.note("")
        self._read(wanted)

    def refresh_work(self) -> None:
        """Read the dossier again."""
        self._read(self._wanted)

    def another_officer(self) -> None:
        """Hide the numbers: who sees them leaves a trace of their own."""
        super().another_officer()
        self._person = None
        self._paint()

    def minute(self) -> None:
        """Say what is left by the new minute."""
        super().minute()
        self.refresh_work()

    def on_resize(self) -> None:
        """Lay the menu out anew."""
        self._paint()

    def _read(self, wanted: str | int) -> None:
        app = self.desk_app
        self.ask(
            lambda: read(app.counter, wanted, app.officer_id),
            lambda seen: self._take(wanted, seen),
            group="read",
            exclusive=True,
        )

    def _take(self, wanted: str | int, seen: Seen | None) -> None:
        if seen is None:
            self.note(_("Không có hồ sơ {code}.").format(code=wanted), "late")
            return
        before = self.view
        other = before is None or before.id != seen.view.id
        self._wanted, self._seen = seen.view.id, seen
        if other:
            self._person = None
        self._paint()
        if before is None or other or len(before.events) != len(seen.view.events):
            self.query_one("#events", LineList).move_to(len(seen.view.events) - 1)

    def _paint(self) -> None:
        view, now = self.view, self.desk_app.now()
        if view is None or now is None:
            return
        self._line("code").put(*shown.code_line(view))
        self._line("procedure").put(*shown.procedure_line(view))
        self._line("person").put(shown.person_line(view, self._person))
        for name, parts in zip(("legal", "first", "promise"), shown.date_lines(view, now), strict=True):
            self._line(name).put(parts)
        self._line("history").put(_("Diễn biến"), shown.beside_history(view))
        self.query_one("#events", LineList).show_rows(shown.event_rows(view.events))
        lines = shown.menu(view, self.size.width - 2, now)
        for number in range(4):
            line = self._line(f"menu-{number}")
            line.put(lines[number] if number < len(lines) else ())
            line.display = number < len(lines)

    def _line(self, name: str) -> Line:
        return self.query_one(f"#{name}", Line)

    @on(LineList.Opened, "#events")
    def _event_opened(self, message: LineList.Opened) -> None:
        message.stop()
        if self.view is not None:
            event = self.view.events[message.index]
            tell(self.app, TextPage(event.what.upper(), shown.event_page(event)))

    def action_back(self) -> None:
        """Hide the full numbers; else leave."""
        if self._person is not None:
            self._person = None
            self._paint()
        else:
            self.dismiss()

    def action_reveal(self) -> None:
        """Show the full numbers, which leaves a trace."""
        if self.view is not None and self._person is None:
            number, app = self.view.id, self.desk_app
            self.ask(lambda: app.counter.reveal(number, app.officer_id), lambda seen: self._revealed(number, seen))

    def _revealed(self, number: int, seen: PersonView | Refused) -> None:
        if isinstance(seen, Refused):
            self.note(seen.sentence, "late")
        elif self.view is not None and self.view.id == number:
            self._person = seen
            self._paint()
            self.note(_("đã ghi vết: xem số định danh, điện thoại"))

    @work(group="act", exclusive=False)
    async def action_take_fee(self) -> None:
        """Take the fee, or print its receipts again."""
        if self.view is not None and not self._busy():
            await take_fee(self, self.view.id)
            self.refresh_work()

    def action_why(self) -> None:
        """Show how the dates were counted."""
        if self.view is not None:
            number, counter = self.view.id, self.desk_app.counter
            self.ask(lambda: counter.why(number), self._explain, group="why", exclusive=True)

    def _explain(self, lines: tuple[str, ...]) -> None:
        title, *rest = lines if len(lines) > 1 else (_("VÌ SAO NGÀY NÀY?"), *lines)
        tell(self.app, TextPage(title, rest))

    def action_retype(self) -> None:
        """Type this dossier into the official system, field by field."""
        if self.view is not None and self.view.official_code:
            self.note(_("Hồ sơ đã có mã chính thức: không phải nhập lại."), "soon")
        elif self.view is not None:
            self.desk_app.retype(self.view.id)

    @work(group="act", exclusive=False)
    async def action_reprint(self) -> None:
        """Show the receipt, and print it again for a yes: a digit struck by mistake prints and counts nothing."""
        if self.view is None or self._busy():
            return
        view, app = self.view, self.desk_app
        lines = await self._answer(lambda: app.counter.receipt(view.id))
        if isinstance(lines, Refused):
            self.note(lines.sentence, "late")
        elif lines is not None and await ask(app, ReprintPage(lines)):
            self.ask(lambda: reprint(app, view), self._reprinted, group="print")

    def _reprinted(self, answer: Reprinted | Refused) -> None:
        if isinstance(answer, Refused):
            self.note(answer.sentence, "late")
        elif answer.said:
            self.note(answer.said, "good")
        else:
            self.note(answer.why, "soon")
            tell(self.app, SlipPage(_("GIẤY HẸN, IN LẠI"), answer.lines))
        self.refresh_work()

    def action_number(self, number: int) -> None:
        """Do what the menu has under a digit."""
        entries = () if self.view is None else shown.entries(self.view)
        entry = next((entry for entry in entries if entry.digit == number), None)
        if entry is None:
            return
        if entry.name == shown.REPRINT:
            self.action_reprint()
        else:
            self._do(entry.acts)

    def action_act(self, name: str) -> None:
        """Do the act of this name, or say that it is not possible now."""
        act = Act(name)
        if self.view is not None and act in self.view.acts:
            self._do((act,))
        elif self.view is not None:
            sentence = _("Hồ sơ {state}: không thể {act}.")
            act_words = say.act_name(act).lower()
            self.note(sentence.format(state=self.view.state_name, act=act_words), "late")

    @work(group="act", exclusive=False)
    async def _do(self, acts: tuple[Act, ...]) -> None:
        """Ask what the act needs, do it, ask again where only something is missing."""
        if self._seen is None or self._busy():
            return
        seen, act = self._seen, acts[0]
        if len(acts) > 1:
            options = [(each.value, say.act_name(each)) for each in acts]
            picked = await ask(self.app, Pick(_("Làm việc gì?"), options))
            if picked is None:
                return
            act = Act(picked)
        if act is Act.CORRECT:
            self._correct(seen.view.id)
            return
        seen.draft = self._drafts.setdefault((seen.view.id, act), {})
        now = self.desk_app.counter.now()
        answers = await self._prepared(seen, act)
        while answers is not None:
            done = await self._send(seen.view.code, act, answers)
            more = await follow_up(self.app, seen, act, done, now) if isinstance(done, Refused) else None
            if more is None or done is None:
                self._done(act, seen, done)
                return
            answers |= more

    def _correct(self, number: int) -> None:
        from desk.tui.screens.correct import CorrectScreen

        self.app.push_screen(CorrectScreen(number, self.note))

    async def _prepared(self, seen: Seen, act: Act) -> Answers | None:
        if act is Act.VARIANT and not seen.variants:
            self.note(_("Thủ tục này không có trường hợp khác."), "late")
            return None
        return await questions(self.app, seen, act, self.desk_app.counter.now())

    def _busy(self) -> bool:
        mine = [worker for worker in self.workers if worker.group == "act" and worker.node is self]
        return len([worker for worker in mine if not worker.is_finished]) > 1

    async def _send(self, code: str, act: Act, answers: Answers) -> Done | Refused | None:
        """Do the act in a thread; None if the record could not: its sentence is on the screen then."""
        app = self.desk_app
        # Another desk may hold the record for seconds.
        self.note(_("đang ghi…"))
        action = Action(client_id=str(uuid4()), code=code, act=act, officer_id=app.officer_id, **answers)
        return await self._answer(lambda: app.counter.act(action))

    async def _answer(self, call: Callable[[], Answer]) -> Answer | None:
        answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def failed(sentence: str) -> None:
            self._failed(sentence)
            answered.set_result(None)

        self.ask(call, answered.set_result, group="write", failed=failed)
        return await answered

    def _done(self, act: Act, seen: Seen, done: Done | Refused | None) -> None:
        """Say what came of an act, and show the dossier as it is now."""
        if isinstance(done, Done):
            self._drafts.pop((seen.view.id, act), None)
            said = _("đã ghi: {act} · {at:%H:%M}").format(act=say.act_name(act), at=self.desk_app.counter.now())
            self.note(" · ".join((said, *done.warnings)), "soon" if done.warnings else "good")
        elif isinstance(done, Refused):
            self.note(done.sentence, "late")
        self.refresh_work()
