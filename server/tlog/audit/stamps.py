"""What the rows of time stamps say, against the tokens beside them: the desk and the report tell the rows' times.

Who signed a token is not asked here; verifiers of bundles do, by the roots that they trust.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

import rfc3161_client as rfc3161

from server.kit import db
from server.tlog.anchors import der
from server.tlog.audit.findings import Report

_AT_A_TIME: Final = 500
_KEPT: Final = (
    (
        "log_anchors",
        "SELECT a.id, a.gen_time, a.imprint, a.token, c.body || E'\\n' || c.signatures AS stamped FROM log_anchors a"
        " JOIN log_checkpoints c ON c.size = a.size WHERE a.id > $1 ORDER BY a.id LIMIT $2",
    ),
    (
        "log_renewals",
        "SELECT id, gen_time, imprint, token, root AS stamped FROM log_renewals WHERE id > $1 ORDER BY id LIMIT $2",
    ),
)


async def check_stamps(conn: db.Connection, report: Report) -> None:
    """Each row tells the time of its token, which stamps what the row is about."""
    for table, sql in _KEPT:
        last = UUID(int=0)
        while rows := await conn.fetch(sql, last, _AT_A_TIME):
            for row in rows:
                if not _agrees(row):
                    report.say(
                        "stamp_differs",
                        f"时间戳 {table} {row['id']} 所示与其令牌不符",
                        f"time stamp {table} {row['id']} does not show what its token says",
                    )
            last = rows[-1]["id"]


def _agrees(row: Any) -> bool:
    stamped = row["stamped"].encode() if isinstance(row["stamped"], str) else bytes(row["stamped"])
    try:
        told = rfc3161.decode_timestamp_response(der.in_order(bytes(row["token"]))).tst_info
    except ValueError:
        return False
    digests = {told.message_imprint.message, bytes(row["imprint"]), hashlib.sha256(stamped).digest()}
    return len(digests) == 1 and told.gen_time == row["gen_time"]
