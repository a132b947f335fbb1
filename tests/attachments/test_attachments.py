"""Handing files in: what is kept, what is refused, who reads it."""

from __future__ import annotations

import hashlib

import anyio
import pytest

from server.access.roles import Role
from server.attachments import pdf as reader
from server.attachments.commands import file_name
from server.attachments.errors import AttachmentNameMissing
from server.attachments.texts import text_of
from server.kit import db
from server.kit.ids import new_id
from server.kit.secrecy import carries_marking
from tests.factories.files import PDF, docx, office_file, pdf, scan, send_file
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


class TestHandIn:
    async def test_keeps_name_type_and_digest_and_gives_the_bytes_back(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        answer = await send_file(registrar, PDF, "县长批示 (一).pdf")
        assert answer.status_code == 201, answer.text
        view = answer.json()
        assert view["name"] == "县长批示 (一).pdf"
        assert view["media_type"] == "application/pdf"
        assert (view["size"], view["sha256"]) == (len(PDF), hashlib.sha256(PDF).hexdigest())
        read = await registrar.get(f"/api/attachments/{view['id']}")
        assert read.content == PDF
        assert read.headers["content-type"] == "application/pdf"
        assert read.headers["content-security-policy"] == "frame-ancestors 'self'"
        assert read.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E5%8E%BF")

    async def test_sending_it_twice_keeps_one(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        key = str(new_id())
        first = await send_file(registrar, PDF, "一.pdf", **{"Idempotency-Key": key})
        again = await send_file(registrar, PDF, "一.pdf", **{"Idempotency-Key": key})
        assert first.json() == again.json()
        assert first.json()["id"] == key
        other = await send_file(registrar, scan(), "二.png", **{"Idempotency-Key": key})
        assert other.json()["code"] == "id_reused"
        assert await db.fetch_value("SELECT count(*) FROM attachments") == 1

    async def test_the_same_bytes_at_once_are_two_attachments_and_one_object(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        answers: list[int] = []

        async def one(name: str) -> None:
            answers.append((await send_file(registrar, PDF, name)).status_code)

        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(one, f"{number}.pdf")
        assert answers == [201] * 5

    async def test_what_a_file_is_follows_from_its_bytes(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        for data, name in ((b"<script>alert(1)</script>", "页面.html"), (b"MZ\x90", "批示.pdf"), (b"GIF89a", "图")):
            answer = await send_file(registrar, data, name)
            assert (answer.status_code, answer.json()["code"]) == (415, "attachment_type_refused")
        page = await send_file(registrar, b"<script>alert(1)</script>", "说明.txt", **{"Content-Type": "text/html"})
        read = await registrar.get(f"/api/attachments/{page.json()['id']}")
        assert read.headers["content-type"] == "application/octet-stream"
        assert read.headers["content-disposition"].startswith("attachment")

    async def test_an_empty_and_a_huge_file_are_refused(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        assert (await send_file(registrar, b"")).json()["code"] == "attachment_empty"
        huge = await send_file(registrar, PDF + b"0" * (20 * 1024 * 1024))
        assert huge.status_code == 413
        assert await db.fetch_value("SELECT count(*) FROM attachments") == 0

    async def test_a_state_secret_is_refused_by_its_name_and_by_its_text(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        for data, name, field in (
            (PDF, "【机密】某工程.pdf", "name"),
            (docx("秘密★5年", "关于某工程的报告"), "报告.docx", "content"),
            ("绝密★30年 清单".encode("gb18030"), "清单.csv", "content"),
        ):
            answer = await send_file(registrar, data, name)
            assert answer.json()["code"] == "state_secret_refused"
            assert [one["field"] for one in answer.json()["errors"]] == [field]
        assert await db.fetch_value("SELECT count(*) FROM attachments") == 0
        assert await db.fetch_value("SELECT count(*) FROM journal_entries") == 0

    async def test_only_who_handed_it_in_reads_it_before_it_is_attached(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        chief = await office.caller("hejing", Role.OFFICE)
        view = (await send_file(registrar)).json()
        hidden = await chief.get(f"/api/attachments/{view['id']}")
        absent = await chief.get(f"/api/attachments/{new_id()}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)

    async def test_a_file_never_changes(self, office: Office) -> None:
        await send_file(await office.caller("reg", Role.REG))
        for sql in ("UPDATE attachments SET name = 'x'", "DELETE FROM attachments", "TRUNCATE attachments CASCADE"):
            with pytest.raises(Exception, match=r"append-only|never|refuse|attachments"):
                await db.execute(sql)


def test_a_name_is_what_is_left_without_folders_and_controls() -> None:
    assert file_name("C%3A%5C%E6%96%87%E4%BB%B6%5C%E6%89%B9%E7%A4%BA.pdf") == "批示.pdf"
    assert file_name("../../etc/%0Apasswd.txt") == "passwd.txt"
    for nothing in ("", "%20", "a/", "x" * 201):
        with pytest.raises(AttachmentNameMissing):
            file_name(nothing)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pdf("机密★5年", "关于某工程的报告"), "报告.pdf"),
        (pdf("关于某工程的报告", note="【秘密】请勿外传"), "批注.pdf"),
        (pdf("关于某工程的报告", title="秘密★ 某工程"), "标题.pdf"),
        ("秘密★五年关于某工程的报告".encode("utf-16-le"), "无标记.txt"),
        ("秘密★五年关于某工程的报告".encode("utf-16-be"), "无标记.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 505 + "机密★5年".encode("utf-16-le"), "旧格式.doc"),
        (office_file(word__comments="<w:comment><w:p><w:t>机</w:t><w:t>密★</w:t></w:p></w:comment>"), "a.docx"),
        (office_file(word__endnotes="<w:p><w:r><w:t>&#32477;&#23494;&#9733;</w:t></w:r></w:p>"), "b.docx"),
        (office_file(word__header3="<w:p>第1页</w:p><w:p>秘密</w:p>"), "c.docx"),
        (office_file(xl__comments1="<comment><text><r><t>【机密】</t></r></text></comment>"), "d.xlsx"),
        (office_file(xl__threadedComments__threadedComment1="<text>密级：秘密</text>"), "e.xlsx"),
        (office_file(xl__worksheets__sheet1="<oddHeader>&amp;C&amp;&quot;黑体&quot;&amp;14机密</oddHeader>"), "f.xlsx"),
        (office_file(xl__worksheets__sheet1="<c><is><t>张三</t></is></c><c><is><t>机密</t></is></c></row>"), "g.xlsx"),
        (office_file(xl__workbook='<sheets><sheet sheetId="1" name="【绝密】名单"/></sheets>'), "h.xlsx"),
        (office_file(ppt__notesSlides__notesSlide1="<a:p><a:r><a:t>机密★</a:t></a:r></a:p>"), "i.pptx"),
        (office_file(ppt__comments__modernComment_1="<a:p><a:t>秘密★</a:t></a:p>"), "j.pptx"),
        (office_file(ppt__slideMasters__slideMaster1="<a:p><a:t>机密</a:t></a:p>"), "k.pptx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_marking_is_found_wherever_somebody_can_write(office: Office, data: bytes, name: str) -> None:
    answer = await send_file(await office.caller("reg", Role.REG), data, name)
    assert (answer.status_code, answer.json()["code"]) == (422, "state_secret_refused")
    assert await db.fetch_value("SELECT count(*) FROM attachments") == 0


def test_ordinary_files_carry_none() -> None:
    for media_type, data in (
        ("application/pdf", pdf("关于保守秘密的规定", "商业秘密保护情况", note="保密教育")),
        ("text/plain", "关于机密性的说明，级别为一般".encode("gb18030")),
        ("application/zip", office_file(xl__worksheets__sheet1="<c><v>秘密等级说明</v></c>")),
        ("application/zip", docx("关于加强保密工作的通知")),
    ):
        assert not carries_marking(text_of(media_type, data))


def test_a_pdf_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_PATIENCE", 0.01)
    assert text_of("application/pdf", pdf("机密★")) == ""
    assert text_of("application/pdf", b"%PDF-1.7\n" + b"\xff" * 1000) == ""


def test_a_file_that_unpacks_to_far_more_is_read_only_so_far() -> None:
    text = text_of("application/zip", docx("字" * 9_000_000))
    assert 0 < len(text) < 4_300_000
    assert text_of("application/zip", b"PK\x03\x04 not a zip") == ""


def test_a_text_of_breaks_that_never_end_is_read_in_one_pass() -> None:
    # Half a million beginnings of a tag in a file of a few kilobytes: tried to the end each, it would take hours.
    assert len(text_of("application/zip", docx("<w:br" * 500_000))) > 2_000_000


def test_a_damaged_part_gives_no_text() -> None:
    whole = bytearray(docx("字" * 5_000))
    at = whole.index(b"word/document.xml") + len("word/document.xml")
    whole[at : at + 8] = b"\xff" * 8
    assert text_of("application/zip", bytes(whole)) == ""
