"""The line the officer reads aloud: when the result is promised, and why."""

from __future__ import annotations

from datetime import datetime

from desk.counter import say
from desk.counter.model import PromiseView, Refused
from desk.tui.widgets.lines import Line
from desk.tui.widgets.painted import Part
from desk.words import _


class PromiseLine(Line):
    """`HẸN TRẢ  T6 13/03/2026 17:00  vì: …`; a doubtful limit carries its mark, a date past the calendar too."""

    def show(self, answer: PromiseView | Refused | None, typed: datetime | None = None) -> None:
        """Show what the counter would promise now; `typed` is the officer's date where the limit is unknown."""
        heading: Part = (_("HẸN TRẢ     "), "strong")
        if answer is None:
            self.put([heading, (_("chưa chọn thủ tục"), "muted")])
        elif isinstance(answer, Refused):
            self.put([heading, (answer.sentence, "late")])
        elif answer.promise is not None:
            self._show_date(heading, answer.promise, answer)
        elif typed is not None:
            self.put(
                [heading, (say.moment(typed), "strong"), ("   " + _("cán bộ hẹn, thủ tục chưa rõ thời hạn"), "soon")]
            )
        else:
            self.put([heading, (_("chưa rõ thời hạn: gõ ngày hẹn ở trên"), "soon")])

    def _show_date(self, heading: Part, promise: datetime, view: PromiseView) -> None:
        marks = [_("tạm tính: chưa có lịch nghỉ")] if view.provisional else []
        date = [(say.moment(promise), "strong"), (" ?" if view.doubt else "", "soon")]
        why = "   " + _("vì: {why}").format(why=view.why) if view.why else ""
        self.put([heading, *date, (why, "")], [(" · ".join(marks), "soon")] if marks else ())
