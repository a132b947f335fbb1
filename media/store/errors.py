"""What a media store refuses, and why."""


class StoreError(Exception):
    """Something the media store could not or would not do."""


class ObjectExists(StoreError):
    """The key is taken. A stored object is never replaced."""


class ObjectMissing(StoreError):
    """Nothing is stored under this key."""


class OriginalIsKept(StoreError):
    """Originals are never deleted through this interface."""


class DigestMismatch(StoreError):
    """The bytes are not the ones that were announced."""

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(f"expected SHA-256 {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class LengthMismatch(StoreError):
    """More or fewer bytes came than were announced."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected {expected} bytes, got {actual}")
        self.expected = expected
        self.actual = actual


class StagingBusy(StoreError):
    """Somebody else is writing to this upload right now."""


class StagingGap(StoreError):
    """Fewer bytes are durable than the offset claims; the upload has to begin again."""


class StoreUnavailable(StoreError):
    """The storage behind the adapter does not answer or refuses to work."""
