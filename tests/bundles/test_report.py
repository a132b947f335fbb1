"""The page for the court: the list of electronic data, article 93 factor by factor, and nothing that is not true."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

import pytest

import server.wiring  # noqa: F401  (all events are known once it is)
from server.bundles.report_words import ACTS
from server.journal.events import Event
from tests.factories.bundles import Evidenced, files_of, order
from tests.factories.people import Office
from tests.factories.product import ROOT

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

    async def test_what_speaks_against_a_phone_is_on_paper(self, office: Office) -> None:
        story = await Evidenced.begun(office)
        copied = copy.copy(story.chain)
        await story.take()
        (refused,) = await story.phone.push(copied.capture().operation)
        assert refused["problem"]["code"] == "chain_conflict"
        page = await report(story)
        assert "登记手机" in page
        assert "手机密钥签过与取证链相抵触的记录，已拒收并留存" in page


def test_every_act_that_a_bundle_holds_has_words() -> None:
    desk = (ROOT / "pwa/src/desk/evidence/trust.zh.ts").read_text()
    kinds = [(one.SUBJECT, one.KIND) for one in events() if hasattr(one, "KIND")]
    held = {kind for subject, kind in kinds if subject in {"capture", "capture_session", "device", "passkey"}}
    assert len(held) > 20
    assert held <= ACTS.keys()
    assert [kind for subject, kind in kinds if subject == "capture" and f"'act.{kind}'" not in desk] == []


def events(of: type[Event] = Event) -> Iterator[type[Event]]:
    for one in of.__subclasses__():
        if one.__module__.startswith("server."):
            yield one
        yield from events(one)
