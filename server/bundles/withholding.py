"""What a bundle leaves out, and the list that says so: nothing is left out silently. Pure.

Reasons: ``scope`` (of another capture of the same chain), ``personal`` (by choice, 个人信息保护法 art. 28), ``awaited``
(an original still on its phone), ``absent`` (a private part that the phone did not hand in).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.bundles.material import Material, Signed
from server.bundles.scope import Scope
from server.journal.leaves import b64u
from server.kit import canonical


@dataclass(frozen=True, slots=True)
class Held:
    """Which parts of one statement go in, and which are withheld and why."""

    private: bool
    originals: bool
    copies: frozenset[str]
    withheld: tuple[dict[str, str], ...]


def choose(scope: Scope, material: Material, *, personal: bool) -> dict[UUID, Held]:
    """For every statement of the chains, what of it is in the bundle."""
    return {one.id: _held(one, _wanted(scope, one), material, personal) for one in material.statements}


def _wanted(scope: Scope, one: Signed) -> bool:
    if scope.kind == "visit":
        return True
    return one.id in scope.captures or _about(one) in scope.captures


def _about(one: Signed) -> UUID | None:
    """The capture that a note is about."""
    if one.kind != "note/1":
        return None
    about = body(one).get("about")
    return UUID(about) if about else None


def _held(one: Signed, wanted: bool, material: Material, personal: bool) -> Held:
    withheld = list(_withheld(one, wanted, material, personal))
    copies = frozenset(("preview", "watermark") if personal else ("preview",)) if wanted else frozenset[str]()
    return Held(wanted and personal and one.private is not None, wanted, copies, tuple(withheld))


def _withheld(one: Signed, wanted: bool, material: Material, personal: bool) -> Iterator[dict[str, str]]:
    for file in material.originals.get(one.id, ()):
        if not wanted or not file.received:
            yield _line(one, "original", b64u(file.sha256), "awaited" if not file.received else "scope")
    digest = private_digest(body(one))
    if digest is not None and not (wanted and personal and one.private is not None):
        why = "absent" if one.private is None else "scope" if not wanted else "personal"
        yield _line(one, "private", digest, why)


def _line(one: Signed, what: str, sha256: str, why: str) -> dict[str, str]:
    return {"stmt": b64u(one.sha256), "what": what, "sha256": sha256, "why": why}


def body(one: Signed) -> dict[str, Any]:
    """What a statement says."""
    told: dict[str, Any] = canonical.decode(one.statement)
    return told


def private_digest(told: Mapping[str, Any]) -> str | None:
    """The digest by which a statement commits to its private part."""
    digest: str | None = told.get("priv_h")
    return digest
