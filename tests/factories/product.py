"""The product as its users run it: ``zhicha up`` in a folder of its own, its parts within reach of a test."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncpg
import httpx
import psutil

from media.keys import original_key
from media.store import FolderStore, MediaStore
from server.kit.supervisor.lock import holder

_T = TypeVar("_T")

ROOT = Path(__file__).parents[2]
PWA_DIR = "ZHICHA_PWA_DIR"
PARTS = {"web": "uvicorn", "worker": "server.worker", "postgres": "postgres"}


def free_port() -> int:
    """A TCP port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Product:
    """A running product with the demo story, on a loopback address that browsers treat as secure."""

    def __init__(self, data_dir: Path, env: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data_dir / "product.log"
        self._env = dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything and wait until it answers; on failure the log is in the error."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        # Of the settings of whoever runs the tests only one counts: another build of the front end may be proved.
        clean = {name: value for name, value in os.environ.items() if name == PWA_DIR or not name.startswith("ZHICHA_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.cli", "up", "--port", str(self.port)],
                cwd=ROOT,
                env={**clean, "ZHICHA_DATA_DIR": str(self.data_dir), "ZHICHA_DEMO": "1", **self._env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_ready()

    def wait_ready(self, seconds: float = 120) -> None:
        """Wait until database, media and web answer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the product did not start:\n{self.log.read_text()}")
            try:
                if httpx.get(f"{self.url}/api/health/ready", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise TimeoutError(f"the product is not ready:\n{self.log.read_text()}")

    def stop(self) -> None:
        """Stop in order, as Ctrl-C would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(40)
        finally:
            if self._process.poll() is None:
                self._process.kill()
            self._process = None

    def part(self, name: str) -> psutil.Process:
        """The process of ``web``, ``worker`` or ``postgres`` (the postmaster)."""
        assert self._process is not None
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for child in psutil.Process(self._process.pid).children():
                try:
                    if any(PARTS[name] in word for word in child.cmdline()):
                        return child
                except psutil.Error:
                    continue
            time.sleep(0.05)
        raise LookupError(name)

    def kill(self, name: str) -> None:
        """``kill -9`` of one part; the supervisor starts it again."""
        self.part(name).kill()

    @property
    def dsn(self) -> str:
        """The address of the database that the product uses."""
        note = holder(self.data_dir / "zhicha.lock")
        assert note is not None, "the product does not run"
        return str(note["dsn"])

    def sql(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows straight from the database, whatever the product says of them."""

        async def ask() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(self.dsn)
            try:
                return [dict(row) for row in await connection.fetch(query, *values)]
            finally:
                await connection.close()

        return apart(ask())

    def stored_originals(self) -> dict[str, str]:
        """Digest in the signed statement → digest of the bytes that lie in the store, of everything received."""
        received = self.sql(
            "SELECT org_id, encode(sha256, 'hex') AS sha256 FROM originals WHERE received_at IS NOT NULL"
        )

        async def read() -> dict[str, str]:
            store = self.store()
            found = {}
            for row in received:
                digest = hashlib.sha256()
                async for piece in await store.open(original_key(row["org_id"], row["sha256"])):
                    digest.update(piece)
                found[row["sha256"]] = digest.hexdigest()
            return found

        return apart(read())

    def store(self) -> MediaStore:
        """A reader of the product's media; another installation overrides it."""
        return FolderStore(self.data_dir / "media")


def apart(work: Coroutine[Any, Any, _T]) -> _T:
    """Run in a thread and an event loop of its own: the caller's may belong to Playwright."""
    outcome: list[_T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # handed to the caller below
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
