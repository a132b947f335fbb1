"""HTTP of the log: C2SP tiles for everybody, as far as published; proofs and state for who is signed in."""

from __future__ import annotations

from typing import Final

from litestar import HttpMethod, Response, Router, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.access.actor import Actor
from server.access.guard import PUBLIC
from server.access.roles import Permission
from server.kit import db
from server.kit.errors import NotFound
from server.tlog import answers
from server.tlog.anchors.queries import cosigned_checkpoint
from server.tlog.publishing import checkpoint_for
from server.tlog.queries import published_checkpoint
from server.tlog.schemas import AskProofs, LogStateView, ProofsView, TrustView
from server.tlog.tiles import Tile, entries_bytes, read_tile, tile_bytes

_OPEN: Final = {"permission": PUBLIC}
_SIGNED_IN: Final = {"permission": Permission.SELF}
# What a tile holds never changes, not even a partial one of that width. What is not there yet may come any moment.
_FOR_EVER: Final = "max-age=31536000, immutable"
_ABSENT: Final = {"Cache-Control": "no-store"}
# RFC 9110, 9.1: monitors and mirrors ask whether something is there before they fetch it.
_READ: Final = (HttpMethod.GET, HttpMethod.HEAD)


@route("/checkpoint", http_method=_READ, opt=_OPEN, include_in_schema=False)
async def read_checkpoint() -> Response[str]:
    """The checkpoint published last, with the witnesses' lines that have come in since."""
    async with db.connection() as conn:
        published = await published_checkpoint(conn)
        note = await cosigned_checkpoint(conn, published.size) if published else None
    if note is None:
        raise NotFound(headers=_ABSENT)
    return Response(note, media_type="text/plain", headers={"Cache-Control": "no-cache"})


@route("/tile/{level:str}/{place:path}", http_method=_READ, opt=_OPEN, include_in_schema=False)
async def read_tree_tile(level: FromPath[str], place: FromPath[str]) -> Response[bytes]:
    """A tile of the tree within what is published."""
    tile = read_tile(level, place)
    async with db.connection() as conn:
        published = await published_checkpoint(conn)
        data = await tile_bytes(conn, _within(tile, published.size if published else 0))
    return _bytes(data, f"public, {_FOR_EVER}")


@route(
    "/tile/entries/{place:path}",
    http_method=_READ,
    opt={"permission": Permission.AUDIT_READ},
    include_in_schema=False,
)
async def read_entries_tile(place: FromPath[str], actor: NamedDependency[Actor]) -> Response[bytes]:
    """A bundle of leaves, for auditors only: their kinds and times would tell what the office is doing."""
    tile = read_tile("0", place)
    async with db.connection() as conn:
        checkpoint = await checkpoint_for(conn, actor)
        data = await entries_bytes(conn, _within(tile, checkpoint.size if checkpoint else 0))
    return _bytes(data, f"private, {_FOR_EVER}")


def _within(tile: Tile | None, size: int) -> Tile:
    if tile is None or not tile.lies_within(size):
        raise NotFound(headers=_ABSENT)
    return tile


def _bytes(data: bytes, caching: str) -> Response[bytes]:
    return Response(data, media_type="application/octet-stream", headers={"Cache-Control": caching})


@post("/log/proofs", opt=_SIGNED_IN, status_code=200)
async def ask_proofs(data: JSONBody[AskProofs], actor: NamedDependency[Actor]) -> ProofsView:
    """Prove that leaves are in the log, and that it still begins with what was seen before."""
    return await answers.proofs(actor, data)


@get("/log/state", opt=_SIGNED_IN)
async def read_state(actor: NamedDependency[Actor]) -> LogStateView:
    """Size, what waits, the last checkpoints, the keys, and who vouches from outside."""
    return await answers.state(actor)


@get("/log/trust", opt=_OPEN)
async def read_trust() -> TrustView:
    """The trust policy for verifiers, for convenience: fetch it from the notary, not from whom you verify."""
    return await answers.trust()


@route("/log/trust", http_method=[HttpMethod.HEAD], opt=_OPEN, include_in_schema=False)
async def ask_about_trust() -> TrustView:
    """The same without its body."""
    return await answers.trust()


router = Router("/", route_handlers=[ask_proofs, read_state, read_trust, ask_about_trust], tags=["log"])
public_router = Router("/log", route_handlers=[read_checkpoint, read_tree_tile, read_entries_tile])
