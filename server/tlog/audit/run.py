"""One audit, over one moment of the database."""

from __future__ import annotations

from server.kit import clock, db
from server.tlog.audit.findings import Report
from server.tlog.audit.guards import check_guards
from server.tlog.audit.numbers import check_numbers
from server.tlog.audit.rebuilt import check_signatures, check_tree
from server.tlog.audit.sources import check_shown, check_sources
from server.tlog.audit.stamps import check_stamps


async def audit() -> Report:
    """Recompute everything; what is recorded meanwhile does not disturb it and is left to the next audit."""
    report = Report()
    async with db.transaction() as conn:
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await check_guards(conn, report)
        size = await check_tree(conn, report)
        keys = await check_signatures(conn, report)
        await check_stamps(conn, report)
        await check_sources(conn, report, size, keys | await check_numbers(conn, report, size, keys))
        await check_shown(conn, report)
        await _tell_alarms(conn, report)
    return report


async def _tell_alarms(conn: db.Connection, report: Report) -> None:
    told = await conn.fetchrow("SELECT count(*) AS n, max(received_at) AS last FROM log_alarms")
    if told["n"]:
        last = clock.day_of(told["last"]).isoformat()
        report.remark(
            "alarms",
            f"曾有 {told['n']} 次警报，最近一次 {last}：请到桌面端“日志”页查看",
            f"there were {told['n']} alarms, the last on {last}: see the log page of the desk",
        )
