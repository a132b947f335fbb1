"""kill -9 of web, worker and PostgreSQL while fifty captures of two phones are on their way."""

from __future__ import annotations

import asyncio
import time

from tests.factories import photos
from tests.factories.chain import Chain
from tests.faults.carrier import Carrier
from tests.faults.conftest import Site
from tests.faults.truth import assert_all_here_once

EACH = 25
PADDING = 200_000
# What dies after how many confirmed steps of all phones together.
DEATHS = {2: ["web"], 12: ["postgres"], 22: ["worker"], 32: ["web", "worker"], 42: ["worker"]}


def picture(seed: int) -> bytes:
    """A photo that the worker can decode, long enough to travel in several parts."""
    # What follows the end marker belongs to the file but not to the picture.
    return photos.jpeg(640, 480, seed=seed, quality=70) + bytes([seed % 256]) * PADDING


async def test_nothing_is_lost_or_doubled_when_web_worker_and_database_are_killed(site: Site) -> None:
    steps = 0

    async def progress() -> None:
        nonlocal steps
        steps += 1
        for part in DEATHS.get(steps, ()):
            await asyncio.to_thread(site.product.kill, part)

    carriers, signed, work = [], {}, []
    for number, phone in enumerate((site.leader, site.member)):
        chain = Chain(phone, site.visit)
        opening = chain.open()
        taken = [chain.capture(picture(100 * number + seed)) for seed in range(EACH)]
        signed.update({str(one.id): one.sha256 for one in taken})
        carriers.append(Carrier(phone, progress))
        work.append(carriers[-1].deliver(opening, taken))
    await asyncio.gather(*work)

    assert steps > max(DEATHS)
    assert sum(carrier.repeated for carrier in carriers) > 0
    assert {one: receipt["sha256"] for carrier in carriers for one, receipt in carrier.receipts.items()} == signed
    await asyncio.to_thread(site.product.wait_ready)
    assert_all_here_once(site.product, signed)
    await copies_of_all(site, len(signed))


async def copies_of_all(site: Site, count: int) -> None:
    """The worker, killed in between, still makes each copy, and makes it once."""
    deadline = time.monotonic() + 150
    while True:
        drawn = site.product.sql(
            "SELECT kind, count(*) AS made, count(DISTINCT capture_id) AS of FROM derivatives"
            " WHERE org_id = $1 AND kind IN ('thumb', 'watermark') GROUP BY kind",
            site.office.org_id,
        )
        made = {row["kind"]: (row["made"], row["of"]) for row in drawn}
        if made == {"thumb": (count, count), "watermark": (count, count)}:
            return
        assert time.monotonic() < deadline, made
        await asyncio.sleep(0.3)
