"""Files as offices hand them in: small, invented, of the kinds that are taken."""

from __future__ import annotations

import io
import zipfile
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
