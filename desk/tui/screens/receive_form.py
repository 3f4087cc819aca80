"""The receipt form: its three parts, what is typed in them as one draft, and how each field is used."""

from __future__ import annotations

from msgspec.structs import asdict
from textual.app import ComposeResult
from textual.widget import Widget

from desk.counter.model import ProcedureChoice
from desk.tui.draft import Draft
from desk.tui.screens.applicant_fields import ApplicantFields
from desk.tui.screens.procedure_fields import Find, ProcedureFields
from desk.tui.screens.receive_order import WHERE
from desk.tui.screens.terms_fields import Terms, TermsFields
from desk.tui.widgets.form import Form
from desk.words import _


class ReceiveForm(Form):
    """Applicant, procedure, terms."""

    def __init__(self, find: Find, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._find = find

    def compose(self) -> ComposeResult:
        """Put the parts under one another; the middle one takes what room there is."""
        yield ApplicantFields(id="applicant")
        yield ProcedureFields(self._find, id="procedure_part")
        yield TermsFields(id="terms")

    @property
    def applicant(self) -> ApplicantFields:
        """The upper part."""
        return self.query_one(ApplicantFields)

    @property
    def procedure(self) -> ProcedureFields:
        """The middle part."""
        return self.query_one(ProcedureFields)

    @property
    def terms(self) -> TermsFields:
        """The lower part."""
        return self.query_one(TermsFields)

    def draft(self, client_id: str) -> Draft:
        """Return all that is typed."""
        part, chosen = self.procedure, self.procedure.chosen
        return Draft(
            client_id,
            people=self.applicant.typed,
            procedure="" if chosen is None else chosen.code,
            procedure_name="" if chosen is None else chosen.name,
            typed="" if chosen is not None else part.picker.text,
            variant=part.variant,
            papers=part.papers if chosen is not None else (),
            promise=part.promise,
            **asdict(self.terms.typed),
        )

    def fill(self, draft: Draft) -> None:
        """Show a draft again; its procedure is shown by `fill_procedure` once it has been read."""
        self.applicant.fill(draft.people)
        self.terms.fill(Terms(**{name: getattr(draft, name) for name in Terms.__struct_fields__}))
        self.procedure.empty()
        self.procedure.picker.field.value = draft.typed

    def fill_procedure(self, draft: Draft, found: ProcedureChoice) -> None:
        """Show the procedure of a draft with its case, papers and promise."""
        self.procedure.restore(found, draft.variant, draft.papers, draft.promise)

    def go_to(self, refused_field: str) -> None:
        """Put the cursor into the field behind an input that was refused."""
        selector = WHERE.get(refused_field)
        for widget in self.query(selector) if selector else ():
            if widget in self.screen.focus_chain:
                self.screen.set_focus(widget)
                return

    def hint(self, widget: Widget) -> str:
        """Return how the field in focus is used; empty for a plain text field."""
        turn = _("← → đổi · Enter tiếp")
        hints = {
            "procedure": _("gõ không dấu, tên hoặc mã · ↑↓ chọn · Enter lấy"),
            "papers": _("Space có/chưa · * đủ cả · Enter tiếp"),
            "variant": turn,
            "commune": turn,
            "by_other": turn,
            "kind": turn,
            "name": _("↑ tổ chức, hộ kinh doanh · Ins nộp thay"),
            "channel": turn,
            "way": turn,
            "promise": _("ngày giờ hẹn: 16/3 9:30"),
            "late_at": _("ngày giờ nhận thật: 12/3 16:00"),
            "competent": _("cơ quan có thẩm quyền giải quyết"),
            "competent_at": _("lúc nơi đó nhận: 12/3 16:00 · trống: chưa biết"),
        }
        parent = widget.parent
        return hints.get(widget.id or "", "") or hints.get((parent.id if parent else "") or "", "")
