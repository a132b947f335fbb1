"""Where the bytes are: one protocol, two adapters (a local folder, S3).

`FolderStore` serves one machine, `media.store.s3.S3Store` any number of web nodes; it is imported where
it is chosen, because its client takes half a second and nine megabytes.
"""

from media.store.errors import (
    DigestMismatch,
    LengthMismatch,
    ObjectExists,
    ObjectMissing,
    OriginalIsKept,
    StagingBusy,
    StagingGap,
    StoreError,
    StoreUnavailable,
)
from media.store.folder import FolderStore
from media.store.protocol import MediaStore, ObjectStat, Source

__all__ = [
    "DigestMismatch",
    "FolderStore",
    "LengthMismatch",
    "MediaStore",
    "ObjectExists",
    "ObjectMissing",
    "ObjectStat",
    "OriginalIsKept",
    "Source",
    "StagingBusy",
    "StagingGap",
    "StoreError",
    "StoreUnavailable",
]
