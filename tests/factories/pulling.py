"""A phone that pulls: keeps what it was told, as the PWA does, and remembers every answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.factories.people import Caller


@dataclass
class Puller:
    """The pulled part of a phone's database, by kind and id; receipts by capture and digest."""

    caller: Caller
    limit: int = 500
    cursor: str | None = None
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)

    async def pull(self) -> dict[str, Any]:
        """One request; applies what came."""
        params: dict[str, str | int] = {"limit": self.limit}
        if self.cursor:
            params["cursor"] = self.cursor
        got = await self.caller.get("/api/sync/pull", params=params)
        assert got.status_code == 200, got.text
        answer: dict[str, Any] = got.json()
        if answer["rebase"]:
            self.rows.clear()
        for change in answer["changes"]:
            key = (change["kind"], change["id"])
            if change["kind"] == "receipt":
                key = ("receipt", f"{change['id']}:{change['data']['media_sha256']}")
            if change["op"] == "put":
                self.rows[key] = change["data"]
            else:
                self.rows.pop(key, None)
        self.cursor = answer["cursor"]
        self.answers.append(answer)
        return answer

    async def all(self) -> list[dict[str, Any]]:
        """Pull until nothing more is to come; the changes of all pages."""
        changes: list[dict[str, Any]] = []
        for _ in range(1000):
            answer = await self.pull()
            changes += answer["changes"]
            if not answer["more"]:
                return changes
        raise AssertionError("the pull never ends")

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """What the phone holds of a kind, by id."""
        return {key: row for (name, key), row in self.rows.items() if name == kind}
