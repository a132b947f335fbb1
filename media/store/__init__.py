"""Where the bytes are: one protocol, two adapters (a local folder, S3).

`FolderStore` serves one machine, `S3Store` any number of web nodes. Choosing between them is the
caller's matter.
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
from media.store.s3 import S3Store

__all__ = [
    "DigestMismatch",
    "FolderStore",
    "LengthMismatch",
    "MediaStore",
    "ObjectExists",
    "ObjectMissing",
    "ObjectStat",
    "OriginalIsKept",
    "S3Store",
    "Source",
    "StagingBusy",
    "StagingGap",
    "StoreError",
    "StoreUnavailable",
]
