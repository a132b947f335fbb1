"""What people do about time stamps."""

from __future__ import annotations

from typing import ClassVar

from server.journal.events import Untold


class AnchorAsked(Untold):
    """Somebody wants what is recorded up to here stamped from outside, now."""

    KIND: ClassVar[str] = "log.anchor_asked"
    SUBJECT: ClassVar[str] = "log"
