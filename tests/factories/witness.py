"""A real witness process beside the test, as a notary would run it, and a log in memory that can lie to it."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.settings import ROOT
from server.tlog import notes
from tests.tlog import reference


@dataclass
class RunningWitness:
    """The process, what it printed, and the folder of its file."""

    process: subprocess.Popen[str]
    vkey: str
    url: str
    folder: Path

    @property
    def entry(self) -> str:
        """As ``ZHICHA_WITNESSES`` takes it."""
        return f"{self.vkey} {self.url}"


def witness_command(folder: Path, *logs: str, listen: str = "127.0.0.1:0") -> list[str]:
    """The command line of a witness that keeps its file in a folder."""
    command = [sys.executable, "-m", "server.cli", "witness", "--listen", listen, "--name", "witness.example/test"]
    command += ["--state", str(folder / "state")]
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


def submit(witness: RunningWitness, body: str | bytes, *, act: str = "add-checkpoint") -> httpx.Response:
    """Send a request to the witness."""
    return httpx.post(f"{witness.url}/{act}", content=body, trust_env=False)


def fetch(url: str) -> httpx.Response:
    """Read from the witness, as a monitor."""
    return httpx.get(url, trust_env=False)


@dataclass
class OtherLog:
    """A log in memory, apart from the product, that can also lie."""

    origin: str = "yunxi.example/log"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    leaves: list[bytes] = field(default_factory=lambda: [hashlib.sha256(bytes([n])).digest() for n in range(40)])

    @property
    def vkey(self) -> str:
        return notes.Verifier(self.origin, notes.ED25519, self.key.public_key().public_bytes_raw()).vkey

    def body(self, size: int, *, extension: str = "") -> str:
        root = base64.b64encode(reference.mth(self.leaves[:size])).decode()
        return f"{self.origin}\n{size}\n{root}\n{extension}"

    def note(self, size: int, *, extension: str = "") -> str:
        body = self.body(size, extension=extension)
        return f"{body}\n{notes.sign(self.origin, self.key, body)}"

    def request(self, old: int, size: int, **changed: str) -> str:
        proof = reference.proof(old, self.leaves[:size]) if 0 < old < size else []
        lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof)]
        return "\n".join(lines) + "\n\n" + changed.get("note", self.note(size))
