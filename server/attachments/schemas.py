"""Wire shapes of attachments."""

from __future__ import annotations

from uuid import UUID

from server.kit.structs import View


class AttachmentView(View):
    """A file handed in; ``sha256`` is the digest of its bytes, which never change."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
