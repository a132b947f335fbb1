"""The `zhicha` command: run everything on one machine, or do one thing and end."""

import argparse
import asyncio
import contextlib
import getpass
import importlib
import json
import os
import signal
import ssl
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from server.kit import clock
from server.kit.supervisor import checkup
from server.kit.supervisor.account import NoAccount
from server.kit.supervisor.addresses import port_is_free
from server.kit.supervisor.binaries import NoPostgres
from server.kit.supervisor.checkup import Finding
from server.kit.supervisor.console import Console, beside
from server.kit.supervisor.home import NoHome
from server.kit.supervisor.lan import Lan, NoLan, prepare_lan, serve_help
from server.kit.supervisor.lock import FolderLock, Taken, holder
from server.kit.supervisor.postgres import EmbeddedPostgres, PostgresDidNotStart, PostgresInUse
from server.kit.supervisor.process import Child
from server.kit.supervisor.supervise import StartFailed, Stopped, Supervisor
from server.settings import ROOT, BadSetting, Settings, env_values, unknown_names
from server.tlog.witnesses import serve

_REFUSALS = (BadSetting, NoAccount, NoHome, NoLan, NoPostgres, PostgresDidNotStart, PostgresInUse, StartFailed)
_READY_SECONDS = 90.0
_LOCK = "zhicha.lock"
_APP = "server.app:create_app"  # composition roots know each other by name only
_WORKER = ("-m", "server.worker")


class Refused(RuntimeError):
    """The command cannot be carried out; the message says why, in both languages."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; the exit status is 0 when the command did what it says."""
    given = _parser().parse_args(arguments)
    console = Console()
    try:
        settings = Settings.from_env()
        for name in unknown_names(os.environ):
            console.plain(f"  ! 没有名为 {name} 的设置，已忽略 · there is no setting {name}; ignored")
        given.run(settings, given, console)
    except (*_REFUSALS, Refused) as refused:
        console.plain(f"  ✗ {refused}")
        sys.exit(1)
    except (Stopped, KeyboardInterrupt):
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhicha", description="直查 Zhicha")
    commands = parser.add_subparsers(required=True, metavar="command")
    up = commands.add_parser("up", help="运行全部服务 · run everything on this machine")
    up.add_argument("--lan", action="store_true", help="允许同一网络的手机经 HTTPS 访问 · HTTPS for phones nearby")
    up.add_argument("--port", type=int, help="端口 · port")
    up.set_defaults(run=_up)
    web = commands.add_parser("web", help="只运行一个 web 进程 · run one web process only")
    web.set_defaults(run=_web)
    worker = commands.add_parser("worker", help="只运行一个 worker 进程 · run one worker process only")
    worker.set_defaults(run=_worker)
    migrate = commands.add_parser("migrate", help="升级数据库结构 · bring the database up to date")
    migrate.add_argument("--demo", action="store_true", help="并载入演示数据 · and load the demo story")
    migrate.set_defaults(run=_migrate)
    demo = commands.add_parser("demo", help="载入演示数据 · load the demo story")
    demo.set_defaults(run=_migrate, demo=True)
    openapi = commands.add_parser("openapi", help="输出接口描述 · write the OpenAPI description")
    openapi.add_argument("--output", type=Path, help="文件；缺省为标准输出 · file; standard output by default")
    openapi.set_defaults(run=_openapi)
    log = commands.add_parser("log", help="透明日志 · the transparency log").add_subparsers(
        required=True, metavar="act"
    )
    audit = log.add_parser("audit", help="重新计算并核对全部日志 · recompute and check all of it")
    audit.set_defaults(run=_log_audit)
    rotate = log.add_parser("rotate-key", help="更换日志密钥（须两人） · give the log a new key (takes two persons)")
    rotate.add_argument("--administrator", required=True, help="系统管理员的登录名 · login of an administrator")
    rotate.add_argument(
        "--confirmed-by", required=True, help="安全审计员或保密员 · login of an auditor or secrecy officer"
    )
    rotate.set_defaults(run=_log_rotate)
    witness = commands.add_parser("witness", help="为另一处的透明日志作见证 · witness a log that somebody else keeps")
    serve.arguments(witness)
    witness.set_defaults(run=_witness)
    doctor = commands.add_parser("doctor", help="检查运行条件 · check that everything needed is there")
    doctor.set_defaults(run=_doctor)
    return parser


def _up(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    if given.port:
        settings = replace(settings, port=given.port)
    settings.data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    lock = FolderLock(settings.data_dir / _LOCK)
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
        supervisor.start(_child("web", settings, _web_words(settings), _log(settings, "web"), grace=8))
        supervisor.start(_child("worker", settings, _WORKER, _log(settings, "worker"), grace=15))
        supervisor.wait_until(lambda: _answers(settings), _READY_SECONDS)
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
        supervisor.run_once(_child("migrate", settings, ["-m", "server.cli", "migrate", *demo], output=told))
    except StartFailed as failed:
        raise StartFailed(f"{failed}\n{told.read_text().strip()}") from None
    text = told.read_text()
    told.unlink()
    return text


def _child(name: str, settings: Settings, words: Sequence[str], output: Path | None = None, grace: float = 10) -> Child:
    return Child(
        name=name,
        command=[sys.executable, *words],
        env={**os.environ, **env_values(settings)},
        cwd=ROOT,
        output=output,
        grace=grace,
        stop_signal=signal.SIGTERM,
    )


def _log(settings: Settings, name: str) -> Path | None:
    """A file while somebody watches the terminal; otherwise our own output, for systemd or a container to keep."""
    if not sys.stderr.isatty():
        return None
    log = settings.data_dir / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def _web_words(settings: Settings) -> list[str]:
    words = ["-m", "uvicorn", _APP, "--factory", "--host", settings.host]
    words += ["--port", str(settings.port), "--log-level", "warning", "--no-access-log", "--no-server-header"]
    words += ["--http", "server.kit.http.bodies:Protocol"]
    words += ["--forwarded-allow-ips", settings.trusted_proxies, "--timeout-graceful-shutdown", "5"]
    if settings.tls_cert and settings.tls_key:
        words += ["--ssl-certfile", str(settings.tls_cert), "--ssl-keyfile", str(settings.tls_key)]
    return words


def _web(settings: Settings, _given: argparse.Namespace, _console: Console) -> None:
    os.execv(sys.executable, [sys.executable, *_web_words(settings)])  # noqa: S606 (no shell is wanted)


def _worker(_settings: Settings, _given: argparse.Namespace, _console: Console) -> None:
    os.execv(sys.executable, [sys.executable, *_WORKER])  # noqa: S606 (no shell is wanted)


def _answers(settings: Settings) -> bool:
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


def _migrate(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    from server.kit.migrate import migrate

    with _database(settings) as dsn:
        asyncio.run(migrate(dsn))
        if given.demo:
            demo = importlib.import_module("server.demo")
            asyncio.run(demo.load(replace(settings, database_url=dsn)))
            print(demo.accounts())


def _openapi(settings: Settings, given: argparse.Namespace, _console: Console) -> None:
    from server.kit.http.description import described

    module, _, factory = _APP.partition(":")
    app = getattr(importlib.import_module(module), factory)(settings)
    text = json.dumps(described(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if given.output:
        given.output.write_text(text)
    else:
        sys.stdout.write(text)


def _log_audit(settings: Settings, _given: argparse.Namespace, console: Console) -> None:
    with _database(settings) as dsn:
        importlib.import_module("server.wiring").wire()
        good = asyncio.run(importlib.import_module("server.tlog.console").audit(dsn, console.plain))
    if not good:
        sys.exit(1)


def _log_rotate(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    logins = (given.administrator, given.confirmed_by)
    passwords = [getpass.getpass(f"  {login} 的密码 · password of {login}: ") for login in logins]
    with _database(settings) as dsn:
        rotated = importlib.import_module("server.tlog.console").rotate_key
        given_by = list(zip(logins, passwords, strict=True))
        good = asyncio.run(rotated(replace(settings, database_url=dsn), given_by, console.plain))
    if not good:
        sys.exit(1)


def _witness(_settings: Settings, given: argparse.Namespace, _console: Console) -> None:
    serve.run(given)


def _doctor(settings: Settings, _given: argparse.Namespace, console: Console) -> None:
    findings = [*checkup.machine(settings.data_dir, settings.pwa_dir)]
    running = holder(settings.data_dir / _LOCK)
    if running:
        pid, url = running.get("pid", "?"), running.get("url", "")
        findings.append(Finding(True, f"正在运行：进程 {pid}，{url}", f"running: process {pid}, {url}"))
    else:
        free = port_is_free(settings.host, settings.port)
        findings.append(Finding(free, f"端口 {settings.port} 空闲", f"port {settings.port} is free"))
    with _database(settings) as dsn:
        findings.append(checkup.database(dsn))
    if settings.s3_endpoint:
        good = asyncio.run(_s3_answers(settings))
        findings.append(Finding(good, f"对象存储 {settings.s3_endpoint}", f"object store {settings.s3_endpoint}"))
    for finding in findings:
        console.plain(f"  {'✓' if finding.good else '✗'} {finding.zh} · {finding.en}")
    if not all(finding.good for finding in findings):
        sys.exit(1)


async def _s3_answers(settings: Settings) -> bool:
    from media.store.s3 import S3Store  # here, because its client alone takes longer to import than all the rest

    store = S3Store.connect(
        settings.s3_endpoint,
        settings.s3_access_key,
        settings.s3_secret_key,
        settings.s3_bucket,
        secure=settings.s3_secure,
        region=settings.s3_region,
    )
    try:
        return await store.healthy()
    finally:
        store.close()


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The address of the database: the external one, the running embedded one, or one started for the moment."""
    if settings.database_url:
        yield settings.database_url
        return
    running = holder(settings.data_dir / _LOCK)
    if running and "dsn" in running:
        yield str(running["dsn"])
        return
    postgres = EmbeddedPostgres(settings.data_dir, user=settings.postgres_user)
    try:
        yield postgres.start()
    finally:
        postgres.stop()


if __name__ == "__main__":
    main()
