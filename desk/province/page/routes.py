"""The addresses of the page: each is asked for by GET and changes nothing; without a session all lead to the log-in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from db.errors import RecordError
from desk.province.measures import CHARTS, OF_A_UNIT, is_share
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.page import charts
from desk.province.page.alarms import alarms
from desk.province.page.files import CSV, LINES, XLSX, Asked, Taken, figures_file, ranking_file, report_file
from desk.province.page.frame import HOME, Visit, bare
from desk.province.page.gate import HEADERS, Gate
from desk.province.page.html import el
from desk.province.page.overview import overview
from desk.province.page.periods import RANKING, chart_of, ranked, trends, unit
from desk.province.page.reported import REPORT, reported
from desk.province.ranking import RankBy
from desk.province.reading import Reader
from desk.province.users import UserError, Users
from desk.words import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from desk.province.service import Province

Answer = Callable[["Request"], Awaitable["Response"]]
Drawn = Callable[[Visit, Reader, "Request"], bytes]
Made = Callable[[Reader, "Request"], Taken]

USUAL_DAYS = 30
MOST_DAYS = 400
"""The longest period of a page."""

_AT_ONCE = 3
_UNIT = re.compile(r"[0-9]{5}")
_HTML, _SVG, _CSS = "text/html; charset=utf-8", "image/svg+xml", "text/css; charset=utf-8"


class _AskedError(Exception):
    """Something was asked for that cannot be, with the sentence that says so."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def page_routes(province: Province, said: Callable[[str], None]) -> list[Route]:
    """Return the routes of the page; `said` gets a line about what failed, without personal data."""
    from starlette.routing import Route

    gate = Gate(Users(province.folder), said, practice=province.practice)
    office = _Office(province.reader(), gate, said)
    drawn: dict[str, Drawn] = {
        HOME: _overview,
        f"{HOME}/trends": _trends,
        REPORT: _report,
        RANKING: _ranking,
        f"{HOME}/alarms": lambda visit, reader, _request: alarms(visit, reader, reader.today()),
        f"{HOME}/units/{{unit}}": _unit,
    }
    given: dict[str, Made] = {
        f"{HOME}/dhis2.{LINES}": lambda reader, request: figures_file(reader, _asked(reader, request))
    }
    for form in (CSV, XLSX):
        given[f"{REPORT}.{form}"] = partial(_report_file, form)
        given[f"{RANKING}.{form}"] = partial(_ranking_file, form)
    return [
        *(Route(path, office.asked(draw, _HTML), methods=["GET"]) for path, draw in drawn.items()),
        *(Route(path, office.given(make), methods=["GET"]) for path, make in given.items()),
        Route(f"{HOME}/charts/{{name}}.svg", office.asked(_chart, _SVG), methods=["GET"]),
        Route("/login", office.guarded(gate.form), methods=["GET"]),
        Route("/login", office.guarded(gate.enter), methods=["POST"]),
        Route("/logout", office.guarded(gate.leave), methods=["POST"]),
        Route("/page/style.css", _asset("style.css", _CSS), methods=["GET"]),
        Route("/page/icon.svg", _asset("icon.svg", _SVG), methods=["GET"]),
    ]


class _Office:
    """What is drawn for somebody with a session; the database is asked by a few threads, never by the loop."""

    def __init__(self, reader: Reader, gate: Gate, said: Callable[[str], None]) -> None:
        self._reader = reader
        self._gate = gate
        self._said = said
        self._few = asyncio.Semaphore(_AT_ONCE)

    def guarded(self, answer: Answer) -> Answer:
        """Return the answer with every foreseeable failure made a page that says so."""

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except _AskedError as error:
                return _trouble(error.status, error.sentence)
            except ProvinceError as error:
                strange = error.fault is ProvinceFault.NOT_ENROLLED
                return _trouble(404, _("Không có đơn vị này.")) if strange else self._failed(error)
            except (RecordError, UserError, OSError) as error:
                return self._failed(error)

        return answered

    def asked(self, draw: Drawn, kind: str) -> Answer:
        """Return what draws for a user, and sends everybody else to the log-in."""

        async def answer(request: Request) -> Response:
            from starlette.responses import RedirectResponse, Response

            user = self._gate.user(request)
            if user is None:
                return RedirectResponse("/login", 303, headers=HEADERS)
            visit = Visit(user.name, self._reader.now(), self._reader.practice, request.url.path)
            async with self._few:
                content = await asyncio.to_thread(draw, visit, self._reader, request)
            return Response(content, media_type=kind, headers=HEADERS)

        return self.guarded(answer)

    def given(self, make: Made) -> Answer:
        """Return what gives a file to a user, and sends everybody else to the log-in."""

        async def answer(request: Request) -> Response:
            from starlette.responses import RedirectResponse, StreamingResponse

            if self._gate.user(request) is None:
                return RedirectResponse("/login", 303, headers=HEADERS)
            async with self._few:
                found = await asyncio.to_thread(make, self._reader, request)
            about = {
                "Content-Disposition": f'attachment; filename="{found.name}"',
                "Content-Length": str(found.length),
                "Content-Type": found.kind,
            }
            return StreamingResponse(found.pieces(), headers={**HEADERS, **about})

        return self.guarded(answer)

    def _failed(self, error: Exception) -> Response:
        self._said(f"page: {type(error).__name__}: {error}")
        return _trouble(503, _("Máy chủ đang bận; hãy thử lại sau ít phút."))


def _overview(visit: Visit, reader: Reader, request: Request) -> bytes:
    return overview(visit, reader, _date(request, "date", reader.open_day()))


def _trends(visit: Visit, reader: Reader, request: Request) -> bytes:
    return trends(visit, reader, *_span(reader, request))


def _report(visit: Visit, reader: Reader, request: Request) -> bytes:
    return reported(visit, reader, _asked(reader, request))


def _ranking(visit: Visit, reader: Reader, request: Request) -> bytes:
    return ranked(visit, reader, _asked(reader, request), _by(request))


def _report_file(form: str, reader: Reader, request: Request) -> Taken:
    return report_file(reader, _asked(reader, request), form)


def _ranking_file(form: str, reader: Reader, request: Request) -> Taken:
    return ranking_file(reader, _asked(reader, request), _by(request), form)


def _unit(visit: Visit, reader: Reader, request: Request) -> bytes:
    return unit(visit, reader, _code(request.path_params["unit"]), *_span(reader, request))


def _chart(_visit: Visit, reader: Reader, request: Request) -> bytes:
    name, code = request.path_params["name"], request.query_params.get("unit", "")
    if name not in (OF_A_UNIT if code else CHARTS):
        raise _AskedError(404, _("Không có trang này."))
    title, days, values = chart_of(reader, name, *_span(reader, request), _code(code) if code else "")
    return charts.line(title, days, values, share=is_share(name))


def _asked(reader: Reader, request: Request) -> Asked:
    units = dict.fromkeys(_code(text) for text in request.query_params.getlist("unit") if text)
    return Asked(*_span(reader, request), tuple(units))


def _by(request: Request) -> RankBy:
    by = request.query_params.get("by", RankBy.ON_TIME.value)
    if by not in set(RankBy):
        raise _AskedError(400, _("Không xếp hạng theo cách này."))
    return RankBy(by)


def _code(text: str) -> str:
    if not _UNIT.fullmatch(text):
        raise _AskedError(404, _("Không có đơn vị này."))
    return text


def _span(reader: Reader, request: Request) -> tuple[date, date]:
    last = _date(request, "to", reader.today())
    first = _date(request, "from", last - timedelta(days=USUAL_DAYS - 1))
    if last < first:
        raise _AskedError(400, _("Ngày cuối kỳ trước ngày đầu kỳ."))
    if (last - first).days >= MOST_DAYS:
        raise _AskedError(400, _("Kỳ dài nhất là {n} ngày.").format(n=MOST_DAYS))
    return first, last


def _date(request: Request, name: str, usual: date) -> date:
    written = request.query_params.get(name)
    if not written:
        return usual
    try:
        found = date.fromisoformat(written[:10])
    except ValueError as error:
        raise _AskedError(400, _("Không hiểu ngày này; viết như 2026-03-13.")) from error
    if not 2000 <= found.year < 2200:
        raise _AskedError(400, _("Không hiểu ngày này; viết như 2026-03-13."))
    return found


def _trouble(status: int, sentence: str) -> Response:
    from starlette.responses import Response

    content = bare(
        _("Không xem được"), el("p", sentence, class_="wrong"), el("p", el("a", _("Về trang đầu"), href=HOME))
    )
    return Response(content, status, media_type=_HTML, headers=HEADERS)


def _asset(name: str, kind: str) -> Answer:
    content = (files("desk.province.page") / name).read_bytes()

    async def answer(_request: Request) -> Response:
        from starlette.responses import Response

        return Response(content, media_type=kind, headers={**HEADERS, "Cache-Control": "max-age=3600"})

    return answer
