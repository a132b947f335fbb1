"""Delivers what a phone recorded, as stubbornly as the app does: asks, resumes, repeats, and believes only receipts."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from tests.factories.chain import Captured
from tests.factories.device import TUS, Phone

PART = 64 * 1024
BATCH = 10
PATIENCE_SECONDS = 150


class Carrier:
    """One phone's sync loop. ``progress`` is awaited after each step that the server confirmed."""

    def __init__(self, phone: Phone, progress: Callable[[], Awaitable[None]]) -> None:
        self.phone = phone
        self.receipts: dict[str, dict[str, Any]] = {}
        self.resumed = 0
        self.repeated = 0
        self._progress = progress
        self._deadline = time.monotonic() + PATIENCE_SECONDS

    async def deliver(self, opening: dict[str, Any], taken: Sequence[Captured]) -> None:
        """Everything: the chain's opening, all statements in order, all files."""
        operations = [opening, *(one.operation for one in taken)]
        for first in range(0, len(operations), BATCH):
            await self._push(operations[first : first + BATCH])
            await self._progress()
        for one in taken:
            self.receipts[str(one.id)] = await self._upload(one)
            await self._progress()

    async def _push(self, operations: list[dict[str, Any]]) -> None:
        while True:
            answer = await self._answered(lambda: self.phone.send(*operations))
            assert answer.status_code == 200, answer.text
            results = answer.json()["results"]
            waiting = [result for result in results if result["status"] == "refused"]
            assert all((one["problem"]["params"] or {}).get("retry") for one in waiting), waiting
            if not waiting:
                return

    async def _upload(self, one: Captured) -> dict[str, Any]:
        while True:
            begun = await self._answered(lambda: self.phone.begin(one))
            if begun.status_code == 409:
                return receipt_of(begun)
            assert begun.status_code == 201, begun.text
            received = await self._continue(one, begun.headers["Location"])
            if received is not None:
                return received

    async def _continue(self, one: Captured, url: str) -> dict[str, Any] | None:
        offset = 0
        while True:
            part = one.photo[offset : offset + PART]
            try:
                answer = await self.phone.patch(url, offset, part)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 204:
                if "Upload-Receipt" in answer.headers:
                    return receipt_of(answer)
                offset = int(answer.headers["Upload-Offset"])
                continue
            # Whatever happened: only the server knows where it stands.
            told = await self._answered(lambda: self.phone.caller.request("HEAD", url, headers=TUS))
            if told.status_code in {404, 410}:
                return None
            assert told.status_code == 200, told.text
            if "Upload-Receipt" in told.headers:
                return receipt_of(told)
            offset = int(told.headers["Upload-Offset"])
            self.resumed += 1 if offset else 0

    async def _answered(self, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        while True:
            try:
                answer = await ask()
                if answer.status_code < 500 and answer.status_code != 423:
                    return answer
            except httpx.TransportError:
                pass
            assert time.monotonic() < self._deadline, "the product did not come back"
            self.repeated += 1
            await asyncio.sleep(0.1)


def receipt_of(answer: httpx.Response) -> dict[str, Any]:
    """The receipt in the header of an answer."""
    text = answer.headers["Upload-Receipt"]
    receipt: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return receipt
