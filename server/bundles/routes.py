"""HTTP of bundles: make one, ask how far it is, fetch it, read its report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from server.access.actor import Actor
from server.access.roles import Permission
from server.bundles import build, commands, queries, slip, trust, zipping
from server.bundles.build import Bundle
from server.bundles.orders import made
from server.bundles.schemas import BundleView, MakeBundle
from server.bundles.scope import scope_of
from server.bundles.trust_schemas import CaptureTrustView
from server.journal.commands_ledger import AlreadyApplied, Delivery, delivering
from server.kit import clock

_EXPORT: Final = {"permission": Permission.EVIDENCE_EXPORT}
# A page for the printer: its own styles, pictures within itself, no script; our desk shows it in a frame.
PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "private, no-store",
}


@post("/bundles", opt=_EXPORT)
async def make_bundle(data: JSONBody[MakeBundle], actor: NamedDependency[Actor]) -> BundleView:
    """Make a bundle of a capture, a visit or a case, and say what for."""
    try:
        with delivering(Delivery.of(data.id, "evidence.export", data)):
            await commands.make_bundle(actor, data)
    except AlreadyApplied:
        pass  # answered below as it stands now
    return await queries.bundle(actor, data.id)


@get("/bundles/{bundle_id:uuid}", opt=_EXPORT)
async def read_bundle(bundle_id: FromPath[UUID], actor: NamedDependency[Actor]) -> BundleView:
    """How far it is: ready, or how many entries the log still lacks."""
    return await queries.bundle(actor, bundle_id)


@get("/evidence/{capture_id:uuid}/trust", opt={"permission": Permission.EVIDENCE_READ})
async def read_trust_in(capture_id: FromPath[UUID], actor: NamedDependency[Actor]) -> CaptureTrustView:
    """May this capture be believed? Its chain of proof, checked again now; for the inspecting side."""
    return await trust.trust(actor, capture_id)


@get("/bundles/{bundle_id:uuid}/file", opt=_EXPORT)
async def fetch_bundle(
    bundle_id: FromPath[UUID], actor: NamedDependency[Actor], early: FromQuery[bool] = False
) -> Response[Any]:
    """The bundle as a zip archive; ``early``: though too few witnesses have signed for who asks for them."""
    found = await made(actor, bundle_id)
    bundle = await build.build(actor, found, early=early)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.order.file_name}"',
        "Content-Length": str(bundle.length),
        "Cache-Control": "private, no-store",
        "Vary": "Cookie, Authorization",
    }
    pieces = _sent(actor, bundle_id, bundle)
    return Stream(pieces, headers=headers, media_type="application/zip")


@get("/bundles/{bundle_id:uuid}/report", opt=_EXPORT, media_type="text/html")
async def read_report(bundle_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[bytes]:
    """The page that the bundle holds for the court, to read or to print."""
    found = await made(actor, bundle_id)
    await scope_of(actor, found.order.scope, found.order.target_id)
    return Response(found.report, media_type="text/html", headers=PAGE_HEADERS)


@get("/visits/{visit_id:uuid}/slip", opt={"permission": Permission.EVIDENCE_READ}, media_type="text/html")
async def read_slip(visit_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[str]:
    """The slip that the inspected unit keeps: what was sealed today, on a sheet of A5."""
    return Response(await slip.page(actor, visit_id), media_type="text/html", headers=PAGE_HEADERS)


async def _sent(actor: Actor, bundle_id: UUID, bundle: Bundle) -> AsyncIterator[bytes]:
    async for piece in zipping.stream(bundle.entries, clock.now().astimezone(clock.SHANGHAI)):
        yield piece
    await commands.note_delivery(actor, bundle_id, bundle.tagmanifest_sha256, bundle.length)


router = Router("/", route_handlers=[make_bundle, read_bundle, fetch_bundle, read_report, read_trust_in, read_slip])
