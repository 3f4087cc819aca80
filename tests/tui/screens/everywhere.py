"""Every screen and every question there is, each with a way to have it in front, for tests that go through all."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from textual.screen import Screen

import desk.tui
from desk.counter.calendar_change import CalendarEffect
from desk.counter.calendar_editing import CalendarChange
from desk.counter.from_province import CatalogueNews, NewsItem, NewsState, NoticeEffect
from desk.counter.model import Done, Figure
from desk.counter.province_keys import KeyEffect
from desk.counter.reference_data import CatalogueEffect
from desk.counter.unit_changes import CommuneChange, CommuneLine, UnitsEffect
from desk.daily.published import PublishedKind
from desk.tui.commands import GLOBAL
from desk.tui.draft import Draft
from desk.tui.screens.act_dialogs import Pick, Question, Sure
from desk.tui.screens.behind import BehindScreen
from desk.tui.screens.calendar import CalendarEffectScreen, CalendarScreen
from desk.tui.screens.calls import CallsScreen
from desk.tui.screens.cash import CashScreen
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.certify_slip import SlipScreen
from desk.tui.screens.certify_words import OtherPerson
from desk.tui.screens.check import CheckScreen
from desk.tui.screens.check_keys import KeysTrial
from desk.tui.screens.check_trials import ColoursTrial, ScannerTrial, TypingPage
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.correct import CorrectScreen
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.drafts_page import DraftsPage
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.message import MessageScreen
from desk.tui.screens.morning import MorningScreen
from desk.tui.screens.news import NewsScreen
from desk.tui.screens.numbers import NumbersScreen
from desk.tui.screens.officers import OfficersScreen, PinQuestion
from desk.tui.screens.opening import OpeningScreen
from desk.tui.screens.outbox import OutboxScreen
from desk.tui.screens.published import (
    CatalogueEffectScreen,
    KeyEffectScreen,
    NoticeScreen,
    PublishedCalendarScreen,
    UnitsEffectScreen,
)
from desk.tui.screens.receive import ReceiveScreen, ReplacePerson
from desk.tui.screens.reprinting import ReprintPage
from desk.tui.screens.retype import RetypeScreen
from desk.tui.screens.saved import SavedScreen, SlipPage
from desk.tui.screens.shift import ShiftScreen
from desk.tui.widgets.modals import Ask, Confirm, DialogHelp, TextPage
from desk.tui.widgets.palette import Palette
from tests.tui.screens.desk_app import ESCAPE, Running

DAY = date(2026, 3, 13)
BASES = {
    *("Screen", "WorkScreen", "Modal", "DeskScreen", "DraftedForm", "PickingScreen"),
    *("PostScreen", "EffectScreen", "PublishedScreen", "Trial"),
}
"""Classes that are no screen of their own."""

Opened = Callable[[Running, Done, str], Screen[Any] | None]
"""Makes a screen about a dossier with a text to show; None where it is in front of all from the start."""


def _effect() -> CalendarEffect:
    return CalendarEffect("2026.2", "2026.3", DAY, DAY, (DAY,), 1, ())


def _item(text: str) -> NewsItem:
    return NewsItem("p", 1, PublishedKind.MESSAGE, "", own=True, state=NewsState.NEW, text=text, sentence=text)


def _catalogue(text: str) -> CatalogueNews:
    return CatalogueNews(CatalogueEffect("2026.1", "2026.2", ("1.001653",), (), 0), {"1.001653": text})


def _notice(text: str) -> NoticeEffect:
    return NoticeEffect(text, datetime(2026, 3, 13, 9, tzinfo=UTC), text)


def _units(text: str) -> UnitsEffect:
    line = CommuneLine("18229", CommuneChange.RENAMED, text, text, DAY)
    return UnitsEffect("2026.4", "2026.9", (line,), 0, line)


SCREENS: Mapping[type[Screen[Any]], Opened] = {
    HomeScreen: lambda _run, _done, _text: None,
    ReceiveScreen: lambda _run, _done, _text: ReceiveScreen(),
    CertifyScreen: lambda _run, _done, _text: CertifyScreen(),
    DossierScreen: lambda _run, done, _text: DossierScreen(done.code),
    CorrectScreen: lambda _run, done, _text: CorrectScreen(done.dossier_id),
    SavedScreen: lambda _run, done, _text: SavedScreen(done),
    SlipScreen: lambda _run, done, _text: SlipScreen(done),
    ClosingScreen: lambda _run, _done, _text: ClosingScreen(),
    OutboxScreen: lambda _run, _done, _text: OutboxScreen(),
    NumbersScreen: lambda _run, _done, _text: NumbersScreen(),
    BehindScreen: lambda _run, _done, text: BehindScreen(Figure(DAY, DAY, 4), text, text),
    MorningScreen: lambda _run, _done, _text: MorningScreen(),
    CalendarScreen: lambda _run, _done, _text: CalendarScreen(),
    CalendarEffectScreen: lambda _run, _done, _text: CalendarEffectScreen(CalendarChange(), _effect(), print),
    NewsScreen: lambda _run, _done, _text: NewsScreen(),
    PublishedCalendarScreen: lambda _run, _done, _text: PublishedCalendarScreen("p", _effect(), print),
    CatalogueEffectScreen: lambda _run, _done, text: CatalogueEffectScreen(_item(text), _catalogue(text), print),
    KeyEffectScreen: lambda _run, _done, text: KeyEffectScreen(_item(text), KeyEffect(text, text, DAY, DAY), print),
    UnitsEffectScreen: lambda _run, _done, text: UnitsEffectScreen(_item(text), _units(text), print),
    NoticeScreen: lambda _run, _done, text: NoticeScreen(_item(text), _notice(text), print),
    MessageScreen: lambda _run, _done, _text: MessageScreen(print),
    OfficersScreen: lambda _run, _done, _text: OfficersScreen(),
    CallsScreen: lambda _run, _done, _text: CallsScreen(),
    CashScreen: lambda _run, _done, _text: CashScreen(),
    ShiftScreen: lambda _run, _done, _text: ShiftScreen(),
    CheckScreen: lambda _run, _done, _text: CheckScreen(),
    RetypeScreen: lambda _run, done, _text: RetypeScreen(done.dossier_id),
}
"""The screens of work; the opening is gone once the centre is open."""

QUESTIONS: Mapping[type[Screen[Any]], Opened] = {
    Confirm: lambda _run, _done, text: Confirm(text),
    Sure: lambda _run, _done, text: Sure(text),
    ReplacePerson: lambda _run, _done, text: ReplacePerson(text),
    OtherPerson: lambda _run, _done, text: OtherPerson(text),
    Ask: lambda _run, _done, text: Ask(text),
    Question: lambda _run, _done, text: Question(text),
    PinQuestion: lambda _run, _done, text: PinQuestion(text),
    Pick: lambda _run, _done, text: Pick(text, [("a", text), ("b", "khác")]),
    Palette: lambda _run, _done, _text: Palette(GLOBAL),
    TextPage: lambda _run, _done, text: TextPage(text, [text]),
    SlipPage: lambda _run, _done, text: SlipPage(text, [text]),
    ReprintPage: lambda _run, _done, text: ReprintPage([text]),
    DialogHelp: lambda _run, _done, text: DialogHelp([text]),
    DraftsPage: lambda _run, _done, text: DraftsPage(
        [Draft("x", "2026-03-13T09:00+07:00", procedure_name=text)], print
    ),
    ScannerTrial: lambda _run, _done, _text: ScannerTrial(),
    TypingPage: lambda _run, _done, _text: TypingPage(),
    KeysTrial: lambda _run, _done, _text: KeysTrial(),
    ColoursTrial: lambda _run, _done, _text: ColoursTrial(),
    CoverScreen: lambda _run, _done, _text: CoverScreen(),
}
"""What may stand over a screen of work."""


def screens() -> set[type[Screen[Any]]]:
    """Return every screen class of the desk but those that are only bases; the office's have a walk of their own."""
    names = (info.name for info in pkgutil.walk_packages(desk.tui.__path__, "desk.tui."))
    modules = [importlib.import_module(name) for name in names if not name.startswith("desk.tui.province")]
    return {
        thing
        for module in modules
        for thing in vars(module).values()
        if inspect.isclass(thing)
        and issubclass(thing, Screen)
        and thing.__module__ == module.__name__
        and thing.__name__ not in BASES
    } - {OpeningScreen}


async def open_one(run: Running, kind: type[Screen[Any]], done: Done, text: str = "Văn bản") -> Screen[Any]:
    """Have a screen in front: one of work over the day's work, a question over its own kind of work."""
    run.app.home()
    await run.settle()
    if kind is ReplacePerson:
        run.app.push_screen(ReceiveScreen())
    elif kind is OtherPerson:
        run.app.push_screen(CertifyScreen())
    made = {**SCREENS, **QUESTIONS}[kind](run, done, text)
    if made is not None:
        run.app.push_screen(made)
    await run.settle()
    if kind is not DraftsPage and isinstance(run.app.screen, DraftsPage):
        # What an earlier form left is offered.
        await run.keys(ESCAPE)
    return run.screen(kind)
