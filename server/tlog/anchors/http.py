"""One request to an outside body that may be slow, silent or hostile: bounded in time and size, no redirects."""

from __future__ import annotations

import http.client
import ssl
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

TOTAL_SECONDS = 20.0
STEP_SECONDS = 10.0
_LARGEST: Final = 256 * 1024


class OutOfReach(Exception):
    """No usable answer came; the text says what happened, without addresses or secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, media type and body of an answer."""

    status: int
    media_type: str
    body: bytes


def post(url: str, body: bytes, media_type: str) -> Answer:
    """Send and read the answer; blocks, so it is called in a thread.

    Raises:
        OutOfReach: the connection failed, or the answer was too slow or too large.
    """
    return _request("POST", url, body, {"Content-Type": media_type})


def get(url: str) -> Answer:
    """Read; blocks, so it is called in a thread.

    Raises:
        OutOfReach: as ``post``.
    """
    return _request("GET", url, None, {})


def _request(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    until = time.monotonic() + TOTAL_SECONDS
    parts = urlsplit(url)
    host, step = parts.hostname or "", STEP_SECONDS
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=step, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=step)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=headers | {"User-Agent": "zhicha"})
        answer = connection.getresponse()
        read = bytearray()
        # One piece at a time: whoever sends a byte every few seconds never runs into the socket's own timeout.
        while piece := answer.read1(65536):
            read += piece
            if len(read) > _LARGEST:
                raise OutOfReach("the answer is too large")
            if time.monotonic() > until:
                raise OutOfReach("the answer took too long")
        return Answer(answer.status, answer.headers.get_content_type(), bytes(read))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutOfReach(type(error).__name__) from error
    finally:
        connection.close()
