# ruff: noqa: ASYNC220, ASYNC251 (nothing else runs in these loops; the code under test is synchronous)
"""PostgreSQL from the wheel: first start, restart, death, and who may run it where."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from server.kit.supervisor import postmaster
from server.kit.supervisor.account import Account, account_for_postgres, can_reach
from server.kit.supervisor.binaries import postgres_programs
from server.kit.supervisor.lock import holder
from server.kit.supervisor.postgres import EmbeddedPostgres, PostgresInUse

pytestmark = pytest.mark.anyio

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that every account can enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="zc-") as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path / "var"


async def ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_keeps_its_data_over_a_restart(data_dir: Path) -> None:
    told: list[str] = []
    first = EmbeddedPostgres(data_dir, listener=told.append)
    await ask(first.start(), "CREATE TABLE kept AS SELECT 7 AS n")
    assert first.stop()
    second = EmbeddedPostgres(data_dir, listener=told.append)
    try:
        assert await ask(second.start(), "SELECT n FROM kept") == 7
        assert told == ["created"]
        assert await ask(second.dsn, "SHOW listen_addresses") == ""
        assert await ask(second.dsn, "SHOW fsync") == "on"
        assert await ask(second.dsn, "SELECT lower('ÀÉ查')") == "àé查"
    finally:
        second.stop()


async def test_gives_up_durability_only_when_told(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir, durable=False)
    try:
        assert await ask(postgres.start(), "SHOW fsync") == "off"
    finally:
        postgres.stop()


async def test_recovers_committed_data_after_kill_9(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    try:
        await ask(postgres.start(), "CREATE TABLE kept AS SELECT 7 AS n")
        assert postgres.pid is not None
        os.kill(postgres.pid, signal.SIGKILL)
        wait_for(lambda: postgres.exit_code() == -signal.SIGKILL)
        deadline = time.monotonic() + 30
        postgres.launch()
        while not postgres.ready():
            assert time.monotonic() < deadline
            if postgres.exit_code() is not None:
                postgres.launch()
            time.sleep(0.05)
        assert await ask(postgres.dsn, "SELECT n FROM kept") == 7
    finally:
        postgres.stop()


async def test_refuses_a_folder_that_somebody_else_runs(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir, durable=False)
    postgres.start()
    try:
        with pytest.raises(PostgresInUse, match=rf"进程 {os.getpid()} .* process {os.getpid()}"):
            EmbeddedPostgres(data_dir).start()
        assert await ask(postgres.dsn, "SELECT 1") == 1
    finally:
        postgres.stop()
    assert holder(data_dir / "postgres.lock") is None


async def test_is_not_misled_by_a_pid_file_whose_number_is_now_a_stranger(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir, durable=False)
    postgres.start()
    cluster = (data_dir / "postgres" / "cluster").resolve()
    content = (cluster / "postmaster.pid").read_text()
    postgres.stop()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        stale = content.replace(content.splitlines()[0], str(stranger.pid), 1)
        (cluster / "postmaster.pid").write_text(stale)
        assert not postmaster.is_postgres(stranger.pid, cluster)
        again = EmbeddedPostgres(data_dir, durable=False)
        try:
            assert await ask(again.start(), "SELECT 1") == 1
            assert stranger.poll() is None, "the stranger must be left alone"
        finally:
            again.stop()
            stranger.kill()


async def test_ends_an_orphan_before_it_starts(data_dir: Path) -> None:
    """A supervisor that dies takes PostgreSQL with it; the next start waits for that end, however slow."""
    script = (
        "import sys, time; from pathlib import Path\n"
        "from server.kit.supervisor.postgres import EmbeddedPostgres\n"
        "p = EmbeddedPostgres(Path(sys.argv[1])); p.start(); print(p.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, data_dir], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        old = int(owner.stdout.readline())
        owner.kill()
        owner.wait()
        postgres = EmbeddedPostgres(data_dir)
        try:
            assert await ask(postgres.start(), "SELECT 1") == 1
            assert postgres.pid != old
            assert not postmaster.is_postgres(old, (data_dir / "postgres" / "cluster").resolve())
        finally:
            postgres.stop()


async def test_half_a_cluster_is_never_used(data_dir: Path) -> None:
    (data_dir / "postgres" / "cluster.new").mkdir(parents=True)
    (data_dir / "postgres" / "cluster.new" / "PG_VERSION").write_text("18\n")
    for part in (data_dir, data_dir / "postgres"):
        part.chmod(0o711)
    postgres = EmbeddedPostgres(data_dir, durable=False)
    try:
        assert await ask(postgres.start(), "SELECT 1") == 1
    finally:
        postgres.stop()


async def test_works_in_a_folder_too_deep_for_a_socket(data_dir: Path) -> None:
    deep = data_dir / ("深" * 20) / ("d" * 40)
    postgres = EmbeddedPostgres(deep, durable=False)
    try:
        assert await ask(postgres.start(), "SELECT 1") == 1
    finally:
        postgres.stop()


@as_root
async def test_lies_elsewhere_when_its_account_cannot_enter_the_data_folder(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)
    postgres = EmbeddedPostgres(data_dir, durable=False)
    try:
        assert await ask(postgres.start(), "SELECT 1") == 1
        elsewhere = (data_dir / "postgres").resolve()
        assert not elsewhere.is_relative_to(data_dir)
        assert (elsewhere / "belongs-to").read_text() == f"{data_dir}\n"
    finally:
        postgres.stop()
    assert not elsewhere.exists(), "what only a test wanted is thrown away"


@as_root
def test_programs_are_copied_when_the_account_cannot_reach_them(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    account = account_for_postgres("", data_dir)
    assert account is not None
    monkeypatch.setattr(
        "server.kit.supervisor.binaries.can_reach",
        lambda who, path: "site-packages" not in path.parts and can_reach(who, path),
    )
    copied = postgres_programs(account)
    assert "site-packages" not in copied.parts
    told = subprocess.run([copied / "initdb", "--version"], capture_output=True, text=True, user=account.uid, cwd="/")
    assert "PostgreSQL" in told.stdout


def test_a_closed_folder_is_out_of_reach(tmp_path: Path) -> None:
    stranger = Account("stranger", 54321, 54321)
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    for part in (tmp_path, *list(tmp_path.parents)[:-2], inside.parent, inside):
        if os.access(part, os.W_OK) and part.stat().st_uid == os.geteuid() and part.is_relative_to(tmp_path):
            part.chmod(0o711)
    reachable = can_reach(stranger, tmp_path)
    assert can_reach(stranger, inside) == reachable
    inside.parent.chmod(0o700)
    assert not can_reach(stranger, inside)


def wait_for(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)
