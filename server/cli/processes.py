"""`zhicha web` and `zhicha worker`, one process each, and how `zhicha up` starts the same ones."""

import argparse
import os
import signal
import ssl
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from server.cli.command import Commands
from server.kit.supervisor.console import Console
from server.kit.supervisor.process import Child
from server.settings import ROOT, Settings, env_values

APP = "server.app:create_app"  # composition roots know each other by name only
WORKER = ("-m", "server.worker")


def declare(commands: Commands) -> None:
    """Add the commands to the parser."""
    web = commands.add_parser("web", help="只运行一个 web 进程 · run one web process only")
    web.set_defaults(run=_web)
    worker = commands.add_parser("worker", help="只运行一个 worker 进程 · run one worker process only")
    worker.set_defaults(run=_worker)


def child(name: str, settings: Settings, words: Sequence[str], output: Path | None = None, grace: float = 10) -> Child:
    """A process of ours with these settings, started with the words that follow the interpreter."""
    return Child(
        name=name,
        command=[sys.executable, *words],
        env={**os.environ, **env_values(settings)},
        cwd=ROOT,
        output=output,
        grace=grace,
        stop_signal=signal.SIGTERM,
    )


def web_words(settings: Settings) -> list[str]:
    """What follows the interpreter to run a web process."""
    words = ["-m", "uvicorn", APP, "--factory", "--host", settings.host]
    words += ["--port", str(settings.port), "--log-level", "warning", "--no-access-log", "--no-server-header"]
    words += ["--http", "server.kit.http.bodies:Protocol"]
    words += ["--forwarded-allow-ips", settings.trusted_proxies, "--timeout-graceful-shutdown", "5"]
    if settings.tls_cert and settings.tls_key:
        words += ["--ssl-certfile", str(settings.tls_cert), "--ssl-keyfile", str(settings.tls_key)]
    return words


def answers(settings: Settings) -> bool:
    """Whether our own web process says that it is ready; asked over loopback, where its certificate says little."""
    anywhere = settings.host in {"0.0.0.0", "::"}  # noqa: S104 (compared, not listened on)
    host = "127.0.0.1" if anywhere else settings.host
    scheme = "https" if settings.tls_cert else "http"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    bare = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with bare.open(f"{scheme}://{host}:{settings.port}/api/health/ready", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _web(settings: Settings, _given: argparse.Namespace, _console: Console) -> None:
    os.execv(sys.executable, [sys.executable, *web_words(settings)])  # noqa: S606 (no shell is wanted)


def _worker(_settings: Settings, _given: argparse.Namespace, _console: Console) -> None:
    os.execv(sys.executable, [sys.executable, *WORKER])  # noqa: S606 (no shell is wanted)
