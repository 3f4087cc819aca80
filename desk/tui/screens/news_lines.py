"""What the screens of the province's news say: a row for each thing, the effect of a catalogue line by line."""

from __future__ import annotations

from collections.abc import Sequence

from desk.counter import say
from desk.counter.from_province import CatalogueNews, NewsItem, NewsState, SentMessage
from desk.counter.news_words import commune_change, commune_line, message_kind, news_kind, news_state
from desk.counter.unit_changes import CommuneChange, UnitsEffect
from desk.daily.published import PublishedKind
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _, counted

CAME, WROTE = "came", "wrote"

_STYLES = {NewsState.NEW: "strong", NewsState.DONE: "muted", NewsState.OLD: "muted", NewsState.REFUSED: "late"}


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Số"), width=5),
        Column(_("Loại"), width=10),
        Column(_("Nội dung"), flex=1),
        Column(_("Trạng thái"), width=22),
    )


def facts(items: Sequence[NewsItem], sent: Sequence[SentMessage]) -> list[Part]:
    """Return what matters now."""
    new = sum(each.state is NewsState.NEW for each in items)
    bad = sum(each.state is NewsState.REFUSED for each in items)
    found: list[Part] = [(_("mới {n}").format(n=new), "strong" if new else "")]
    if bad:
        found.append((_("không tin được {n}").format(n=bad), "late"))
    waiting = sum(each.state != "confirmed" for each in sent)
    found.append((_("tin của ta {n}, chờ tỉnh nhận {waiting}").format(n=len(sent), waiting=waiting), ""))
    return found


def rows(items: Sequence[NewsItem], sent: Sequence[SentMessage]) -> list[Row]:
    """Return what came, then what was sent, each under its heading."""
    found = [Row("heading:came", ("", "", _("TỈNH CÔNG BỐ")), "strong"), *map(_came, items)]
    if not items:
        found.append(Row("none:came", ("", "", _("Chưa có gì; máy tự hỏi tỉnh mỗi giờ, F7 gửi và hỏi ngay.")), "muted"))
    found += [Row("heading:wrote", ("", "", _("TIN GỬI TỈNH")), "strong"), *map(_wrote, sent)]
    if not sent:
        found.append(Row("none:wrote", ("", "", _("Chưa có tin nào; Ins để viết.")), "muted"))
    return found


def _came(item: NewsItem) -> Row:
    said = _("khóa mới của tỉnh") if item.kind is PublishedKind.KEY and not item.sentence else item.sentence
    what = item.text or (_("phiên bản {version}").format(version=item.version) if item.version else said)
    own = _("riêng cho ta: {what}").format(what=what) if item.own else what
    cells = (str(item.number), news_kind(item.kind), own, news_state(item.state))
    return Row(f"{CAME}:{item.name}", cells, _STYLES[item.state])


def _wrote(sent: SentMessage) -> Row:
    state = _("tỉnh đã trả lời") if sent.answer else sent.sentence
    style = "good" if sent.answer else "" if sent.state == "confirmed" else "soon"
    return Row(
        f"{WROTE}:{sent.number}",
        (str(sent.number), message_kind(sent.kind), sent.text, state),
        "",
        "",
        ("", "", "", style),
    )


def whole(sent: SentMessage) -> tuple[str, ...]:
    """Return a message of ours in full, with the answer."""
    head = _("{day} · {kind} · {state}")
    lines = [
        head.format(day=say.short_moment(sent.created), kind=message_kind(sent.kind), state=sent.sentence),
        "",
        sent.text,
    ]
    if sent.answer:
        lines += ["", _("TỈNH TRẢ LỜI"), *sent.answer.splitlines()]
    return tuple(lines)


def catalogue_columns() -> tuple[Column, ...]:
    """Return the columns of a catalogue's effect."""
    return (Column(_("Mã"), width=14), Column(_("Thay đổi"), width=26), Column(_("Thủ tục"), flex=1))


def catalogue_rows(found: CatalogueNews) -> list[Row]:
    """Return one row for each procedure that is added, changed or ended, the ended ones with their last day."""
    effect, ends = found.effect, dict(found.effect.ended)
    rows = []
    for codes, said in ((effect.added, _("thêm")), (effect.changed, _("phiên bản mới"))):
        for code in codes:
            end = ends.get(code)
            what = said if end is None else _("hết hiệu lực {day}").format(day=f"{end:%d/%m/%Y}")
            rows.append(Row(code, (code, what, found.names.get(code, "")), "soon" if end else ""))
    return rows


def catalogue_sentence(found: CatalogueNews) -> str:
    """Return the effect of a catalogue in one sentence."""
    effect = found.effect
    return counted(
        "Thêm {n} thủ tục, {changed} có phiên bản mới, trong đó {ended} hết hiệu lực; hồ sơ đang mở giữ nguyên.",
        len(effect.added),
        changed=len(effect.changed),
        ended=len(effect.ended),
    )


def units_columns() -> tuple[Column, ...]:
    """Return the columns of what becomes of communes."""
    return (Column(_("Mã"), width=7), Column(_("Thay đổi"), width=10), Column(_("Đơn vị"), flex=1))


def units_rows(found: UnitsEffect) -> list[Row]:
    """Return one row for each commune that changes, the centre's own one standing out."""
    rows = []
    for n, line in enumerate(found.lines):
        ends = line.change in {CommuneChange.MERGED, CommuneChange.SPLIT}
        style = "late" if found.own == line else "soon" if ends else ""
        rows.append(Row(f"{n}:{line.code}", (line.code, commune_change(line.change), commune_line(line)), style))
    return rows
