"""`zhicha doctor`: whether everything that the product needs is there."""

import argparse
import asyncio
import sys

from server.cli.command import Commands
from server.cli.database import LOCK, database
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
        free = port_is_free(settings.host, settings.port)
        findings.append(Finding(free, f"端口 {settings.port} 空闲", f"port {settings.port} is free"))
    with database(settings) as dsn:
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
