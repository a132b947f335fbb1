"""Acts that nobody's feed is told of; the log has a leaf for each all the same."""

from __future__ import annotations

from server.journal.events import Change, Event


class Untold(Event):
    """Base of acts upon what no phone and no open page shows."""

    def changes(self) -> tuple[Change, ...]:
        """Nothing to announce."""
        return ()
