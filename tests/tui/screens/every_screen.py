"""Every screen there is, and how to reach each with data in it: the one list of those who look at all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.screen import Screen

import desk.tui.screens
from db.vocabulary import Act
from desk.draft import DraftStore
from desk.settings import Paths
from desk.tui.draft import session_of
from desk.tui.entry import Opening
from desk.tui.screens.act_dialogs import Pick, Question, Sure
from desk.tui.screens.base import DeskScreen
from desk.tui.screens.behind import BehindScreen
from desk.tui.screens.calendar import CalendarEffectScreen, CalendarScreen
from desk.tui.screens.calls import CallsScreen
from desk.tui.screens.cash import CashScreen
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.certify_slip import SlipScreen
from desk.tui.screens.certify_words import OtherPerson
from desk.tui.screens.check import CheckScreen
from desk.tui.screens.check_keys import KeysTrial
from desk.tui.screens.check_trials import ColoursTrial, ScannerTrial, Trial, TypingPage
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.correct import CorrectScreen
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.drafts_page import DraftsPage
from desk.tui.screens.effect import EffectScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.message import MessageScreen
from desk.tui.screens.morning import MorningScreen
from desk.tui.screens.news import NewsScreen
from desk.tui.screens.numbers import NumbersScreen
from desk.tui.screens.officers import OfficersScreen, PinQuestion
from desk.tui.screens.opening import OpeningScreen
from desk.tui.screens.outbox import OutboxScreen
from desk.tui.screens.picking import PickingScreen
from desk.tui.screens.post_screen import PostScreen
from desk.tui.screens.published import (
    CatalogueEffectScreen,
    KeyEffectScreen,
    NoticeScreen,
    PublishedCalendarScreen,
    PublishedScreen,
    UnitsEffectScreen,
)
from desk.tui.screens.receive import ReceiveScreen, ReplacePerson
from desk.tui.screens.receive_drafts import DraftedForm
from desk.tui.screens.reprinting import ReprintPage
from desk.tui.screens.retype import RetypeScreen
from desk.tui.screens.saved import SavedScreen, SlipPage
from desk.tui.screens.shift import ShiftScreen
from desk.tui.widgets.modals import Ask, Confirm, DialogHelp, TextPage
from desk.tui.widgets.palette import Palette
from desk.tui.widgets.screens import Modal
from tests.counter.desk_fixture import BIRTH, CLERK, COPIES, HEAD, KEY, LAND, MARITAL, OFFICIAL, Desk
from tests.tui.screens.desk_app import (
    DOWN,
    END,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F3,
    F4,
    F6,
    F7,
    F8,
    F9,
    F12,
    INSERT,
    PAGE_DOWN,
    SPACE,
    Running,
    make_app,
    running,
)  # fmt: skip
from tests.tui.screens.published_news import publish_changes, publish_news
from tests.tui.screens.receive_app import THUY, Officer, Y, pick

UNREACHED = frozenset({DeskScreen, EffectScreen, PublishedScreen, PickingScreen, PostScreen, DraftedForm, Modal, Trial})
"""What other screens are made from."""

LIKE_THEIR_BASE = frozenset({Sure, OtherPerson, ReplacePerson, PinQuestion, Ask, SlipPage})
"""Questions that differ from one in the list by what a key or a scan does, not by what they show."""

LONG_NAME = "Công Tằng Tôn Nữ Thị Hoàng Phương Trâm Anh Nguyễn Phúc Bảo Long"


class Place(Struct, frozen=True):
    """A screen with data in it: `reach` goes there from the day's work."""

    name: str
    shows: type[Screen[Any]]
    reach: Callable[[Officer], Awaitable[object]]
    morning: bool = False
    before: Callable[[Desk], object] | None = None


def a_week(desk: Desk) -> None:
    """Four days: closed ones, late, due today and tomorrow, waiting, uncollected, long names."""
    desk.clock.set("2026-03-09T08:00")
    person = {"id_number": "042180000708", "phone": "0912345678", "address": "Thôn Hải Thanh, xã Kỳ Lợi (cũ)"}
    desk.receive(MARITAL, "Đỗ Đức Mạnh", official_code=OFFICIAL, **person)
    waits = desk.receive(LAND, "Nguyễn Đức Thịnh", **person)
    desk.act(waits.code, Act.FORWARD, holder="Địa chính")
    desk.act(waits.code, Act.SUPPLEMENT, reason="thiếu giấy tờ về nguồn gốc sử dụng đất, bản vẽ có xác nhận")
    done = desk.receive(BIRTH, "Trần Thị Bình")
    desk.act(done.code, Act.FINISH)
    gone = desk.receive(MARITAL, "Phạm Văn Xong")
    desk.act(gone.code, Act.FINISH)
    desk.act(gone.code, Act.RETURN, collector="Chính chủ")
    desk.clock.set("2026-03-11T10:00")
    desk.receive(MARITAL, "Vũ Thị Mai")
    desk.receive(LAND, LONG_NAME, **person)
    desk.clock.set("2026-03-12T17:00")
    desk.counter.close()
    desk.clock.set("2026-03-13T09:12")
    desk.receive(BIRTH, "Lê Đức Thọ")
    desk.receive(COPIES, "Hoàng Văn Thái")


def a_guarded_week(desk: Desk) -> None:
    """The same, at a desk that asks for a PIN."""
    a_week(desk)
    desk.counter.set_pin(HEAD, "9073", HEAD)
    desk.counter.set_pin(CLERK, "4816", HEAD)


def a_week_with_news(desk: Desk) -> None:
    """The same, with what a province published and what was written to it."""
    a_week(desk)
    publish_news(desk)


def a_week_with_changes(desk: Desk) -> None:
    """The same, with what a province says of communes and of its next key."""
    a_week(desk)
    publish_changes(desk)


def keys(*data: str) -> Callable[[Officer], Awaitable[object]]:
    """Return a way that is a row of keys."""

    async def reach(officer: Officer) -> None:
        await officer.run.keys(*data)

    return reach


def asked(make: Callable[[], Modal[Any]]) -> Callable[[Officer], Awaitable[object]]:
    """Return a way to a question over the day's work."""

    async def reach(officer: Officer) -> None:
        officer.run.app.push_screen(make())
        await officer.run.settle()

    return reach


async def _receive(officer: Officer) -> None:
    await officer.press(F2)
    await officer.scan(THUY)
    await officer.type("0912345678", ENTER)
    await officer.type("khai sinh")


async def _received(officer: Officer) -> None:
    await officer.press(F2)
    await officer.scan(THUY)
    await pick(officer, BIRTH)


async def _saved(officer: Officer) -> None:
    await _received(officer)
    await officer.press(F2)


async def _correct(officer: Officer) -> None:
    await officer.run.keys(F4, "thinh", ENTER, "6", "1", END)
    await officer.type("h")
    await officer.press(INSERT)


async def _drafts(officer: Officer) -> None:
    await officer.press(F2)
    await officer.scan(Y)
    await officer.press(ESCAPE, F2)


async def _certify(officer: Officer) -> None:
    await officer.press(F3)
    await officer.scan(Y)
    await officer.type("1", "hoc ba", ENTER, "2", ENTER, "3")


async def _slip(officer: Officer) -> None:
    await _certify(officer)
    await officer.press(ENTER, PAGE_DOWN)


async def _behind(officer: Officer) -> None:
    await officer.run.keys(F8, ENTER, "1")


async def _storm(officer: Officer) -> None:
    await officer.run.keys(
        F9, "lich lam viec", ENTER, INSERT, "16/3", ENTER, "1", "nghỉ bão", ENTER, "CĐ 12", ENTER, F2
    )


def news(*then: str) -> Callable[[Officer], Awaitable[object]]:
    """Return a way to the province's news and on."""
    return keys(F9, "tin tinh", ENTER, *then)


CHECK = (F9, "kiem tra may", ENTER)

PLACES = (
    Place("morning", MorningScreen, keys(), morning=True),
    Place("home", HomeScreen, keys(DOWN)),
    Place("home-filtered", HomeScreen, keys("d", "uc")),
    Place("home-picked", HomeScreen, keys(SPACE, SPACE)),
    Place("home-list", HomeScreen, keys(F6)),
    Place("find", HomeScreen, keys(F4, "nguyen")),
    Place("dossier", DossierScreen, keys(DOWN, ENTER)),
    Place("dossier-waiting", DossierScreen, keys(F4, "thinh", ENTER)),
    Place("reprint", ReprintPage, keys(DOWN, ENTER, "7")),
    Place("correct", CorrectScreen, _correct),
    Place("why", TextPage, keys(DOWN, ENTER, "v")),
    Place("help", TextPage, keys(F1)),
    Place("palette", Palette, keys(F9)),
    Place("help-of-a-question", DialogHelp, keys(SPACE, "1", F1)),
    Place("question", Question, keys(SPACE, "1")),
    Place("pick", Pick, keys(F9, "mau sac", ENTER)),
    Place("confirm", Confirm, asked(lambda: Confirm("Hủy nhập hồ sơ TN-0313-0001J?", grave=True))),
    Place("receive", ReceiveScreen, _receive),
    Place("receive-papers", ReceiveScreen, _received),
    Place("drafts", DraftsPage, _drafts),
    Place("saved", SavedScreen, _saved),
    Place("certify", CertifyScreen, _certify),
    Place("slip", SlipScreen, _slip),
    Place("closing", ClosingScreen, keys(F7)),
    Place("outbox", OutboxScreen, keys(F7, "1")),
    Place("numbers", NumbersScreen, keys(F8)),
    Place("behind", BehindScreen, _behind),
    Place("calendar", CalendarScreen, keys(F9, "lich lam viec", ENTER)),
    Place("calendar-effect", CalendarEffectScreen, _storm),
    Place("check", CheckScreen, keys(*CHECK)),
    Place("check-scanner", ScannerTrial, keys(*CHECK, ENTER)),
    Place("check-typing", TypingPage, keys(*CHECK, DOWN, ENTER)),
    Place("check-keys", KeysTrial, keys(*CHECK, DOWN, DOWN, DOWN, ENTER)),
    Place("check-colours", ColoursTrial, keys(*CHECK, DOWN, DOWN, DOWN, DOWN, ENTER)),
    Place("cash", CashScreen, keys(F9, "thu tien", ENTER)),
    Place("shift", ShiftScreen, keys(F9, "ban giao ca", ENTER)),
    Place("calls", CallsScreen, keys(F9, "goi dien", ENTER)),
    Place("news", NewsScreen, news(), before=a_week_with_news),
    Place("news-calendar", PublishedCalendarScreen, news(DOWN, DOWN, ENTER), before=a_week_with_news),
    Place("news-catalogue", CatalogueEffectScreen, news(DOWN, ENTER), before=a_week_with_news),
    Place("news-message", NoticeScreen, news(ENTER), before=a_week_with_news),
    Place("news-key", KeyEffectScreen, news(ENTER), before=a_week_with_changes),
    Place("news-units", UnitsEffectScreen, news(DOWN, ENTER), before=a_week_with_changes),
    Place("message", MessageScreen, news(INSERT, "Máy in phiếu hỏng từ sáng"), before=a_week_with_news),
    Place("retype", RetypeScreen, keys(DOWN, INSERT)),
    Place("officers", OfficersScreen, keys(F9, "can bo", ENTER)),
    Place("cover", CoverScreen, keys(F12)),
    Place("lock", CoverScreen, keys("1"), morning=True, before=a_guarded_week),
    Place("set-up", OpeningScreen, keys("duc tho ha tinh")),
)


@asynccontextmanager
async def at_place(place: Place, folder: Path, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Running]:
    """Run the desk and go there."""
    if place.shows is OpeningScreen:
        app = make_app(Opening(Paths(folder / "data")).open)
        async with app.run_test(size=size) as pilot:
            run = Running(app, pilot)
            await run.settle()
            await place.reach(Officer(run))
            yield run
        return
    async with running(folder, size=size, before=place.before or a_week, morning=place.morning) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: None
        await place.reach(Officer(run))
        await run.silence()
        run.screen(place.shows)
        yield run


def every_class() -> set[type[Screen[Any]]]:
    """Return every class of a screen at the counter; the office's have a registry of their own."""
    for module in pkgutil.iter_modules(desk.tui.screens.__path__):
        importlib.import_module(f"desk.tui.screens.{module.name}")
    return {each for base in (DeskScreen, Modal, CoverScreen) for each in _with_subclasses(base)}


def _with_subclasses(base: type[Any]) -> Iterator[type[Any]]:
    if base.__module__.startswith("desk.") and not base.__module__.startswith("desk.tui.province"):
        yield base
    for each in base.__subclasses__():
        yield from _with_subclasses(each)
