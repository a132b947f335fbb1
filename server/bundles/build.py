"""Puts the archive of a bundle together: every file with its digest before the first byte is sent."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from media.store import ObjectMissing
from server.access.actor import Actor
from server.bundles import bag, layout, outside, proofs, tools, trail, zipping
from server.bundles.contents import leaves
from server.bundles.errors import OriginalGone, QuorumPending
from server.bundles.material import Material, Signed, StoredObject, gather
from server.bundles.orders import Made, Order
from server.bundles.outside import Older
from server.bundles.proofs import Proofs, Standing
from server.bundles.scope import Scope, scope_of
from server.bundles.trail import Entry
from server.bundles.withholding import body, private_digest
from server.journal.leaves import b64u
from server.kit import canonical, clock, db, media
from server.kit.b64u import decode as unb64u
from server.tlog.anchors.queries import Renewal
from server.tlog.queries import KeyChange, proof_text


@dataclass(frozen=True, slots=True)
class File:
    """A file of the payload: its bytes, or the object of the store that holds them."""

    path: str
    data: bytes | None = None
    stored: StoredObject | None = None

    @property
    def payload(self) -> bag.Payload:
        """As the manifest names it."""
        if self.stored is not None:
            return bag.Payload(self.path, self.stored.sha256, self.stored.length)
        assert self.data is not None
        return bag.Payload(self.path, hashlib.sha256(self.data).digest(), len(self.data))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that is ready to be sent."""

    entries: tuple[zipping.Entry, ...]
    length: int
    tagmanifest_sha256: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the table of contents fixed, and what was read for it again."""

    made: Made
    material: Material
    custody: Sequence[Entry]
    enrolments: Sequence[Entry]
    export: Entry
    withheld: frozenset[tuple[str, str, str]]
    copies: frozenset[tuple[str, str, str]]


class BytesDiffer(Exception):
    """The store gave other bytes than were signed; what was sent so far is no bundle."""


async def standing(actor: Actor, made: Made) -> Standing:
    """How far the log and outside bodies are with everything in a bundle."""
    return await proofs.standing(_leaves(await _known(actor, made)))


async def build(actor: Actor, made: Made, *, early: bool = False) -> Bundle:
    """The archive of a bundle that was made; ``early``: though too few witnesses have signed anything yet.

    Raises:
        NotFound: what it is of no longer exists for the actor. LogPending: not everything is in the log yet.
        QuorumPending: too few witnesses have signed, and it is not to be early.
        OriginalGone: the store lacks what was received.
    """
    scope = await scope_of(actor, made.order.scope, made.order.target_id)
    async with db.connection() as conn:
        if not early and not (await outside.seen(conn)).enough:
            raise QuorumPending
    known = await _known(actor, made)
    proven = await outside.cosigned(await proofs.proven(_leaves(known)))
    files = sorted([*_files(known, proven), *await _of_log(known, proven)], key=lambda file: file.path)
    for file in files:
        if file.stored is not None:
            await _must_be_there(file.stored)
    tags = bag.tag_files([file.payload for file in files], _info(made.order, scope))
    folder = made.order.file_name.removesuffix(".zip")
    entries = (
        *(zipping.Entry(f"{folder}/{path}", len(data), data=data) for path, data in tags.items()),
        *(_entry(folder, file) for file in files),
    )
    digest = hashlib.sha256(tags["tagmanifest-sha256.txt"]).hexdigest()
    return Bundle(entries, zipping.length_of(entries), digest)


async def _known(actor: Actor, made: Made) -> _Known:
    table: dict[str, Any] = msgspec.json.decode(made.bundle)
    counts = {UUID(session["id"]): session["count"] for session in table["sessions"]}
    return _Known(
        made,
        # The worker may have drawn better copies since; the table names those of then.
        await gather(actor.org_id, counts, [unb64u(line["sha256"]) for line in table["copies"]]),
        await trail.entries(actor, made.custody),
        await trail.entries(actor, made.enrolments),
        await trail.entry_of_export(actor, made.order.id),
        frozenset((line["stmt"], line["what"], line["sha256"]) for line in table["withheld"]),
        frozenset((line["stmt"], line["kind"], line["sha256"]) for line in table["copies"]),
    )


def _leaves(known: _Known) -> list[bytes]:
    return leaves(known.material, known.custody, known.enrolments, (known.export,))


def _files(known: _Known, proven: Proofs) -> Iterator[File]:
    made = known.made
    yield File(layout.BUNDLE, made.bundle)
    yield File(layout.ENROLMENTS, b"".join(_line(entry, proven) + b"\n" for entry in known.enrolments))
    custody = (*known.custody, known.export)
    yield File(layout.CUSTODY, b"".join(_line(entry, proven) + b"\n" for entry in custody))
    yield File(layout.REPORT, made.report)
    if made.case_json is not None:
        yield File(layout.CASE, made.case_json)
    for one in known.material.statements:
        yield from _of_statement(known, one, proven)
    for path, data in tools.files():
        yield File(path, data)


async def _of_log(known: _Known, proven: Proofs) -> list[File]:
    """The checkpoint, how its key came to be the log's, and the older checkpoints that others vouch for."""
    statements = known.material.statements
    stamped = await outside.anchors(proven, (one.leaf for one in statements))
    named = {anchor["size"] for one in statements if (anchor := body(one).get("anchor"))}
    others = await outside.older(proven, named, {stamp.size for stamp in stamped})
    files = [File(layout.CHECKPOINT, proven.checkpoint.note.encode())]
    if changes := await outside.key_changes(proven):
        files.append(File(layout.ROTATIONS, b"".join(_change(one) + b"\n" for one in changes)))
    sizes = {stamp.size for stamp in stamped}
    older: Older
    for older in (*stamped, *(one for one in others if one.size not in sizes)):
        proof = {"old": older.size, "new": proven.checkpoint.size, "hashes": _b64us(older.consistency)}
        files.append(File(layout.anchor(older.size, "checkpoint"), older.note.encode()))
        files.append(File(layout.anchor(older.size, "consistency.json"), canonical.encode(proof)))
    for stamp in stamped:
        files.append(File(layout.anchor(stamp.size, "token.tsr"), stamp.token))
        if stamp.renewals:
            renewals = b"".join(_renewal(one) + b"\n" for one in stamp.renewals)
            files.append(File(layout.anchor(stamp.size, "renewals.jsonl"), renewals))
    # What was stamped is the note as it was; the witnesses' lines came after that, and stand beside it.
    files += [File(layout.anchor(one.size, "cosigned"), one.note.encode()) for one in others if one.size in sizes]
    return files


def _renewal(one: Renewal) -> bytes:
    return canonical.encode(
        {
            "t": "renewal/1",
            "token": b64u(one.token),
            "index": one.index,
            "count": one.count,
            "hashes": _b64us(one.path),
        }
    )


def _change(one: KeyChange) -> bytes:
    return canonical.encode(
        {
            "leaf": canonical.decode(one.leaf),
            "checkpoint": one.checkpoint.note,
            "index": one.inclusion.index,
            "hashes": _b64us(one.inclusion.hashes),
        }
    )


def _of_statement(known: _Known, one: Signed, proven: Proofs) -> Iterator[File]:
    folder, name = layout.statement_folder(one.session_id, one.seq), b64u(one.sha256)
    yield File(f"{folder}/statement.json", one.statement)
    yield File(f"{folder}/statement.sig", one.signature)
    yield File(f"{folder}/leaf.json", one.leaf)
    yield File(f"{folder}/log.tlog-proof", proof_text(proven.of(one.leaf), proven.checkpoint).encode())
    if one.passkey is not None:
        yield File(f"{folder}/passkey.json", one.passkey)
    digest = private_digest(body(one))
    if one.private is not None and digest is not None and (name, "private", digest) not in known.withheld:
        yield File(f"{folder}/private.json", one.private)
    for file in known.material.originals.get(one.id, ()):
        if (name, "original", b64u(file.sha256)) not in known.withheld:
            yield File(layout.original(folder, file.position, file.media_type), stored=file)
    for copy in known.material.copies.get(one.id, ()):
        if (name, copy.kind, b64u(copy.sha256)) in known.copies:
            yield File(layout.derived(folder, copy.kind, copy.position, copy.media_type), stored=copy)


def _line(entry: Entry, proven: Proofs) -> bytes:
    at = proven.of(entry.leaf)
    return canonical.encode({"entry": canonical.decode(entry.told), "index": at.index, "hashes": _b64us(at.hashes)})


def _b64us(hashes: Iterable[bytes]) -> list[str]:
    return [b64u(one) for one in hashes]


def _info(order: Order, scope: Scope) -> dict[str, str]:
    return {
        "Source-Organization": order.org_name,
        "Bagging-Date": clock.day_of(order.made_at).isoformat(),
        "External-Identifier": f"{order.scope}:{order.target_id}",
        "Internal-Sender-Identifier": str(order.id),
        "External-Description": scope.title,
        "Bag-Software-Agent": "Zhicha",
    }


async def _must_be_there(stored: StoredObject) -> None:
    try:
        there = await media.store().stat(stored.key)
    except ObjectMissing as error:
        raise OriginalGone from error
    if there.length != stored.length:
        raise OriginalGone


def _entry(folder: str, file: File) -> zipping.Entry:
    name, stored = f"{folder}/{file.path}", file.stored
    if stored is None:
        assert file.data is not None
        return zipping.Entry(name, len(file.data), data=file.data)

    async def read() -> AsyncIterator[bytes]:
        return _checked(await media.store().open(stored.key), stored.sha256)

    return zipping.Entry(name, stored.length, read=read)


async def _checked(pieces: AsyncIterator[bytes], sha256: bytes) -> AsyncIterator[bytes]:
    """The bytes as they come; the last piece only once the digest of all is the one that was signed."""
    digest, kept = hashlib.sha256(), b""
    async for piece in pieces:
        digest.update(piece)
        if kept:
            yield kept
        kept = piece
    if digest.digest() != sha256:
        raise BytesDiffer(sha256.hex())
    if kept:
        yield kept
