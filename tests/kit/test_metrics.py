"""Figures of the process are for this machine, and for who brings the token."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from server.settings import Settings
from tests.factories.application import application

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, 404),
        ("10.0.0.5", {}, 404),
        ("10.0.0.5", {"Authorization": "Bearer wrong"}, 404),
        ("10.0.0.5", {"Authorization": "Bearer s3cret"}, 200),
    ],
)
async def test_who_may_read_the_metrics(settings: Settings, address: str, headers: dict[str, str], status: int) -> None:
    app = application(replace(settings, metrics_token="s3cret"))
    async with app.lifespan():
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
            answer = await http.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("zhicha_pool_connections" in answer.text) is (status == 200)


async def test_without_a_token_nobody_elsewhere_may(settings: Settings) -> None:
    app = application(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app, client=("10.0.0.5", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
            assert (await http.get("/metrics", headers={"Authorization": "Bearer "})).status_code == 404
