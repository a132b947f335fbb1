"""Every request is delivered twice, one after the other or both at once, and the phone sees only the later answer."""

from __future__ import annotations

import asyncio

from tests.factories.chain import Chain, photo
from tests.factories.line import Exchange, Line
from tests.faults.carrier import Carrier
from tests.faults.conftest import Site
from tests.faults.truth import assert_all_here_once


async def test_everything_sent_twice_counts_once(site: Site, line: Line) -> None:
    async def progress() -> None:
        return

    line.twice = True
    signed, work = {}, []
    for phone in (site.leader, site.member):
        chain = Chain(phone, site.visit)
        opening = chain.open()
        taken = [chain.capture(photo) for photo in _photos()]
        signed.update({str(one.id): one.sha256 for one in taken})
        work.append(Carrier(phone, progress).deliver(opening, taken))
    await asyncio.gather(*work)
    assert_all_here_once(site.product, signed)


async def test_the_answer_to_every_first_request_is_lost(site: Site, line: Line) -> None:
    """The server has carried it out, the phone cannot know: repeating must be harmless."""
    seen: set[tuple[str, str, str]] = set()

    def first_time(exchange: Exchange) -> bool:
        key = (exchange.method, exchange.path, exchange.headers.get("upload-offset", ""))
        lost = key not in seen
        seen.add(key)
        return lost

    async def progress() -> None:
        seen.clear()

    line.lose_answers = first_time
    chain = Chain(site.leader, site.visit)
    opening = chain.open()
    taken = [chain.capture(photo) for photo in _photos()]
    carrier = Carrier(site.leader, progress)
    await carrier.deliver(opening, taken)
    assert carrier.repeated > 0
    assert_all_here_once(site.product, {str(one.id): one.sha256 for one in taken})


def _photos() -> list[bytes]:
    return [photo(150_000) for _ in range(5)]
