"""Headers that every answer carries, so that no route can forget them."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import MutableScopeHeaders
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
        "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=(), serial=(), bluetooth=(), midi=()"
    ),
}
# Data, and media that strangers may have made: shown as nothing but what they are, kept by nobody on the way.
_DATA: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


async def add_default_headers(message: Message, scope: Scope) -> None:
    """``before_send`` hook: what the route itself set stays; the rest gets the safe value."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    path = scope["path"]
    data = path.startswith("/api") or path == "/metrics"
    for name, value in (*_EVERYWHERE.items(), *(_DATA if data else _PAGES).items()):
        headers.setdefault(name, value)
