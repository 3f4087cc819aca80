"""F2: a dossier comes in. Scan or type, see the promise before it is made, save with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual import events, on, work
from textual.await_remove import AwaitRemove
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.addresses import Found
from desk.counter.model import Done, PersonView, PromiseView, Refused
from desk.rules.identity import ScanKind, recognise
from desk.tui.card_words import Reading, read_scan
from desk.tui.commands import HELP, SAVE, bindings
from desk.tui.draft import Applying, session_of
from desk.tui.moments import parse_moment, parse_past
from desk.tui.screens import receive_commands
from desk.tui.screens.applicant_fields import ApplicantFields
from desk.tui.screens.applicant_kind import CITIZEN
from desk.tui.screens.base import BASE_CSS
from desk.tui.screens.field_hints import FieldHints
from desk.tui.screens.procedure_fields import ProcedureFields
from desk.tui.screens.promise_line import PromiseLine
from desk.tui.screens.receive_commands import KEEP, REPEAT_PERSON
from desk.tui.screens.receive_drafts import DraftedForm
from desk.tui.screens.receive_form import ReceiveForm
from desk.tui.screens.receive_order import order_of
from desk.tui.screens.receive_paying import pay_hint, pay_words, turn_pay
from desk.tui.screens.terms_fields import TermsFields
from desk.tui.widgets.form import Form
from desk.tui.widgets.lines import KeyBar, Rule, TopLine
from desk.tui.widgets.modals import Confirm, ask
from desk.tui.widgets.router import Scanned
from desk.words import _

MOST_FINDS = 30


class ReplacePerson(Confirm):
    """Somebody else is typed in already; another scan is not an answer."""

    def on_scanned(self, message: Scanned) -> None:
        """Leave the question open; only a code is let through, to its dossier."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()


class ReceiveScreen(DraftedForm):
    """The receipt form, filled from a card's payload if there is one."""

    CSS_PATH: ClassVar[Any] = [BASE_CSS, Path(__file__).parent / "receive.tcss"]
    COMMANDS_HERE = receive_commands.ALL
    KEYS_SHOWN = (HELP, SAVE, REPEAT_PERSON, KEEP)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, payload: str = "", *, saved: str = "", again: bool = False) -> None:
        """Make a form; `saved` is the code just saved, still to be said; `again` repeats that applicant."""
        super().__init__()
        self._payload = payload
        self._saved_before = saved
        self._hints = FieldHints(self, "receive")
        self._again = again
        self._ready = self._saving = self._leaving = False
        self._promise: PromiseView | Refused | None = None

    def compose_work(self) -> Iterable[Widget]:
        """Applicant, procedure, terms, promise."""
        counter = self.desk_app.counter
        yield ReceiveForm(lambda typed: counter.procedures(typed, MOST_FINDS), id="form")
        yield Rule(id="rule")
        yield PromiseLine(id="promised")

    def title_text(self) -> str:
        """Return where the officer is."""
        return _("TIẾP NHẬN · quét thẻ hoặc gõ")

    def tick(self) -> None:
        """Say the minute and when the draft was kept."""
        now = self.desk_app.now()
        if now is None:
            return
        kept = _("nháp lưu {at:%H:%M}").format(at=self._kept_at) if self._kept_at else ""
        centre = self.desk_app.centre
        title = _("TIẾP NHẬN") if centre and centre.practice else self.title_text()
        self.query_one("#top", TopLine).show(title, kept, f"{say.day(now.date())} {now:%H:%M}")
        self.query_one("#keys", KeyBar).state(*self.desk_app.sync_state)

    def minute(self) -> None:
        """Promise anew: the minute counts."""
        super().minute()
        self._ask_promise()
        self.keep()

    def on_mount(self) -> None:
        """Take the card or wait for the first key; offer what was left unsaved."""
        self._ready = True
        self.set_focus(self.query_one("#name"))
        if self._saved_before:
            self.note(_("đã lưu {code}. Người tiếp theo.").format(code=self._saved_before), "good")
        if self._again:
            self.action_repeat()
        if self._payload:
            self.scanned(self._payload)
        self.offer_drafts()

    def scanned(self, payload: str) -> None:
        """Take a scanned card: the applicant's, or the representative's where the officer is at it."""
        now = self.desk_app.now()
        reading = read_scan(payload, None if now is None else now.date())
        if not reading.id_number or self._saving:
            self.note(reading.sentence, "late")
        elif self.form.applicant.for_other:
            self.form.applicant.take_for_other(reading)
            self.note(reading.sentence, "" if reading.good else "soon")
            if self.form.applicant.kind != CITIZEN:
                self.go_on()
        elif self.form.applicant.is_other_person(reading):
            question = _("Thay {old} bằng người trên thẻ: {new}?").format(
                old=self.form.applicant.text_of("name") or self.form.applicant.text_of("id_number"),
                new=reading.card.name if reading.card else reading.id_number,
            )
            self.run_worker(self._if_sure(question, lambda: self._take(reading)), group="sure")
        else:
            self._take(reading)

    def _take(self, reading: Reading) -> None:
        self.form.applicant.take(reading)
        self.note(reading.sentence, "" if reading.good else "soon")
        self.go_on()
        self.keep()

    def go_on(self) -> None:
        """Put the cursor where the officer has to type next."""
        missing = next((id for id in ("name", "phone") if not self.form.applicant.text_of(id)), None)
        self.set_focus(self.form.procedure.picker.field if missing is None else self.query_one(f"#{missing}"))

    async def _if_sure(self, question: str, then: Callable[[], None]) -> None:
        if await ask(self.app, ReplacePerson(question, yes=_("Thay"), no=_("Giữ người đang gõ"))):
            then()

    @on(ApplicantFields.CardTyped)
    def _card_typed(self, message: ApplicantFields.CardTyped) -> None:
        message.stop()
        self.scanned(message.payload)

    @on(ApplicantFields.PersonWanted)
    def _person_wanted(self, message: ApplicantFields.PersonWanted) -> None:
        message.stop()
        counter, number = self.desk_app.counter, message.number
        self.ask(lambda: counter.person(number), lambda known: self._known(number, known), group="person")

    def _known(self, number: str, known: PersonView | None) -> None:
        said = self.form.applicant.show_known(number, known)
        if said:
            self.note(said, "soon")
        if known is not None and known.phone and self.focused is self.query_one("#phone"):
            self.set_focus(self.form.procedure.picker.field)

    @on(ApplicantFields.CommuneWanted)
    def _commune_wanted(self, message: ApplicantFields.CommuneWanted) -> None:
        message.stop()
        address, find = message.address, self.desk_app.counter.communes.find
        self.ask(lambda: find(address), lambda found: self._commune(address, found), group="commune", exclusive=True)

    def _commune(self, address: str, found: Found) -> None:
        self.form.applicant.show_commune(address, found)
        if self.form.applicant.commune_unsaid and self.focused is self.form.procedure.picker.field:
            self.note(_("Xã cũ đã tách: ↑ hai lần để chọn nơi ở hiện nay."), "soon")

    @on(ProcedureFields.Chosen)
    def _procedure_chosen(self, message: ProcedureFields.Chosen) -> None:
        message.stop()
        self.form.terms.show_fee(self.form.procedure.chosen)
        self._ask_promise()

    @on(ProcedureFields.Failed)
    def _not_found(self, message: ProcedureFields.Failed) -> None:
        message.stop()
        self.note(message.sentence, "late")

    @on(TermsFields.LateChanged)
    def _late_changed(self, message: TermsFields.LateChanged) -> None:
        message.stop()
        self._ask_promise()

    def _ask_promise(self) -> None:
        chosen, now, terms = self.form.procedure.chosen, self.desk_app.now(), self.form.terms.typed
        if chosen is None or now is None:
            self._show_promise(None)
            return
        counter, variant = self.desk_app.counter, self.form.procedure.variant
        at = parse_past(terms.late_at, now) if terms.late else None
        arrived = parse_past(terms.competent_at, now) if terms.elsewhere else None
        self.ask(
            lambda: counter.promise_for(
                chosen.code, variant=variant, received_at=arrived or at, awaited=terms.elsewhere and arrived is None
            ),
            self._show_promise,
            group="promise",
            exclusive=True,
        )

    def _show_promise(self, answer: PromiseView | Refused | None) -> None:
        now, typed = self.desk_app.now(), self.form.procedure.promise
        meant = parse_moment(typed, now) if now is not None else None
        if self.form.procedure.chosen is None:
            answer = None
        self.query_one(PromiseLine).show(answer, meant)
        unread = bool(typed.strip()) and meant is None
        words = _("gõ như 16/3 9:30") if meant is None else say.moment(meant)
        self.form.procedure.show_promise_words(words, "soon" if unread else "muted" if meant is None else "good")

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Keep the draft whenever a field is left."""
        del event
        self.keep()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say on the rule how the field in focus is used."""
        del event
        self._show_rule()

    @on(TermsFields.FeeChanged)
    def _fee_changed(self, message: TermsFields.FeeChanged) -> None:
        message.stop()
        self._show_rule()

    def _show_rule(self) -> None:
        terms, focused = self.form.terms, self.focused
        fee = pay_words(terms, self.desk_app.hints(pay_hint(terms)))
        self.query_one("#rule", Rule).put(
            [fee], self._hints.wanted(focused, "" if focused is None else self.form.hint(focused))
        )

    @work(group="pay", exclusive=True)
    async def action_pay(self) -> None:
        """PgDn: take the fee on saving, in cash, by transfer, or not."""
        await turn_pay(self)

    def on_screen_suspend(self) -> None:
        """Keep the draft when another screen comes in front."""
        if self._ready and self in self.app.screen_stack:
            self.keep()

    def remove(self) -> AwaitRemove:
        """Keep the draft however the form is left; afterwards its fields are on their way out."""
        if self._ready:
            self.keep()
        return super().remove()

    def action_back(self) -> None:
        """Esc: leave the form as a draft; once more leaves it even if the draft cannot be kept."""
        if self.draft.empty or self._leaving:
            self._leave()
            return
        self._leaving = True
        self.keep(self._leave)

    def _leave(self) -> None:
        if self.app.screen is self:
            self.app.pop_screen()

    def action_save(self) -> None:
        """F2: save durably; a second press while it is under way changes nothing."""
        now = self.desk_app.now()
        if self._saving or self._done is not None or now is None:
            return
        self._saving = True
        self.note(_("đang lưu…"))
        draft, officer, counter = self.draft, self.desk_app.officer_id, self.desk_app.counter

        def receive() -> Done | Refused:
            order = order_of(draft, officer, now, counter.communes.find)
            return order if isinstance(order, Refused) else counter.receive(order)

        self.ask(receive, lambda answer: self._saved(draft.people, answer), group="save", failed=self._not_saved)

    def _saved(self, people: Applying, answer: Done | Refused) -> None:
        self._saving = False
        if isinstance(answer, Refused):
            self.note(answer.sentence, "late")
            self.form.go_to(answer.field)
            return
        self._done = answer
        self._hints.saved()
        session_of(self.desk_app).last = people
        self.refresh_work()

    def _not_saved(self, sentence: str) -> None:
        self._saving = False
        self.note(sentence, "late")

    def refresh_work(self) -> None:
        """Go on to the receipt once the dossier is saved and nothing stands in front of the form."""
        # Not `is_current`: a cover over the form is transparent to it, and would be the one replaced.
        if self._done is not None and self.app.screen is self:
            from desk.tui.screens.saved import SavedScreen

            self.app.switch_screen(SavedScreen(self._done))

    def action_repeat(self) -> None:
        """Fill in the applicant before, asking first where somebody else is typed in."""
        last = session_of(self.desk_app).last
        if last is None:
            self.note(_("Chưa có người nộp nào trước đó trong phiên này."), "soon")
        elif self.form.applicant.typed.person.empty:
            self._repeat(last)
        else:
            question = _("Thay người đang gõ bằng {name}?").format(name=last.person.name)
            self.run_worker(self._if_sure(question, lambda: self._repeat(last)), group="sure")

    def _repeat(self, last: Applying) -> None:
        self.form.applicant.fill(last)
        self.set_focus(self.form.procedure.picker.field)

    def action_for_other(self) -> None:
        """Ask who files for the applicant, or no longer."""
        applicant = self.form.applicant
        applicant.file_for_other(there=not applicant.by_other)
        self.set_focus(self.query_one("#other_name") if applicant.by_other else self.form.procedure.picker.field)

    def action_kind(self) -> None:
        """Go to what the applicant is."""
        self.set_focus(self.query_one("#kind"))

    def action_late_entry(self) -> None:
        """Ask when the dossier really came and why it is entered late, or no longer."""
        late = not self.form.terms.typed.late
        self.form.terms.show_late(late)
        if late:
            self.set_focus(self.query_one("#late_at"))

    def action_elsewhere(self) -> None:
        """Ask which agency elsewhere the dossier is taken in for, or no longer."""
        elsewhere = not self.form.terms.typed.elsewhere
        self.form.terms.show_elsewhere(elsewhere)
        if elsewhere:
            self.set_focus(self.query_one("#competent"))

    @on(Form.Finished)
    def _finished(self, message: Form.Finished) -> None:
        message.stop()
        self.note(_("Hết các ô: F2 để lưu, ↑ để xem lại."))
