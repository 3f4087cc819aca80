"""The pages over a period: trends, the ranking, the days of one commune."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree as ET

from desk.province.alarms import sentences_of
from desk.province.figures import day_text, number, percent
from desk.province.measures import CHARTS, OF_A_UNIT, chart_sentence, series, titles, unit_series
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.page.files import Asked, links
from desk.province.page.frame import (
    HOME,
    Visit,
    address,
    choice,
    date_field,
    form,
    listed,
    measures,
    only_these,
    page,
    unit_link,
    units_field,
)
from desk.province.page.html import Node, el, table
from desk.province.page.overview import mark
from desk.province.ranking import Place, RankBy
from desk.province.reading import Reader
from desk.province.reset_lines import reset_lines
from desk.province.sentences import clock_text, decision_text, file_state_text, reset_text, state_text
from desk.province.sheets import silent_sentence
from desk.province.trend import UnitDay
from desk.rules.moment import VN
from desk.words import _


def trends(visit: Visit, reader: Reader, first: date, last: date) -> bytes:
    """Return charts and figures over the days of a period."""
    days = reader.trend(first, last)
    rows = [
        (
            day_text(each.day),
            number(each.expected),
            number(each.actual),
            percent(each.rate),
            number(each.on_time),
            percent(each.rate_on_time),
            number(each.flows.received),
            number(each.flows.resolved),
            number(each.flows.overdue),
        )
        for each in reversed(days)
    ]
    heads = (
        *(_("Ngày"), _("Phải báo cáo"), _("Đã nhận"), _("Tỷ lệ báo cáo"), _("Đúng giờ"), _("Tỷ lệ đúng giờ")),
        *(_("Tiếp nhận"), _("Giải quyết"), _("Quá hạn")),
    )
    return page(
        visit,
        _("Xu hướng từ {first} đến {last}").format(**_words(first, last)),
        _span_form(f"{HOME}/trends", first, last),
        *(_figure(name, series(name, days), first, last) for name in CHARTS),
        el("h2", _("Số liệu")),
        table(_("Từng ngày của cả tỉnh, mới nhất đứng đầu"), heads, rows, numbers=1),
    )


RANKING = f"{HOME}/ranking"


def ranked(visit: Visit, reader: Reader, asked: Asked, by: RankBy) -> bytes:
    """Return the units ranked over a period."""
    first, last = asked.first, asked.last
    found, known = reader.ranking(first, last, by, asked.units), reader.units()
    rates = {RankBy.ON_TIME.value: _("Tỷ lệ đúng hạn"), RankBy.ONLINE.value: _("Tỷ lệ trực tuyến")}
    heads = (
        *(_("Đơn vị"), _("Hạng"), _("Tiếp nhận"), _("Trực tuyến"), _("Tỷ lệ trực tuyến")),
        *(_("Đã giải quyết"), _("Quá hạn"), _("Tỷ lệ đúng hạn"), _("Đang giải quyết"), _("Trong đó quá hạn")),
    )
    rows = [_rank_row(unit_link(each.unit, each.name), each) for each in found.places]
    rows.append(_rank_row(el("strong", _("Tổng cộng")), found.total))
    return page(
        visit,
        _("Xếp hạng từ {first} đến {last}").format(**_words(first, last)),
        form(
            RANKING,
            date_field("from", _("Từ ngày"), first),
            date_field("to", _("đến ngày"), last),
            choice("by", _("theo"), rates, by.value),
            units_field(known, asked.units),
            submit=_("Xem"),
        ),
        only_these(known, asked.units, Asked(first, last).address(RANKING, by=by.value)),
        links(RANKING, asked, by=by.value),
        table(_("Xếp hạng theo: {rate}").format(rate=rates[by.value]), heads, rows, numbers=1),
        el("p", silent_sentence(found.silent)) if found.silent else None,
    )


def unit(visit: Visit, reader: Reader, code: str, first: date, last: date) -> bytes:
    """Return the days of one unit and what is wrong with it; ProvinceError NOT_ENROLLED for a strange one."""
    found = reader.unit_days(code, first, last)
    watch = next((each for each in reader.watch(last, first).units if each.status.unit == code), None)
    if watch is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, code)
    status = watch.status
    heads = (*(_("Ngày"), _("Báo cáo"), _("Tệp"), _("Tiếp nhận"), _("Trực tuyến"), _("Giải quyết"), _("Quá hạn")),)
    clock = clock_text(watch.ahead)
    return page(
        visit,
        _("{name} từ {first} đến {last}").format(name=found.name, **_words(first, last)),
        _span_form(f"{HOME}/units/{code}", first, last),
        measures(
            (
                (_("Mã"), code),
                (_("Phải báo cáo"), number(status.expected)),
                (_("Đã nhận"), number(status.actual)),
                (_("Tỷ lệ báo cáo"), percent(status.rate)),
                (_("Tỷ lệ đúng giờ"), percent(status.rate_on_time)),
                *(() if status.last_day is None else ((_("Ngày báo cáo cuối"), day_text(status.last_day)),)),
                (_("Thiếu từ ngày"), "–" if watch.silent_since is None else day_text(watch.silent_since)),
                (_("Đồng hồ"), clock or _("không thấy sai")),
            )
        ),
        el("h2", _("Cảnh báo")),
        listed(sentences_of(watch)),
        *_resets(found.days),
        *(_figure(name, unit_series(name, found.days[::-1]), first, last, unit=code) for name in OF_A_UNIT),
        el("h2", _("Từng ngày")),
        table(_("Từng ngày của đơn vị, mới nhất đứng đầu"), heads, [*map(_day_row, found.days)], numbers=3),
    )


def _resets(days: Sequence[UnitDay]) -> list[Node]:
    """Return what each reset of a restored desk lost, in full; nothing where there is none."""
    found = [reset for day in days for reset in day.resets]
    parts: list[Node] = [el("h2", _("Nối lại sau phục hồi"))] if found else []
    for reset in found:
        parts += [el("p", reset_text(reset)), listed([*map(str.strip, reset_lines(reset))])]
    return parts


def chart_of(
    reader: Reader, name: str, first: date, last: date, code: str
) -> tuple[str, list[str], list[float | None]]:
    """Return the title, the days and the values of a chart."""
    if code:
        own = reader.unit_days(code, first, last).days[::-1]
        return titles()[name], [f"{each.day:%d/%m}" for each in own], unit_series(name, own)
    days = reader.trend(first, last)
    return titles()[name], [f"{each.day:%d/%m}" for each in days], series(name, days)


def _words(first: date, last: date) -> dict[str, str]:
    return {"first": day_text(first), "last": day_text(last)}


def _span_form(action: str, first: date, last: date) -> ET.Element:
    return form(
        action,
        date_field("from", _("Từ ngày"), first),
        date_field("to", _("đến ngày"), last),
        submit=_("Xem"),
    )


def _figure(name: str, values: Sequence[float | None], first: date, last: date, **more: str) -> ET.Element:
    """Return a chart with the sentence above it that says what it shows."""
    said = chart_sentence(name, values)
    where = address(f"{HOME}/charts/{name}.svg", **{"from": first.isoformat(), "to": last.isoformat()}, **more)
    picture = el("img", src=where, alt=_("Biểu đồ. {said}").format(said=said), width="900", height="260")
    return el("figure", el("figcaption", said), picture)


def _rank_row(name: Node, place: Place) -> list[Node]:
    return [
        name,
        "" if place.rank is None else str(place.rank),
        number(place.received),
        number(place.online),
        percent(place.online_share),
        number(place.resolved),
        number(place.overdue),
        percent(place.on_time_rate),
        number(place.open),
        number(place.open_overdue),
    ]


def _day_row(day: UnitDay) -> list[Node]:
    flows = day.flows
    files = [
        el(
            "li",
            _("số {seq}: {state}, đến {at}").format(
                seq="?" if each.seq is None else each.seq,
                state=file_state_text(each.status),
                at=f"{each.received_at.astimezone(VN):%H:%M %d/%m}",
            ),
        )
        for each in day.files
    ]
    files += [
        el("li", _("số {seq}: nối lại sau phục hồi, {state}").format(seq=each.seq, state=decision_text(each)))
        for each in day.resets
    ]
    figures = (
        ("–",) * 4
        if flows is None
        else tuple(map(number, (flows.received, flows.online, flows.resolved, flows.overdue)))
    )
    return [
        day_text(day.day),
        el("span", mark(day.state), f" {state_text(day.state)}", class_=f"said state-{day.state}"),
        el("ul", *files, class_="files") if files else "–",
        *figures,
    ]
