"""The page for the court: the list of electronic data, article 93 factor by factor, and nothing that is not true."""

from __future__ import annotations

import re

import pytest

from tests.factories.bundles import Evidenced, files_of, order
from tests.factories.people import Office

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
async def story(office: Office) -> Evidenced:
    return await Evidenced.honest(office, 2)


async def report(story: Evidenced) -> str:
    return files_of(await story.bundle())["data/report/report.html"].decode()


class TestReport:
    async def test_every_original_with_kind_format_digest_and_signature(self, story: Evidenced) -> None:
        page = await report(story)
        for taken in story.captures:
            assert taken.sha256 in page
        assert page.count("完整性校验值") >= len(story.captures)
        for head in ("类别", "文件格式", "签名记录", "签名公钥指纹"):
            assert head in page
        assert "检查人员声明作废" in page  # of the last capture, which is listed all the same

    async def test_a_sealed_chain_stays_sealed_when_others_sign_the_seal(self, story: Evidenced) -> None:
        await story.phone.push(story.chain.cosign("unit"))
        page = await report(story)
        assert "尚未封存" not in page

    async def test_article_93_factor_by_factor(self, story: Evidenced) -> None:
        page = await report(story)
        found = re.findall(r"<h3>（([一二三四五六七])）", page)
        assert found == list("一二三四五六七")
        assert "还没有外部时间戳" in page  # nobody was asked to vouch, and it says so

    async def test_it_needs_nothing_from_outside_and_runs_nothing(self, story: Evidenced) -> None:
        page = await report(story)
        assert not re.search(r"<(script|link|img|iframe|object)\b|https?://|url\(|@import", page)
        assert "size:A4" in page

    async def test_what_people_wrote_is_text(self, story: Evidenced) -> None:
        made = await order(story.head, "visit", story.visit.id, purpose="<script>alert(1)</script>&")
        page = await story.head.get(f"/api/bundles/{made.json()['id']}/report")
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
