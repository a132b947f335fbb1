"""Rows of uploads under way."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class UploadRow(Table, tablename="uploads"):
    """A tus upload: how much of it is durable. Gone when complete, terminated or expired."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    capture_id = UUID(default=None)
    role = Text(default=None)
    sha256 = Bytea(default=None)
    media_type = Text(default=None)
    length = BigInt(default=None)
    upload_offset = BigInt(default=0)
    expires_at = Timestamptz(default=None)
    created_at = Timestamptz(default=None)
