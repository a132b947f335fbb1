"""The codes on the sheet for the inspected unit, read from its picture and given to the verifiers as they were read."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from server.access.roles import Role
from server.kit import b64u, db
from server.tlog.queries import latest_checkpoint
from server.tlog.sequencer import catch_up
from tests.bundles.synthetic import TOOLS
from tests.bundles.verifiers import browser_page
from tests.factories.bundles import Evidenced
from tests.factories.chain import Chain, gps
from tests.factories.codes import codes_in, photographed
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, planned_visit
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]

A5 = {"width": 559, "height": 794}  # at 96 dots per inch
PHONE = {"width": 390, "height": 844}
PAPER = ("print", "light", A5)
EVERYWHERE = (
    PAPER,
    ("print", "dark", A5),
    ("screen", "light", A5),
    ("screen", "dark", A5),
    ("screen", "dark", PHONE),
)


async def sealed_by(office: Office, *logins: str) -> tuple[Evidenced, list[Chain]]:
    """A visit at which each of these inspectors took one photo with a phone of their own, and sealed."""
    phones = [await Phone.enrolled(await office.caller(login, Role.SUP, Role.TM)) for login in logins]
    visit = await planned_visit(office, *(phone.caller.person_id for phone in phones))
    chains = []
    for phone in phones:
        chain = await phone.chain(visit)
        (taken,) = await phone.record(chain, gps=gps(*SITE))
        assert (await phone.upload(taken)).status_code == 201
        (result,) = await phone.push(chain.seal())
        assert result["status"] == "applied", result
        chains.append(chain)
    await catch_up()
    head = await office.caller("hejing", Role.OFFICE)
    return Evidenced(office, head, phones[0], visit, chains[0]), chains


async def slip_of(story: Evidenced) -> str:
    answer = await story.head.get(f"/api/visits/{story.visit.id}/slip")
    assert answer.status_code == 200, answer.text
    return answer.text


def pictured(html: str, *ways: tuple[str, str, dict[str, int]], fine: int = 2) -> list[bytes]:
    """The page in a browser: on paper or on a screen of this size, on a machine that prefers light or dark."""
    pictures = []
    with browser_page.browser(device_scale_factor=fine) as page:
        for media, scheme, size in ways:
            page.set_viewport_size(size)
            page.emulate_media(media=media, color_scheme=scheme)
            page.set_content(html)
            pictures.append(page.screenshot(full_page=True))
    return pictures


def pages_of(html: str) -> list[str]:
    with browser_page.browser() as page:
        page.set_content(html)
        return [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]


def on_the_page(bundle: Path, trust: Path, *slips: str) -> list[list[str]]:
    """What verify.html says of each text when it is pasted as the slip; its field of one line drops the line end."""
    told = []
    with browser_page.browser() as page:
        for slip in slips:
            page.goto(browser_page.SOURCE.as_uri())
            page.set_input_files("#zip", str(bundle))
            page.set_input_files("#trust", str(trust))
            page.fill("#slip", slip)
            page.click("#run")
            page.wait_for_selector("body[data-verdict]", timeout=60_000)
            told.append(page.locator(".no").evaluate_all("rows => rows.map((row) => row.dataset.check)"))
            assert page.locator('[data-check="slip.seal"]').count() == 1
    return told


def by_the_program(bundle: Path, trust: Path, slip: str) -> list[str]:
    run = [sys.executable, str(TOOLS / "verify.py"), str(bundle), str(trust), "--slip", slip, "--json"]
    done = subprocess.run(run, capture_output=True, check=False)
    told = json.loads(done.stdout)
    assert told["counts"]["slip.seal"] == 1
    return list(told["failures"])


class TestPictures:
    async def test_the_code_says_seal_count_and_checkpoint(self, story: Evidenced) -> None:
        pictures = await asyncio.to_thread(pictured, await slip_of(story), *EVERYWHERE)
        (text,) = {text for picture in pictures for text in codes_in(picture)}
        assert [len(codes_in(picture)) for picture in pictures] == [1] * len(EVERYWHERE)
        checkpoint, seal = text.split("\n")
        assert seal == f"zhicha-seal/1 {story.chain.prev}:4"  # three photos, one declared void
        async with db.connection() as conn:
            newest = await latest_checkpoint(conn)
        assert newest is not None
        origin = newest.body.split("\n")[0]
        assert checkpoint == f"zhicha-checkpoint/1 {origin} {newest.size} {b64u.encode(newest.root)}"

    async def test_each_phone_has_a_code_of_its_own(self, office: Office) -> None:
        story, chains = await sealed_by(office, "linxia", "zhouheng", "chenyu", "songan")
        html = await slip_of(story)
        (picture,) = await asyncio.to_thread(pictured, html, PAPER)
        texts = codes_in(picture)
        assert [text.split("\n")[1] for text in texts] == [f"zhicha-seal/1 {chain.prev}:1" for chain in chains]
        assert len({text.split("\n")[0] for text in texts}) == 1

    async def test_a_camera_held_by_hand_reads_them(self, office: Office) -> None:
        story, chains = await sealed_by(office, "linxia", "zhouheng")
        (picture,) = await asyncio.to_thread(pictured, await slip_of(story), PAPER, fine=4)
        for tilt in (-8, 0, 6, 90, 187):
            texts = codes_in(photographed(picture, width=1000, tilt=tilt))
            assert {text.split(" ")[-1] for text in texts} == {f"{chain.prev}:1" for chain in chains}, tilt


class TestPaper:
    async def test_one_seal_is_one_sheet(self, story: Evidenced) -> None:
        assert len(await asyncio.to_thread(pages_of, await slip_of(story))) == 1

    @pytest.mark.parametrize("phones", [2, 4])
    async def test_nobody_signs_a_sheet_that_says_nothing(self, office: Office, phones: int) -> None:
        story, _ = await sealed_by(office, *("linxia", "zhouheng", "chenyu", "songan")[:phones])
        *_, last = await asyncio.to_thread(pages_of, await slip_of(story))
        assert "签名" in last
        assert "根校验值" in last


class TestVerifiers:
    async def test_they_take_the_text_as_it_was_read(self, office: Office, tmp_path: Path) -> None:
        story, chains = await sealed_by(office, "linxia", "zhouheng")
        (picture,) = await asyncio.to_thread(pictured, await slip_of(story), PAPER)
        bundle, trust = tmp_path / "bundle.zip", tmp_path / "trust.json"
        bundle.write_bytes(await story.bundle())
        trust.write_bytes((await story.head.get("/api/log/trust")).content)
        texts = codes_in(picture)
        assert [text.split(" ")[-1] for text in texts] == [f"{chain.prev}:1" for chain in chains]
        other = texts[0].replace(chains[0].prev, chains[0].prev[::-1])
        miscounted = f"{texts[1]}0"
        slips = [*texts, other, miscounted]
        found = [[], [], ["slip.seal"], ["slip.seal"]]
        assert [by_the_program(bundle, trust, slip) for slip in slips] == found
        assert await asyncio.to_thread(on_the_page, bundle, trust, *slips) == found
