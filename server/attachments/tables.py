"""Rows of attachments."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class AttachmentRow(Table, tablename="attachments"):
    """A file handed in; its bytes lie in the store under their digest, the row never changes."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    name = Text(default=None)
    media_type = Text(default=None)
    bytes = Integer(default=None)
    sha256 = Bytea(default=None)
    uploaded_by = UUID(default=None)
    uploaded_at = Timestamptz(default=None)
