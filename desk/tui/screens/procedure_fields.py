"""The middle of the receipt form: which procedure, in which case, with which papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from desk.counter import say
from desk.counter.model import ProcedureChoice
from desk.rules.limits import Limit
from desk.rules.text import fold
from desk.tui.screens.receive_widgets import OpenChoice, PaperList, WatchedPicker
from desk.tui.services import failure_sentence, foreseen
from desk.tui.widgets.checklist import Checklist, Item
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from desk.tui.widgets.picker import Picker
from desk.tui.widgets.rows import Column, Row
from desk.tui.widgets.text import cut
from desk.words import _

Find = Callable[[str], Sequence[ProcedureChoice]]

MOST_PAPERS = 30
SHORTEST_LABEL = 30
DOUBTFUL = "?"


class ProcedureFields(Vertical):
    """The procedure and what hangs on it; without one only the field to type it in."""

    @dataclass
    class Chosen(Message):
        """Another procedure or case, or none: the promise is another one."""

    @dataclass
    class Failed(Message):
        """The catalogue could not be read."""

        sentence: str

    def __init__(self, find: Find, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._find = find
        self._offered: dict[str, ProcedureChoice] = {}
        self.chosen: ProcedureChoice | None = None

    def compose(self) -> ComposeResult:
        """Procedure, limit, case, promise, papers."""
        columns = (Column("", width=8), Column("", flex=1), Column("", width=20, align="right"))
        yield Field(_("Thủ tục"), WatchedPicker(self._search, columns, label=self._label, id="procedure"))
        yield Field("", Line(id="limit"), width=12, id="limit_row")
        yield Field(_("Trường hợp"), OpenChoice(id="variant"), id="variant_row")
        yield Field(_("Hẹn trả"), FormInput(max_length=30, id="promise"), Line(id="promise_words"), id="promise_row")
        yield Field(_("Giấy tờ"), PaperList(most=MOST_PAPERS, id="papers"), id="papers_row")

    def on_mount(self) -> None:
        """Show only the field to type in."""
        self.choose(None)

    @property
    def picker(self) -> WatchedPicker:
        """The field of the procedure."""
        return self.query_one("#procedure", WatchedPicker)

    @property
    def variant(self) -> str:
        """The case chosen; empty for the usual one."""
        return self.query_one("#variant", OpenChoice).value if self.chosen is not None else ""

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that are there, in the catalogue's words."""
        items = self.query_one("#papers", Checklist).items
        return tuple(item.label for item in items if item.checked)

    @property
    def promise(self) -> str:
        """The promise as typed; empty where the limit is known."""
        row = self.query_one("#promise_row")
        return self.query_one("#promise", FormInput).value if row.display else ""

    def choose(
        self, procedure: ProcedureChoice | None, *, variant: str = "", papers: Sequence[str] = (), promise: str = ""
    ) -> None:
        """Show a procedure and what hangs on it, or nothing."""
        self.chosen = procedure
        if procedure is not None:
            self._show_papers(procedure, papers)
            usual = Option("", _("thông thường · {limit}").format(limit=procedure.limit))
            cases = [Option(case, f"{case} · {_case_limit(text)}") for case, text in procedure.variants]
            self.query_one("#variant", OpenChoice).offer([usual, *cases], variant)
            self._show_limit(procedure)
            self.query_one("#promise", FormInput).value = promise
        self.query_one("#limit_row").display = procedure is not None
        self.query_one("#variant_row").display = procedure is not None and bool(procedure.variants)
        self.query_one("#promise_row").display = procedure is not None and self.promise_needed(procedure, variant)
        self.query_one("#papers_row").display = procedure is not None and bool(procedure.components)
        self.post_message(self.Chosen())

    def restore(self, procedure: ProcedureChoice, variant: str, papers: Sequence[str], promise: str) -> None:
        """Show a procedure as it was in a draft."""
        self._offered[procedure.code] = procedure
        self.picker.set_picked(_row(procedure))
        self.choose(procedure, variant=variant, papers=papers, promise=promise)

    def empty(self) -> None:
        """Show an empty field again."""
        self.picker.field.value = ""
        self.choose(None)

    @staticmethod
    def promise_needed(procedure: ProcedureChoice, variant: str) -> bool:
        """Say whether the officer has to type the date: no limit is known for the case."""
        return procedure.limit == say.limit_name(None) and not variant

    def show_promise_words(self, text: str, style: str) -> None:
        """Say how the typed promise is understood."""
        self.query_one("#promise_words", Line).put([(text, style)])

    def _show_limit(self, procedure: ProcedureChoice) -> None:
        doubt = f" · {procedure.doubt}" if procedure.doubt else ""
        self.query_one("#limit", Line).put(
            [(procedure.limit, ""), (doubt, "soon"), (f" · {procedure.field}", "muted")],
        )

    def _show_papers(self, procedure: ProcedureChoice, there: Sequence[str]) -> None:
        items = [
            Item(str(number), paper, _copies(paper), checked=paper in there)
            for number, paper in enumerate(procedure.components)
        ]
        self.query_one("#papers", Checklist).show_items(items)

    def _search(self, typed: str) -> Sequence[Row]:
        try:
            found = self._find(typed)
        except foreseen() as error:
            self.post_message(self.Failed(failure_sentence(error)))
            return ()
        self._offered |= {procedure.code: procedure for procedure in found}
        return [_row(procedure) for procedure in found]

    def _label(self, row: Row) -> str:
        # Cut here: the field would show the end of a long name, not its beginning.
        return cut(f"{row.key} {self._offered[row.key].name}", max(SHORTEST_LABEL, self.picker.field.size.width - 1))

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        message.stop()
        self.choose(self._offered[message.row.key])

    @on(WatchedPicker.Typed)
    def _typed(self, message: WatchedPicker.Typed) -> None:
        message.stop()
        if self.picker.picked is None and self.chosen is not None:
            self.choose(None)

    @on(Choice.Changed, "#variant")
    def _variant_changed(self, message: Choice.Changed) -> None:
        message.stop()
        if self.chosen is not None:
            self.query_one("#promise_row").display = self.promise_needed(self.chosen, self.variant)
        self.post_message(self.Chosen())

    @on(Input.Changed, "#promise")
    def _promise_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Chosen())


def _row(procedure: ProcedureChoice) -> Row:
    mark = DOUBTFUL if procedure.doubt else ""
    return Row(procedure.code, (procedure.code, procedure.name, procedure.limit.removesuffix(_(" hôm sau"))), mark=mark)


def _case_limit(text: str) -> str:
    """Return the limit of a case in words; what begins with a plus is added to the usual one."""
    limit = say.limit_name(Limit.parse(text.removeprefix("+")))
    return _("thêm {limit}").format(limit=limit) if text.startswith("+") else limit


def _copies(paper: str) -> str:
    """Return what kind of paper the catalogue asks for, where it says so."""
    folded = fold(paper)
    if folded.startswith("xuat trinh"):
        return _("xuất trình")
    if "ban sao" in folded:
        return _("bản sao")
    return _("bản chính") if "ban chinh" in folded else _("1 bản")
