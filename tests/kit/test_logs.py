"""What operators read in the logs and in the health answers, and what they never do."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from server.access.roles import Role
from server.kit import db
from server.kit.logs import configure_logs
from tests.factories.people import PASSWORD, Office

pytestmark = pytest.mark.anyio


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error of a process that nobody watches, with the product's logs on it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logs("info")
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_a_line_is_one_json_object_from_us_and_from_libraries(stderr: io.StringIO) -> None:
    structlog.get_logger("server.test").info("something_happened", subject="督查")
    logging.getLogger("pgqueuer").warning("a library speaks: %s", "云溪")
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("server.test").error("failed", exc_info=True)
    structlog.get_logger("server.test").debug("not told at this level")
    ours, theirs, failure = (json.loads(line) for line in stderr.getvalue().splitlines())
    assert (ours["event"], ours["subject"], ours["level"]) == ("something_happened", "督查", "info")
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["logger"]) == ("a library speaks: 云溪", "pgqueuer")
    assert "ValueError: broken" in failure["exception"]


async def test_no_password_token_cookie_or_query_reaches_the_log(
    client: httpx.AsyncClient, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "server.requests")
    with capture_logs() as lines:
        caller = await office.caller("linxia", Role.SUP)
        await client.post("/api/session", json={"login": "linxia", "password": PASSWORD})
        await caller.get("/api/items", params={"q": "举报人姓名"})
        await caller.get("/api/sync/pull", params={"cursor": "c" * 40})
    told = json.dumps(lines, ensure_ascii=False, default=str)
    assert [line["path"] for line in lines if line["event"] == "request"].count("/api/items") == 1
    for secret in (PASSWORD, caller.token, "zhicha_session", "举报人姓名", "c" * 40, "Bearer"):
        assert secret not in told


async def test_a_fault_of_ours_is_told_in_full_to_the_log_and_in_one_sentence_to_the_caller(
    client: httpx.AsyncClient, office: Office
) -> None:
    caller = await office.caller("linxia", Role.SUP)
    await db.execute("ALTER TABLE notices RENAME TO notices_away")
    with capture_logs() as lines:
        answer = await caller.get("/api/inbox")
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_fault"
    assert "notices" not in answer.text
    (failure,) = [line for line in lines if line["event"] == "request_failed"]
    assert "notices" in str(failure["exc_info"])
    assert [line["status"] for line in lines if line["event"] == "request" and line["log_level"] == "warning"] == [500]


async def test_readiness_names_what_is_down(client: httpx.AsyncClient, office: Office) -> None:
    assert (await client.get("/api/health/live")).json() == {"status": "ok"}
    good = await client.get("/api/health/ready")
    assert (good.status_code, good.json()) == (200, {"status": "ok", "database": "ok", "media": "ok"})
    pool, db.DB.pool = db.DB.pool, None
    try:
        bad = await client.get("/api/health/ready")
    finally:
        db.DB.pool = pool
    assert (bad.status_code, bad.json()) == (503, {"status": "down", "database": "down", "media": "ok"})
    assert "zhicha_pool_connections" in (await client.get("/metrics")).text
