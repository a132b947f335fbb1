"""Wire shapes of the explanation of a capture's chain."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from server.kit.structs import View

Level = Literal["good", "info", "warn", "bad"]
Verdict = Literal["good", "warn", "bad"]
Step = Literal["taken", "signed", "complete", "received", "logged", "stamped", "judged", "witnessed"]


class TechnicalView(View):
    """A digest or number for those who want it; the desk translates the label."""

    label: str
    value: str


class TrustStepView(View):
    """One link of the chain of proof. ``state`` and ``remarks`` are codes; the desk has sentences for them.

    Of ``params``, those that end in ``_at`` are instants.
    """

    step: Step
    state: str
    level: Level
    params: dict[str, str | int]
    at: datetime | None
    remarks: tuple[str, ...]
    technical: tuple[TechnicalView, ...]


class HandledView(View):
    """What somebody did with the evidence since it arrived; ``by`` is empty for the installation itself."""

    at: datetime
    act: str
    by: str | None
    detail: str


class CaptureTrustView(View):
    """Whether a capture may be believed, and why: the worst step decides. ``handled`` is the oldest first."""

    capture_id: UUID
    level: Verdict
    steps: tuple[TrustStepView, ...]
    handled: tuple[HandledView, ...]
