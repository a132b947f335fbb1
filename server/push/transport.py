"""One POST to a push service, made so that a subscription cannot turn this server against its own network.

The host is resolved once, every address is checked, and the connection goes to a checked address: a name that
resolves differently a moment later changes nothing. Redirects are not followed, proxies of the environment not used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.push.errors import EndpointRefused
from server.push.rules import checked_endpoint, is_public

_LONGEST_ANSWER: Final = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """What the push service said; the names are those that pywebpush reads."""

    status_code: int
    reason: str
    text: str
    headers: Mapping[str, str]


class _Pinned(http.client.HTTPSConnection):
    """HTTPS to an address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._context)
        self._address = address

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host)


class PushTransport:
    """What pywebpush takes for a session of ``requests``. ``local`` (tests) also reaches ``http://127.0.0.1``."""

    def __init__(self, *, local: bool = False) -> None:
        self._local = local

    def post(self, endpoint: str, *, data: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        """Send the message.

        Raises:
            EndpointRefused: the host has an address that is not public.
            OSError, http.client.HTTPException: it could not be reached or did not answer properly.
        """
        parts = checked_endpoint(endpoint, local=self._local)
        host = parts.hostname or ""
        connection: http.client.HTTPConnection
        if parts.scheme == "http":
            connection = http.client.HTTPConnection(host, parts.port or 80, timeout=timeout)
        else:
            port = parts.port or 443
            connection = _Pinned(host, port, self._address_of(host, port), timeout)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body=data, headers=dict(headers))
            response = connection.getresponse()
            text = response.read(_LONGEST_ANSWER).decode("utf-8", "replace")
            return Answer(response.status, response.reason, text, {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()

    def _address_of(self, host: str, port: int) -> str:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        loopback = self._local and host == "127.0.0.1"
        if not loopback and not all(is_public(address.partition("%")[0]) for address in found):
            raise EndpointRefused
        return found[0]
