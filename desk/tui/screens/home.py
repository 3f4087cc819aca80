"""The day's work: what is due, what is late, every dossier one key away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from db.vocabulary import Act
from desk.counter.listed import ListRef, Lists
from desk.counter.model import WorkRow
from desk.tui.commands import BACK, CERTIFY, CLOSE, FIND, FIND_HERE, HELP, RECEIVE, RETURN, Command, bindings
from desk.tui.screens import orders
from desk.tui.screens.base import BASE_CSS
from desk.tui.screens.beside import ListWithDossier
from desk.tui.screens.beside_lines import has_wide_names
from desk.tui.screens.figures import FIGURES, drill_parts, left_over, named
from desk.tui.screens.home_reading import Morning, empty_words, read_morning
from desk.tui.screens.list_commands import LIST_COMMANDS
from desk.tui.screens.lists_choice import choose_list, list_title, offered
from desk.tui.screens.note_rule import NoteRule
from desk.tui.screens.orders import Order
from desk.tui.screens.picking import PickingScreen
from desk.tui.screens.retype_commands import FROM_LIST
from desk.tui.screens.work_rows import WorkIndex, WorkRows, columns, place_of
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Line, Rule
from desk.tui.widgets.moves import Next, Step
from desk.words import _, counted

ALL = Command("all_work", "0", lambda: _("Tất cả"), lambda: _("Mọi hồ sơ đang giải quyết, theo hẹn trả."))


class HomeScreen(PickingScreen):
    """The list of the day under its figures; typing filters it, F4 looks through every dossier there is."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "home.tcss"]
    AUTO_FOCUS = ""
    takes_typing = True
    COMMANDS_HERE = (*(figure.command for figure in FIGURES), ALL, *LIST_COMMANDS, FROM_LIST, FIND_HERE, BACK)
    KEYS_SHOWN = (HELP, RECEIVE, CERTIFY, FIND, RETURN, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(*COMMANDS_HERE),
        Binding("pageup", "page(-1)", "page up", show=False, id="home.pageup"),
        Binding("pagedown", "page(1)", "page down", show=False, id="home.pagedown"),
        Binding("left", "sort(-1)", "order before", show=False, id="home.sort_back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.figure = ""
        self.listing: ListRef | None = None
        self.searching = False
        self._orders: dict[tuple[str, ListRef | None], Order] = {}
        self._kept: tuple[str, int] = ("", 0)
        self._cursor_to: tuple[str, int] | None = None
        self._morning = Morning()
        self._has_read = False
        self._asked = 0
        self._shown = 0
        self._open_when_found = self._typed_in_list = False
        self._day: date | None = None

    def title_text(self) -> str:
        """Return the name of the centre."""
        return " · ".join(part for part in (_("MỘT CỬA"), self.centre_name) if part)

    def compose_work(self) -> Iterable[Widget]:
        """Figures, filter, list, facts."""
        yield FactLine(id="drill")
        with Horizontal(id="find"):
            yield Rule(id="chosen")
            yield Line(id="what")
            yield FormInput(id="query", max_length=100)
            yield Rule(id="place")
        yield ListWithDossier(LineList(columns(), multi=True, empty="", id="rows"))
        yield NoteRule(id="note")
        yield Line(id="who")
        yield Line(id="dates")

    def compose_note(self) -> Iterable[Widget]:
        """The last word stands in the rule above the facts."""
        return ()

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    @property
    def _query(self) -> FormInput:
        return self.query_one("#query", FormInput)

    def on_mount(self) -> None:
        """Start in the list."""
        now = self.desk_app.now()
        self._day = None if now is None else now.date()
        self.set_focus(self._list)
        self._show_mode()

    def minute(self) -> None:
        """Read again: another minute, and perhaps another desk's work; another day begins with its morning."""
        super().minute()
        self.refresh_work()
        now = self.desk_app.now()
        if now is not None and self.app.screen is self and self._day != now.date():
            self._day = day = now.date()
            self.ask(lambda: self.desk_app.begin(day), self._begun, group="morning")

    def _begun(self, first: bool) -> None:
        if first and self.app.screen is self:
            self.desk_app.action_morning()

    def refresh_work(self) -> None:
        """Read the drill and the list."""
        counter, figure, ref = self.desk_app.counter, self.figure, self.listing
        self.ask(lambda: read_morning(counter, figure, ref), self._take_morning, group="work", exclusive=True)

    def _take_morning(self, morning: Morning) -> None:
        self._morning, self._has_read = morning, True
        self._show_drill()
        self._show_mode()
        self.desk_app.synced(morning.drill)
        self._look(first=False)

    def _show_drill(self) -> None:
        if not self._has_read:
            # Nothing is known yet: "nothing due" would be a claim.
            return
        picked = self.picked_parts(self._found) if self._picked else ()
        self.query_one("#drill", FactLine).facts(picked or drill_parts(self._morning.drill, self.size.width - 2))

    def picked_changed(self) -> None:
        """Show how many dossiers are chosen in place of the figures, whose digits now act on them."""
        self._show_drill()
        self._show_row()

    def on_resize(self) -> None:
        """Say the figures in the words there is room for."""
        self._show_drill()
        self._show_mode()

    @on(Input.Changed, "#query")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if message.value == self._query.value:
            self._look(first=True)

    def _look(self, *, first: bool) -> None:
        """Ask for what fits the query, in a thread; a newer question makes an older answer void."""
        self._asked += 1
        number, place, query = self._asked, self._place, self._query.value

        def show(found: Sequence[WorkRow]) -> None:
            if number == self._asked and place == self._place:
                self._show(found, first=first)

        self.ask(self._search(query), show, group="look", exclusive=True)

    def _search(self, query: str) -> Callable[[], Sequence[WorkRow]]:
        wide = has_wide_names(self.size.width)
        if self.searching and query.strip():
            counter, order = self.desk_app.counter, self.order
            if order is not Order.PROMISE:
                return lambda: WorkIndex(counter.finds(query)).by(order, wide=wide).work
            return lambda: counter.finds(query)
        index, order = self._morning.index, self.order
        return lambda: index.by(order, wide=wide).matching(query)

    def _show(self, found: Sequence[WorkRow], *, first: bool) -> None:
        self._shown = self._asked
        self._say_if_empty()
        self._found = found
        at = 0 if first else None if self._cursor_to is None else self._place_of(*self._cursor_to)
        self._list.show_rows(WorkRows(found, wide=has_wide_names(self.size.width)), at=at)
        self._cursor_to = None
        if self._picked:
            self.see_again(found)
            self._show_drill()
        self._show_row()
        if self._open_when_found:
            self._open_when_found = False
            self._list.action_open()

    def _place_of(self, key: str, index: int) -> int:
        place = place_of(self._found, key)
        return index if place is None else place

    def _say_if_empty(self) -> None:
        typed = bool(self._query.value.strip())
        words = empty_words(searching=self.searching, typed=typed, inside=self._place != ("", None))
        if words != self._list.empty:
            self._list.empty = words
            self._list.refresh()

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._show_row()

    def _show_row(self) -> None:
        current, count = self._list.current, len(self._list)
        self.query_one("#place", Rule).put("", f"{self._list.cursor + 1 if count else 0}/{count}")
        row = self._work_of(current.key) if current is not None else None
        self.query_one(ListWithDossier).follow(row)
        who, dates = (*row.facts, "", "")[:2] if row is not None else ("", "")
        # On the right, because it must not be cut: an address may be.
        doubt = [(_("? ngày TẠM TÍNH"), "soon")] if row is not None and row.provisional else []
        self.query_one("#who", Line).put(who, doubt)
        why_not = "" if row is None else self._why_not.get(row.id, "")
        self.query_one("#dates", Line).put([(_("không được: {why}").format(why=why_not), "soon")] if why_not else dates)

    def work_of(self, key: str) -> WorkRow | None:
        """Return the dossier behind a row: the one under the cursor first, it is nearly always that."""
        return self._work_of(key) or next((row for row in self._found if str(row.id) == key), None)

    def _work_of(self, key: str) -> WorkRow | None:
        cursor = self._list.cursor
        return next((row for row in self._found[cursor : cursor + 1] if str(row.id) == key), None)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.open_dossier(int(message.key))

    @on(Next)
    def _enter(self, message: Next) -> None:
        """Enter in the filter opens the first find; it waits for the finds of what was typed last."""
        message.stop()
        if self._shown == self._asked:
            self._list.action_open()
        else:
            self._open_when_found = True

    @on(Step)
    def _arrow(self, message: Step) -> None:
        message.stop()
        self._list.action_move(message.by)

    def on_key(self, event: events.Key) -> None:
        """A letter typed in the list begins the filter; a digit goes on with one that is there.

        While dossiers are chosen a digit acts on them.
        """
        char = event.character or ""
        begins = event.is_printable and not char.isspace() and char not in "/*+"
        goes_on = bool(self._query.value) and not self._picked
        if begins and (not char.isdigit() or goes_on) and self.focused is self._list:
            event.stop()
            self._type(char)

    def on_paste(self, event: events.Paste) -> None:
        """A text pasted into the list is a filter."""
        if self.focused is self._list:
            event.stop()
            self._type(self._query.clean_paste(event.text))

    def _type(self, text: str) -> None:
        self._typed_in_list = True
        self.set_focus(self._query)
        self._query.replace(text, *self._query.selection)

    def choose(self, figure: str, *, ref: ListRef | None = None, back: bool = False) -> None:
        """Show all work (the empty name), the dossiers behind a figure, a list, or a search over all (`find`).

        With `back` all work has its cursor where it was.
        """
        if not (self.searching or self.figure or self.listing is not None):
            current = self._list.current
            self._kept = ("" if current is None else current.key, self._list.cursor)
        self.searching = figure == "find"
        self._typed_in_list = False
        self.figure = figure if named(figure) is not None else ""
        self.listing = ref
        if not self.searching:
            self._clear()
        self.set_focus(self._query if self.searching else self._list)
        self._show_mode()
        self._cursor_to = self._kept if back else ("", 0)
        self.refresh_work()

    def _clear(self) -> None:
        with self._query.prevent(Input.Changed):
            self._query.value = ""

    @property
    def order(self) -> Order:
        """The order this list stands in; each keeps its own."""
        return self._orders.get(self._place, Order.PROMISE)

    @property
    def _place(self) -> tuple[str, ListRef | None]:
        return "find" if self.searching else self.figure, self.listing

    def _show_mode(self) -> None:
        figure, listed = named(self.figure), self._morning.listed
        title = left_over(self._morning.drill, self.size.width - 2)
        if figure is not None:
            title = figure.words()
        elif self.listing is not None:
            title = list_title(listed) if listed is not None and listed.ref == self.listing else ""
        by = orders.words(self.order) if self.order is not Order.PROMISE else ""
        self.query_one("#chosen", Rule).put(title, by)
        self.query_one("#what", Line).put(_("tìm:") if self.searching else _("lọc:"))
        self._query.placeholder = _("tên, mã, số ĐD") if self.searching else _("gõ để lọc")

    def action_figure(self, name: str) -> None:
        """Show the dossiers behind a figure; while some are chosen, digit 1 acts on them."""
        if named(name) is None:
            self.desk_app.action_calls()
        elif not self._picked:
            self.choose(name)
        elif name == FIGURES[0].name:
            self.action_together(self.first_act())
        else:
            self._say_picked()

    def action_all_work(self) -> None:
        """Show all open work."""
        if self._picked:
            self._say_picked()
        else:
            self.choose("", back=True)

    def _say_picked(self) -> None:
        self.note(counted("Đang chọn {n} hồ sơ: làm xong hoặc Esc bỏ chọn đã.", len(self._picked)), "soon")

    def action_return_result(self) -> None:
        """Return the chosen dossiers, or show what waits to be collected."""
        if self._picked:
            self.action_together(Act.RETURN)
        else:
            self.choose("uncollected")

    def action_pick(self) -> None:
        """Choose the dossier under the cursor."""
        self._list.action_choose()

    def action_sort(self, by: int = 1) -> None:
        """Put the list in the next order; the cursor stays with its dossier."""
        self._orders[self._place] = order = orders.after(self.order, by)
        self._show_mode()
        if order is Order.PROMISE:
            self.note(orders.words(order))
        self._look(first=False)

    def action_lists(self) -> None:
        """Choose a list."""
        self.action_list("")

    def action_list(self, name: str) -> None:
        """Show the list of this name, or ask which."""

        def counted(lists: Lists) -> None:
            self._choose_list(name, lists)

        self.ask(self.desk_app.counter.lists, counted, group="lists", exclusive=True)

    @work(group="choice", exclusive=True)
    async def _choose_list(self, name: str, lists: Lists) -> None:
        figures = offered(self._morning.drill, len(self._morning.index.work) if self._place == ("", None) else None)
        chosen = await choose_list(self.app, lists, name, self.desk_app.officer_id, figures, self.note)
        if chosen is not None:
            self.choose(chosen.figure, ref=chosen.ref)

    def action_find_here(self) -> None:
        """Go to the filter."""
        self._typed_in_list = False
        self.set_focus(self._query)

    def action_back(self) -> None:
        """One step back: the chosen dossiers, the typed text, then the list, then all work."""
        if self.step_back():
            return
        if self._query.value:
            self._query.value = ""
            if self._typed_in_list:
                # A digit opens a figure again instead of filtering.
                self.set_focus(self._list)
        elif self.searching or (self.focused is self._list and self._place != ("", None)):
            self.choose("", back=True)
        else:
            self.set_focus(self._list)

    def action_page(self, by: int) -> None:
        """Go through the list by pages from the filter."""
        self._list.action_page(by)
