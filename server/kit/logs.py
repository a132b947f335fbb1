"""Logs: one line per event, JSON unless a person is looking. Never bodies, tokens, cookies or query strings."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, Final

import structlog
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_SLOW_SECONDS: Final = 2.0
_QUIET: Final = ("httpx", "httpcore", "urllib3", "PIL", "asyncio")

log = structlog.get_logger("server.requests")
_standard = logging.getLogger("server.requests")  # asked first: most requests are not worth a line


def configure_logs(level: str) -> None:
    """Send everything, ours and that of libraries, to standard error in one shape."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    looking = sys.stderr.isatty()
    shown: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if looking
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = name != "uvicorn.access"  # ours is below, without query strings


class RequestLog(ASGIMiddleware):
    """Tells of requests that failed on our side or took long; of all others when debugging."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Time the request and note its status."""
        began = time.perf_counter()
        status = 0
        first = 0.0

        async def watched(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
            await send(message)

        try:
            await next_app(scope, receive, watched)
        finally:
            # Time to the first byte: how long a photo or a stream takes afterwards is the network's affair.
            seconds = first or time.perf_counter() - began
            notable = status >= 500 or seconds > _SLOW_SECONDS
            if notable or _standard.isEnabledFor(logging.DEBUG):
                (log.warning if notable else log.debug)(
                    "request",
                    method=scope.get("method"),
                    path=scope["path"],
                    status=status,
                    ms=round(seconds * 1000, 1),
                )
