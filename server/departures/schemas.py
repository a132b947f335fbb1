"""Wire shapes of what stays with those who left."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from server.access.schemas import NamedView
from server.kit.structs import View


class LeftBehind(View):
    """One thing that waits for somebody who left, and as what it waited for him; ``since`` is when he left."""

    kind: Literal["item", "visit", "circulation"]
    part: Literal["follow_up", "responsible", "approver", "team", "desk"]
    id: UUID
    no: str
    title: str
    person: NamedView
    unit_name: str
    since: datetime


class LeftBehindList(View):
    """What stays with those who left, the latest first; ``total`` also counts what is not listed."""

    left: tuple[LeftBehind, ...]
    total: int
