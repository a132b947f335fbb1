"""Making a bundle, and noting that it was handed over. Both are entries of the log."""

from __future__ import annotations

import hashlib
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.bundles import report
from server.bundles.contents import bundle_json, case_json, contents
from server.bundles.errors import NothingToExport, PurposeMissing
from server.bundles.events import BundleDelivered, BundleMade, CaptureExported
from server.bundles.orders import new_order
from server.bundles.schemas import MakeBundle
from server.bundles.scope import scope_of
from server.items.secrecy import refuse_state_secrets
from server.journal.work import unit_of_work
from server.kit.errors import IdReused


async def make_bundle(actor: Actor, cmd: MakeBundle) -> None:
    """Fix what a bundle holds and record that it was made; the same order again changes nothing.

    Raises:
        NotFound: no such capture, visit or case, or none that exists for the actor.
        NotPermitted: personal parts are more than the actor may take out.
        LogPending: not everything that it would hold is in the log yet.
        PurposeMissing, NothingToExport, StateSecretRefused, IdReused: as named.
    """
    purpose = cmd.purpose.strip()
    if not purpose:
        raise PurposeMissing
    refuse_state_secrets(purpose=purpose)
    if cmd.personal:
        actor.must(Permission.EVIDENCE_EXPORT_PERSONAL)
    scope = await scope_of(actor, cmd.scope, cmd.target_id)
    if not scope.sessions:
        raise NothingToExport
    order = await new_order(actor, cmd.id, cmd.scope, cmd.target_id, purpose, personal=cmd.personal)
    found = await contents(actor, order, scope)
    page, case = (await report.page(actor, found)).encode(), case_json(scope)
    table = bundle_json(found, page, case)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        made = await work.conn.fetchval(
            "INSERT INTO evidence_exports (id, org_id, scope, target_id, purpose, personal, made_by, made_at, bundle,"
            " report, case_json, custody, enrolments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            cmd.scope,
            cmd.target_id,
            purpose,
            cmd.personal,
            actor.person_id,
            order.made_at,
            table,
            page,
            case,
            [entry.id for entry in found.custody],
            [entry.id for entry in found.enrolments],
        )
        if made is None:
            raise IdReused
        work.record(
            BundleMade(
                subject_id=cmd.id,
                scope=cmd.scope,
                target_id=cmd.target_id,
                captures=len(scope.captures),
                personal=cmd.personal,
                purpose_sha256=hashlib.sha256(purpose.encode()).hexdigest(),
                bundle_sha256=hashlib.sha256(table).hexdigest(),
            )
        )
        for capture_id in sorted(scope.captures):
            work.record(
                CaptureExported(subject_id=capture_id, export_id=cmd.id, scope=cmd.scope, personal=cmd.personal)
            )


async def note_delivery(actor: Actor, export_id: UUID, tagmanifest_sha256: str, length: int) -> None:
    """Record that a bundle went out whole; each download is an entry of its own."""
    async with unit_of_work(actor) as work:
        work.record(BundleDelivered(subject_id=export_id, tagmanifest_sha256=tagmanifest_sha256, bytes=length))
