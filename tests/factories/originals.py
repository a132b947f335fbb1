"""What became of an original: its receipt, the file in the store, the entries in the journal."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx

from server.kit import db
from server.settings import Settings


def receipt(answer: httpx.Response) -> dict[str, Any]:
    text = answer.headers["upload-receipt"]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decoded


def stored(settings: Settings) -> list[Path]:
    return [path for path in (settings.media_dir / "originals").rglob("*") if path.is_file()]


async def entries(kind: str) -> int:
    return int(await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = $1", kind))
