"""The page for the court says which, when and by whose clock, and nothing about the machine that it does not know."""

from __future__ import annotations

import json
import re

import pytest

from server.access import passkeys
from server.access.webauthn import RelyingParty
from server.bundles import pages
from tests.factories.bundles import Evidenced, files_of
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


async def report(story: Evidenced) -> str:
    return files_of(await story.bundle())["data/report/report.html"].decode()


class TestChains:
    async def test_beginning_and_seal_are_told_by_the_same_clock(self, office: Office) -> None:
        story = await Evidenced.begun(office)
        await story.take()
        await story.sealed()
        files = files_of(await story.bundle())
        page = files["data/report/report.html"].decode()
        (opening,) = (data for name, data in files.items() if name.endswith("/0000/statement.json"))
        times = re.search(r"<td>(<time>[^<]*</time>)<br>(<time>[^<]*</time>)</td>", page)
        assert times is not None
        assert "开启 / 封存（手机时间）" in page
        # The test's phone opens a chain as of a day before; the server received it just now.
        assert times[1] == pages.moment_ms(json.loads(opening)["from_ms"])

    async def test_what_a_chain_holds_adds_up(self, office: Office) -> None:
        story = await Evidenced.honest(office, 2)  # of which one is void
        for signed in (story.chain.cosign("unit"), story.chain.cosign("unit", "refused", reason="不属实")):
            (result,) = await story.phone.push(signed)
            assert result["status"] == "applied", result
        page = await report(story)
        cell = re.search(r'<td class="n">(\d+)<small>(.*?)</small></td>', page)
        assert cell is not None
        told = dict(re.findall(r"<br>(\S+) [a-z ]+ (\d+)", cell[2]))
        assert told == {"开启": "1", "拍摄": "2", "作废": "1", "封存": "1", "签认": "1", "拒签": "1"}
        assert sum(map(int, told.values())) == int(cell[1])

    async def test_whether_the_unit_signed_or_refused_is_told_apart(self, office: Office) -> None:
        story = await Evidenced.honest(office, 1)
        await story.phone.push(story.chain.cosign("unit", "refused", reason="不属实"))
        page = await report(story)
        assert "被督查单位拒绝对封存签认" in page
        assert "被督查单位对封存签认" not in page


class TestMachine:
    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("https://duban.example.gov.cn", "加密连接（TLS）"),
            ("http://localhost:8600", "未加密连接"),
            (None, "未设置网址，不详"),
        ],
    )
    async def test_encryption_is_claimed_only_where_it_is(self, office: Office, address: str | None, told: str) -> None:
        story = await Evidenced.honest(office, 1)
        before = passkeys.bound_party()
        passkeys.bind(RelyingParty.of(address) if address else None)
        try:
            page = await report(story)
        finally:
            passkeys.bind(before)
        assert told in page
        assert ("加密连接（TLS）" in page.replace("未加密连接", "")) is (told == "加密连接（TLS）")

    async def test_no_reader_is_sent_to_the_enclosed_verifier(self, office: Office) -> None:
        page = await report(await Evidenced.honest(office, 1))
        assert "请用自己保存、并核对过校验值的核验程序" in page

    async def test_a_picked_file_is_not_said_to_have_been_signed_at_the_shutter(self, office: Office) -> None:
        page = await report(await Evidenced.honest(office, 1))
        assert "拍摄或选取（手机时间）" in page
        assert "在拍摄（或从手机文件选取）当时计算校验值并签名" in page
