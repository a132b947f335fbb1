"""A phone that pulls: keeps what it was told, as the PWA does, and remembers every answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from server.access.actor import system_actor
from server.journal.events import Change, Event
from server.journal.work import unit_of_work
from tests.factories.people import Caller, Office


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


class Touched(Event):
    """Something about a subject changed."""

    KIND: ClassVar[str] = "test.touched"
    SUBJECT: ClassVar[str] = "test"

    kind: str

    def changes(self) -> tuple[Change, ...]:
        return (Change(self.kind, self.subject_id),)


async def touch(office: Office, kind: str, *subjects: UUID) -> None:
    """Announce a change of the subjects, as any command would."""
    async with unit_of_work(system_actor(office.org_id)) as work:
        for subject in subjects:
            work.record(Touched(subject_id=subject, kind=kind))
