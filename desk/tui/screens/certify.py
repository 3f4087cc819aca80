"""F3: what a citizen gets while waiting. Scan or type, kind of work, paper, pages, copies, Enter: done and counted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.await_remove import AwaitRemove
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import PayMethod
from desk.counter import say
from desk.counter.lane import Given, Kinds, TakeBack
from desk.counter.model import Done, PersonView, Refused
from desk.rules.identity import ScanKind, recognise
from desk.rules.money import dong
from desk.tui.card_words import Reading, read_scan
from desk.tui.commands import HELP, bindings
from desk.tui.screens import certify_commands
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.certify_commands import ADD_PAPER, AS_BEFORE, SLIP, TAKE_BACK
from desk.tui.screens.certify_draft import Entry, Lane, LaneDraft, lane_of
from desk.tui.screens.certify_form import LaneForm
from desk.tui.screens.certify_keeping import LaneKeeper
from desk.tui.screens.certify_words import OtherPerson, codes_of, pay_words, saved_words
from desk.tui.screens.field_hints import FieldHints
from desk.tui.screens.long_line import LongLine
from desk.tui.widgets.form import Form
from desk.tui.widgets.lines import KeyBar, Rule, TopLine
from desk.tui.widgets.modals import TextLines, ask
from desk.tui.widgets.router import Scanned
from desk.words import _, counted


class CertifyScreen(DeskScreen):
    """The fast lane; a form that was left is there again, after a crash too."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "certify.tcss"]
    COMMANDS_HERE = certify_commands.ALL
    KEYS_SHOWN = (HELP, ADD_PAPER, AS_BEFORE, SLIP, TAKE_BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, payload: str = "") -> None:
        """Make the lane, filled from a card's payload if there is one."""
        super().__init__()
        self._payload = payload
        self._client_id = ""
        self._code = ""
        self._given = Given()
        self._ready = self._busy = False
        self._slip = 0
        self._hints = FieldHints(self, "certify")
        self._keeper = LaneKeeper(self, lambda: self.draft if self._ready else None)

    def compose_work(self) -> Iterable[Widget]:
        """The form, then what was added for the same person."""
        yield LaneForm(id="form")
        yield Rule(id="rule")
        added = TextLines(id="added")
        added.can_focus = False
        yield added

    def compose_note(self) -> Iterable[Widget]:
        """Return a last word that may take two lines: several codes, a warning."""
        yield LongLine(id="note", most=2)

    def title_text(self) -> str:
        """Return where the officer is."""
        return _("CHỨNG THỰC NHANH")

    def tick(self) -> None:
        """Say what was given today, and the minute."""
        now = self.desk_app.now()
        if now is None:
            return
        given = _("hôm nay {n} · {fees}").format(n=self._given.count, fees=dong(self._given.fees))
        self.query_one("#top", TopLine).show(self.title_text(), "", f"{given}   {say.day(now.date())[:8]} {now:%H:%M}")
        self.query_one("#keys", KeyBar).state(*self.desk_app.sync_state)

    def on_mount(self) -> None:
        """Show what was left half typed; take the card or wait for the first key."""
        self._begin(self.lane.kept or LaneDraft(str(uuid.uuid4())))
        self._ready = True
        if not self.draft.empty:
            self.note(_("Đang gõ dở từ lúc trước: xem lại, hoặc gõ tiếp."), "soon")
        self.ask(self.desk_app.counter.kinds, self._show_kinds)
        self.refresh_work()
        if self._payload:
            self.scanned(self._payload)
        if self.lane.kept is None:
            self._keeper.find_left(self._offer)

    def _offer(self, left: LaneDraft, pay: PayMethod | None) -> None:
        """Go on with what a crash broke off, unless the officer has begun with somebody else."""
        typed = self.draft
        same = typed.person.id_number and typed.person.id_number == left.person.id_number
        if self._busy or not (typed.empty or (same and typed.entry.empty and not typed.added)):
            self.note(_("Còn một lần gõ dở từ trước: lưu xong lần này thì Esc, F3 để mở lại."), "soon")
            return
        self.lane.pay = pay
        self._begin(left)
        self.note(_("Đang gõ dở từ lúc trước: xem lại, hoặc gõ tiếp."), "soon")

    @property
    def lane(self) -> Lane:
        """What the lane remembers."""
        return lane_of(self.app)

    @property
    def form(self) -> LaneForm:
        """The form."""
        return self.query_one(LaneForm)

    @property
    def draft(self) -> LaneDraft:
        """All that is typed."""
        return self.form.draft(self._client_id)

    def refresh_work(self) -> None:
        """Count again what was given today."""
        if self._ready:
            self.ask(self.desk_app.counter.given_today, self._show_given, group="today", exclusive=True)

    def _show_given(self, given: Given) -> None:
        self._given = given
        self.tick()

    def _show_kinds(self, kinds: Kinds) -> None:
        self.form.offer(kinds, self._code)
        self._show_added()

    def _begin(self, draft: LaneDraft) -> None:
        """Show a draft, empty for the next citizen, with the cursor where the officer goes on."""
        if self._client_id not in {"", draft.client_id}:
            # Saved, or thrown away.
            self._keeper.end(self._client_id)
        self._client_id, self._code = draft.client_id, draft.entry.procedure
        self.form.fill(draft)
        self._show_added()
        self._go_on() if not draft.empty else self.set_focus(self.query_one("#name"))

    def _go_on(self) -> None:
        self.set_focus(self.query_one("#name" if not self.form.text_of("name") else "#kinds"))

    def _show_added(self) -> None:
        lines = [f"{number:>2}  {self.form.line_of(entry)}" for number, entry in enumerate(self.form.added, 1)]
        self.query_one("#added", TextLines).show_lines(lines)
        self.form.show()
        self._show_rule()

    def _show_rule(self) -> None:
        many = len(self.form.added)
        heading = [counted("đã thêm {n} giấy tờ cho người này", many)] if many else []
        heading += [] if self.lane.pay is PayMethod.CASH else [pay_words(self.lane.pay)]
        self.query_one("#rule", Rule).put(
            " · ".join(heading), self._hints.wanted(self.focused, self.form.hint(self.focused))
        )

    def action_pay(self, method: str) -> None:
        """Say how this visit is paid; without a method it is not paid here."""
        self.lane.pay = PayMethod(method) if method else None
        self._show_rule()
        self.note(_("Lệ phí: {how}.").format(how=pay_words(self.lane.pay)))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Keep what is typed whenever a field is left."""
        del event
        self._keeper.keep()

    def on_screen_suspend(self) -> None:
        """Keep what is typed when another screen comes in front."""
        if self._ready and self in self.app.screen_stack:
            self._keeper.keep()

    def minute(self) -> None:
        """Keep what is typed by the minute too."""
        super().minute()
        self._keeper.keep()

    def keep_now(self) -> None:
        """Keep what is typed before this returns: the program is about to end; OSError if it cannot be kept."""
        if self.is_mounted:
            self._keeper.keep_now()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say on the rule how the field in focus is used."""
        del event
        if self._ready:
            self._show_rule()

    def on_scanned(self, message: Scanned) -> None:
        """A card is the citizen at the counter; a code goes to its dossier."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()
            self.scanned(message.payload)

    def scanned(self, payload: str) -> None:
        """Take a card; where it is another person's while papers are typed in, ask first."""
        now = self.desk_app.now()
        reading = read_scan(payload, None if now is None else now.date())
        if self._busy:
            self._payload = payload
        elif not reading.id_number:
            self.note(reading.sentence, "late")
        elif self.form.is_other_person(reading):
            question = _("Thay {old} bằng người trên thẻ: {new}? Giấy tờ đang gõ sẽ bỏ.").format(
                old=self.form.person.name or self.form.person.id_number,
                new=reading.card.name if reading.card else reading.id_number,
            )
            self.run_worker(self._if_sure(question, lambda: self._take_instead(reading)), group="sure")
        else:
            self._take(reading)

    async def _if_sure(self, question: str, then: Callable[[], None]) -> None:
        if await ask(self.app, OtherPerson(question, yes=_("Thay"), no=_("Giữ người đang gõ"))):
            then()

    def _take_instead(self, reading: Reading) -> None:
        self._begin(LaneDraft(str(uuid.uuid4())))
        self._take(reading)

    def _take(self, reading: Reading) -> None:
        self.form.take(reading)
        address, find = self.form.person.address, self.desk_app.counter.communes.find
        # The table of communes is read at the first address: now, while the officer types, not while saving.
        self.ask(lambda: find(address), lambda _found: None, group="commune")
        self.note(reading.sentence, "" if reading.good else "soon")
        self._go_on()

    @on(LaneForm.CardTyped)
    def _card_typed(self, message: LaneForm.CardTyped) -> None:
        message.stop()
        self.scanned(message.payload)

    @on(LaneForm.PersonWanted)
    def _person_wanted(self, message: LaneForm.PersonWanted) -> None:
        message.stop()
        counter, number = self.desk_app.counter, message.number
        self.ask(lambda: counter.person(number), lambda known: self._known(number, known), group="person")

    def _known(self, number: str, known: PersonView | None) -> None:
        said = self.form.show_known(number, known)
        if said:
            self.note(said, "soon")

    @on(LaneForm.PapersWanted)
    def _papers_wanted(self, message: LaneForm.PapersWanted) -> None:
        message.stop()
        counter, code = self.desk_app.counter, message.procedure
        self.ask(lambda: counter.papers(code), self.form.papers.offer, group="papers", exclusive=True)

    @on(Form.Finished)
    def _finished(self, message: Form.Finished) -> None:
        message.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save durably; a second press while it is under way changes nothing."""
        draft = self.draft
        if self._busy or self.desk_app.now() is None:
            return
        if not all(entry.procedure for entry in draft.entries):
            self._say_refused(Refused("kind_off", _("Việc này đang tắt ở trung tâm: chọn việc khác."), "procedure"))
            return
        self._busy = True
        self.note(_("đang lưu…"))
        counter, officer, lane = self.desk_app.counter, self.desk_app.officer_id, self.lane
        pay, forget = lane.pay, self._keeper.forgetting(draft.client_id)

        def give() -> tuple[Done, ...] | Refused:
            answer = counter.give(replace(draft.visit(officer, counter.communes.find), pay=pay))
            if isinstance(answer, tuple):
                # Here, not on the screen: it may have been left meanwhile.
                lane.is_saved(draft, answer)
                forget()
            return answer

        self.ask(give, lambda answer: self._saved(draft, answer), group="save", failed=self._not_done)

    def _saved(self, draft: LaneDraft, answer: tuple[Done, ...] | Refused) -> None:
        if isinstance(answer, Refused):
            self._busy = False
            self._say_refused(answer)
            return
        self._hints.saved()
        fees = sum(self.form.fee_of(entry) or 0 for entry in draft.entries)
        self._next(saved_words(self.desk_app, answer, fees), LaneDraft(str(uuid.uuid4())))

    def _say_refused(self, refused: Refused) -> None:
        self.note(refused.sentence, "late")
        self.form.go_to(refused.field)

    def _not_done(self, sentence: str) -> None:
        self._busy = False
        self.note(sentence, "late")

    def _next(self, words: str, draft: LaneDraft) -> None:
        """Go on with a new form; a card that was scanned meanwhile is its person."""
        self._busy, self._slip = False, 0
        self._begin(draft)
        self.note(words, "good")
        self.refresh_work()
        payload, self._payload = self._payload, ""
        if payload:
            self.scanned(payload)

    def action_add(self) -> None:
        """Ins: put the line aside and begin another one for the same person."""
        entry = self.form.entry
        refused = self.form.refusal()
        if refused is not None:
            self._say_refused(refused)
        else:
            self.form.added = (*self.form.added, entry)
            self.form.fill_entry(Entry(entry.procedure))
            self._show_added()
            self.set_focus(self.form.papers.field)

    def action_repeat(self) -> None:
        """Ctrl+P: fill in what is still empty as it was in the visit before."""
        last, draft = self.lane.last, self.draft
        if last is None:
            self.note(_("Chưa có lần nào trước đó trong phiên này."), "soon")
            return
        if draft.person.empty:
            self.form.fill_person(last.person)
        if draft.entry.empty and not draft.added:
            self.form.added = last.entries[:-1]
            self.form.fill_entry(last.entries[-1])
            self._show_added()
        self.set_focus(self.query_one("#copies"))

    def action_slip(self) -> None:
        """PgDn: show the receipt of the visit saved last; again, that of its next dossier."""
        from desk.tui.screens.certify_slip import SlipScreen

        saved = self.lane.saved
        if not saved:
            self.note(_("Chưa lưu lần nào để xem phiếu."), "soon")
            return
        self.app.push_screen(SlipScreen(saved[self._slip % len(saved)]))
        self._slip += 1

    def action_take_back(self) -> None:
        """PgUp: take back the line added last; on an empty form, the visit saved last."""
        lane, draft = self.lane, self.draft
        if self._busy:
            return
        if draft.added and draft.entry.empty:
            self.form.added = draft.added[:-1]
            self.form.fill_entry(draft.added[-1])
            self._show_added()
        elif not draft.empty:
            self.note(_("Đang gõ dở: lưu hoặc xóa đã, rồi mới lấy lại lần trước."), "soon")
        elif not lane.saved or lane.last is None:
            self.note(_("Không có lần nào để lấy lại."), "soon")
        else:
            self._busy = True
            before, codes = lane.last, tuple(each.code for each in lane.saved)
            order = TakeBack(f"{before.client_id}/back", codes, self.desk_app.officer_id)
            self.ask(
                lambda: self.desk_app.counter.take_back(order),
                lambda answer: self._taken_back(before, answer),
                group="save",
                failed=self._not_done,
            )

    def _taken_back(self, before: LaneDraft, answer: tuple[Done, ...] | Refused) -> None:
        if isinstance(answer, Refused):
            self._busy = False
            self.note(answer.sentence, "late")
            return
        self.lane.is_taken_back()
        words = _("đã hủy {codes}: điền lại bên trên để sửa; thôi hẳn thì F9, gõ bo.").format(codes=codes_of(answer))
        self._next(words, before.again(str(uuid.uuid4())))

    def action_clear(self) -> None:
        """Begin an empty form; what was typed is gone."""
        if not self._busy:
            self._begin(LaneDraft(str(uuid.uuid4())))
            self.note("")

    def action_back(self) -> None:
        """Esc: leave the lane; what is typed is there again when the officer comes back."""
        if not self._busy and self.app.screen is self:
            self.app.pop_screen()

    def remove(self) -> AwaitRemove:
        """Remember what is typed however the lane is left."""
        if self._ready:
            self.lane.keep(self.draft)
            self._keeper.keep()
        return super().remove()
