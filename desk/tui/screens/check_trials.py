"""The trials that need a page: a scan as it arrived, a typed sentence, samples of every colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from desk.checked import Result
from desk.rules.trials import SENTENCE, ScanTrial, Stroke, TypingFault, scan_trial, typing_trial
from desk.tui.keys import FUNCTION_KEYS
from desk.tui.screens import check_words as words
from desk.tui.theme import THEMES
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line, TopLine
from desk.tui.widgets.modals import TextLines
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.painted import Part
from desk.tui.widgets.routed_app import RoutedApp
from desk.tui.widgets.router import Cancellable, Scanned
from desk.tui.widgets.scan import FAST, SILENCE, STALL
from desk.tui.widgets.screens import Modal
from desk.words import _

Found = tuple[Result, tuple[str, ...]]
"""How a trial ended, and the names of what is wrong."""

_PASSED = FUNCTION_KEYS | {"escape", "ctrl+s"}
"""Keys no scanner sends, which keep their meaning while it is listened to."""


class Trial(Modal[Found]):
    """A page on which something is tried; F2 keeps what was found, Esc keeps nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "keep", "keep", show=False, id="trial.keep")]

    found: Found | None = None

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what keeps the result."""
        return (("F2", _("Ghi kết quả đang hiện.")),)

    def keys_line(self) -> list[Part]:
        """Return the keys at the bottom."""
        keep = [("F2", "key"), (" " + _("Ghi kết quả") + "   ", "")] if self.found is not None else []
        return [*keep, ("Esc", "key"), (" " + _("Thôi"), "")]

    def show_keys(self) -> None:
        """Show the keys as they are now."""
        self.query_one("#trial-keys", Line).put(self.keys_line())

    def action_keep(self) -> None:
        """Leave with what was found."""
        if self.found is not None:
            self.dismiss(self.found)

    @property
    def routed(self) -> RoutedApp:
        """The App, whose keys go through a router."""
        app = self.app
        if not isinstance(app, RoutedApp):
            raise TypeError(app)
        return app


class ScannerTrial(Trial):
    """Hears every key of a scan with its time, before anything acts on it, and says how it arrived."""

    def __init__(self) -> None:
        super().__init__()
        self._strokes: list[Stroke] = []
        self._timer: Cancellable | None = None
        self._text = TextLines()

    def compose(self) -> ComposeResult:
        """What to do, what came, keys."""
        with Vertical(classes="page"):
            yield TopLine(_("THỬ MÁY QUÉT"))
            yield Line([(_("Quét một thẻ căn cước (mã QR), rồi thử cả mã trên phiếu."), "strong")])
            yield Line([(_("Lần quét không đi đâu cả và không được giữ lại."), "muted")])
            yield self._text
            yield Line(id="trial-keys")

    def on_mount(self) -> None:
        """Listen."""
        self.show_keys()
        self._text.focus()
        self.routed.router.listener = self._heard

    def on_unmount(self) -> None:
        """Listen no more."""
        self.routed.router.listener = None
        if self._timer is not None:
            self._timer.cancel()

    def _heard(self, event: events.Key | events.Paste) -> bool:
        if self.app.screen is not self:
            return False
        if isinstance(event, events.Paste):
            self._strokes += [_pasted(char, event.time) for char in event.text]
        elif event.key in _PASSED:
            return False
        else:
            char = event.character if event.is_printable and event.character else ""
            self._strokes.append(Stroke(event.key, char, event.time))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.routed.router.schedule(STALL, self._over)
        return True

    def _over(self) -> None:
        strokes, self._strokes, self._timer = self._strokes, [], None
        if not any(stroke.char for stroke in strokes):
            # Enter alone: nothing was scanned.
            return
        trial = scan_trial(strokes, fast=FAST, pause=SILENCE)
        faults = tuple(fault.value for fault in trial.faults)
        self.found = (Result.GOOD if trial.good else Result.BAD, faults)
        self._text.show_lines(scan_lines(trial))
        self.show_keys()


def _pasted(char: str, time: float) -> Stroke:
    key = {"\r": "enter", "\n": "enter", "\t": "tab"}.get(char)
    return Stroke(char, char, time) if key is None else Stroke(key, "", time)


def scan_lines(trial: ScanTrial) -> list[str]:
    """Return what came of a scan, and what to change."""
    shown = _("Đến: {text}").format(text=trial.text)
    speed = _("{n} ký tự, cách nhau {gap:.1f} ms (dài nhất {longest:.0f} ms), đuôi: {end}").format(
        n=trial.length, gap=trial.gap * 1000, longest=trial.longest * 1000, end=trial.end or _("không có")
    )
    verdict = (
        _("ĐẠT: quầy nhận được lần quét này.") if trial.good else _("CHƯA: sửa những điều dưới đây, rồi quét lại.")
    )
    advice = [f"- {words.scan_advice(fault)}" for fault in trial.faults]
    return ["", verdict, *advice, "", speed, shown]


class TypingPage(Trial):
    """A sentence to type with whatever input method the machine has."""

    def __init__(self) -> None:
        super().__init__()
        self._input = FormInput(max_length=200)
        self._text = TextLines()
        self._text.can_focus = False

    def compose(self) -> ComposeResult:
        """The sentence, the field under it, what is wrong."""
        with Vertical(classes="page"):
            yield TopLine(_("THỬ GÕ TIẾNG VIỆT"))
            yield Line([(_("Bật bộ gõ, gõ đúng câu này rồi Enter:"), "")])
            yield Line([(SENTENCE, "strong")])
            yield self._input
            yield self._text
            yield Line(id="trial-keys")

    def on_mount(self) -> None:
        """Start in the field."""
        self.show_keys()
        self._input.focus()

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()

    @on(Step)
    def _stay(self, message: Step) -> None:
        message.stop()

    @on(Next)
    def _entered(self, message: Next) -> None:
        message.stop()
        typed = self._input.value
        if not typed.strip():
            return
        if self.found is not None and self.found[0] is Result.GOOD and typing_trial(typed).fault is None:
            self.action_keep()
            return
        trial = typing_trial(typed)
        self.found = (Result.GOOD, ()) if trial.fault is None else (Result.BAD, (trial.fault.value,))
        self._text.show_lines(typing_lines(trial.fault, typed, trial.place))
        self.show_keys()

    def on_scanned(self, message: Scanned) -> None:
        """Very fast typing is still typing here; nothing is scanned."""
        message.stop()
        message.give_back()


def typing_lines(fault: TypingFault | None, typed: str, place: int) -> list[str]:
    """Return whether the sentence is right, else where it is not and what to change."""
    if fault is None:
        return ["", _("ĐẠT: từng chữ đúng như câu mẫu. Enter để ghi.")]
    here, wanted = typed.strip()[place : place + 8], SENTENCE[place : place + 8]
    where = _("Khác từ chữ thứ {n}: gõ được «{here}», câu mẫu «{wanted}».").format(
        n=place + 1, here=here, wanted=wanted
    )
    return [
        "",
        _("CHƯA: {advice}").format(advice=words.typing_advice(fault)),
        where,
        _("Sửa rồi Enter, hoặc F2 ghi «chưa»."),
    ]


class ColoursTrial(Trial):
    """A sample of every colour by what it means; another theme where they cannot be told apart."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "told_apart", "yes", show=False, id="colours.yes"),
        Binding("2,right", "other(1)", "another", show=False, id="colours.other"),
        Binding("left", "other(-1)", "the one before", show=False, id="colours.before"),
        Binding("3", "not_told_apart", "no", show=False, id="colours.no"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._before = ""

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what answers."""
        return (
            ("1", _("Phân biệt được mọi dòng.")),
            ("2 ← →", _("Không: xem màu khác.")),
            ("3", _("Màu nào cũng không phân biệt được.")),
        )

    def compose(self) -> ComposeResult:
        """Samples, question, answers."""
        with Vertical(classes="page"):
            yield TopLine(_("THỬ MÀU SẮC"), practice=True)
            yield Line(id="theme")
            yield Line()
            for sample in samples():
                yield Line([("  ", ""), sample])
            yield Line()
            yield Line([(_("Đọc được và phân biệt được từng dòng không?"), "strong")])
            yield Line(_answers())
            yield Line(id="trial-keys")

    def on_mount(self) -> None:
        """Remember the theme that was there."""
        self._before = self.app.theme
        self._say_theme()

    def _say_theme(self) -> None:
        names = [theme.name for theme in THEMES]
        place = names.index(self.app.theme) + 1 if self.app.theme in names else 0
        said = _("Bộ màu {n}/{all}: {name}").format(n=place, all=len(names), name=self.app.theme)
        keep = _(" · giữ cho lần sau: F9, gõ mau sac") if self.app.theme != self._before else ""
        self.query_one("#theme", Line).put([(said + keep, "muted")])

    def keys_line(self) -> list[Part]:
        """Nothing: the answers are the keys."""
        return []

    def action_other(self, by: int) -> None:
        """Show the samples in another theme."""
        names = [theme.name for theme in THEMES]
        place = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(place + by) % len(names)]
        self._say_theme()

    def action_told_apart(self) -> None:
        """Good; the theme that was chosen stays."""
        self.dismiss((Result.GOOD, ()))

    def action_not_told_apart(self) -> None:
        """Bad, with the theme of before."""
        self.app.theme = self._before
        self.dismiss((Result.BAD, ("colours",)))

    def action_back(self) -> None:
        """Leave with the theme of before."""
        self.app.theme = self._before
        self.dismiss(None)


def _answers() -> list[Part]:
    answers = (
        ("1", _("được")),
        ("2 ← →", _("xem màu khác")),
        ("3", _("màu nào cũng không")),
        ("Esc", _("Thôi")),
    )
    return [part for key, words_ in answers for part in ((key, "key"), (f" {words_}   ", ""))]


def samples() -> Sequence[Part]:
    """Return one sentence in each style, which says what that means."""
    return (
        (_("QUÁ HẠN 3: đã qua giờ hẹn"), "late"),
        (_("Hôm nay 4: sắp đến hạn, cần để ý"), "soon"),
        (_("đã lưu, đã gửi đủ: xong"), "good"),
        (_("F2 Nhận: phím bấm được"), "key"),
        (_("chữ mờ: lời chú, không cần đọc trước"), "muted"),
        (_("NGUYỄN THỊ THÚY: chữ đậm, điều chính"), "strong"),
        (_(" THỰC HÀNH: trung tâm thực hành "), "practice"),
    )
