"""A real MinIO for the tests: found on PATH, in the cache, or built from source where Go is present.

The last security release of the community server is RELEASE.2025-10-15T17-29-55Z. Its tag is not a
semantic version, so a Go module proxy may know it only as a pseudo-version, or only the repository's
last commit, which differs from it by four small fixes and by documentation. They are tried in that
order; SeaweedFS stands in when none can be had.

    python -m tests.media.minio_server     builds the server now, so that no test has to wait for it
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MINIO = "github.com/minio/minio"
MINIO_VERSIONS = (
    "RELEASE.2025-10-15T17-29-55Z",
    "v0.0.0-20251015172955-9e49d5e7a648",
    "v0.0.0-20260212201848-7aac2a2c5b7c",
)
WEED = "github.com/seaweedfs/seaweedfs/weed"
WEED_VERSIONS = ("latest",)


class NoS3Server(Exception):
    """No S3 server can be had on this machine; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class S3Endpoint:
    """Where a running server listens (`host:port`, plain HTTP) and its root account."""

    endpoint: str
    access_key: str
    secret_key: str


def cache_folder() -> Path:
    """Where built servers are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "zhicha" / "bin"


def s3_server_binary() -> Path:
    """Path of `minio` (or `weed`), built on first use, which takes minutes. Raises NoS3Server."""
    cache = cache_folder()
    for name in ("minio", "weed"):
        if found := shutil.which(name):
            return Path(found)
        if (cache / name).is_file():
            return cache / name
    go = shutil.which("go")
    if go is None:
        raise NoS3Server("there is no minio on PATH and no Go to build one")
    tried = []
    for module, versions in ((MINIO, MINIO_VERSIONS), (WEED, WEED_VERSIONS)):
        for version in versions:
            done = _build(go, f"{module}@{version}", cache)
            if done is None:
                return cache / module.rsplit("/", 1)[1]
            tried.append(f"{module}@{version}: {done}")
    raise NoS3Server("\n".join(["no S3 server could be built:", *tried]))


def _build(go: str, module: str, cache: Path) -> str | None:
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        environment = {**os.environ, "GOBIN": folder}
        done = subprocess.run(
            [go, "install", "-ldflags=-s -w", module],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["failed"])[-1]
        for built in Path(folder).iterdir():
            built.replace(cache / built.name)
    return None


@contextlib.contextmanager
def running_minio(folder: Path | None = None) -> Iterator[S3Endpoint]:
    """An S3 server on a free port of this machine with an empty data folder, until the context ends.

    Raises NoS3Server.
    """
    binary = s3_server_binary()
    with contextlib.ExitStack() as stack:
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="s3-")))
        account = ("zhicha-test", secrets.token_urlsafe(24))
        port, console = _free_port(), _free_port()
        if binary.name == "minio":
            command = [
                str(binary), "server", str(data), "--quiet",
                "--address", f"127.0.0.1:{port}", "--console-address", f"127.0.0.1:{console}",
            ]  # fmt: skip
            environment = {
                "MINIO_ROOT_USER": account[0],
                "MINIO_ROOT_PASSWORD": account[1],
                "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off",
                "MINIO_CI_CD": "1",
            }
        else:
            command = [
                str(binary), "server", f"-dir={data}", "-ip=127.0.0.1",
                "-s3", f"-s3.port={port}", "-volume.max=8",
            ]  # fmt: skip
            environment = {"AWS_ACCESS_KEY_ID": account[0], "AWS_SECRET_ACCESS_KEY": account[1]}
        log = stack.enter_context(tempfile.TemporaryFile())
        server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT)
        stack.callback(_stop, server)
        _await_answer(server, port)
        yield S3Endpoint(f"127.0.0.1:{port}", *account)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _await_answer(server: subprocess.Popen[bytes], port: int) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoS3Server(f"the server ended at once with code {server.returncode}")
        try:
            opener.open(f"http://127.0.0.1:{port}/minio/health/ready", timeout=1)
            return
        except urllib.error.HTTPError as answer:
            if answer.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise NoS3Server("the server did not answer within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    print(s3_server_binary())
