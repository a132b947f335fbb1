"""What is recorded about bundles: ids and digests. The purpose itself stays in the table."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Untold


class BundleMade(Untold):
    """Somebody made a bundle of a capture, a visit or a case.

    The digests fix its table of contents (``data/bundle.json``) and its purpose: nothing can be taken out of it later.
    """

    KIND: ClassVar[str] = "bundle.exported"
    SUBJECT: ClassVar[str] = "bundle"

    scope: str
    target_id: UUID
    captures: int
    personal: bool
    purpose_sha256: str
    bundle_sha256: str


class CaptureExported(Untold):
    """A capture was part of a bundle: a line in its custody."""

    KIND: ClassVar[str] = "capture.exported"
    SUBJECT: ClassVar[str] = "capture"

    export_id: UUID
    scope: str
    personal: bool


class BundleDelivered(Untold):
    """The last byte of a bundle was handed over; the digest is that of its tag manifest, which covers all of it."""

    KIND: ClassVar[str] = "bundle.delivered"
    SUBJECT: ClassVar[str] = "bundle"

    tagmanifest_sha256: str
    bytes: int
