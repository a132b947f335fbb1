"""Composition root of the worker process: ``python -m server.worker``."""

from __future__ import annotations

import asyncio
import os
import signal

import structlog

from server import housekeeping, wiring
from server.kit.logs import configure_logs
from server.kit.queue import Worker
from server.resources import open_resources
from server.settings import Settings
from server.tlog.sequencer import Sequencer

log = structlog.get_logger(__name__)

_GRACE_SECONDS = 12.0  # within the supervisor's fifteen


async def work(settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT; jobs under way are finished first, for at most twelve seconds."""
    wiring.wire()
    async with open_resources(settings, pool_size=max(2, settings.worker_pool_size - 2)):
        worker = Worker(
            settings.database_url,
            wiring.HANDLERS,
            housekeeping.CHORES,
            concurrency=settings.worker_concurrency,
            on_ready=lambda: log.info("worker ready", jobs=sorted(job.name for job in wiring.HANDLERS)),
        )
        loop = asyncio.get_running_loop()

        def stop() -> None:
            worker.stop()
            # Cancelling would delete the jobs under way. A process that ends leaves them picked; another worker
            # takes them over when their heartbeat is old.
            loop.call_later(_GRACE_SECONDS, os._exit, 0)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        sequencing = asyncio.create_task(Sequencer(settings.database_url).run())
        try:
            await worker.run()
        finally:
            sequencing.cancel()
            await asyncio.wait([sequencing])
    log.info("worker stopped")


def main() -> None:
    """Entry point of the process."""
    settings = Settings.from_env()
    configure_logs(settings.log_level)
    asyncio.run(work(settings))


if __name__ == "__main__":
    main()
