"""Versions of rows as ETag and If-Match (RFC 9110, 8.8.3 and 13.1.1)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from server.kit.errors import FieldProblem, InvalidInput


def etag_of(version: int) -> str:
    """The strong ETag of a row's version."""
    return f'"{version}"'


def tagged(view: Any, version: int, *, status_code: int = 200) -> Response[Any]:
    """A view with the ETag of its version; browsers ask again before they show a stored copy."""
    return Response(view, status_code=status_code, headers={"ETag": etag_of(version), "Cache-Control": "no-cache"})


def expected_version(request: Request[Any, Any, Any]) -> int | None:
    """The version that the caller looked at, from ``If-Match``; ``None`` when any will do.

    Raises:
        InvalidInput: the header is not an ETag that this product gave out.
    """
    header = request.headers.get("if-match", "").strip()
    if header in ("", "*"):
        return None
    text = header.removeprefix("W/").strip('"')
    if not text.isdecimal():
        problem = FieldProblem(field="If-Match", code="not_an_etag", detail="Send the ETag exactly as it was given.")
        raise InvalidInput(errors=(problem,))
    return int(text)
