"""A token outlives its certificate: it is stamped again in time, thousands under one new token."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from cryptography import x509

from server.kit import clock, db
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.anchors import chores, outside, queries, renewal, stamping, trees
from server.tlog.anchors.outside import Outside
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import run_jobs_once
from tests.tlog import reference
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


@pytest.fixture
async def anchored(author: Author, settings: Settings, tsa: TimeAuthority) -> AsyncIterator[Author]:
    """Five anchors, made by a certificate that ends soon and was used a while ago."""
    outside.hold(Outside.of(Settings(tsa_urls=tsa.url, tsa_roots=tsa.roots)))
    tsa.mood = "ending"
    for _ in range(5):
        await author.act()
        await sequencer.catch_up()
        await chores.publish_hourly()
        await run_jobs_once(settings)
    tsa.mood = "honest"
    yield author
    outside.hold(None)


def folded(leaf: bytes, renewed: queries.Renewal) -> bytes:
    """The root that the path leads to, by the recursion of RFC 9162, 2.1.3.2, written apart from the product."""
    fn, sn, r = renewed.index, renewed.count - 1, leaf
    for each in renewed.path:
        assert sn > 0
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + each + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + each).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return r


async def test_the_tree_is_that_of_rfc_6962() -> None:
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(21)]
    for count in range(1, 22):
        assert trees.root(leaves[:count]) == reference.mth(leaves[:count])
        for index in range(count):
            assert list(trees.path(index, leaves[:count])) == reference.path(index, leaves[:count])


async def test_nothing_is_renewed_before_its_time(anchored: Author, tsa: TimeAuthority) -> None:
    asked = tsa.asked
    await renewal.renew()
    assert tsa.asked == asked
    async with db.connection() as conn:
        assert await renewal.due(conn) == 0


async def test_old_tokens_are_stamped_again_under_one(
    anchored: Author, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_NOT_AGAIN", timedelta(0))
    asked = tsa.asked
    async with db.connection() as conn:
        assert await renewal.due(conn) == 5
    await renewal.renew()
    await renewal.renew()
    assert tsa.asked == asked + 1
    roots = x509.load_pem_x509_certificates(tsa.roots.read_bytes())
    async with db.connection() as conn:
        assert await renewal.due(conn) == 0
        anchors = await queries.anchors_upto(conn, 10)  # each act with its tally
        assert len(anchors) == 5
        for anchor in anchors:
            (renewed,) = await renewal.renewals_of(conn, anchor.id)
            leaf = hashlib.sha256(b"\x00" + anchor.token + anchor.note.encode()).digest()
            assert folded(leaf, renewed) == renewed.root
            other = hashlib.sha256(b"\x00" + anchor.token + anchor.note.encode() + b" ").digest()
            assert folded(other, renewed) != renewed.root
            again = stamping.checked(renewed.token, roots, renewed.root, nonce=None)
            assert again.gen_time == renewed.gen_time
            # The new time lies before the end of the old certificate, and the new certificate lasts longer.
            assert renewed.gen_time <= anchor.certificate_until < again.certificate_until


async def test_a_stamp_whose_certificate_ends_within_days_waits_for_no_month(anchored: Author) -> None:
    """Its certificate has thirty days left: a first try after thirty days would come too late."""
    now = clock.now()
    for days, count in ((15, 0), (17, 5), (31, 5)):
        later = now + timedelta(days=days)
        with clock.held_at(lambda: later):  # noqa: B023
            async with db.connection() as conn:
                assert (days, await renewal.due(conn)) == (days, count)


async def test_at_last_it_is_tried_once_a_night(
    anchored: Author, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_LAST_DAYS", timedelta(days=40))
    asked = tsa.asked
    await renewal.renew()
    assert tsa.asked == asked  # these were made today
    monkeypatch.setattr(renewal, "_NOT_AGAIN_AT_LAST", timedelta(0))
    tsa.mood = "ending"
    await renewal.renew()  # the authority has no better certificate yet: one try, no loop
    assert tsa.asked == asked + 1
    tsa.mood = "honest"
    await renewal.renew()
    assert tsa.asked == asked + 2
    async with db.connection() as conn:
        assert await renewal.due(conn) == 0


async def test_renewals_are_renewed_in_their_turn(
    anchored: Author, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_NOT_AGAIN", timedelta(0))
    tsa.mood = "ending"
    await renewal.renew()  # ends in a renewal that itself ends soon; the next night has something to do again
    tsa.mood = "honest"
    await renewal.renew()
    async with db.connection() as conn:
        (anchor, *_) = await queries.anchors_upto(conn, 5)
        first, second = await renewal.renewals_of(conn, anchor.id)
    leaf = hashlib.sha256(b"\x00" + first.token + first.root).digest()
    assert folded(leaf, second) == second.root
    assert (second.index, second.count) == (0, 1)


async def test_the_next_authority_renews_when_one_is_down(
    anchored: Author, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "_NOT_AGAIN", timedelta(0))
    gone = "http://127.0.0.1:9/"
    outside.hold(Outside.of(Settings(tsa_urls=gone, tsa_roots=tsa.roots)))
    await renewal.renew()
    async with db.connection() as conn:
        assert await renewal.due(conn) == 5  # visible, and tried again the next night
    outside.hold(Outside.of(Settings(tsa_urls=f"{gone},{tsa.url}", tsa_roots=tsa.roots)))
    await renewal.renew()
    assert await db.fetch_value("SELECT tsa FROM log_renewals") == tsa.url


@pytest.mark.parametrize("table", ["log_renewals", "log_renewed"])
async def test_renewals_are_never_changed(
    anchored: Author, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr(renewal, "_NOT_AGAIN", timedelta(0))
    await renewal.renew()
    column = {"log_renewals": "at = now()", "log_renewed": "idx = idx + 100"}[table]
    for sql in (f"UPDATE {table} SET {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await db.execute(sql)


async def test_after_a_year_the_age_alone_is_enough(anchored: Author) -> None:
    later = clock.now() + timedelta(days=366)
    with clock.held_at(lambda: later):
        async with db.connection() as conn:
            assert await renewal.due(conn) == 5
