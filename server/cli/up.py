"""`zhicha up`: PostgreSQL, web and worker on this machine, kept running."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from server.cli.command import Commands, Refused
from server.cli.database import LOCK
from server.cli.processes import WORKER, answers, child, web_words
from server.kit import clock
from server.kit.supervisor.addresses import port_is_free
from server.kit.supervisor.console import Console, beside
from server.kit.supervisor.lan import Lan, prepare_lan, serve_help
from server.kit.supervisor.lock import FolderLock, Taken
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.kit.supervisor.supervise import StartFailed, Supervisor
from server.settings import Settings

_READY_SECONDS = 90.0


def declare(commands: Commands) -> None:
    """Add the command to the parser."""
    up = commands.add_parser("up", help="运行全部服务 · run everything on this machine")
    up.add_argument("--lan", action="store_true", help="允许同一网络的手机经 HTTPS 访问 · HTTPS for phones nearby")
    up.add_argument("--port", type=int, help="端口 · port")
    up.set_defaults(run=_up)


def _up(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    if given.port:
        settings = replace(settings, port=given.port)
    settings.data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    lock = FolderLock(settings.data_dir / LOCK)
    try:
        lock.take(url=settings.base_url)
    except Taken as taken:
        pid, url = taken.note.get("pid", "?"), taken.note.get("url", "")
        raise Refused(f"已在运行（进程 {pid}，{url}） / Already running (process {pid}, {url})") from None
    lan = None
    if given.lan:
        lan = prepare_lan(settings.data_dir / "tls", settings.port, settings.lan_help_port, clock.now())
        certificate = lan.certificate
        settings = replace(
            settings,
            host="0.0.0.0",  # noqa: S104 (phones must reach it)
            public_url=lan.url,
            tls_cert=certificate.chain,
            tls_key=certificate.key,
        )
        console.step("本地证书就绪", "local certificate ready")
    ports = (settings.port, settings.lan_help_port) if lan else (settings.port,)
    for port in ports:
        if not port_is_free(settings.host, port):
            raise Refused(
                f"端口 {port} 已被其他程序占用，可用 --port 或 ZHICHA_PORT 另选。"
                f" / Port {port} is taken by another program; choose one with --port or ZHICHA_PORT."
            )
    try:
        _run(settings, lan, lock, console)
    finally:
        lock.release()


def _run(settings: Settings, lan: Lan | None, lock: FolderLock, console: Console) -> None:
    with Supervisor(console.step) as supervisor:
        dsn = settings.database_url
        if not dsn:
            created = "首次启动，正在建立数据库", "first start, creating the database"
            postgres = EmbeddedPostgres(
                settings.data_dir, user=settings.postgres_user, listener=lambda _event: console.step(*created)
            )
            dsn = supervisor.start_postgres(postgres)
            console.step("数据库就绪", "database ready")
        settings = replace(settings, database_url=dsn)
        lock.write(url=settings.base_url, dsn=dsn)
        accounts = _prepare(settings, supervisor)
        console.step("数据结构就绪", "tables up to date")
        supervisor.start(child("web", settings, web_words(settings), _log(settings, "web"), grace=8))
        supervisor.start(child("worker", settings, WORKER, _log(settings, "worker"), grace=15))
        supervisor.wait_until(lambda: answers(settings), _READY_SECONDS)
        console.step("服务就绪", "web and worker ready")
        helper = serve_help(lan, settings.lan_help_port) if lan else None
        console.plain(_welcome(settings, lan, accounts))
        supervisor.watch()
        if helper:
            helper.shutdown()


def _prepare(settings: Settings, supervisor: Supervisor) -> str:
    """Migrate in a process of its own (its memory is freed before the long run); what it says of demo accounts."""
    told = settings.data_dir / "prepare.out"
    told.unlink(missing_ok=True)
    demo = ["--demo"] if settings.demo else []
    try:
        supervisor.run_once(child("migrate", settings, ["-m", "server.cli", "migrate", *demo], output=told))
    except StartFailed as failed:
        raise StartFailed(f"{failed}\n{told.read_text().strip()}") from None
    text = told.read_text()
    told.unlink()
    return text


def _log(settings: Settings, name: str) -> Path | None:
    """A file while somebody watches the terminal; otherwise our own output, for systemd or a container to keep."""
    if not sys.stderr.isatty():
        return None
    log = settings.data_dir / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def _welcome(settings: Settings, lan: Lan | None, accounts: str) -> str:
    lines = ["", f"  直查 Zhicha   {settings.base_url}/"]
    if accounts:
        lines += ["", *(f"  {line}" for line in accounts.splitlines())]
    if lan:
        first, then = "① 首次：信任证书 · first: trust", "② 打开 · open"
        lines += ["", beside((first, lan.help_url), (then, f"{lan.url}/m/"))]
        lines += ["", f"  手机首次使用请先打开 {lan.help_url} 并按说明信任本机证书，然后打开 {lan.url}/m/ 安装。"]
        lines += [f"  On a phone, first open {lan.help_url} and trust the certificate as it says, then {lan.url}/m/."]
        if lan.certificate.fresh_authority:
            lines += ["  证书是新的，每台手机都要（重新）安装。 · The certificate is new: install it on every phone."]
    if sys.stderr.isatty():
        lines += ["", f"  日志 logs  {settings.data_dir}/*.log"]
    return "\n".join([*lines, "", "  Ctrl-C 停止 · stops", ""])
