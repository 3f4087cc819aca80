"""Small questions over a screen: yes or no, one line of text, a page to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip

from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import RowView
from desk.tui.widgets.lines import Line, TopLine
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.screens import Modal
from desk.tui.widgets.text import wrap
from desk.words import _

ResultT = TypeVar("ResultT")

_QUESTION_WIDTH = 78


def is_open(app: App[Any], kind: type[ModalScreen[Any]]) -> bool:
    """Say whether a modal of this kind is already on the screen stack."""
    return any(isinstance(screen, kind) for screen in app.screen_stack)


async def ask(app: App[Any], modal: ModalScreen[ResultT]) -> ResultT | None:
    """Show `modal` and return its answer, None for Esc; a second one of its kind is not stacked.

    Call it in a worker (`@work`).
    """
    if is_open(app, type(modal)):
        return None
    return await app.push_screen_wait(modal)


def tell(app: App[Any], modal: ModalScreen[Any]) -> bool:
    """Show `modal` without waiting for its answer; False if one of its kind is open."""
    if is_open(app, type(modal)):
        return False
    app.push_screen(modal)
    return True


class Confirm(Modal[bool]):
    """A question with yes or no; where it cannot be undone (`grave`), only F2 is a yes, not Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "yes", "yes", show=False, id="confirm.enter"),
        Binding("f2,ctrl+s", "sure", "yes", show=False, id="confirm.sure"),
    ]

    def __init__(self, question: str, *, yes: str | None = None, no: str | None = None, grave: bool = False) -> None:
        super().__init__()
        self._question = question
        self._yes = yes or _("Đồng ý")
        self._no = no or _("Thôi")
        self._grave = grave

    def compose(self) -> ComposeResult:
        """Question, then the two keys."""
        with Vertical(classes="panel"):
            for line in wrap(self._question, _QUESTION_WIDTH):
                yield Line([(line, "strong")])
            key = "F2" if self._grave else "Enter"
            yield Line([(key, "key"), (f" {self._yes}   ", ""), ("Esc", "key"), (f" {self._no}", "")])

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what is a yes."""
        return (("F2, Ctrl+S" if self._grave else "Enter, F2", self._yes),)

    def action_yes(self) -> None:
        """Enter: yes, unless the question is grave."""
        if not self._grave:
            self.dismiss(True)

    def action_sure(self) -> None:
        """F2: yes."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Esc: no."""
        self.dismiss(False)


class Ask(Modal[str]):
    """One line to type, such as a reason; Esc is None, an empty line is not taken where one is `needed`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "done", "done", show=False, id="ask.done")]

    def __init__(
        self, question: str, *, value: str = "", max_length: int = 200, needed: bool = True, password: bool = False
    ) -> None:
        super().__init__()
        self._question = question
        self._needed = needed
        self._input = FormInput(value, max_length=max_length, password=password)
        self._hint = Line()

    def compose(self) -> ComposeResult:
        """Question, field, keys."""
        with Vertical(classes="panel"):
            for line in wrap(self._question, _QUESTION_WIDTH):
                yield Line([(line, "strong")])
            yield self._input
            yield self._hint

    def on_mount(self) -> None:
        """Show the keys."""
        self._hint.put([("Enter", "key"), (" " + _("Xong") + "   ", ""), ("Esc", "key"), (" " + _("Thôi"), "")])

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what takes the line."""
        return (("Enter, F2", _("Xong: lấy dòng đã gõ.")), ("Ctrl+U, Ctrl+K", _("Xóa đến đầu dòng, đến cuối dòng.")))

    @on(Next)
    def _entered(self, message: Next) -> None:
        message.stop()
        self.action_done()

    @on(FormInput.Full)
    def _full(self, message: FormInput.Full) -> None:
        message.stop()
        self._hint.put([(_("Nhận tối đa {n} ký tự: phần thừa không được ghi vào.").format(n=message.limit), "soon")])

    @on(Step)
    def _stay(self, message: Step) -> None:
        message.stop()

    def action_done(self) -> None:
        """Take what is typed."""
        text = self._input.value.strip()
        if text or not self._needed:
            self.dismiss(text)
        else:
            self._hint.put([(_("Chưa gõ gì. "), "soon"), ("Esc", "key"), (" " + _("Thôi"), "")])


class TextLines(RowView, can_focus=True, inherit_bindings=False):
    """Lines of plain text to scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_lines(-1)", "up", show=False, id="text.up"),
        Binding("down", "scroll_lines(1)", "down", show=False, id="text.down"),
        Binding("pageup", "scroll_pages(-1)", "page up", show=False, id="text.pageup"),
        Binding("pagedown,space", "scroll_pages(1)", "page down", show=False, id="text.pagedown"),
        Binding("home", "scroll_ends(-1)", "start", show=False, id="text.first"),
        Binding("end", "scroll_ends(1)", "end", show=False, id="text.last"),
    ]

    def __init__(self, lines: Sequence[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = tuple(lines)
        self._lines: list[str] = list(lines)
        self._top = 0

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show other lines, from the first."""
        self._given = tuple(lines)
        self._top = 0
        self._wrap()
        self.repaint()

    def on_resize(self) -> None:
        """Break the lines at the new width."""
        self._wrap()
        self.repaint()

    def _wrap(self) -> None:
        width = max(10, self.size.width - 2)
        self._lines = [part for line in self._given for part in wrap(line, width)]
        self._to(self._top)

    def draw_line(self, y: int) -> Strip:
        """Return one line, with a sign at the edge where there is more."""
        width, height = self.size
        index = self._top + y
        text = self._lines[index] if index < len(self._lines) else ""
        sign = " "
        if y == 0 and self._top:
            sign = self.glyphs.more_above
        elif y == height - 1 and index + 1 < len(self._lines):
            sign = self.glyphs.more_below
        return self.strip_of([(sign, "muted"), (text, "")], width)

    def _to(self, top: int) -> None:
        self._top = max(0, min(top, len(self._lines) - max(1, self.size.height)))

    def action_scroll_lines(self, by: int) -> None:
        """Scroll by lines."""
        self._to(self._top + by)
        self.repaint()

    def action_scroll_pages(self, by: int) -> None:
        """Scroll by pages, keeping one line in sight."""
        self.action_scroll_lines(by * max(1, self.size.height - 1))

    def action_scroll_ends(self, end: int) -> None:
        """Go to the first or the last line."""
        self.action_scroll_lines(end * len(self._lines))


class TextPage(Modal[None]):
    """A page to read: a receipt, why a date, help."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", "close", show=False, id="page.close")]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._text = TextLines(lines)

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what moves the page."""
        return (("↑ ↓ PgUp PgDn", _("Cuộn; Home, End: đầu, cuối.")), ("Enter", _("Đóng trang này.")))

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        with Vertical(classes="page"):
            yield TopLine(self._title)
            yield self._text
            yield Line([("↑↓ PgUp PgDn", "key"), (" " + _("cuộn") + "   ", ""), ("Esc", "key"), (" " + _("Đóng"), "")])


class DialogHelp(TextPage):
    """The keys of the question under it."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(_("GIÚP"), lines)

    def action_keys_here(self) -> None:
        """Stay: these are the keys."""

    def action_answer_first(self) -> None:
        """Stay: the question is still open."""
