"""Serving stored bytes: ranges (206, 416), validators (ETag, 304), HEAD. RFC 9110, 13 and 14."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from litestar import Request, Response
from litestar.response import Stream

from server.kit.errors import DomainError

Open = Callable[[int, int], Awaitable[AsyncIterator[bytes]]]
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiable(DomainError):
    """The file is shorter than the part asked for."""

    code, status = "range_not_satisfiable", 416
    zh = "请求的范围超出文件长度。"


async def ranged(
    request: Request[Any, Any, Any],
    *,
    length: int,
    etag: str,
    media_type: str,
    open_bytes: Open,
    headers: dict[str, str],
) -> Response[Any]:
    """The answer to GET or HEAD for ``length`` bytes that never change under this strong ``etag``.

    Several ranges at once are answered with the whole, as RFC 9110 allows.

    Raises:
        RangeNotSatisfiable: the range begins beyond the end.
    """
    sent = {**headers, "ETag": etag, "Accept-Ranges": "bytes"}
    if _matches(request.headers.get("if-none-match"), etag):
        return Response(None, status_code=304, headers=sent)
    start, stop = 0, length
    asked = request.headers.get("range")
    partial = False
    if asked and request.headers.get("if-range", etag) == etag:
        span = _span(asked, length)
        if span is not None:
            start, stop = span
            partial = True
            sent["Content-Range"] = f"bytes {start}-{stop - 1}/{length}"
    sent["Content-Length"] = str(stop - start)
    status = 206 if partial else 200
    if request.method == "HEAD":
        return Response(b"", status_code=status, headers=sent, media_type=media_type)
    pieces = await open_bytes(start, stop)
    return Stream(pieces, status_code=status, headers=sent, media_type=media_type)


def _matches(header: str | None, etag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or any(one.strip().removeprefix("W/") == etag for one in header.split(","))


def _span(header: str, length: int) -> tuple[int, int] | None:
    found = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        start, stop = max(0, length - int(last)), length
        satisfiable = int(last) > 0
    else:
        start, stop = int(first), length if last == "" else min(int(last) + 1, length)
        if last != "" and int(last) < start:
            return None
        satisfiable = start < length
    if not satisfiable:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{length}"})
    return start, stop
