"""Piccolo's entry point: one engine, one app over all packages (``migrations/`` is one flat history)."""

from __future__ import annotations

import os

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine


class Engine(PostgresEngine):
    """Piccolo's engine without a connection at import time; ``server.kit.db.connect`` checks the version."""

    async def check_version(self) -> None:
        """Nothing to ask before there is an address."""

    async def prep_database(self) -> None:
        """No extensions are needed, and the embedded PostgreSQL has none."""


# The real address is set by ``server.kit.db.connect``; this one serves Piccolo's own command line.
DB = Engine(config={"dsn": os.environ.get("ZHICHA_DATABASE_URL", "postgresql://localhost/zhicha")})

APP_REGISTRY = AppRegistry(apps=["server.piccolo_app"])
