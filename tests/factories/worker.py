"""Runs the queued jobs inside a test, as the worker would, without waiting for anything that is not due."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from server import wiring
from server.kit import db
from server.kit.jobs import Handler, Job
from server.kit.queue import Worker
from server.settings import Settings

_DUE = (
    "SELECT count(*) FROM pgqueuer WHERE entrypoint = ANY($1)"
    " AND (status = 'picked' OR (status = 'queued' AND execute_after <= now()))"
)


async def run_jobs_once(
    settings: Settings, handlers: Mapping[Job, Handler] | None = None, *, seconds: float = 60
) -> None:
    """Run everything that is due, and what follows from it; retries that wait for later stay queued.

    Needs the lifespan of the application (fixture ``client``) for the database pool and the media store.
    ``handlers`` replaces those of the product. Jobs without a handler are left alone.
    """
    chosen = wiring.HANDLERS if handlers is None else handlers
    known = [job.name for job in chosen]
    if not known or not await _due(known):
        return
    worker = Worker(settings.database_url, chosen)
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(seconds):
            while await _due(known):  # noqa: ASYNC110 (the queue tells nobody when it is empty)
                await asyncio.sleep(0.02)
    finally:
        worker.stop()
        await running


async def _due(names: list[str]) -> int:
    count: int = await db.fetch_value(_DUE, names)
    return count


async def held_jobs() -> list[str]:
    """Names of the jobs that were given up and wait for a person."""
    rows = await db.fetch("SELECT entrypoint FROM pgqueuer WHERE status = 'failed' ORDER BY id")
    return [row["entrypoint"] for row in rows]
