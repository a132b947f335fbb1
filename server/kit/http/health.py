"""Liveness, readiness and a few figures for monitoring."""

from __future__ import annotations

import hmac
import os
import resource
import sys
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get

from server.kit import db
from server.kit.errors import NotFound


@get("/api/health/live", opt={"permission": "public"}, include_in_schema=False)
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/api/health/ready", opt={"permission": "public"}, include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """Database and media store answer; each named with ``ok`` or ``down``."""
    parts: dict[str, str] = {}
    try:
        await db.fetch_value("SELECT 1")
        parts["database"] = "ok"
    except Exception:  # whatever fails, the answer is "down"
        parts["database"] = "down"
    try:
        parts["media"] = "ok" if await request.app.state["media"].healthy() else "down"
    except Exception:
        parts["media"] = "down"
    good = set(parts.values()) == {"ok"}
    return Response({"status": "ok" if good else "down", **parts}, status_code=200 if good else 503)


@get("/metrics", opt={"permission": "public"}, media_type="text/plain", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> str:
    """Prometheus text format; figures of the process and of what ``app.state["figures"]`` adds, none of the content.

    For this machine itself, and for who brings ``ZHICHA_METRICS_TOKEN``; to everybody else the address does not exist.

    Raises:
        NotFound: neither.
    """
    if not (_brings_token(request) or _is_this_machine(request)):
        raise NotFound
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    pool = db.DB.pool
    lines = [
        "# TYPE process_resident_memory_peak_bytes gauge",
        f"process_resident_memory_peak_bytes {peak}",
        "# TYPE zhicha_pool_connections gauge",
        f'zhicha_pool_connections{{state="open"}} {pool.get_size() if pool else 0}',
        f'zhicha_pool_connections{{state="idle"}} {pool.get_idle_size() if pool else 0}',
        "# TYPE process_cpu_seconds_total counter",
        f"process_cpu_seconds_total {sum(os.times()[:2])}",
    ]
    for source in request.app.state.get("figures", ()):
        with suppress(Exception):  # without a database the figures of the process are still wanted
            lines += await source()
    lines.append("")
    return "\n".join(lines)


def _brings_token(request: Request[Any, Any, Any]) -> bool:
    token: str = request.app.state["settings"].metrics_token
    sent = request.headers.get("authorization", "")
    return token != "" and hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _is_this_machine(request: Request[Any, Any, Any]) -> bool:
    """Asked over loopback, and by nobody through a proxy that runs here as well."""
    if any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via")):
        return False
    host = request.client.host if request.client else ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
