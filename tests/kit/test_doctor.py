"""`zhicha doctor` says of each thing that the product needs whether it is there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from server.cli import main
from tests.factories.product import free_port
from tests.media.minio_server import S3Endpoint


class Ready(BaseHTTPRequestHandler):
    """Answers as a web process that is ready."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/api/health/ready" else 404)
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@contextmanager
def web(port: int) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", port), Ready)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, dsn: str, tmp_path: Path) -> int:
    chosen = free_port()
    for face in ("field", "desk"):
        (tmp_path / "pwa" / face).mkdir(parents=True)
        (tmp_path / "pwa" / face / "index.html").touch()
    for name, value in {"DATABASE_URL": dsn, "DATA_DIR": tmp_path, "PWA_DIR": tmp_path / "pwa", "PORT": chosen}.items():
        monkeypatch.setenv(f"ZHICHA_{name}", str(value))
    return chosen


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit status and all that was said."""
    status = 0
    try:
        main(["doctor"])
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_machine_on_which_nothing_runs_yet(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = told(capsys)
    assert (status, "✗" in said) == (0, False), said
    assert f"✓ 端口 {port} 空闲 · port {port} is free" in said
    assert "✓ 数据库：PostgreSQL" in said


def test_a_web_process_of_ones_own_has_the_port(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with web(port):
        status, said = told(capsys)
    assert status == 0, said
    assert f"✓ web 已在端口 {port} 运行 · web answers on port {port}" in said


def test_somebody_else_has_the_port(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", port)) as other:
        threading.Thread(target=lambda: other.accept()[0].close(), daemon=True).start()
        status, said = told(capsys)
    assert status == 1
    assert f"✗ 端口 {port} 空闲 · port {port} is free" in said


def test_the_bucket_is_made_where_the_store_answers(
    port: int, s3: S3Endpoint, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"ENDPOINT": s3.endpoint, "ACCESS_KEY": s3.access_key, "SECRET_KEY": s3.secret_key, "BUCKET": "doctored"}
    for name, value in {**given, "SECURE": "0"}.items():
        monkeypatch.setenv(f"ZHICHA_S3_{name}", value)
    status, said = told(capsys)
    assert status == 0, said
    assert f"✓ 对象存储 {s3.endpoint}/doctored" in said

    monkeypatch.setenv("ZHICHA_S3_SECRET_KEY", "not the key of this store")
    status, said = told(capsys)
    assert status == 1
    assert f"✗ 对象存储 {s3.endpoint}/doctored" in said
