"""What every page has around it, and the small parts that several have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from msgspec import Struct

from desk.province.page.html import Node, document, el
from desk.rules.moment import VN
from desk.words import _, language

HOME = "/office"


class Visit(Struct, frozen=True):
    """Who asks, when, and for which address."""

    user: str
    now: datetime
    practice: bool
    path: str


def page(visit: Visit, title: str, *body: Node) -> bytes:
    """Return a page of the office with its navigation."""
    places = (
        (HOME, _("Hôm nay")),
        (f"{HOME}/trends", _("Xu hướng")),
        (f"{HOME}/report", _("Báo cáo")),
        (f"{HOME}/ranking", _("Xếp hạng")),
        (f"{HOME}/alarms", _("Cảnh báo")),
    )
    links = [
        el("li", el("a", name, href=path, aria_current="page" if path == visit.path else None)) for path, name in places
    ]
    leave = el("form", el("button", _("Ra khỏi trang"), type="submit"), method="post", action="/logout")
    now = visit.now.astimezone(VN)
    return _whole(
        title,
        el("a", _("Đến nội dung"), href="#content", class_="skip"),
        el(
            "header",
            el("p", _("Trung tâm phục vụ hành chính công: báo cáo ngày của các xã"), class_="name"),
            el("nav", el("ul", *links), aria_label=_("Các trang")),
            el("p", visit.user, class_="user"),
            leave,
        ),
        _practice(visit.practice),
        el("main", el("h1", title), *body, id="content", tabindex="-1"),
        el("footer", el("p", _("Số liệu lúc {time} ngày {day}").format(time=f"{now:%H:%M}", day=f"{now:%d/%m/%Y}"))),
    )


def bare(title: str, *body: Node, practice: bool = False) -> bytes:
    """Return a page for somebody who is not logged in."""
    return _whole(title, _practice(practice), el("main", el("h1", title), *body, id="content"))


def form(action: str, *fields: Node, submit: str) -> ET.Element:
    """Return a form that asks for a page."""
    return el("form", *fields, el("button", submit, type="submit"), method="get", action=action, class_="ask")


def date_field(name: str, label: str, value: date) -> ET.Element:
    """Return a labelled field for a date."""
    return el("label", label + " ", el("input", type="date", name=name, value=value.isoformat(), required="required"))


def choice(name: str, label: str, options: Mapping[str, str], value: str) -> ET.Element:
    """Return a labelled choice."""
    found = [
        el("option", text, value=key, selected="selected" if key == value else None) for key, text in options.items()
    ]
    return el("label", label + " ", el("select", *found, name=name))


def measures(pairs: Iterable[tuple[str, str]]) -> ET.Element:
    """Return a few figures with their names."""
    return el("dl", *(el("div", el("dt", name), el("dd", value)) for name, value in pairs), class_="measures")


def listed(sentences: Sequence[Node]) -> ET.Element:
    """Return sentences as a list, or that there is nothing."""
    if not sentences:
        return el("p", _("Không có."))
    return el("ul", *(el("li", each) for each in sentences))


def unit_link(unit: str, name: str) -> ET.Element:
    """Return a link to the page of a unit."""
    return el("a", name, href=f"{HOME}/units/{unit}")


def units_field(known: Iterable[tuple[str, str]], chosen: Sequence[str]) -> ET.Element:
    """Return a labelled choice of any number of units; none of them stands for all."""
    options = [el("option", name, value=code, selected="selected" if code in chosen else None) for code, name in known]
    return el(
        "label",
        _("đơn vị (không chọn là cả tỉnh)") + " ",
        el("select", *options, name="unit", multiple="multiple", size="3"),
    )


def only_these(known: Iterable[tuple[str, str]], chosen: Sequence[str], everything: str) -> Node:
    """Return which units a page is about, with the way back to all of them; nothing where it is about all."""
    if not chosen:
        return None
    names = ", ".join(f"{name} ({code})" for code, name in known if code in chosen)
    return el("p", _("Chỉ gồm: {units}.").format(units=names) + " ", el("a", _("Xem cả tỉnh"), href=everything))


def address(path: str, **words: str | Sequence[str]) -> str:
    """Return an address with its query; several words of a name follow one another."""
    query = urlencode(words, doseq=True)
    return f"{path}?{query}" if query else path


def _practice(practice: bool) -> Node:
    return el("p", _("THỰC HÀNH: số liệu thử, không phải báo cáo thật"), class_="practice") if practice else None


def _whole(title: str, *body: Node) -> bytes:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        el("link", rel="icon", href="/page/icon.svg", type="image/svg+xml"),
        el("link", rel="stylesheet", href="/page/style.css"),
    )
    return document(el("html", head, el("body", *body), lang=language()))
