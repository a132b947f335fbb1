"""What the worker draws from originals, and what it does with those it cannot read."""

from __future__ import annotations

import asyncio
import hashlib
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image, ImageChops, ImageStat

from server.evidence.jobs import caption_of, draw_copies
from server.evidence.statements import to_b64u
from server.kit import clock, db
from server.kit.ids import new_id
from server.kit.jobs import Task
from tests.factories import photos
from tests.factories.chain import Captured, gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, planned_visit
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio


def jpeg(seed: int = 1) -> bytes:
    out = BytesIO()
    photos.scene(1200, 900, seed).save(out, "JPEG", quality=80)
    return out.getvalue()


async def received(office: Office, phone: Phone, data: bytes) -> Captured:
    visit = await planned_visit(office, phone.caller.person_id)
    taken = (await phone.record(await phone.chain(visit), data=data, gps=gps(*SITE)))[0]
    assert (await phone.upload(taken)).status_code == 201
    return taken


async def run(office: Office, capture_id: UUID) -> None:
    await draw_copies(Task(org_id=office.org_id, entry_id=new_id(), subject_id=capture_id))


@pytest.mark.parametrize(("source", "told"), [("camera", False), ("file", True), ("import", True)])
def test_only_what_was_photographed_on_the_spot_shows_its_time_without_a_word(source: str, told: bool) -> None:
    row = {"captured_at": clock.now(), "site_name": "溪山府", "address": "", "author_name": "林夏", "source": source}
    item = {"register_year": 2026, "register_seq": 9, "item_title": "扬尘治理", "org_name": "云溪县人民政府督查室"}
    rows = dict(caption_of({**row, **item}, "ab" * 32).rows)
    assert ("不是当场拍摄；时间为存入时间" in rows.get("来源", "")) is told


async def test_an_arrival_queues_the_work(office: Office, phone: Phone) -> None:
    await received(office, phone, jpeg())
    assert await db.fetch_value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'evidence.draw_copies'") == 1


async def test_copies_are_drawn_once_and_the_original_stays(office: Office, phone: Phone, head: Caller) -> None:
    taken = await received(office, phone, jpeg())
    await asyncio.gather(run(office, taken.id), run(office, taken.id))
    await run(office, taken.id)
    kinds = [row["kind"] for row in await db.fetch("SELECT kind FROM derivatives ORDER BY kind")]
    assert kinds == ["preview", "thumb", "watermark"]
    view = (await head.get(f"/api/evidence/{taken.id}")).json()
    assert view["derived"] == {"thumb": True, "preview": True, "watermark": True}
    sizes = {}
    for role in ("thumb", "preview", "watermark"):
        answer = await head.get(f"/api/media/{taken.id}/{role}")
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        with Image.open(BytesIO(answer.content)) as image:
            sizes[role] = image.size
    assert sizes["thumb"] == (480, 360)
    assert sizes["preview"] == (1200, 900)
    assert sizes["watermark"][1] > 900
    assert (await head.get(f"/api/media/{taken.id}/original")).content == taken.photo


async def test_what_the_phone_showed_first_does_not_stand_in_for_what_it_signed(
    office: Office, phone: Phone, head: Caller
) -> None:
    taken = await received(office, phone, jpeg())
    other = Captured(taken.id, {}, jpeg(2), "image/jpeg")  # nobody signed the preview: it may show anything
    await phone.upload(other, role="preview")
    shown = f"/api/media/{taken.id}/preview"
    assert (await head.get(shown)).content == other.photo
    await run(office, taken.id)
    with Image.open(BytesIO((await head.get(shown)).content)) as preview, Image.open(BytesIO(taken.photo)) as signed:
        assert preview.size == signed.size
        away = ImageStat.Stat(ImageChops.difference(preview.convert("L"), signed.convert("L"))).mean[0]
    assert away < 5
    assert await db.fetch_value("SELECT count(*) FROM derivatives WHERE kind = 'preview'") == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (jpeg()[:4000], "truncated"),
        (b"MZ not a picture at all" * 50, "not_media"),
        (b"GIF89a" + b"0" * 99, "type_refused"),
    ],
)
async def test_what_cannot_be_read_is_kept_with_the_reason(
    office: Office, phone: Phone, head: Caller, data: bytes, reason: str
) -> None:
    taken = await received(office, phone, data)
    await run(office, taken.id)
    await run(office, taken.id)
    view = (await head.get(f"/api/evidence/{taken.id}")).json()
    assert [(one["state"], one["reason"]) for one in view["originals"]] == [("unreadable", reason)]
    assert (await head.get(f"/api/media/{taken.id}/original")).content == data
    noted = "SELECT count(*) FROM journal_entries WHERE kind = 'capture.original_unreadable'"
    assert await db.fetch_value(noted) == 1


async def test_the_loop_stays_free_while_copies_are_drawn(office: Office, phone: Phone) -> None:
    taken = await received(office, phone, jpeg())
    work = asyncio.create_task(run(office, taken.id))
    longest, loop = 0.0, asyncio.get_running_loop()
    while not work.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    await work
    assert longest < 1.0


async def test_each_original_has_its_own_copies_and_its_own_facts(office: Office, phone: Phone, head: Caller) -> None:
    visit = await planned_visit(office, phone.caller.person_id)
    files = [photos.jpeg(1200, 900, seed=1), photos.jpeg(900, 1200, seed=2, orientation=6), jpeg(3)]
    chain = await phone.chain(visit)
    media = [
        {
            "role": "original",
            "sha256": to_b64u(hashlib.sha256(data).digest()),
            "bytes": len(data),
            "type": "image/jpeg",
            "w": 4,
            "h": 3,
            "src": "file",
        }
        for data in files
    ]
    taken = (await phone.record(chain, data=files[0], media=media, gps=gps(*SITE)))[0]
    for data in reversed(files):
        assert (await phone.upload(Captured(taken.id, {}, data, "image/jpeg"))).status_code in (200, 201)
        await run(office, taken.id)
    view = (await head.get(f"/api/evidence/{taken.id}")).json()
    assert [one["derived"] for one in view["originals"]] == [{"thumb": True, "preview": True, "watermark": True}] * 3
    assert [(one["exif"] or {}).get("orientation") for one in view["originals"]] == [1, 6, 1]
    assert view["originals"][0]["exif"]["taken_at"] is not None
    assert view["originals"][2]["exif"]["taken_at"] is None
    assert {reason["code"] for reason in view["plausibility"]} >= {"exif_time_differs"}
    for role in ("thumb", "preview", "watermark"):
        shown = [(await head.get(f"/api/media/{taken.id}/{role}?position={n}")).content for n in range(3)]
        assert len(set(shown)) == 3
        assert (await head.get(f"/api/media/{taken.id}/{role}")).content == shown[0]
        assert (await head.get(f"/api/media/{taken.id}/{role}?position=3")).status_code == 404
