"""Headers that every answer carries, so that no route can forget them."""

from __future__ import annotations

from typing import Final

from litestar.types import Message, Scope

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# Pages: everything from here, nothing framed. Photos and their previews are blobs of this page; workers too.
_PAGES: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; worker-src 'self' blob:;"
        " connect-src 'self'; font-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
        " object-src 'none'; base-uri 'self'"
    ),
    "Permissions-Policy": (
        "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=(), serial=(), midi=()"
    ),
}
# Data, and media that strangers may have made: shown as nothing but what they are, kept by nobody on the way.
_DATA: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def _raw(*parts: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for part in parts for name, value in part.items())


_RAW_PAGES: Final = _raw(_EVERYWHERE, _PAGES)
_RAW_DATA: Final = _raw(_EVERYWHERE, _DATA)


async def add_default_headers(message: Message, scope: Scope) -> None:
    """``before_send`` hook: what the route itself set stays; the rest gets the safe value."""
    if message["type"] != "http.response.start":
        return
    path = scope["path"]
    headers = list(message["headers"])
    there = {name.lower() for name, _ in headers}
    defaults = _RAW_DATA if path.startswith("/api") or path == "/metrics" else _RAW_PAGES
    headers.extend(one for one in defaults if one[0] not in there)
    message["headers"] = headers
