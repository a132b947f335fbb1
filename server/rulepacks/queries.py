"""Reading rule packs: what is in force, what an old item was made under, all versions."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView, named
from server.kit import clock, db
from server.kit.errors import NotFound
from server.kit.lifecycle import allowed_acts
from server.rulepacks import shipped
from server.rulepacks.errors import UnknownPack
from server.rulepacks.lifecycle import LIFECYCLE, PackState
from server.rulepacks.reader import read_pack
from server.rulepacks.rules import RulePack
from server.rulepacks.schemas import (
    CheckView,
    PackList,
    PackStanding,
    PackVersionView,
    PackView,
    ProblemView,
    ShippedView,
)
from server.rulepacks.sentences import pack_view, words_view

_IN_FORCE = (
    "SELECT * FROM rule_pack_versions WHERE org_id = $1 AND state = 'ENACTED' AND in_force_from <= $2"
    " ORDER BY in_force_from DESC, enacted_at DESC LIMIT 1"
)
_SELECT = (
    "SELECT v.*, d.name AS drafted_name, e.name AS enacted_name FROM rule_pack_versions v"
    " JOIN people d ON d.id = v.drafted_by LEFT JOIN people e ON e.id = v.enacted_by WHERE v.org_id = $1"
)

# The packs of offices as read: a text in force never changes, so that its label and its text name the reading.
_READ: dict[tuple[str, int], RulePack] = {}
_KEPT = 256


async def pack_in_force(org_id: UUID) -> RulePack:
    """The pack by which new items are made today; ``shipped.DEFAULT`` until a leader has taken another into force."""
    row = await db.fetch_one(_IN_FORCE, org_id, clock.today())
    return shipped.packs()[shipped.DEFAULT] if row is None else await pack_of_row(row)


async def pack_of(org_id: UUID, label: str) -> RulePack:
    """A pack by its label: the version under which an old item was made.

    Raises:
        UnknownPack: neither shipped nor of this organisation.
    """
    pack = shipped.packs().get(label)
    if pack is not None:
        return pack
    pack_id, _, version = label.partition("@")
    row = await db.fetch_one(
        "SELECT * FROM rule_pack_versions WHERE org_id = $1 AND pack_id = $2 AND version = $3 AND NOT shipped",
        org_id,
        pack_id,
        int(version) if version.isdecimal() and len(version) < 9 else 0,
    )
    if row is None:
        raise UnknownPack(params={"label": label})
    return await pack_of_row(row)


async def pack_of_row(row: Any) -> RulePack:
    """The pack of a stored version."""
    if row["shipped"]:
        return shipped.packs()[f"{row['pack_id']}@{row['version']}"]
    known = _READ.get((row["text"], row["version"]))
    if known is not None:
        return known
    # Reading YAML takes long enough to hold up everybody else's requests.
    pack, problems = await asyncio.to_thread(read_pack, row["text"], version=row["version"])
    if pack is None:
        raise AssertionError(f"a stored pack is broken: {problems[0].en}")
    if len(_READ) >= _KEPT:
        _READ.clear()
    _READ[(row["text"], row["version"])] = pack
    return pack


async def check(text: str) -> CheckView:
    """The pack that a text would make, or its problems; nothing is stored."""
    pack, problems = await asyncio.to_thread(read_pack, text, version=1)
    return CheckView(
        pack=pack_view(pack) if pack else None,
        problems=tuple(ProblemView(line=one.line, path=one.path, zh=one.zh, en=one.en) for one in problems),
    )


async def version_row(actor: Actor, version_id: UUID) -> Any:
    """The row of a version.

    Raises:
        NotFound: no such version.
    """
    row = await db.fetch_one(f"{_SELECT} AND v.id = $2 AND {_shown(actor)}", actor.org_id, version_id)
    if row is None:
        raise NotFound
    return row


async def version_view(actor: Actor, version_id: UUID) -> PackVersionView:
    """One version of the organisation's."""
    row = await version_row(actor, version_id)
    return await _view(actor, row, await db.fetch_one(_IN_FORCE, actor.org_id, clock.today()))


async def listed(actor: Actor) -> PackList:
    """What is in force, the versions of the organisation, and the packs that come with the program."""
    shown = _shown(actor)
    rows = await db.fetch(f"{_SELECT} AND {shown} ORDER BY v.drafted_at DESC, v.id DESC LIMIT 200", actor.org_id)
    current = await db.fetch_one(_IN_FORCE, actor.org_id, clock.today())
    return PackList(
        in_force=shipped.DEFAULT if current is None else f"{current['pack_id']}@{current['version']}",
        in_force_id=None if current is None else current["id"],
        in_force_from=None if current is None else current["in_force_from"],
        versions=tuple([await _view(actor, row, current) for row in rows]),
        shipped=tuple(
            ShippedView(
                label=pack.label,
                name=words_view(pack.name),
                source_title=pack.source.title,
                source_number=pack.source.number,
            )
            for pack in shipped.packs().values()
        ),
    )


async def readable(actor: Actor, label: str) -> PackView:
    """A pack by its label, readable.

    Raises:
        UnknownPack: no such label.
    """
    pack = await pack_of(actor.org_id, label)
    if label not in shipped.packs() and not await db.fetch_value(
        "SELECT 1 FROM rule_pack_versions v WHERE v.org_id = $1 AND v.pack_id = $2 AND v.version = $3"
        f" AND {_shown(actor)}",
        actor.org_id,
        pack.id,
        pack.version,
    ):
        raise UnknownPack(params={"label": label})
    return pack_view(pack)


def _shown(actor: Actor) -> str:
    """Drafts are for those who write and decide; everybody else sees what has been enacted."""
    return "true" if actor.may(Permission.RULE_EDIT) or actor.may(Permission.RULE_ENACT) else "v.state = 'ENACTED'"


async def _view(actor: Actor, row: Any, current: Any) -> PackVersionView:
    pack = await pack_of_row(row)
    state = PackState(row["state"])
    return PackVersionView(
        id=row["id"],
        label=pack.label,
        name=words_view(pack.name),
        shipped=row["shipped"],
        state=state,
        standing=_standing(row, current),
        drafted_by=NamedView(id=row["drafted_by"], name=row["drafted_name"]),
        drafted_at=row["drafted_at"],
        submitted_at=row["submitted_at"],
        returned_why=row["returned_why"],
        enacted_by=named(row["enacted_by"], row["enacted_name"]),
        enacted_at=row["enacted_at"],
        in_force_from=row["in_force_from"],
        acts=tuple(
            act
            for act in allowed_acts(LIFECYCLE, state)
            if any(
                step.act == act and step.source == state and not actor.roles.isdisjoint(step.by) for step in LIFECYCLE
            )
            and not (act == "enact" and actor.person_id in (*row["drafters"], row["submitted_by"]))
            and not (act == "revise" and row["shipped"])
        ),
        version=row["revision"],
    )


def _standing(row: Any, current: Any) -> PackStanding:
    if row["state"] != PackState.ENACTED:
        return PackStanding(row["state"])
    if current is not None and row["id"] == current["id"]:
        return PackStanding.IN_FORCE
    return PackStanding.COMING if row["in_force_from"] > clock.today() else PackStanding.REPLACED
