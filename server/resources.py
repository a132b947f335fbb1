"""What a process holds while it runs, opened alike by web, worker and tests: database, media store, push service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from media.store import FolderStore, MediaStore
from server.evidence import lateness
from server.kit import db, media
from server.push import delivery
from server.push.delivery import PushService
from server.settings import Settings
from server.tlog import keys as log_keys
from server.tlog.anchors import outside


@asynccontextmanager
async def open_resources(settings: Settings, *, pool_size: int) -> AsyncIterator[MediaStore]:
    """Connect to the database, choose the media store (S3 when an endpoint is set, else a folder), close both."""
    await db.connect(settings.database_url, max_size=pool_size)
    try:
        store = await open_store(settings)
        media.hold(store)
        delivery.hold(PushService.of(settings))
        lateness.hold(timedelta(hours=settings.late_hours))
        outside.hold(outside.Outside.of(settings))
        log_keys.hold(settings.log_origin)
        try:
            yield store
        finally:
            outside.hold(None)
            delivery.hold(None)
            media.hold(None)
            store.close()
    finally:
        await db.disconnect()


async def open_store(settings: Settings) -> MediaStore:
    """The store that the settings choose, ready for use."""
    if not settings.s3_endpoint:
        return FolderStore(settings.media_dir)
    from media.store.s3 import S3Store  # only where it is chosen: its client is slow to import

    s3 = S3Store.connect(
        settings.s3_endpoint,
        settings.s3_access_key,
        settings.s3_secret_key,
        settings.s3_bucket,
        secure=settings.s3_secure,
        region=settings.s3_region,
    )
    await s3.prepare()
    return s3
