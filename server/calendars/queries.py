"""Reading calendars."""

from __future__ import annotations

from uuid import UUID

from server.calendars import shipped
from server.calendars.rules import Calendar


async def calendar_in_force(org_id: UUID) -> Calendar:
    """All years in force for an organisation: its own versions before those that come with the program."""
    return shipped.national()
