"""`zhicha doctor`: whether everything that the product needs is there."""

import argparse
import asyncio
import sys

from server.cli.command import Commands
from server.cli.database import LOCK, database
from server.cli.processes import answers
from server.kit.supervisor import checkup
from server.kit.supervisor.addresses import port_is_free
from server.kit.supervisor.checkup import Finding
from server.kit.supervisor.console import Console
from server.kit.supervisor.lock import holder
from server.settings import Settings


def declare(commands: Commands) -> None:
    """Add the command to the parser."""
    doctor = commands.add_parser("doctor", help="检查运行条件 · check that everything needed is there")
    doctor.set_defaults(run=_doctor)


def _doctor(settings: Settings, _given: argparse.Namespace, console: Console) -> None:
    findings = [*checkup.machine(settings.data_dir, settings.pwa_dir)]
    running = holder(settings.data_dir / LOCK)
    if running:
        pid, url = running.get("pid", "?"), running.get("url", "")
        findings.append(Finding(True, f"正在运行：进程 {pid}，{url}", f"running: process {pid}, {url}"))
    else:
        findings.append(_port(settings))
    with database(settings) as dsn:
        findings.append(checkup.database(dsn))
    if settings.s3_endpoint:
        place = f"{settings.s3_endpoint}/{settings.s3_bucket}"
        findings.append(Finding(asyncio.run(_s3_answers(settings)), f"对象存储 {place}", f"object store {place}"))
    for finding in findings:
        console.plain(f"  {'✓' if finding.good else '✗'} {finding.zh} · {finding.en}")
    if not all(finding.good for finding in findings):
        sys.exit(1)


def _port(settings: Settings) -> Finding:
    """Free, or taken by a web process that was started by itself."""
    port = settings.port
    if answers(settings):
        return Finding(True, f"web 已在端口 {port} 运行", f"web answers on port {port}")
    return Finding(port_is_free(settings.host, port), f"端口 {port} 空闲", f"port {port} is free")


async def _s3_answers(settings: Settings) -> bool:
    """Whether the bucket can be used; made if it is missing, as the first start would."""
    from media.store.errors import StoreError
    from server.resources import open_store  # here, because the client alone takes longer to import than all the rest

    try:
        store = await open_store(settings)
    except StoreError:
        return False
    try:
        return await store.healthy()
    finally:
        store.close()
