"""Several dossiers at once: chosen with Space, forwarded or returned together, those that were refused stay chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from textual import on, work

from db.vocabulary import Act, State
from desk.counter import say
from desk.counter.model import Action, WorkRow
from desk.counter.together import Fate, account, one, summary
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import width_of
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.screens.act_dialogs import Answers

_AROUND_NOTE = 8
"""Cells of the rule around the last word."""


class PickingScreen(DeskScreen):
    """A screen with a list of dossiers, called `rows`, of which several may be chosen."""

    CSS_PATH: ClassVar[Any] = [BASE_CSS]

    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[WorkRow] = ()
        self._picked: dict[int, WorkRow] = {}
        self._why_not: dict[int, str] = {}
        self._client_ids: dict[tuple[str, ...], str] = {}
        self._writing = self._asking = self._stopping = False

    def work_of(self, key: str) -> WorkRow | None:
        """Return the dossier behind a row of the list."""
        raise NotImplementedError

    def picked_changed(self) -> None:
        """Show how many are chosen."""

    def _rows_list(self) -> LineList:
        return self.query_one("#rows", LineList)

    @on(LineList.Chosen, "#rows")
    def _pick(self, message: LineList.Chosen) -> None:
        message.stop()
        row = self.work_of(message.key)
        if self._writing or row is None:
            self._mark()
            return
        self._why_not.pop(row.id, None)
        if message.chosen:
            self._picked[row.id] = row
        else:
            self._picked.pop(row.id, None)
        self.picked_changed()

    def action_retype(self) -> None:
        """Type the dossier under the cursor into the official system; the next ones are those of this list."""
        if (current := self._rows_list().current) is not None:
            self.desk_app.retype(int(current.key), tuple(row.id for row in self._found))

    def _mark(self) -> None:
        rows = self._rows_list()
        rows.chosen = {str(number) for number in self._picked}
        rows.repaint()

    def see_again(self, found: Sequence[WorkRow]) -> None:
        """Take the chosen dossiers as they stand now."""
        self._picked.update({row.id: row for row in found if row.id in self._picked})

    def clear_picked(self) -> None:
        """Choose nothing any more."""
        self._picked.clear()
        self._why_not.clear()
        self._mark()
        self.picked_changed()

    def step_back(self) -> bool:
        """Stop what is being written after the present dossier, else unchoose all; False if there is neither."""
        if self._writing:
            self._stopping = True
        elif self._picked:
            self.clear_picked()
        else:
            return False
        return True

    def first_act(self) -> Act:
        """Return the act under digit 1: the one that the chosen dossiers have there on their own screen."""
        finished = all(row.state is State.FINISHED for row in self._picked.values())
        return Act.RETURN if finished else Act.FORWARD

    def picked_parts(self, found: Sequence[WorkRow]) -> list[Part]:
        """Return the line of what is chosen and what may be done with it."""
        visible = sum(row.id in self._picked for row in found)
        count = _("Đã chọn {n}").format(n=len(self._picked))
        hidden = len(self._picked) - visible
        parts: list[Part] = [(count, "strong")]
        if hidden:
            parts.append((_("{n} không hiện ở đây").format(n=hidden), "soon"))
        parts.append((f"1 {say.act_name(self.first_act())}", ""))
        if self.first_act() is not Act.RETURN:
            parts.append((f"F6 {say.act_name(Act.RETURN)}", ""))
        return [*parts, (_("Esc bỏ chọn"), "muted")]

    def action_together(self, name: str) -> None:
        """Do one act to every chosen dossier."""
        if self._writing or self._asking:
            return
        if self._picked:
            self._together(Act(name))
        else:
            self.note(_("Chưa chọn hồ sơ nào: Space chọn từng hồ sơ trong danh sách."), "soon")

    @work(group="together", exclusive=False)
    async def _together(self, act: Act) -> None:
        from desk.tui.screens.picking_questions import forwarding, returning

        rows = tuple(self._picked.values())
        self._asking = True
        try:
            answers = await (returning(self, rows) if act is Act.RETURN else forwarding(self, rows))
        finally:
            self._asking = False
        if answers is not None:
            await self._write(act, rows, answers)

    async def _write(self, act: Act, rows: Sequence[WorkRow], answers: Answers) -> None:
        self._writing, self._stopping = True, False
        fates: list[Fate] = []
        officer_id, counter = self.desk_app.officer_id, self.desk_app.counter
        try:
            for number, row in enumerate(rows, 1):
                if self._stopping:
                    break
                said = _("đang ghi {n}/{all} · Esc dừng ở đây").format(n=number, all=len(rows))
                self.note(said)
                # Sent again after a failure of the record, the same request is answered, not done twice.
                name = (act, row.code, *(f"{field}={value}" for field, value in sorted(answers.items())))
                client_id = self._client_ids.setdefault(name, str(uuid4()))
                action = Action(client_id=client_id, code=row.code, act=act, officer_id=officer_id, **answers)
                fate = await self._fate(partial(one, counter, action), action)
                fates.append(fate)
                if fate.stopped:
                    break
                del self._client_ids[name]
                self._settle(row, fate)
        finally:
            self._writing = False
        if fates and fates[-1].stopped:
            self._settle(rows[len(fates) - 1], fates[-1])
        self._tell_all(act, fates, len(rows) - len(fates))

    async def _fate(self, call: Callable[[], Fate], action: Action) -> Fate:
        answered: asyncio.Future[Fate] = asyncio.get_running_loop().create_future()

        def failed(sentence: str) -> None:
            answered.set_result(Fate(action, sentence=sentence, stopped=True))

        self.ask(call, answered.set_result, group="write", failed=failed)
        return await answered

    def _settle(self, row: WorkRow, fate: Fate) -> None:
        """Unchoose what is done; keep what is not, with the reason."""
        if fate.done is not None:
            self._picked.pop(row.id, None)
            self._why_not.pop(row.id, None)
        else:
            self._why_not[row.id] = fate.sentence

    def _tell_all(self, act: Act, fates: Sequence[Fate], untried: int) -> None:
        said = summary(act, fates, untried)
        all_done = not untried and all(fate.done is not None for fate in fates)
        warned = any(fate.done is not None and fate.done.warnings for fate in fates)
        self.note(said, "good" if all_done and not warned else "soon")
        self._mark()
        self.picked_changed()
        self.refresh_work()
        cut_off = width_of(said) > self.size.width - _AROUND_NOTE
        if (cut_off or warned) and self.app.screen is self:
            from desk.tui.widgets.modals import TextPage, tell

            tell(self.app, TextPage(_("LÀM CHUNG MỘT LẦN"), account(act, fates, untried)))
