"""`desk published`: what the province published, what it would change, and putting it in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import officer_id, opened, refuse
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json, print_table
from desk.cli.status import CommandError, Status, disk_sentence
from desk.words import N_, _

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.from_province import Effect, NewsItem
    from desk.counter.model import Refused
    from desk.counter.province_keys import KeyEffect
    from desk.counter.unit_changes import UnitsEffect

NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help=N_("Số công bố, như trong danh sách."))]


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `published`."""
    command(part, "list", _("Những gì tỉnh đã công bố và máy đã lấy về."))(listed)
    command(part, "show", _("Xem ảnh hưởng, không ghi gì."))(show)
    command(part, "apply", _("Áp dụng, hoặc ghi là đã đọc, một lần cho tất cả."))(apply)


def listed(as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """List what came."""
    from desk.counter.news_words import news_kind, news_state

    with opened(data, now, as_json=as_json) as desk:
        items = desk.counter.province.listed()
    if as_json:
        print_json([_document(each) for each in items])
        return
    rows = [
        [str(each.number), news_kind(each.kind), each.version, news_state(each.state), each.sentence or each.text]
        for each in items
    ]
    print_table((_("Số"), _("Loại"), _("Phiên bản"), _("Trạng thái"), ""), rows)


def show(number: NumberArgument, as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """Say what something published would change."""
    with opened(data, now, as_json=as_json) as desk:
        effect = _accepted(desk.counter.province.effect(_named(desk, number)), as_json=as_json)
    _print(effect, applied=False, as_json=as_json)


def apply(
    number: NumberArgument,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Put something published in force, or note a message as read."""
    with opened(data, now, as_json=as_json) as desk:
        by = officer_id(desk, officer)
        try:
            effect = _accepted(desk.counter.province.apply(_named(desk, number), by), as_json=as_json)
        except OSError as error:
            raise CommandError(Status.ENVIRONMENT, disk_sentence(error)) from error
    _print(effect, applied=True, as_json=as_json)


def _accepted(found: Effect | Refused, *, as_json: bool) -> Effect:
    from desk.counter.model import Refused

    if isinstance(found, Refused):
        refuse(found.reason, found.sentence, as_json=as_json)
    return found


def _named(desk: Desk, number: int) -> str:
    for each in desk.counter.province.listed():
        if each.number == number:
            return each.name
    raise CommandError(Status.USAGE, _("không có công bố số {number}; xem «desk published list»").format(number=number))


def _document(item: NewsItem) -> dict[str, object]:
    return {
        "number": item.number,
        "kind": None if item.kind is None else item.kind.value,
        "version": item.version or None,
        "own": item.own,
        "state": item.state.value,
        "reason": item.sentence or None,
        "text": item.text or None,
    }


def _print(effect: Effect, *, applied: bool, as_json: bool) -> None:
    from desk.cli.imports import calendar_json, catalogue_json, print_calendar, print_catalogue
    from desk.cli.values import instant_json
    from desk.counter.calendar_change import CalendarEffect
    from desk.counter.from_province import CatalogueNews
    from desk.counter.province_keys import KeyEffect
    from desk.counter.unit_changes import UnitsEffect

    if isinstance(effect, CalendarEffect):
        if as_json:
            print_json(calendar_json(effect, applied=applied))
        else:
            print_calendar(effect)
            print(_("Đã áp dụng.") if applied else _("Chỉ xem, chưa ghi gì."))
    elif isinstance(effect, CatalogueNews):
        if as_json:
            print_json(catalogue_json(effect.effect, applied=applied))
        else:
            print_catalogue(effect.effect, dry_run=not applied)
    elif isinstance(effect, KeyEffect):
        _print_key(effect, applied=applied, as_json=as_json)
    elif isinstance(effect, UnitsEffect):
        _print_units(effect, applied=applied, as_json=as_json)
    elif as_json:
        found = {"text": effect.text, "published": instant_json(effect.published), "answers": effect.answers or None}
        print_json({**found, "applied": applied})
    else:
        if effect.answers:
            print(_("Trả lời tin: {text}").format(text=effect.answers))
        print(effect.text)


def _print_units(effect: UnitsEffect, *, applied: bool, as_json: bool) -> None:
    from desk.counter.news_words import commune_change, commune_line, units_sentence

    if as_json:
        lines = [
            {
                "code": each.code,
                "change": each.change.value,
                "before": each.before or None,
                "after": each.after,
                "date": each.day.isoformat(),
            }
            for each in effect.lines
        ]
        own = None if effect.own is None else effect.own.change.value
        print_json(
            {"before": effect.before, "version": effect.version, "changes": lines, "own": own, "applied": applied}
        )
        return
    print(_("Bảng đơn vị {before} → {version}").format(before=effect.before, version=effect.version))
    print(units_sentence(effect))
    for each in effect.lines:
        print(f"  {each.code}  {commune_change(each.change)}: {commune_line(each)}")
    print(_("Đã áp dụng.") if applied else _("Chỉ xem, chưa ghi gì."))


def _print_key(effect: KeyEffect, *, applied: bool, as_json: bool) -> None:
    from desk.counter.news_words import key_lines, key_sentence

    if as_json:
        days = {"from": effect.first.isoformat(), "until": effect.until.isoformat()}
        print_json({"before": effect.before, "after": effect.after, **days, "applied": applied})
        return
    print(key_sentence(effect))
    for name, fingerprint in key_lines(effect):
        print(f"{name}: {fingerprint}")
    print(_("Đã áp dụng.") if applied else _("Chỉ xem, chưa ghi gì."))
