"""What crosses the wire of time stamps."""

from __future__ import annotations

from uuid import UUID

from server.kit.structs import Input


class AskAnchor(Input):
    """Have the log stamped now."""

    id: UUID
