"""What crosses the wire of the log. Hashes are unpadded base64url; notes are C2SP signed notes as text."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from server.kit.structs import Input, View
from server.tlog.anchors.state import AnchorState

Hash = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]


class AskProofs(Input):
    """Are these leaves in the log, and does it still begin with the ``since`` leaves that I saw?"""

    leaves: Annotated[list[Hash], Meta(max_length=200)]
    since: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None


class ProofView(View):
    """Place of a leaf, and the hashes that lead from it to the root of the checkpoint."""

    index: int
    hashes: list[str]


class LogKeyLeaf(View):
    """The leaf that introduces a key; as JCS it is the leaf's bytes."""

    t: str
    k: str
    vkey: str


class RotationView(View):
    """A change of the log's key: the new key's leaf is in a checkpoint that both keys signed."""

    leaf: LogKeyLeaf
    checkpoint: str
    index: int
    hashes: list[str]


class ProofsView(View):
    """Everything is against ``checkpoint``, which is empty while nothing was ever logged.

    Leaves that are not in are left out of ``proofs``. ``consistency`` leads from ``since`` to the checkpoint; it is
    empty without ``since``, for equal sizes, and when the log is now smaller than what was seen: that is an alarm.
    """

    checkpoint: str
    consistency: list[str]
    proofs: dict[str, ProofView]
    rotations: list[RotationView]


class CheckpointView(View):
    """A signed state of the log; ``sha256`` is that of the body, as captures and printed records carry it."""

    size: int
    root: str
    sha256: str
    at: datetime
    note: str


class LogStateView(View):
    """How the log stands. Who may only see what is published sees ``pending`` and ``checkpoint`` as that.

    ``pending`` counts acts that are recorded and not in the log yet, ``unsigned`` leaves beyond the last checkpoint.
    """

    origin: str
    vkeys: list[str]
    size: int
    unsigned: int
    pending: int
    pending_since: datetime | None
    checkpoint: CheckpointView | None
    published: CheckpointView | None
    outside: AnchorState | None


class TrustView(msgspec.Struct, frozen=True):
    """The trust policy of a verifier (``trust/1``), for convenience: get it from the notary rather than from here."""

    t: str
    logs: list[str]
    witnesses: list[str]
    quorum: int
    tsa: list[str]
    rp_id: str | None
    origins: list[str]
