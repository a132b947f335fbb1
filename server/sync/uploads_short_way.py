"""The short way of an ordinary upload: a file that comes whole, with its own SHA-256 as checksum.

That is what phones send all day, one request for each capture, and half of what such a request cost was the framework.
Whatever is not ordinary (another request, a refusal, an error before the body is read) goes the framework's way as if
this one were not there: it looks again, and answers in its words. So the route stays the one description of uploads.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from media import uploads
from media.store import Source
from media.uploads.errors import ChecksumMismatch, UploadCutOff, UploadDigestMismatch, UploadRefused
from server.access.guard import demand_permission
from server.kit import media
from server.kit.errors import DomainError
from server.kit.http.bodies import BodyCutOff, DirectBody, direct_body
from server.kit.http.problems import on_unexpected
from server.kit.logs import RequestLog
from server.sync.uploads_bodies import PIECE, borrowed, drain, pieces
from server.sync.uploads_routes import Announced, announced, create_upload, created, on_domain_error, on_refusal

_PATH: Final = "/api/uploads"
_LOG: Final = RequestLog()
_NOTHING: Final = b"null"  # what the framework makes of an answer without content
_CONTENT: Final = ((b"content-type", b"application/json"), (b"content-length", str(len(_NOTHING)).encode()))


def take_short_way(app: Litestar) -> None:
    """Put the short way before the routes of the application."""
    app.asgi_handler = _ShortWay(app.asgi_handler)


class _ShortWay:
    """Receives ordinary uploads and leaves everything else to ``long_way``."""

    def __init__(self, long_way: ASGIApp) -> None:
        self._long_way = long_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"] == _PATH and scope["method"] == "POST":
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            begun = await _ordinary(request)
            if begun is not None:
                await _LOG.handle(scope, receive, send, partial(self._upload, request, begun))
                return
        await self._long_way(scope, receive, send)

    async def _upload(
        self, request: Request[Any, Any, Any], begun: Announced, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            body = direct_body(scope)
            reached = await (_receive(begun, receive) if body is None else _receive_directly(begun, body))
            answer = created(begun, reached)
        except Exception as error:
            response = _refusal(request, error).to_asgi_response(None, request)
            await response(scope, receive, send)
            return
        raw = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
        await send({"type": "http.response.start", "status": 201, "headers": [*raw, *_CONTENT]})
        await send({"type": "http.response.body", "body": _NOTHING, "more_body": False})


async def _ordinary(request: Request[Any, Any, Any]) -> Announced | None:
    """The upload if it may take the short way; nothing of the body has been read then."""
    try:
        await demand_permission(request, create_upload)
        begun = await announced(request, request.scope["state"]["actor"])  # where the guard put it
    except Exception:
        return None  # met again, and answered, on the long way
    known_length = direct_body(request.scope) is not None or begun.upload.length <= uploads.ONE_SHOT
    return begun if begun.proves_itself and known_length else None


async def _receive_directly(begun: Announced, body: DirectBody) -> uploads.Completed:
    try:
        with borrowed() as one:
            if body.left > PIECE:
                with borrowed() as other:
                    return await _keep(begun, pieces(body, one, other))
            whole = one[: body.left]
            await body.read_into(whole)
            return await _keep(begun, whole)
    except BodyCutOff as error:
        raise UploadCutOff("the connection ended before the body") from error
    except Exception:
        await drain(body)
        raise


async def _receive(begun: Announced, receive: Receive) -> uploads.Completed:
    parts: list[bytes] = []
    more, room = True, begun.upload.length
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise UploadCutOff("the connection ended before the body")
        body = message["body"]
        room -= len(body)
        if room < 0:
            raise UploadCutOff("more bytes than announced")
        parts.append(body)
        more = message["more_body"]
    return await _keep(begun, b"".join(parts))


async def _keep(begun: Announced, source: Source) -> uploads.Completed:
    try:
        return await uploads.receive_whole(begun.ledger, media.store(), begun.upload, source)
    except UploadDigestMismatch as error:
        raise ChecksumMismatch from error


def _refusal(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    if isinstance(error, UploadRefused):
        return on_refusal(request, error)
    if isinstance(error, DomainError):
        return on_domain_error(request, error)
    return on_unexpected(request, error)
