"""Wire shapes of evidence on the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.evidence.rules import Reason
from server.kit.structs import Input, View

Decision = Literal["pending", "accepted", "queried", "rejected"]
# What lists are narrowed to: a capture that its author declared void is in none of the others.
Standing = Literal["pending", "accepted", "queried", "rejected", "discarded"]
Completeness = Literal["complete", "partial"]
Way = Literal["opened", "picked"]
StampState = Literal["none", "asked", "away", "stamped"]
Text = Annotated[str, Meta(min_length=1, max_length=5000)]


class ReviewCapture(Input):
    """Accept or reject a capture; a rejection needs its reason. ``id`` is minted by the caller."""

    id: UUID
    decision: Literal["accepted", "rejected"]
    reason: Annotated[str, Meta(max_length=5000)] = ""


class OpenCapture(Input):
    """Take up a capture for review: opened on its own page, or picked in the list to be judged with others."""

    way: Way = "opened"


class WriteText(Input):
    """A question or a remark. ``id`` is minted by the caller."""

    id: UUID
    text: Text


class EvidenceVisitView(View):
    """The visit that a capture belongs to."""

    id: UUID
    title: str
    state: str


class EvidenceItemView(View):
    """The item that a capture belongs to."""

    id: UUID
    register_no: str
    title: str


class EvidenceSiteView(View):
    """The site that a capture names."""

    id: UUID
    name: str
    address: str
    lat_e7: int | None
    lon_e7: int | None
    radius_m: int


class ClockView(View):
    """The phone's clocks at the shutter. ``server_skew_ms``: wall clock against the last server time seen, if any."""

    wall_ms: int
    mono_ms: int
    tz_min: int
    server_skew_ms: int | None


class PositionView(View):
    """The phone's fix: WGS-84 in 1e-7 degrees, accuracy and altitude in centimetres."""

    lat_e7: int
    lon_e7: int
    acc_cm: int
    alt_cm: int | None
    fixed_at: datetime


class DerivedView(View):
    """Which copies can be shown."""

    thumb: bool
    preview: bool
    watermark: bool


class ExifView(View):
    """What the camera wrote into the file: its local time, its name, how it was turned (1 to 8), where it was."""

    taken_at: str | None
    camera: str | None
    orientation: int | None
    lat_e7: int | None
    lon_e7: int | None


class OriginalView(View):
    """A file that the statement names; its place in the list is its ``position`` on ``/api/media``."""

    sha256: str
    bytes: int
    type: str
    width: int
    height: int
    source: str
    received_at: datetime | None
    state: Literal["awaited", "received", "unreadable"]
    reason: str | None
    derived: DerivedView
    exif: ExifView | None


class CosignatureView(View):
    """Who signed the chain's seal beside the inspector, or refused to. Names and reasons: for the inspecting side."""

    id: UUID
    party: Literal["officer", "unit"]
    outcome: Literal["signed", "refused"]
    name: str | None
    post: str | None
    reason: str | None
    at: datetime


class PasskeyCheckView(View):
    """What a passkey said beside the opening or the seal; ``problem`` is empty when it holds."""

    beside: Literal["session", "seal"]
    holds: bool
    problem: str


class ChainView(View):
    """The place in the session's chain. Signature and predecessor were checked on arrival; for one capture, again.

    ``cosignatures`` and ``passkeys`` are told of one capture, not in lists; digests are lower-case hex.
    """

    session_id: UUID
    seq: int
    prev_ok: bool
    signature_ok: bool
    sealed: bool
    seal_sha256: str | None
    cosignatures: list[CosignatureView]
    passkeys: list[PasskeyCheckView]


class DiscardView(View):
    """The inspector's declaration that a capture is void; without effect where a case rested on it.

    ``reason`` is for the inspecting side.
    """

    id: UUID
    effective: bool
    reason: str | None
    declared_at: datetime
    received_at: datetime


class FieldNoteView(View):
    """A remark that the inspector made on site; ``text`` is empty when it was withheld."""

    id: UUID
    text: str | None
    by: NamedView
    written_at: datetime
    received_at: datetime


class StampView(View):
    """Whether an authority outside has stamped a capture, and the time it attests.

    ``none``: no authority is configured. ``asked``: one is asked. ``away``: none answers now; people need not wait.
    """

    capture_id: UUID
    state: StampState
    at: datetime | None


class StampList(View):
    """How far captures are with their time stamps; those that do not exist for the actor are left out."""

    stamps: list[StampView]


class OpeningView(View):
    """A capture taken up for review; ``recorded``: this was the first time on this day."""

    recorded: bool
    stamp: StampView


class ReviewView(View):
    """A decision; of several the newest counts, and the others stay to be read."""

    id: UUID

    decision: Literal["accepted", "rejected"]
    reason: str
    by: NamedView
    at: datetime


class QuestionView(View):
    """A supervisor's question and its answer."""

    id: UUID
    text: str
    asked_by: NamedView
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


class CommentView(View):
    """A remark of the office."""

    id: UUID
    text: str
    by: NamedView
    at: datetime


class ShownByFindingView(View):
    """A finding that the capture shows."""

    id: UUID
    text: str
    severity: str


class CitedByCaseView(View):
    """A case that cites the capture."""

    id: UUID
    title: str
    state: str


class EvidenceView(View):
    """A capture with all that is known of it."""

    id: UUID
    visit: EvidenceVisitView
    item: EvidenceItemView
    site: EvidenceSiteView | None
    author: NamedView
    captured_at: datetime
    received_at: datetime
    discarded_at: datetime | None
    discards: list[DiscardView]
    note: str
    field_notes: list[FieldNoteView]
    clock: ClockView
    position: PositionView | None
    distance_m: int | None
    originals: list[OriginalView]
    derived: DerivedView
    statement_sha256: str
    env_sha256: str
    chain: ChainView
    plausibility: tuple[Reason, ...]
    decision: Decision
    review: ReviewView | None
    reviews: list[ReviewView]
    queries: list[QuestionView]
    comments: list[CommentView]
    findings: list[ShownByFindingView]
    cases: list[CitedByCaseView]
    etag: str


class EvidenceList(View):
    """A page of evidence, the newest arrivals first."""

    evidence: list[EvidenceView]
    next_cursor: str | None
