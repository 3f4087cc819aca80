"""The way into the page: a name, a password, a cookie that no script and no other site can use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from desk.province.page.frame import HOME, bare
from desk.province.page.html import Node, el
from desk.province.sessions import Sessions, Throttle
from desk.province.users import User, Users, matches
from desk.words import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "__Host-desk"
"""The prefix binds the cookie to this host, to TLS and to the whole site."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_BODY = 4096
_BODY_SECONDS = 20.0
_FIELDS = 8
_HASHES_AT_ONCE = 2
_HASHES_WAITING = 20


class Gate:
    """Lets users in and out; `said` gets a line when somebody guesses, with the address and never a name."""

    def __init__(
        self, users: Users, said: Callable[[str], None], *, practice: bool, clock: Callable[[], float] = monotonic
    ) -> None:
        self._users = users
        self._said = said
        self._practice = practice
        self._sessions = Sessions(clock)
        # By address, by address and name, and by name from everywhere: the last is short, for it locks out the owner.
        self._throttles = (
            Throttle(clock, free=10, longest=900.0),
            Throttle(clock, free=5, longest=900.0),
            Throttle(clock, free=30, longest=60.0),
        )
        self._few = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._waiting = 0

    def user(self, request: Request) -> User | None:
        """Return whose request it is; None without a session, or after the user was removed or got a new password."""
        token = request.cookies.get(COOKIE)
        found = None if token is None else self._sessions.user(token)
        if found is None or token is None or self._users.all().get(found.name) == found:
            return found
        self._sessions.end(token)
        return None

    async def form(self, _request: Request) -> Response:
        """Answer with the form to log in by."""
        return self._page(200)

    async def enter(self, request: Request) -> Response:
        """Log somebody in."""
        from starlette.responses import RedirectResponse

        fields = await _fields(request) if from_here(request) else None
        if fields is None:
            return self._page(400, _("Yêu cầu không hợp lệ; hãy mở lại trang này và thử lại."))
        name, password = fields.get("name", "").strip()[:64], fields.get("password", "")
        address = request.client.host if request.client else "?"
        keys = (address, f"{address} {name}", name)
        wait = max(each.begin(key) for each, key in zip(self._throttles, keys, strict=True))
        if wait:
            self._said(f"page: too many wrong passwords from {address}")
            return self._page(429, _("Sai nhiều lần: hãy đợi rồi thử lại."), wait=wait)
        user = self._users.all().get(name)
        right = await self._matches(user, password)
        if right is None:
            return self._page(503, _("Máy chủ đang bận; hãy thử lại sau ít phút."), wait=5)
        if user is None or not right:
            return self._page(403, _("Tên hoặc mật khẩu không đúng."))
        for throttle, key in zip(self._throttles, keys, strict=True):
            throttle.right(key)
        self._sessions.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(HOME, 303, headers=HEADERS)
        token = self._sessions.begin(user)
        answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    async def leave(self, request: Request) -> Response:
        """End a session."""
        from starlette.responses import RedirectResponse

        if not from_here(request):
            return self._page(400, _("Yêu cầu không hợp lệ; hãy mở lại trang này và thử lại."))
        self._sessions.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", 303, headers=HEADERS)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    async def _matches(self, user: User | None, password: str) -> bool | None:
        """Say whether a password is right; None where too many wait already: each costs memory and time."""
        if self._waiting >= _HASHES_WAITING:
            return None
        self._waiting += 1
        try:
            async with self._few:
                return await asyncio.to_thread(matches, user, password)
        finally:
            self._waiting -= 1

    def _page(self, status: int, trouble: str = "", *, wait: int = 0) -> Response:
        from starlette.responses import Response

        body: Node
        if self._users.all():
            body = el(
                "form",
                el("label", _("Tên"), el("input", **_NAME_FIELD)),
                el("label", _("Mật khẩu"), el("input", **_PASSWORD_FIELD)),
                el("button", _("Vào xem"), type="submit"),
                method="post",
                action="/login",
                class_="enter",
            )
        else:
            body = el("p", _("Chưa có người xem nào. Trên máy chủ, hãy chạy: desk province user add TÊN"))
        said = el("p", trouble, class_="wrong", role="alert") if trouble else None
        more = {"Retry-After": str(wait)} if wait else {}
        content = bare(_("Vào trang của văn phòng tỉnh"), said, body, practice=self._practice)
        return Response(content, status, media_type="text/html; charset=utf-8", headers={**HEADERS, **more})


_NAME_FIELD = {
    "name": "name",
    "type": "text",
    "autocomplete": "username",
    "autocapitalize": "none",
    "spellcheck": "false",
    "required": "required",
    "maxlength": "64",
}
_PASSWORD_FIELD = {
    "name": "password",
    "type": "password",
    "autocomplete": "current-password",
    "required": "required",
    "maxlength": "128",
}


def from_here(request: Request) -> bool:
    """Say whether a form was sent by a page of this server, as far as the browser tells."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")


async def _fields(request: Request) -> dict[str, str] | None:
    """Return the fields of a small form; None for anything else."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    body = b""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > _BODY:
                    return None
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except (TimeoutError, ValueError):
        return None
