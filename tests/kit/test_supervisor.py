"""Order of start and stop, restart with growing pauses, and giving up: with a real PostgreSQL and stand-ins."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.test_supervisor_process import alive, wait_for

# Stands for web and worker: notes when it starts and stops, and whether the database still answers then.
PART = """
import asyncio, os, signal, sys, asyncpg
name, dsn, log = sys.argv[1:]
def note(*words):
    with open(log, "a") as file:
        print(name, *words, file=file, flush=True)
async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    note("start", os.getpid())
    await stop.wait()
    connection = await asyncpg.connect(dsn, timeout=5)
    note("stop", await connection.fetchval("SELECT 'database-up'"))
asyncio.run(main())
"""

SUPERVISOR = """
import sys
from pathlib import Path
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.kit.supervisor.process import Child
from server.kit.supervisor.supervise import StartFailed, Stopped, Supervisor
folder, part, prepare = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
log = folder / "log"
def child(name, dsn, code=part):
    return Child(name=name, command=[sys.executable, "-c", code, name, dsn, log], grace=5)
try:
    with Supervisor(lambda zh, en: print(en, flush=True)) as supervisor:
        postgres = EmbeddedPostgres(folder / "var")
        dsn = supervisor.start_postgres(postgres)
        print("postgres", postgres.pid, flush=True)
        supervisor.run_once(child("prepare", dsn, prepare))
        supervisor.start(child("web", dsn))
        supervisor.start(child("worker", dsn))
        supervisor.wait_until(lambda: log.exists() and log.read_text().count("start") >= 2, 20)
        print("ready", flush=True)
        supervisor.watch()
except (StartFailed, Stopped) as ended:
    sys.exit(f"{type(ended).__name__} {ended}")
"""


class Running:
    """A supervisor in a process of its own, and what can be seen of it from outside."""

    def __init__(self, folder: Path, part: str = PART, prepare: str = "") -> None:
        self.folder = folder
        self.output = (folder / "output").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, folder, part, prepare],
            stdout=self.output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def said(self) -> str:
        return (self.folder / "output").read_text()

    def wait_until_said(self, words: str) -> None:
        wait_for(lambda: words in self.said() or self.process.poll() is not None, 30)
        assert words in self.said(), self.said()

    def noted(self) -> list[str]:
        return (self.folder / "log").read_text().splitlines()

    def pids(self, name: str) -> list[int]:
        """Process ids of all starts of a part, the newest last."""
        return [int(line.split()[2]) for line in self.noted() if line.startswith(f"{name} start")]

    def postgres_pid(self) -> int:
        pid_file = (self.folder / "var/postgres/cluster/postmaster.pid").resolve()
        return int(pid_file.read_text().splitlines()[0]) if pid_file.exists() else 0

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.output.close()


@pytest.fixture
def running() -> Iterator[Callable[..., Running]]:
    made: list[Running] = []
    with tempfile.TemporaryDirectory(prefix="zc-") as folder:
        Path(folder).chmod(0o711)

        def make(**codes: str) -> Running:
            made.append(Running(Path(folder), **codes))
            return made[-1]

        yield make
        for each in made:
            each.end()


def test_starts_and_stops_in_order(running: Callable[..., Running]) -> None:
    it = running()
    it.wait_until_said("ready")
    pids = [it.postgres_pid(), *it.pids("web"), *it.pids("worker")]
    it.process.send_signal(signal.SIGINT)
    assert it.process.wait(30) == 0
    assert [line for line in it.noted() if "stop" in line] == ["web stop database-up", "worker stop database-up"]
    assert it.said().splitlines()[-3:] == ["web stopped", "worker stopped", "postgres stopped"]
    assert not any(map(alive, pids))


def test_every_part_comes_back_after_kill_9(running: Callable[..., Running]) -> None:
    it = running()
    it.wait_until_said("ready")
    for name in ("web", "worker"):
        os.kill(it.pids(name)[0], signal.SIGKILL)
        wait_for(lambda name=name: len(it.pids(name)) == 2)
        it.wait_until_said(f"{name} ended (SIGKILL), restart in 0.2 s")
    old = it.postgres_pid()
    os.kill(old, signal.SIGKILL)
    it.wait_until_said("database is back")
    assert it.postgres_pid() != old
    it.process.terminate()
    assert it.process.wait(30) == 0
    assert it.noted()[-1] == "worker stop database-up"


def test_nothing_is_orphaned_when_the_supervisor_itself_is_killed(running: Callable[..., Running]) -> None:
    it = running()
    it.wait_until_said("ready")
    pids = [it.postgres_pid(), *it.pids("web"), *it.pids("worker")]
    assert all(map(alive, pids))
    it.process.kill()
    wait_for(lambda: not any(map(alive, pids)))
    again = running()
    again.wait_until_said("ready")


def test_gives_up_a_start_that_cannot_succeed(running: Callable[..., Running]) -> None:
    it = running(part="raise SystemExit(3)")
    assert it.process.wait(30) == 1
    # Both parts fail; which of them is given up first is the scheduler's affair.
    given_up = re.search(r"StartFailed (web|worker) 无法启动 / \1 does not start", it.said())
    assert given_up
    ended = f"{given_up[1]} ended"
    assert [line for line in it.said().splitlines() if line.startswith(ended)] == [
        f"{ended} (3), restart in {pause} s" for pause in (0.2, 0.4, 0.8, 1.6)
    ]


def test_nothing_starts_when_the_preparation_fails(running: Callable[..., Running]) -> None:
    it = running(prepare="raise SystemExit(4)")
    assert it.process.wait(30) == 1
    assert "StartFailed prepare 失败（4） / prepare failed (4)" in it.said()
    assert not (it.folder / "log").exists()
    assert it.postgres_pid() == 0


def test_can_be_stopped_while_it_starts(running: Callable[..., Running]) -> None:
    it = running(prepare="import time; time.sleep(60)")
    it.wait_until_said("postgres")
    started = time.monotonic()
    it.process.terminate()
    assert it.process.wait(30) == 1
    assert time.monotonic() - started < 10
    assert it.postgres_pid() == 0
