"""What can happen to a phone and to a passkey. Both are told to nobody's feed; the log has a leaf for each."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from server.journal.events import Untold


class _OfDevice(Untold):
    SUBJECT: ClassVar[str] = "device"


class DeviceEnrolled(_OfDevice):
    """A phone was enrolled under its owner's account."""

    KIND: ClassVar[str] = "device.enrolled"


class DeviceConfirmed(_OfDevice):
    """A second person confirmed whose phone it is."""

    KIND: ClassVar[str] = "device.confirmed"

    owner_id: UUID


class RevocationAsked(_OfDevice):
    """Somebody asked that a phone be revoked; it opens no new chain from now on."""

    KIND: ClassVar[str] = "device.revocation_asked"

    owner_id: UUID


class RevocationRefused(_OfDevice):
    """A second person said that the phone stays."""

    KIND: ClassVar[str] = "device.revocation_refused"

    owner_id: UUID
    asked_by_id: UUID


class DeviceRevoked(_OfDevice):
    """A second person confirmed the revocation; statements that arrive later are flagged, not refused."""

    KIND: ClassVar[str] = "device.revoked"

    owner_id: UUID
    asked_by_id: UUID


class PasskeyMade(Untold):
    """A person registered a passkey. The entry carries the public key, so that an outsider can check what it signs."""

    KIND: ClassVar[str] = "passkey.made"
    SUBJECT: ClassVar[str] = "passkey"

    credential_id: str
    spki: str
    synced: bool


class PasskeyCounterStood(Untold):
    """A passkey signed, but its counter had not grown: a copy of it may exist, or an older signature came late."""

    KIND: ClassVar[str] = "passkey.counter_stood"
    SUBJECT: ClassVar[str] = "passkey"

    statement_sha256: str
    before: int
    told: int


class PasskeyRemoved(Untold):
    """A person removed a passkey of their own."""

    KIND: ClassVar[str] = "passkey.removed"
    SUBJECT: ClassVar[str] = "passkey"
