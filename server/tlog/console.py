"""The log's acts from the command line, in sentences of both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from server.kit import db
from server.kit.errors import DomainError
from server.settings import Settings
from server.tlog import keys
from server.tlog.anchors.outside import Outside, hold
from server.tlog.audit import Report
from server.tlog.audit import audit as run_audit
from server.tlog.rotation import Credentials
from server.tlog.rotation import rotate_key as make_new_key
from server.tlog.witnesses.memory import check_memories

_MOST_TOLD: Final = 50


async def audit(dsn: str, say: Callable[[str], None], known: Outside | None = None) -> bool:
    """Audit the log of a database and say what came of it; whether everything agrees, with what witnesses saw, too."""
    await db.connect(dsn, min_size=1, max_size=2)
    hold(known)
    try:
        report = await run_audit()
        await check_memories(report)
    finally:
        hold(None)
        await db.disconnect()
    for line in _lines(report):
        say(f"  {line}")
    return not report.findings


def _lines(report: Report) -> list[str]:
    lines = [
        f"日志 {report.leaves} 条，检查点 {report.checkpoints} 个；"
        f"操作 {report.entries} 项，签名陈述 {report.statements} 份"
        f" · {report.leaves} leaves, {report.checkpoints} checkpoints; {report.entries} acts,"
        f" {report.statements} signed statements"
    ]
    if report.waiting:
        lines.append(f"待入日志 {report.waiting} 条 · {report.waiting} leaves wait for the sequencer")
    lines += [f"! {one.zh} · {one.en}" for one in report.remarks]
    lines += [f"✗ {one.zh} · {one.en}" for one in report.findings[:_MOST_TOLD]]
    if len(report.findings) > _MOST_TOLD:
        more = len(report.findings) - _MOST_TOLD
        lines.append(f"✗ 另有 {more} 处不符 · {more} more do not agree")
    lines.append(
        "✗ 日志与数据不符 · log and data do not agree" if report.findings else "✓ 全部相符 · everything agrees"
    )
    return lines


async def rotate_key(settings: Settings, given: Sequence[tuple[str, str]], say: Callable[[str], None]) -> bool:
    """Give the log a new key in the name of two persons (login and password each); whether it was done."""
    asking, confirming = (Credentials(login, password) for login, password in given)
    await db.connect(settings.database_url, min_size=1, max_size=2)
    keys.hold(settings.log_origin)
    try:
        vkey = await make_new_key(asking, confirming)
    except DomainError as refused:
        say(f"  ✗ {refused.zh} · {refused.detail}")
        return False
    finally:
        await db.disconnect()
    say(f"  ✓ 新的日志公钥，请交给公证处与见证人 · the log's new key, for notary and witnesses:\n    {vkey}")
    return True
