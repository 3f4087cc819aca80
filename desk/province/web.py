"""What the province's server answers: files come in by PUT, receipts and the published key go out by GET.

A file is known by its hash alone; no part of an address is ever a path. Whatever is asked, nothing is read without a
bound, and what fails in here is a short answer, never a traceback.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Awaitable, Callable
from html import escape
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from db.errors import RecordError
from desk.daily.container import LIMIT, NotStrictError, Unreadable, open_container, sha256
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.province.keys import PUBLIC
from desk.province.model import ProvinceError, Taken
from desk.province.ranges import ranged
from desk.words import _

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.province.service import Province

MARK = "motcua: "
"""How an answer without a receipt begins, so that a desk knows it from a stranger's; a reason code follows."""
BODY_SECONDS = 120.0
"""Longest a body may take: twice a desk's whole attempt."""

T = TypeVar("T")
Said = Callable[[str], None]

_UNIT = re.compile(r"[0-9]{5}")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_AT_ONCE = 4
_PAGE_SECONDS = 30.0
_WITHOUT = {Refusal.UNKNOWN_KEY.value: 403, Refusal.OVER_QUOTA.value: 429, Refusal.TOO_LARGE.value: 413}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class _RefusedError(Exception):
    """A request that gets no further, with its status and reason code."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def make_app(province: Province, said: Said = lambda _line: None) -> Starlette:
    """Return the application over a province; `said` gets a line about each new file, without personal data."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from desk.province.page.routes import page_routes

    answers = _Answers(province, said)
    app = Starlette(
        routes=[
            Route("/v1/files/{unit}/{digest}", answers.guarded(answers.put), methods=["PUT"]),
            Route("/v1/receipts/{unit}", answers.guarded(answers.receipts), methods=["GET"]),
            Route("/v1/published", answers.guarded(answers.listed), methods=["GET"]),
            Route("/v1/published/{name}", answers.guarded(answers.published), methods=["GET"]),
            Route("/", answers.guarded(answers.page), methods=["GET"]),
            *page_routes(province, said),
        ]
    )
    app.router.redirect_slashes = False
    return app


class _Answers:
    """The answers; the database is asked by a few threads at once, never by the loop."""

    def __init__(self, province: Province, said: Said) -> None:
        self._province = province
        self._said = said
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._page: tuple[float, bytes] | None = None

    def guarded(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Return the answer with every foreseeable failure made a short one."""
        from starlette.requests import ClientDisconnect

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except _RefusedError as refused:
                return _short(refused.status, refused.reason)
            except ClientDisconnect:
                return _short(400, "broken")
            except (RecordError, ProvinceError, OSError) as error:
                self._said(f"{type(error).__name__}: {error}")
                return _short(503, "busy")

        return answered

    async def put(self, request: Request) -> Response:
        """Take a file in and answer with its receipt."""
        unit = _matched(_UNIT, request.path_params["unit"])
        digest = _matched(_HASH, request.path_params["digest"])
        data = await _content(request)
        if sha256(data) != digest:
            raise _RefusedError(400, "wrong_hash")
        if _claimed(data) not in {unit, None}:
            raise _RefusedError(400, Refusal.WRONG_UNIT.value)
        taken = await self._asked(lambda: self._province.take(data))
        latest = None if taken.receipt is None else await self._asked(lambda: self._province.latest(digest))
        if latest is None:
            reason = taken.reason or "not_taken"
            return _short(_WITHOUT.get(reason, 400), reason)
        receipt = latest[1]
        if not taken.repeated:
            why = f" ({receipt.reason})" if receipt.reason else ""
            self._said(f"{receipt.unit} {receipt.seq} {digest[:16]} {receipt.status}{why}")
        return _signed(request, latest[0], _status(taken, receipt.status, receipt.reason))

    async def receipts(self, request: Request) -> Response:
        """Answer with the receipts of a unit above a number, one after the other."""
        unit = _matched(_UNIT, request.path_params["unit"])
        after = int(_matched(_NUMBER, request.query_params.get("after", "0")))
        found = await self._asked(lambda: self._province.receipts(unit, after))
        return _signed(request, b"".join(found), 200)

    async def listed(self, request: Request) -> Response:
        """Answer with the names of what is published for a unit above a number."""
        unit = _matched(_UNIT, request.query_params.get("unit", ""))
        after = int(_matched(_NUMBER, request.query_params.get("after", "0")))
        names = await self._asked(lambda: self._province.publications.names(unit, after))
        return _signed(request, "".join(f"{line}\n" for line in (f"{MARK}published", *names)).encode(), 200)

    async def published(self, request: Request) -> Response:
        """Answer with what the province publishes: its key, or a file by its hash, from a byte on."""
        name = request.path_params["name"]
        if name == PUBLIC:
            identity = await self._asked(self._province.identity)
            return _signed(request, f"{identity.public_key}\n".encode(), 200)
        digest = name if _HASH.fullmatch(name) else ""
        data = await self._asked(lambda: self._province.publications.content(digest)) if digest else None
        if data is None:
            raise _RefusedError(404, "not_published")
        return ranged(request, data)

    async def page(self, _request: Request) -> Response:
        """Answer with a page that says whose server this is and how many have reported, and nothing else."""
        from starlette.responses import Response

        if self._page is None or monotonic() - self._page[0] > _PAGE_SECONDS:
            self._page = monotonic(), await self._asked(lambda: _page(self._province))
        headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        return Response(self._page[1], media_type="text/html; charset=utf-8", headers=headers)

    async def _asked(self, work: Callable[[], T]) -> T:
        async with self._few:
            return await asyncio.to_thread(work)


async def _content(request: Request) -> bytes:
    """Return the body inflated; refused beyond its bounds of size and time."""
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if coding not in {"identity", "deflate"}:
        raise _RefusedError(415, "coding")
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > LIMIT:
                    raise _RefusedError(413, Refusal.TOO_LARGE.value)
                pieces.append(piece)
    except TimeoutError as error:
        raise _RefusedError(408, "too_slow") from error
    raw = b"".join(pieces)
    if coding == "identity":
        return raw
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(raw, LIMIT + 1)
    except zlib.error as error:
        raise _RefusedError(400, "coding") from error
    if len(data) > LIMIT:
        raise _RefusedError(413, Refusal.TOO_LARGE.value)
    if not inflate.eof or inflate.unused_data:
        raise _RefusedError(400, "coding")
    return data


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise _RefusedError(404, "no_such_address")
    return text


def _claimed(data: bytes) -> object:
    """Return the unit that a file names, None where it cannot be read: the ingest says why."""
    parts = open_container(data)
    if isinstance(parts, Unreadable):
        return None
    try:
        return parts.payload().get("unit")
    except NotStrictError:
        return None


def _status(taken: Taken, status: Status, reason: str | None) -> int:
    if status is Status.HELD:
        return 202
    if status is Status.REFUSED:
        return 409 if reason == Refusal.FORK.value else 422
    return 200 if taken.repeated else 201


def _signed(request: Request, body: bytes, status: int) -> Response:
    """Answer with what carries its own proof, deflated for whoever can read that."""
    from starlette.responses import Response

    if "deflate" not in request.headers.get("Accept-Encoding", ""):
        return Response(body, status)
    return Response(zlib.compress(body, 9), status, headers={"Content-Encoding": "deflate"})


def _short(status: int, reason: str) -> Response:
    from starlette.responses import Response

    return Response(f"{MARK}{reason}\n".encode(), status)


def _page(province: Province) -> bytes:
    identity, found = province.identity(), province.status()
    rows = (
        (_("Vân tay khóa của tỉnh"), identity.fingerprint),
        (_("Loại"), _("THỰC HÀNH") if identity.practice else _("chính thức")),
        (_("Đến hết ngày"), f"{found.day:%d/%m/%Y}"),
        (_("Đơn vị đã đăng ký"), str(len(found.units))),
        (_("Báo cáo đã nhận / phải có"), f"{found.actual} / {found.expected}"),
        (_("Đúng giờ"), str(found.on_time)),
    )
    title = escape(_("Máy nhận báo cáo ngày của tỉnh"))
    office = escape(_("Trang của văn phòng tỉnh"))
    lines = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font-family:sans-serif;margin:2em}th{text-align:left;padding-right:2em}</style>"
        f'<h1>{title}</h1><table>{lines}</table><p><a href="/office">{office}</a></p></html>'
    ).encode()
