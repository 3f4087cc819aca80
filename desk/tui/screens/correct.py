"""A dossier that was taken in with a mistake is put right: what is kept, one field after the other, and why."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

from msgspec import Struct
from textual import events, on, work
from textual.await_remove import AwaitRemove
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import Act
from desk.counter import say
from desk.counter.addresses import Found
from desk.counter.correction import Kept
from desk.counter.model import Action, Done, DossierView, Refused
from desk.rules.identity import ScanKind, recognise
from desk.rules.text import fold
from desk.tui.card_words import Reading, read_scan
from desk.tui.commands import HELP, bindings
from desk.tui.draft import Draft, session_of, stamped
from desk.tui.screens import correct_commands
from desk.tui.screens.act_dialogs import Sure
from desk.tui.screens.applicant_fields import ApplicantFields
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.correct_commands import LEAVE, SAVE_CORRECTION
from desk.tui.screens.correct_form import CorrectForm, commune_of, correction_of, part_names
from desk.tui.screens.field_hints import FieldHints
from desk.tui.screens.paper import answer_of
from desk.tui.screens.receive_commands import FOR_OTHER
from desk.tui.widgets.form import Form
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Rule
from desk.tui.widgets.modals import ask, tell
from desk.tui.widgets.router import Scanned
from desk.words import _

Told = Callable[[str, str], None]
"""Takes the last word and its style, for the screen that is gone back to."""


class Begun(Struct, frozen=True):
    """What the form begins with: the dossier, the commune its address names, and what was typed before."""

    kept: Kept
    commune: str
    draft: Draft | None = None


class CorrectScreen(DeskScreen):
    """The form over one dossier; F2 saves with the reason, Esc asks before it throws anything away."""

    CSS_PATH: ClassVar[Any] = [BASE_CSS, Path(__file__).parent / "correct.tcss"]
    COMMANDS_HERE = correct_commands.ALL
    KEYS_SHOWN = (HELP, SAVE_CORRECTION, FOR_OTHER, LEAVE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, dossier_id: int, told: Told | None = None) -> None:
        """Open on a dossier; `told` gets the last word once the form is left."""
        super().__init__()
        self._dossier_id = dossier_id
        self._told = told
        self._client_id = str(uuid.uuid4())
        self._begun: Begun | None = None
        self._last: Draft | None = None
        self._saving = self._ended = False
        self._hints = FieldHints(self, "correct")

    def compose_work(self) -> Iterable[Widget]:
        """The form, and what it will correct."""
        yield CorrectForm(id="form")
        yield Rule(id="rule")

    def title_text(self) -> str:
        """Return where the officer is."""
        return _("SỬA") if self._begun is None else _("SỬA · {code}").format(code=self._begun.kept.short_code)

    @property
    def form(self) -> CorrectForm:
        """The form."""
        return self.query_one(CorrectForm)

    @property
    def draft(self) -> Draft:
        """What is typed and not saved."""
        changed = self.form.changed if self._begun is not None else {}
        return Draft(self._client_id, dossier=self._dossier_id, mended=tuple(sorted(changed.items())))

    def on_mount(self) -> None:
        """Read the dossier."""
        super().on_mount()
        self._read(self._take)

    def _read(self, then: Callable[[Begun | Refused], None]) -> None:
        app, number, officer = self.desk_app, self._dossier_id, self.desk_app.officer_id
        box = session_of(app).drafts

        def read() -> Begun | Refused:
            kept = app.counter.to_correct(number, officer)
            draft = next((each for each in box.all() if each.dossier == number), None)
            if isinstance(kept, Refused):
                if draft is not None:
                    box.end(draft.client_id)
                return kept
            return Begun(kept, commune_of(kept.now.applicant.address, app.counter.communes.find), draft)

        self.ask(read, then, group="read")

    def _take(self, begun: Begun | Refused) -> None:
        if isinstance(begun, Refused):
            self._leave(begun.sentence, "late")
            return
        self._begun = begun
        draft = begun.draft
        if draft is not None:
            self._client_id = draft.client_id
        self.form.show(begun.kept, begun.commune, {} if draft is None else dict(draft.mended))
        self.set_focus(self.query_one("#name"))
        self.tick()
        seen = _("đã ghi vết: xem đủ số định danh, điện thoại để sửa")
        if draft is not None:
            seen = _("Đã mở lại phần sửa dở lúc {at}.").format(at=say.short_moment(draft.kept))
        self.note(seen, "" if draft is None else "good")

    def another_officer(self) -> None:
        """Leave a trace of whoever sees the numbers from now on."""
        super().another_officer()
        counter, number, officer = self.desk_app.counter, self._dossier_id, self.desk_app.officer_id
        self.ask(lambda: counter.to_correct(number, officer), lambda _kept: None, group="trace")

    def scanned(self, payload: str) -> bool:
        """Take a card of whom the form is about: their own, or the representative's; False for anybody else's."""
        now = self.desk_app.now()
        reading = read_scan(payload, None if now is None else now.date())
        applicant = self.form.applicant
        if self._begun is None or self._saving or not reading.id_number:
            return False
        if applicant.for_other:
            applicant.take_for_other(reading)
        elif not self._is_other_person(reading):
            self._take_card(reading)
        else:
            return False
        self.note(reading.sentence, "" if reading.good else "soon")
        self._say_parts()
        return True

    def _is_other_person(self, reading: Reading) -> bool:
        """Say whether a card is of somebody else than the one shown, whose number may have been mistyped."""
        applicant = self.form.applicant
        same = reading.card is not None and fold(reading.card.name) == fold(applicant.text_of("name"))
        return applicant.is_other_person(reading) and not same

    def _take_card(self, reading: Reading) -> None:
        applicant = self.form.applicant
        phone = applicant.text_of("phone")
        applicant.take(reading)
        # Another number is another person on a receipt; here it is the same one, who still has that telephone.
        self.query_one("#phone", FormInput).value = phone

    def on_scanned(self, message: Scanned) -> None:
        """Take the card of this dossier's people; another one is the next citizen's, a code that of its dossier."""
        if recognise(message.payload) is ScanKind.CARD and self.scanned(message.payload):
            message.stop()

    @on(ApplicantFields.CardTyped)
    def _card_typed(self, message: ApplicantFields.CardTyped) -> None:
        message.stop()
        if not self.scanned(message.payload):
            self.desk_app.receive(message.payload)

    @on(ApplicantFields.PersonWanted)
    def _person_wanted(self, message: ApplicantFields.PersonWanted) -> None:
        # What other receipts say of a person is no reason to change this one.
        message.stop()

    @on(ApplicantFields.CommuneWanted)
    def _commune_wanted(self, message: ApplicantFields.CommuneWanted) -> None:
        message.stop()
        address, find = message.address, self.desk_app.counter.communes.find

        def show(found: Found) -> None:
            self.form.applicant.show_commune(address, found)

        self.ask(lambda: find(address), show, group="commune", exclusive=True)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Keep the draft whenever a field is left."""
        del event
        self.keep()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what will be corrected, and how the field in focus is used."""
        self._say_parts(self._hints.wanted(event.widget, self.form.hint(event.widget)))

    def _say_parts(self, hint: str = "") -> None:
        parts = self.form.parts if self._begun is not None else ()
        heading = _("sẽ sửa: {what}").format(what=part_names(parts)) if parts else ""
        self.query_one("#rule", Rule).put(heading, hint)

    def minute(self) -> None:
        """Keep the draft by the minute too."""
        super().minute()
        self.keep()

    def on_screen_suspend(self) -> None:
        """Keep the draft when another screen comes in front."""
        if self in self.app.screen_stack:
            self.keep()

    def remove(self) -> AwaitRemove:
        """Keep the draft however the form is left."""
        self.keep()
        return super().remove()

    def keep(self) -> None:
        """Keep what is typed as a draft, in a worker."""
        now = self.desk_app.now()
        if self._begun is None or self._ended or now is None or self.draft == self._last:
            return
        self._last = draft = self.draft
        box = session_of(self.desk_app).drafts
        turn = box.turn()
        self.ask(
            lambda: box.keep(stamped(draft, now), turn), lambda _nothing: None, group="draft", failed=self._not_kept
        )

    def keep_now(self) -> None:
        """Keep what is typed before this returns: the program is about to end; OSError if it cannot be kept."""
        now = self.desk_app.now()
        if self._begun is not None and not self._ended and now is not None:
            box = session_of(self.desk_app).drafts
            box.keep(stamped(self.draft, now), box.turn())

    def _not_kept(self, sentence: str) -> None:
        self._last = None
        self.note(_("Không giữ được nháp: {why}").format(why=sentence), "late")

    def action_for_other(self) -> None:
        """Say who files for the applicant, or that nobody does."""
        applicant = self.form.applicant
        applicant.file_for_other(there=not applicant.by_other)
        self.set_focus(self.query_one("#other_name" if applicant.by_other else "#by_other"))

    def action_save(self) -> None:
        """F2: save durably; a second press while it is under way changes nothing."""
        begun, form, app = self._begun, self.form, self.desk_app
        if begun is None or self._saving or self._ended:
            return
        if not form.reason.strip():
            self.note(_("Cần ghi rõ lý do."), "late")
            form.go_to("reason")
            return
        self._saving = True
        self.note(_("đang ghi…"))
        people, changed, reason = form.applicant.typed, form.changed, form.reason
        client_id, officer = self._client_id, app.officer_id
        box = session_of(app).drafts

        def correct() -> tuple[Done | Refused, DossierView | None]:
            order = correction_of(begun.kept, people, changed, app.counter.communes.find)
            done = app.counter.act(
                Action(client_id, begun.kept.code, Act.CORRECT, officer, reason=reason, correction=order)
            )
            if isinstance(done, Refused):
                return done, None
            box.end(client_id)
            return done, app.counter.dossier(done.dossier_id)

        self.ask(correct, lambda answer: self._saved(*answer), group="write", failed=self._not_saved)

    def _not_saved(self, sentence: str) -> None:
        self._saving = False
        self.note(sentence, "late")

    def _saved(self, done: Done | Refused, view: DossierView | None) -> None:
        self._saving = False
        if isinstance(done, Refused):
            self.note(done.sentence, "late")
            self.form.go_to(done.field)
            if done.reason == "changed_since":
                self._read(self._take_again)
            return
        self._ended = True
        self._hints.saved()
        said = _("đã ghi: {act} · {at:%H:%M}").format(act=say.act_name(Act.CORRECT), at=self.desk_app.counter.now())
        said = " · ".join((said, *done.warnings))
        if view is not None and view.slip_stale and view.received_at is not None and not view.taken_over:
            self._offer_slip(view, said)
        else:
            self._leave(said, "soon" if done.warnings else "good")

    def _take_again(self, begun: Begun | Refused) -> None:
        """Another desk was faster: what the officer has not touched follows the record, what they typed stays."""
        if isinstance(begun, Refused):
            self.note(begun.sentence, "late")
            return
        self._begun, changed = begun, self.form.changed
        self.form.show(begun.kept, begun.commune, changed)
        self._say_parts()
        self.note(_("Máy khác vừa sửa hồ sơ này: ô chưa sửa đã theo bản mới, xem lại rồi F2."), "late")

    @work(group="slip", exclusive=False)
    async def _offer_slip(self, view: DossierView, said: str) -> None:
        from desk.tui.screens.reprinting import reprint
        from desk.tui.screens.saved import SlipPage

        self.note(said, "good")
        app = self.desk_app
        question = _("Đã sửa. Phiếu hẹn đã đưa dân còn ghi như cũ: in lại phiếu?")
        if not await ask(self.app, Sure(question, yes=_("In lại"))):
            self._leave(said + " · " + _("phiếu chưa in lại (7)"), "soon")
            return
        answer = await answer_of(self, lambda: reprint(app, view))
        if answer is None or isinstance(answer, Refused):
            self._leave("" if answer is None else answer.sentence, "late")
            return
        self._leave(f"{said} · {answer.said or answer.why}", "good" if answer.said else "soon")
        if not answer.said:
            tell(app, SlipPage(_("GIẤY HẸN, IN LẠI"), answer.lines))

    def action_back(self) -> None:
        """Esc: leave; what was changed is thrown away only after a question."""
        if self._saving or self._ended:
            return
        if self._begun is not None and self.form.changed:
            self._give_up()
        else:
            self._drop()

    @work(group="sure", exclusive=False)
    async def _give_up(self) -> None:
        what = part_names(self.form.parts) or _("lý do")
        if await ask(self.app, Sure(_("Bỏ phần vừa sửa ({what})?").format(what=what), yes=_("Bỏ"))):
            self._drop()

    def _drop(self) -> None:
        self._ended = True
        box, client_id = session_of(self.desk_app).drafts, self._client_id
        self.ask(lambda: box.end(client_id), lambda _nothing: None, group="draft")
        self._leave()

    def _leave(self, said: str = "", style: str = "") -> None:
        self._ended = True
        if self._told is not None and said:
            self._told(said, style)
        if self.app.screen is self:
            self.dismiss()

    def refresh_work(self) -> None:
        """Go away where the work ended while something stood in front."""
        if self._ended and not self._saving and not self._asking:
            self._leave()

    @property
    def _asking(self) -> bool:
        return any(worker.group == "slip" and not worker.is_finished for worker in self.workers)

    @on(Form.Finished)
    def _finished(self, message: Form.Finished) -> None:
        message.stop()
        self.note(_("Hết các ô: F2 để lưu, ↑ để xem lại."))
