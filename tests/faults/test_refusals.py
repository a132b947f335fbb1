"""Truncated and swapped uploads: each refused with a sentence, nothing of them kept, the true file still taken."""

from __future__ import annotations

import asyncio
import hashlib

import httpx
import pytest

from tests.factories.chain import Captured, photo
from tests.factories.device import OCTETS, TUS
from tests.faults.carrier import receipt_of
from tests.faults.conftest import Site
from tests.faults.truth import assert_all_here_once


def refused(answer: httpx.Response, status: int, code: str) -> None:
    """A refusal that a program and a person can both understand."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == code
    assert problem["type"] == f"urn:zhicha:problem:{code}"
    assert problem["title"].endswith(".")
    assert problem["title_zh"].endswith("。")
    assert "Upload-Receipt" not in answer.headers


async def two_captures(site: Site) -> tuple[Captured, Captured]:
    chain = await site.leader.chain(site.visit)
    one, other = await site.leader.record(chain, 2, data=None)
    return one, other


async def nothing_received(site: Site, *captures: Captured) -> None:
    rows = await asyncio.to_thread(
        site.product.sql,
        "SELECT received_at FROM originals WHERE capture_id = ANY($1) AND received_at IS NOT NULL",
        [one.id for one in captures],
    )
    assert rows == []


async def test_the_bytes_of_another_photo_are_refused(site: Site) -> None:
    one, other = await two_captures(site)
    refused(await site.leader.upload(one, other.photo), 422, "digest_mismatch")
    refused(await site.leader.upload(one, other.photo, sha256=other.sha256), 422, "digest_not_in_statement")
    await nothing_received(site, one, other)
    await _both_arrive(site, one, other)


async def test_swapped_halves_are_refused_at_the_last_byte(site: Site) -> None:
    """Right length, right announcements, another file: only the digest of the whole can tell."""
    one, other = await two_captures(site)
    half = len(one.photo) // 2
    url = (await site.leader.begin(one)).headers["Location"]
    first = await site.leader.patch(url, 0, one.photo[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    refused(await site.leader.patch(url, half, other.photo[half:]), 422, "digest_mismatch")
    gone = await site.leader.caller.request("HEAD", url, headers=TUS)
    assert gone.status_code in {404, 410}
    await nothing_received(site, one, other)
    await _both_arrive(site, one, other)


@pytest.mark.parametrize("cut", [1, 1500])
async def test_a_truncated_file_is_refused_whatever_it_calls_itself(site: Site, cut: int) -> None:
    one, other = await two_captures(site)
    short = one.photo[:-cut]
    refused(await site.leader.upload(one, short), 422, "digest_mismatch")
    refused(
        await site.leader.upload(one, short, sha256=hashlib.sha256(short).hexdigest()), 422, "digest_not_in_statement"
    )
    await nothing_received(site, one, other)
    await _both_arrive(site, one, other)


async def test_an_upload_that_stops_early_stays_open_and_is_continued(site: Site) -> None:
    one, other = await two_captures(site)
    url = (await site.leader.begin(one)).headers["Location"]
    part = await site.leader.patch(url, 0, one.photo[:1000])
    assert part.headers["Upload-Offset"] == "1000"
    assert "Upload-Receipt" not in part.headers
    await nothing_received(site, one, other)
    refused(await site.leader.patch(url, 0, one.photo), 409, "wrong_offset")
    refused(await site.leader.patch(url, 2000, one.photo[2000:]), 409, "wrong_offset")
    rest = await site.leader.patch(url, 1000, one.photo[1000:])
    assert receipt_of(rest)["sha256"] == one.sha256
    await _both_arrive(site, other, first=one)


async def test_a_part_damaged_on_its_way_moves_nothing(site: Site) -> None:
    one, other = await two_captures(site)
    url = (await site.leader.begin(one)).headers["Location"]
    wrong = "sha256 " + "A" * 43 + "="
    refused(await site.leader.patch(url, 0, one.photo[:1000], **{"Upload-Checksum": wrong}), 460, "checksum_mismatch")
    told = await site.leader.caller.request("HEAD", url, headers=TUS)
    assert told.headers["Upload-Offset"] == "0"
    await _both_arrive(site, one, other)


async def test_a_received_original_is_never_replaced(site: Site) -> None:
    one, other = await two_captures(site)
    await _both_arrive(site, one, other)
    again = await site.leader.upload(one, photo(len(one.photo)))
    assert (again.status_code, again.json()["code"]) == (409, "already_received")
    assert receipt_of(again)["sha256"] == one.sha256
    assert_all_here_once(site.product, {str(each.id): each.sha256 for each in (one, other)})


async def test_a_colleague_cannot_deliver_in_my_name(site: Site) -> None:
    one, other = await two_captures(site)
    refused(await site.member.upload(one), 404, "not_found")
    await nothing_received(site, one, other)
    empty = await site.leader.caller.request(
        "POST", "/api/uploads", headers={**TUS, **OCTETS, "Upload-Length": "0", "Upload-Metadata": "role b3JpZ2luYWw="}
    )
    refused(empty, empty.status_code, empty.json()["code"])
    assert empty.status_code in {400, 422}
    await _both_arrive(site, one, other)


async def _both_arrive(site: Site, *captures: Captured, first: Captured | None = None) -> None:
    for one in captures:
        answer = await site.leader.upload(one)
        assert answer.status_code == 201, answer.text
        assert receipt_of(answer)["sha256"] == one.sha256
    everything = [*captures, *([first] if first else [])]
    await asyncio.to_thread(assert_all_here_once, site.product, {str(one.id): one.sha256 for one in everything})
