"""HTTP of rulepacks."""

from __future__ import annotations

from litestar import Router

router = Router("/", route_handlers=[])
