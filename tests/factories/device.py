"""An inspector's phone in Python: enrolled, it pushes what it signed and uploads files as the PWA does."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from server.kit import db
from server.kit.ids import new_id
from tests.factories.chain import Captured, Chain, Visit
from tests.factories.passkeys import Passkey
from tests.factories.people import Caller

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Phone:
    """An enrolled phone of a signed-in inspector."""

    caller: Caller
    device_id: UUID = field(default_factory=new_id)

    @classmethod
    async def enrolled(cls, caller: Caller) -> Phone:
        """Enrol a new phone under this person."""
        phone = cls(caller)
        answer = await caller.post("/api/devices", {"id": str(phone.device_id), "name": "测试手机", "platform": "test"})
        assert answer.status_code == 201, answer.text
        return phone

    async def confirmed_by(self, caller: Caller) -> None:
        """Confirmed by a second person; without that, what the phone signs says so."""
        answer = await caller.post(f"/api/devices/{self.device_id}/confirm")
        assert answer.status_code == 200, answer.text

    async def revoked_by(self, asker: Caller, confirmer: Caller) -> None:
        """Revoked for good."""
        for caller, act, body in ((asker, "revoke", {"reason": "丢失"}), (confirmer, "revoke/confirm", None)):
            answer = await caller.post(f"/api/devices/{self.device_id}/{act}", body)
            assert answer.status_code == 200, answer.text

    async def chain(self, visit: Visit, **options: Any) -> Chain:
        """A session that the server knows."""
        chain = Chain(self, visit)
        (result,) = await self.push(chain.open(**options))
        assert result["status"] == "applied", result
        return chain

    async def passkey(self, **made: Any) -> Passkey:
        """A passkey of the phone's owner that the server knows."""
        key = Passkey(**made)
        told = await self.caller.post("/api/passkeys/options")
        assert told.status_code == 200, told.text
        made = await self.caller.post("/api/passkeys", key.registration(told.json()["challenge"]))
        assert made.status_code == 201, made.text
        return key

    async def send(self, *operations: dict[str, Any]) -> httpx.Response:
        """Push, whatever the answer."""
        return await self.caller.post(
            "/api/sync/push", {"device_id": str(self.device_id), "operations": list(operations)}
        )

    async def push(self, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        """Push; one result for each operation."""
        answer = await self.send(*operations)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        assert [result["id"] for result in results] == [operation["id"] for operation in operations]
        return results

    async def record(self, chain: Chain, count: int = 1, **options: Any) -> Sequence[Captured]:
        """Take photos and push their statements."""
        taken = [chain.capture(**options) for _ in range(count)]
        for result in await self.push(*(one.operation for one in taken)):
            assert result["status"] == "applied", result
        return taken

    def metadata(self, captured: Captured, role: str = "original", **changed: str) -> str:
        """The ``Upload-Metadata`` header."""
        pairs = {
            "capture_id": str(captured.id),
            "role": role,
            "sha256": captured.sha256,
            "type": captured.media_type,
            **changed,
        }
        return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())

    async def upload(
        self, captured: Captured, body: bytes | None = None, *, role: str = "original", **changed: str
    ) -> httpx.Response:
        """Upload the whole file with the creating request."""
        body = captured.photo if body is None else body
        return await self.caller.request(
            "POST",
            "/api/uploads",
            content=body,
            headers={
                **TUS,
                **OCTETS,
                "Upload-Length": str(len(body)),
                "Upload-Metadata": self.metadata(captured, role, **changed),
            },
        )

    async def begin(self, captured: Captured, role: str = "original", **changed: str) -> httpx.Response:
        """Create an upload without a body."""
        return await self.caller.request(
            "POST",
            "/api/uploads",
            headers={
                **TUS,
                "Upload-Length": str(len(captured.photo)),
                "Upload-Metadata": self.metadata(captured, role, **changed),
            },
        )

    async def patch(self, url: str, offset: int, body: bytes, **headers: str) -> httpx.Response:
        """Send a part."""
        return await self.caller.request(
            "PATCH", url, content=body, headers={**TUS, **OCTETS, "Upload-Offset": str(offset), **headers}
        )


def outcome(results: list[dict[str, Any]]) -> list[str]:
    """Status and what is said to it, for each."""
    return [
        one["problem"]["code"] if one["problem"] else (one["receipt"] or {}).get("remark") or one["status"]
        for one in results
    ]


async def kinds(chain: Chain) -> list[str]:
    """What the server holds of the chain, in its order."""
    rows = await db.fetch("SELECT kind FROM statements WHERE session_id = $1 ORDER BY seq", chain.id)
    return [row["kind"] for row in rows]
