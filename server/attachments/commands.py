"""Handing in a file."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote
from uuid import UUID

from media.digests import sha256_hex
from media.keys import attachment_key
from media.store import ObjectExists
from server.access.actor import Actor
from server.attachments.errors import (
    AttachmentEmpty,
    AttachmentNameMissing,
    AttachmentTooLarge,
    AttachmentTypeRefused,
)
from server.attachments.events import AttachmentHandedIn
from server.attachments.kinds import FileKind, kind_of
from server.attachments.texts import text_of
from server.journal.work import unit_of_work
from server.kit import media
from server.kit.errors import IdReused
from server.kit.secrecy import refuse_state_secrets

LARGEST = 20 * 1024 * 1024
_LONGEST_NAME = 200


def file_name(header: str) -> str:
    """The name of a file as it was sent: percent-encoded UTF-8, without folders and control characters.

    Raises:
        AttachmentNameMissing: nothing is left of it, or too much.
    """
    name = unquote(header, errors="replace").replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(c for c in name if c.isprintable()).split())
    if not name or len(name) > _LONGEST_NAME:
        raise AttachmentNameMissing
    return name


async def hand_in(actor: Actor, attachment_id: UUID, name: str, data: bytes) -> None:
    """Keep a file under its digest; the same id with the same bytes again changes nothing.

    Raises:
        AttachmentEmpty, AttachmentTooLarge, AttachmentTypeRefused: as named.
        StateSecretRefused: the name, or the text inside, carries a marking of state secrets; nothing is kept.
        IdReused: the id belongs to something else.
    """
    refuse_state_secrets(name=name)
    if not data:
        raise AttachmentEmpty
    if len(data) > LARGEST:
        raise AttachmentTooLarge(params={"most": LARGEST})
    kind = kind_of(name, data)
    if kind is None:
        raise AttachmentTypeRefused
    sha256 = await asyncio.to_thread(_looked_into, kind, data)
    try:
        key = attachment_key(actor.org_id, sha256)
        await media.store().put_whole(key, data, sha256, content_type=kind.media_type)
    except ObjectExists:
        pass  # the same bytes, kept before
    async with unit_of_work(actor, command_id=attachment_id) as work:
        made = await work.conn.fetchval(
            "INSERT INTO attachments (id, org_id, name, media_type, bytes, sha256, uploaded_by, uploaded_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id",
            attachment_id,
            actor.org_id,
            name,
            kind.media_type,
            len(data),
            bytes.fromhex(sha256),
            actor.person_id,
            work.at,
        )
        if made is not None:
            work.record(AttachmentHandedIn(subject_id=attachment_id, sha256=sha256, bytes=len(data)))
            return
        row = await work.conn.fetchrow(
            "SELECT org_id, uploaded_by, name, sha256 FROM attachments WHERE id = $1", attachment_id
        )
        if tuple(row) != (actor.org_id, actor.person_id, name, bytes.fromhex(sha256)):
            raise IdReused


def _looked_into(kind: FileKind, data: bytes) -> str:
    """The digest of a file in which no marking was found; slow, so not on the event loop."""
    refuse_state_secrets(content=text_of(kind.media_type, data))
    return sha256_hex(data)
