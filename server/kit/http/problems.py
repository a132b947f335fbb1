"""RFC 9457 problem details for every error, in one shape."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from server.kit import db
from server.kit.errors import DomainError, FieldProblem, InvalidInput, NotFound, Unavailable

log = structlog.get_logger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457 problem details; ``code`` is stable and what clients translate by."""

    type: str
    title: str
    title_zh: str
    status: int
    detail: str
    code: str
    params: dict[str, Any]
    errors: tuple[FieldProblem, ...]


def problem_of(error: DomainError) -> Problem:
    """The problem details of a domain error."""
    return Problem(
        type=f"urn:zhicha:problem:{error.code}",
        title=error.title,
        title_zh=error.zh,
        status=error.status,
        detail=error.detail,
        code=error.code,
        params=error.params,
        errors=error.errors,
    )


def respond(error: DomainError) -> Response[bytes]:
    """The response of a domain error."""
    return Response(
        msgspec.json.encode(problem_of(error)),
        status_code=error.status,
        media_type="application/problem+json",
        headers=error.headers,
    )


class _ServerFault(DomainError):
    """Something failed on our side; nothing you sent was lost. Try again, and tell the administrator the time."""

    code, status = "server_fault", 500
    zh = "服务器内部出错，您提交的内容未受影响。请重试；如仍失败，请将发生时间告知管理员。"


class _Unreadable(DomainError):
    """The request could not be read; check its syntax."""

    code, status = "unreadable_request", 400
    zh = "无法读取请求内容，请检查格式。"


class _MethodNotAllowed(DomainError):
    """This address does not know that method."""

    code, status = "method_not_allowed", 405
    zh = "此地址不支持该方法。"


class _TooLarge(DomainError):
    """What you sent is larger than this address accepts."""

    code, status = "too_large", 413
    zh = "提交的内容超过大小限制。"


def on_domain_error(_: Request[Any, Any, Any], error: DomainError) -> Response[bytes]:
    """Handler for our own errors."""
    return respond(error)


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Handler for the framework's errors, in the same shape."""
    if isinstance(error, ValidationException):
        found = error.extra if isinstance(error.extra, list) else []
        return respond(
            InvalidInput(
                errors=tuple(
                    FieldProblem(field=str(one.get("key", "")), code="invalid", detail=str(one.get("message", "")))
                    for one in found
                    if isinstance(one, dict)
                )
            )
        )
    if isinstance(error, NotFoundException):
        return respond(NotFound())
    if isinstance(error, MethodNotAllowedException):
        return respond(_MethodNotAllowed(headers=dict(error.headers or {})))
    if error.status_code == 413:
        return respond(_TooLarge())
    if isinstance(error, ClientException):
        return respond(_Unreadable(error.detail))
    return respond(_ServerFault())


def on_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Handler for everything else: logged in full, told in one sentence.

    A lost database is no fault of ours, and neither is what no table can hold.
    """
    if db.is_gone(error):
        log.warning("database_gone", path=request.url.path, method=request.method, error=type(error).__name__)
        return respond(Unavailable(headers={"Retry-After": "2"}, params={"retry": True}))
    if isinstance(error, asyncpg.DataError):  # a NUL in a text, an instant beyond the calendar: the sender's affair
        return respond(InvalidInput())
    if isinstance(error, RecursionError):  # JSON nested without end
        return respond(_Unreadable())
    log.error("request_failed", path=request.url.path, method=request.method, exc_info=error)
    return respond(_ServerFault())
