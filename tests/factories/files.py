"""Files as offices hand them in: small, invented, of the kinds that are taken."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw

from tests.factories.people import Caller

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def docx(*paragraphs: str) -> bytes:
    """A Word document of these paragraphs, as far as a reader of its text is concerned."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
    return held.getvalue()


def pdf(*lines: str, note: str = "", title: str = "") -> bytes:
    """A PDF of one page whose text is set in a Chinese font that the reader has, with a note on it and a title."""

    def wide(text: str) -> str:
        return "feff" + text.encode("utf-16-be").hex()

    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td " for line in lines)
    stream = zlib.compress(f"BT /F1 12 Tf 72 700 Td {shown}ET".encode())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [8 0 R]"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800"
        b" /Descent -200 /CapHeight 700 /StemV 80 >>",
        f"<< /Type /Annot /Subtype /Text /Rect [0 0 20 20] /Contents <{wide(note)}> >>".encode(),
        f"<< /Title <{wide(title)}> >>".encode(),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 9 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def office_file(**parts: str) -> bytes:
    """An Office file of these parts; ``__`` stands for a stroke: ``word__comments``."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", content)
    return held.getvalue()


def scan(width: int = 600, height: int = 800) -> bytes:
    """A scanned page with some lines on it, as PNG."""
    page = Image.new("RGB", (width, height), (250, 248, 240))
    draw = ImageDraw.Draw(page)
    for y in range(120, height - 80, 36):
        draw.line((60, y, width - 60 - (y * 7) % 90, y), fill=(60, 60, 70), width=5)
    draw.line((80, 60, 240, 84), fill=(190, 30, 30), width=6)
    held = io.BytesIO()
    page.save(held, "PNG")
    return held.getvalue()


async def send_file(caller: Caller, data: bytes = PDF, name: str = "批示件.pdf", **headers: str) -> Any:
    """The answer to handing a file in."""
    sent = {"X-File-Name": quote(name), "Content-Type": "application/octet-stream", **headers}
    return await caller.request("POST", "/api/attachments", content=data, headers=sent)


async def handed_in(caller: Caller, data: bytes = PDF, name: str = "批示件.pdf") -> str:
    """The id of a file just handed in."""
    answer = await send_file(caller, data, name)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found
