"""Looking at media: whole, in ranges, unchanged, and only by those who may see the capture."""

from __future__ import annotations

import pytest

from tests.factories.chain import Captured, photo
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def taken(office: Office, phone: Phone) -> Captured:
    visit = await planned_visit(office, phone.caller.person_id)
    made = (await phone.record(await phone.chain(visit), data=photo(1000)))[0]
    assert (await phone.upload(made)).status_code == 201
    return made


def url(taken: Captured, role: str = "original") -> str:
    return f"/api/media/{taken.id}/{role}"


async def test_the_whole_file(phone: Phone, taken: Captured) -> None:
    answer = await phone.caller.get(url(taken))
    assert answer.status_code == 200
    assert answer.content == taken.photo
    assert answer.headers["etag"] == f'"{taken.sha256}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == "1000"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith('attachment; filename="20')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=990-", 990, 1000),
        ("bytes=-10", 990, 1000),
        ("bytes=-5000", 0, 1000),
        ("bytes=999-5000", 999, 1000),
    ],
)
async def test_one_range(phone: Phone, taken: Captured, asked: str, start: int, stop: int) -> None:
    answer = await phone.caller.get(url(taken), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == taken.photo[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/1000"
    assert answer.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
async def test_a_range_beyond_the_end(phone: Phone, taken: Captured, asked: str) -> None:
    answer = await phone.caller.get(url(taken), headers={"Range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */1000"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "bytes=-", "bytes=a-b"])
async def test_what_is_no_single_range_gives_the_whole(phone: Phone, taken: Captured, asked: str) -> None:
    answer = await phone.caller.get(url(taken), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, taken.photo)


async def test_not_modified(phone: Phone, taken: Captured) -> None:
    for tag in (f'"{taken.sha256}"', f'"other", W/"{taken.sha256}"', "*"):
        answer = await phone.caller.get(url(taken), headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == f'"{taken.sha256}"'
    assert (await phone.caller.get(url(taken), headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_range_of_another_version_gives_the_whole(phone: Phone, taken: Captured) -> None:
    same = {"Range": "bytes=0-9", "If-Range": f'"{taken.sha256}"'}
    other = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert (await phone.caller.get(url(taken), headers=same)).status_code == 206
    assert (await phone.caller.get(url(taken), headers=other)).status_code == 200


async def test_head_says_the_same_without_the_bytes(phone: Phone, taken: Captured) -> None:
    answer = await phone.caller.request("HEAD", url(taken))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "1000"
    assert answer.headers["etag"] == f'"{taken.sha256}"'
    part = await phone.caller.request("HEAD", url(taken), headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


@pytest.mark.parametrize("said", ["text/javascript", "text/html", "image/svg+xml", "image/jpeg\r\nX-Evil: 1", "图片"])
async def test_a_file_is_not_served_as_whatever_its_statement_calls_it(office: Office, phone: Phone, said: str) -> None:
    visit = await planned_visit(office, phone.caller.person_id)
    made = (await phone.record(await phone.chain(visit), data=b"alert(document.cookie)", media_type=said))[0]
    assert (await phone.upload(made, type="image/jpeg")).status_code == 201
    answer = await phone.caller.get(url(made))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-disposition"].endswith('.bin"')


async def test_what_is_not_here_yet(phone: Phone, taken: Captured) -> None:
    for role in ("preview", "thumb", "watermark"):
        assert (await phone.caller.get(url(taken, role))).status_code == 404
    small = Captured(taken.id, {}, photo(300), "image/webp")
    await phone.upload(small, role="preview")
    answer = await phone.caller.get(url(taken, "preview"))
    assert (answer.status_code, answer.content) == (200, small.photo)
    assert "content-disposition" not in answer.headers
    assert (await phone.caller.get(url(taken, "negative"))).status_code in (404, 422)
    assert (await phone.caller.http.get(url(taken))).status_code == 401
