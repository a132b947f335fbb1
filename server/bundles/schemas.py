"""Wire shapes of bundles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.access.schemas import NamedView
from server.bundles.proofs import Vouched
from server.bundles.scope import ScopeKind
from server.kit.structs import Input, View


class MakeBundle(Input):
    """Make a bundle; ``id`` is minted by the caller. Without ``personal``, personal parts are withheld and listed."""

    id: UUID
    scope: ScopeKind
    target_id: UUID
    purpose: Annotated[str, Meta(min_length=1, max_length=500)]
    personal: bool = False


class BundleView(View):
    """A bundle that was made. While ``waiting`` entries are not in the log yet, it cannot be fetched.

    ``stamped`` and ``witnessed``: whether outside bodies vouch for all of it; fetched later, it holds what came since.
    ``witnesses_signed``: how many signed one checkpoint that goes along; while they are fewer than ``witnesses_needed``
    it is only fetched ``early``, by who says so.
    """

    id: UUID
    scope: ScopeKind
    target_id: UUID
    title: str
    purpose: str
    personal: bool
    made_by: NamedView
    made_at: datetime
    statements: int
    originals_absent: int
    personal_withheld: int
    state: Literal["waiting", "ready"]
    waiting: int
    stamped: Vouched
    witnessed: Vouched
    witnesses_signed: int
    witnesses_needed: int
    file_name: str
