"""A real witness process beside the test, as a notary would run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.settings import ROOT


@dataclass
class RunningWitness:
    """The process, what it printed, and its files."""

    process: subprocess.Popen[str]
    vkey: str
    url: str
    folder: Path

    @property
    def entry(self) -> str:
        """As ``ZHICHA_WITNESSES`` takes it."""
        return f"{self.vkey} {self.url}"


def witness_command(folder: Path, *logs: str, listen: str = "127.0.0.1:0") -> list[str]:
    """The command line of a witness that keeps its files in a folder."""
    command = [sys.executable, "-m", "server.cli", "witness", "--listen", listen, "--name", "witness.example/test"]
    command += ["--state", str(folder / "state.json"), "--key", str(folder / "key.json")]
    return command + [word for log in logs for word in ("--log", log)]


@contextmanager
def running_witness(folder: Path, *logs: str, listen: str = "127.0.0.1:0") -> Iterator[RunningWitness]:
    """Run a witness of these logs until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        witness_command(folder, *logs, listen=listen),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        vkey, url = process.stdout.readline().strip(), process.stdout.readline().strip()
        assert url, process.stderr.read() if process.stderr else ""
        yield RunningWitness(process, vkey, url.rstrip("/"), folder)
    finally:
        process.kill()
        process.communicate()
