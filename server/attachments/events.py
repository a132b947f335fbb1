"""What is recorded about attachments: ids, digests and sizes, never names."""

from __future__ import annotations

from typing import ClassVar

from server.journal.events import Untold


class AttachmentHandedIn(Untold):
    """A file was handed in; what it belongs to is said by the word that it is attached to."""

    KIND: ClassVar[str] = "attachment.handed_in"
    SUBJECT: ClassVar[str] = "attachment"

    sha256: str
    bytes: int
