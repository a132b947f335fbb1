"""An honest visit with its evidence, and the bundle that the office makes of it, through the public API."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from server.access.roles import Role
from server.kit.ids import new_id
from server.tlog.sequencer import catch_up
from tests.factories import photos
from tests.factories.chain import Captured, Chain, gps
from tests.factories.device import Phone
from tests.factories.fieldwork import SITE, Fieldwork, planned_visit
from tests.factories.people import Caller, Office

PURPOSE = "云溪县人民法院调取(2026)行字第12号"


@dataclass
class Evidenced:
    """A visit whose inspector took photos, declared one void and sealed the chain; everything has arrived."""

    office: Office
    head: Caller
    phone: Phone
    visit: Fieldwork
    chain: Chain
    captures: list[Captured] = field(default_factory=list)
    seal: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def begun(cls, office: Office) -> Evidenced:
        """A visit of one inspector whose phone has opened a chain."""
        phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
        visit = await planned_visit(office, phone.caller.person_id)
        head = await office.caller("hejing", Role.OFFICE)
        return cls(office, head, phone, visit, await phone.chain(visit))

    @classmethod
    async def honest(cls, office: Office, count: int = 3, *, real: bool = False) -> Evidenced:
        """The whole story: ``count`` captures, of which the last is declared void, and the seal; all of it logged.

        ``real``: photographs that can be decoded, instead of bytes that pass for photos.
        """
        self = await cls.begun(office)
        for number in range(count):
            await self.take(photos.small_photo(number + 1) if real else None, note=f"第 {number + 1} 处")
        await self.void(self.captures[-1])
        await self.sealed()
        await catch_up()
        return self

    async def take(self, data: bytes | None = None, **options: Any) -> Captured:
        """A photo that arrives whole."""
        (taken,) = await self.phone.record(self.chain, data=data, gps=gps(*SITE), **options)
        answer = await self.phone.upload(taken)
        assert answer.status_code == 201, answer.text
        self.captures.append(taken)
        return taken

    async def void(self, captured: Captured) -> None:
        """The inspector declares it void."""
        (result,) = await self.phone.push(self.chain.discard(captured.id))
        assert result["status"] == "applied", result

    async def sealed(self) -> None:
        """The chain is closed."""
        self.seal = self.chain.seal()
        (result,) = await self.phone.push(self.seal)
        assert result["status"] == "applied", result

    async def bundle(self, scope: str = "visit", target: UUID | str | None = None, *, personal: bool = False) -> bytes:
        """The zip of a bundle of this visit (or of another target)."""
        return await bundle_of(self.head, scope, target or self.visit.id, personal=personal)


async def order(
    caller: Caller, scope: str, target: UUID | str, *, personal: bool = False, purpose: str = PURPOSE, **changed: Any
) -> httpx.Response:
    """Make a bundle, whatever the answer; what was recorded before is in the log."""
    await catch_up()
    body = {"id": str(new_id()), "scope": scope, "target_id": str(target), "purpose": purpose, "personal": personal}
    return await caller.post("/api/bundles", body | changed)


async def bundle_of(caller: Caller, scope: str, target: UUID | str, *, personal: bool = False) -> bytes:
    """The zip of a bundle, made and fetched."""
    made = await order(caller, scope, target, personal=personal)
    assert made.status_code == 201, made.text
    await catch_up()
    answer = await caller.get(f"/api/bundles/{made.json()['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer.content


def unpacked(archive: bytes, folder: Path) -> Path:
    """The bag in a folder; returns its base directory."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
        (top,) = {name.split("/", 1)[0] for name in opened.namelist()}
    return folder / top


def files_of(archive: bytes) -> dict[str, bytes]:
    """Path within the bag → bytes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name.split("/", 1)[1]: opened.read(name) for name in opened.namelist()}
