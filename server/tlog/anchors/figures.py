"""Figures of the outside bodies for monitoring: an age that grows means that nobody outside has vouched since then."""

from __future__ import annotations

from collections.abc import Sequence

from server.kit import clock, db
from server.tlog.anchors.state import AuthorityView, WitnessView, anchor_state


async def figures() -> list[str]:
    """Lines of the Prometheus text format."""
    async with db.connection() as conn:
        state = await anchor_state(conn)
    bodies: Sequence[tuple[str, AuthorityView | WitnessView]] = [
        *(("authority", one) for one in state.authorities),
        *(("witness", one) for one in state.witnesses),
    ]
    lines = [
        "# TYPE zhicha_log_renewals_due gauge",
        f"zhicha_log_renewals_due {state.renewals_due}",
        "# TYPE zhicha_log_outside_pending_seconds gauge",
    ]
    now = clock.now()
    for body, one in bodies:
        age = (now - one.pending_since).total_seconds() if one.pending_since else 0
        lines.append(f"zhicha_log_outside_pending_seconds{_labels(body, one.name)} {max(0, age)}")
    lines.append("# TYPE zhicha_log_outside_failures gauge")
    for body, one in bodies:
        lines.append(
            f"zhicha_log_outside_failures{_labels(body, one.name)} {one.attempts.count if one.attempts else 0}"
        )
    return lines


def _labels(body: str, name: str) -> str:
    told = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{body="{body}",name="{told}"}}'
