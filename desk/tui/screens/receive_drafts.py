"""The receipt form as a draft: kept at every field, offered again, taken up, thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from desk.counter import say
from desk.counter.model import Done, ProcedureChoice
from desk.tui.draft import Draft, session_of, stamped
from desk.tui.screens.base import DeskScreen
from desk.tui.screens.drafts_page import DraftAnswer, DraftsPage
from desk.tui.screens.receive_form import ReceiveForm
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.modals import ask
from desk.words import _


class DraftedForm(DeskScreen):
    """A receipt form that is never lost; a subclass composes it and takes its scans."""

    def __init__(self) -> None:
        super().__init__()
        self._client_id = str(uuid.uuid4())
        self._kept: Draft | None = None
        self._kept_at: datetime | None = None
        self._done: Done | None = None

    def scanned(self, payload: str) -> None:
        """Take a scanned card."""
        raise NotImplementedError

    def go_on(self) -> None:
        """Put the cursor where the officer has to type next."""
        raise NotImplementedError

    @property
    def form(self) -> ReceiveForm:
        """The form."""
        return self.query_one(ReceiveForm)

    @property
    def draft(self) -> Draft:
        """All that is typed."""
        return self.form.draft(self._client_id)

    def offer_drafts(self) -> None:
        """Offer what was left unsaved."""
        self.ask(session_of(self.desk_app).drafts.all, self._offer, group="draft")

    def keep(self, then: Callable[[], None] | None = None) -> None:
        """Keep what is typed as a draft, in a worker; `then` once it is kept."""
        draft, now = self.draft, self.desk_app.now()
        if self._done is not None or now is None or (then is None and draft == self._kept):
            return
        self._kept = draft
        box = session_of(self.desk_app).drafts
        turn = box.turn()

        def kept(_nothing: None) -> None:
            self._kept_at = None if draft.empty else now
            self.tick()
            if then is not None:
                then()

        self.ask(lambda: box.keep(stamped(draft, now), turn), kept, group="draft", failed=self._not_kept)

    def keep_now(self) -> None:
        """Keep what is typed before this returns: the program is about to end; OSError if it cannot be kept."""
        now = self.desk_app.now()
        if self.is_mounted and self._done is None and now is not None:
            box = session_of(self.desk_app).drafts
            box.keep(stamped(self.draft, now), box.turn())

    def _not_kept(self, sentence: str) -> None:
        self._kept = None
        self.note(_("Không giữ được nháp: {why}").format(why=sentence), "late")

    def action_drafts(self) -> None:
        """Show the drafts that were left."""
        box = session_of(self.desk_app).drafts
        self.ask(box.all, lambda drafts: self._offer(drafts, asked=True), group="draft")

    def _offer(self, drafts: tuple[Draft, ...], *, asked: bool = False) -> None:
        """Offer the drafts: all of them on an empty form, with a card only those of the same person."""
        mine = self.form.applicant.text_of("id_number")
        others = [draft for draft in drafts if draft.client_id != self._client_id and draft.is_receipt]
        wanted = others if asked or self.draft.empty else [
            draft for draft in others if mine and draft.people.person.id_number == mine
        ]  # fmt: skip
        if session_of(self.desk_app).drafts.damaged and not asked:
            self.note(_("Nháp cũ không mở được (hỏng hoặc khóa khác)."), "late")
        if wanted:
            self.run_worker(self._choose_draft(wanted), group="drafts")
        elif asked:
            self.note(_("Không có phiếu nháp nào khác."))

    async def _choose_draft(self, drafts: list[Draft]) -> None:
        answer: DraftAnswer | None = await ask(self.app, DraftsPage(drafts, self._type))
        if answer is None:
            return
        if answer.draft is None:
            self.scanned(answer.payload)
        elif answer.drop:
            self._drop(answer.draft, drafts)
        else:
            self.restore(answer.draft)

    def _type(self, text: str) -> None:
        if isinstance(field := self.focused, FormInput):
            field.replace(field.clean_paste(text), *field.selection)

    def _drop(self, draft: Draft, drafts: list[Draft]) -> None:
        box, rest = session_of(self.desk_app).drafts, tuple(each for each in drafts if each is not draft)
        self.ask(lambda: box.end(draft.client_id), lambda _nothing: self._offer(rest), group="draft")

    def restore(self, draft: Draft) -> None:
        """Go on with a draft; what is typed now stays a draft of its own."""
        self.keep()
        self._client_id = draft.client_id
        self._kept = None
        self.form.fill(draft)
        self.go_on()
        self.note(_("Đã mở lại nháp lúc {at}.").format(at=say.short_moment(draft.kept)), "good")
        if draft.procedure:
            counter = self.desk_app.counter
            self.ask(lambda: counter.procedure(draft.procedure), lambda found: self._restored(draft, found))

    def _restored(self, draft: Draft, found: ProcedureChoice | None) -> None:
        if found is not None and draft.client_id == self._client_id:
            self.form.fill_procedure(draft, found)
            self.set_focus(self.form.procedure.picker.field)
