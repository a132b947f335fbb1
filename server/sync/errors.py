"""What can go wrong between a phone and the server."""

from __future__ import annotations

from server.kit.errors import DomainError


class OperationUnknown(DomainError):
    """This kind of operation is not known here; update the server or the app."""

    code, status = "unknown_operation", 422
    zh = "服务器不认识这种操作，请升级服务器或应用。"
